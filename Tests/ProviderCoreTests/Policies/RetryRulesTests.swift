import ProviderCore
import Testing

/// An error of a kind, as a server answers with it.
private func refusal(
    _ kind: ProviderError.Kind, _ status: Int, after wait: Duration? = nil, hint: Bool? = nil
) -> ProviderError {
    ProviderError(kind: kind, status: status, message: "no", retryAfter: wait, retryHint: hint)
}

private func lost(_ fate: RequestFate) -> ProviderError {
    ProviderError(kind: .connection, message: "lost", fate: fate)
}

private func malformed(_ fate: RequestFate) -> ProviderError {
    ProviderError(kind: .invalidResponse, message: "no JSON", fate: fate)
}

private let told = RetryRules.Situation(attempt: 1, hasContent: true, jitter: 0.5)

@Suite struct RetryRulesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let error: ProviderError
        var situation = RetryRules.Situation(attempt: 1, jitter: 0.5)
        var rules = RetryRules()
        let decision: RetryRules.Decision

        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "refused connection", error: lost(.notSent), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(
            name: "second attempt doubles", error: lost(.notSent), situation: .init(attempt: 2, jitter: 0.5),
            decision: .retry(after: .milliseconds(500), .backoff)),
        Row(
            name: "third of three", error: lost(.notSent), situation: .init(attempt: 3, jitter: 0.5), decision: .fail),
        Row(
            name: "third of six", error: lost(.notSent), situation: .init(attempt: 3, jitter: 0.5), rules: .batch,
            decision: .retry(after: .seconds(1), .backoff)),
        Row(
            name: "one attempt only", error: lost(.notSent), rules: RetryRules(maxAttempts: 1), decision: .fail),
        Row(name: "408", error: refusal(.server, 408), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(name: "409", error: refusal(.server, 409), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(name: "500", error: refusal(.server, 500), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(name: "503", error: refusal(.overloaded, 503), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(
            name: "429 has its own base", error: refusal(.rateLimited, 429),
            decision: .retry(after: .milliseconds(500), .backoff)),
        Row(
            name: "429 with a wait", error: refusal(.rateLimited, 429, after: .seconds(7)),
            decision: .retry(after: .seconds(7), .server)),
        Row(
            name: "a wait of exactly the limit", error: refusal(.rateLimited, 429, after: .seconds(120)),
            decision: .retry(after: .seconds(120), .server)),
        Row(
            name: "a wait beyond the limit", error: refusal(.rateLimited, 429, after: .seconds(121)), decision: .fail),
        Row(
            name: "a wait of ten years", error: refusal(.overloaded, 503, after: .seconds(3e8)), decision: .fail),
        Row(
            name: "a wait of zero is no wait of the server's", error: refusal(.overloaded, 503, after: .zero),
            decision: .retry(after: .milliseconds(250), .backoff)),
        Row(name: "quota", error: refusal(.quotaExceeded, 429, hint: false), decision: .fail),
        Row(name: "request too large", error: refusal(.rateLimited, 429, hint: false), decision: .fail),
        Row(name: "400", error: refusal(.invalidRequest, 400), decision: .fail),
        Row(name: "401", error: refusal(.authentication, 401), decision: .fail),
        Row(name: "402", error: refusal(.quotaExceeded, 402), decision: .fail),
        Row(name: "403", error: refusal(.permission, 403), decision: .fail),
        Row(name: "404", error: refusal(.notFound, 404), decision: .fail),
        Row(name: "413", error: refusal(.invalidRequest, 413), decision: .fail),
        Row(name: "422", error: refusal(.invalidRequest, 422), decision: .fail),
        Row(
            name: "400 with x-should-retry", error: refusal(.invalidRequest, 400, hint: true),
            decision: .retry(after: .milliseconds(250), .backoff)),
        Row(name: "500 with x-should-retry: false", error: refusal(.server, 500, hint: false), decision: .fail),
        Row(
            name: "after content", error: refusal(.server, 500),
            situation: .init(attempt: 1, hasContent: true, jitter: 0.5), decision: .fail),
        Row(name: "cut in the answer", error: lost(.interrupted), decision: .fail),
        Row(
            name: "torn answers are repeated: cut", error: lost(.interrupted), situation: told,
            rules: RetryRules(repeatsTorn: true), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(
            name: "torn answers are repeated: malformed", error: malformed(.interrupted), situation: told,
            rules: RetryRules(repeatsTorn: true), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(
            name: "torn answers are repeated: malformed from the start", error: malformed(.refused),
            rules: RetryRules(repeatsTorn: true), decision: .fail),
        Row(
            name: "torn answers are repeated: the last attempt", error: lost(.interrupted),
            situation: .init(attempt: 3, hasContent: true, jitter: 0.5), rules: RetryRules(repeatsTorn: true),
            decision: .fail),
        Row(
            name: "torn answers are repeated: cut by a budget",
            error: ProviderError(kind: .budgetExceeded, message: "", fate: .interrupted), situation: told,
            rules: RetryRules(repeatsTorn: true), decision: .fail),
        Row(
            name: "sent, never answered", error: lost(.unknown), decision: .retry(after: .milliseconds(250), .backoff)),
        Row(
            name: "never answered twice", error: lost(.unknown),
            situation: .init(attempt: 2, hasUnanswered: true, jitter: 0.5), decision: .fail),
        Row(
            name: "never answered, a person decides", error: lost(.unknown),
            rules: RetryRules(unanswered: .asksPerson), decision: .ask),
        Row(
            name: "never answered, not repeated", error: lost(.unknown), rules: RetryRules(unanswered: .fails),
            decision: .fail),
        Row(
            name: "no time left for the wait", error: refusal(.rateLimited, 429, after: .seconds(7)),
            situation: .init(attempt: 1, jitter: 0.5, timeLeft: .seconds(7)), decision: .fail),
        Row(
            name: "just enough time", error: refusal(.rateLimited, 429, after: .seconds(7)),
            situation: .init(attempt: 1, jitter: 0.5, timeLeft: .seconds(8)),
            decision: .retry(after: .seconds(7), .server)),
        Row(
            name: "open circuit", error: refusal(.circuitOpen, 0, after: .seconds(20)),
            decision: .hold(for: .seconds(20))),
        Row(
            name: "circuit open for longer than we wait", error: refusal(.circuitOpen, 0, after: .seconds(200)),
            decision: .fail),
        Row(
            name: "resumable, after content",
            error: ProviderError(
                kind: .connection, status: 200, message: "cut",
                resumption: Resumption(responseID: "r", sequenceNumber: 4)),
            situation: .init(attempt: 1, hasContent: true, jitter: 0.5),
            decision: .resume(after: .milliseconds(250), .backoff)),
    ]

    @Test(arguments: rows) func decides(_ row: Row) {
        let decision = row.rules.decision(after: row.error, row.situation)
        #expect(decision == row.decision)
    }

    @Test func windowsGrowToTheirCap() {
        let backoff = Backoff()
        let plain = (1...7).map { backoff.window(retry: $0, isThrottled: false).inSeconds }
        let throttled = (1...6).map { backoff.window(retry: $0, isThrottled: true).inSeconds }
        #expect(plain == [0.5, 1, 2, 4, 8, 16, 20])
        #expect(throttled == [1, 2, 4, 8, 16, 20])
        let far = backoff.window(retry: Int.max, isThrottled: true)
        #expect(far == .seconds(20))
    }

    @Test func aCrowdWidensTheWindow() {
        let backoff = Backoff()
        let windows = [0, 10, 40, 80, 10_000].map { backoff.window(retry: 1, isThrottled: false, crowd: $0).inSeconds }
        #expect(windows == [0.5, 0.5, 2, 4, 4])
        #expect(backoff.window(retry: 6, isThrottled: false, crowd: 500) == .seconds(20))
        #expect(backoff.spread(jitter: 0.9, isThrottled: false, crowd: 10) == .zero)
        #expect(backoff.spread(jitter: 0.5, isThrottled: true, crowd: 100) == .seconds(4))
    }

    @Test func creditsAreDrawnAndRefilled() {
        var credits = RetryCredits()
        var taken = 0
        while credits.take(5) { taken += 1 }
        #expect(taken == 20)
        credits.refund(0)
        #expect(credits.left == 1)
        credits.refund(10)
        #expect(credits.left == 11)
        credits.refund(1000)
        #expect(credits.left == 100)
        #expect(RetryCredits.price(of: ProviderError(kind: .timeout, message: "")) == 10)
        #expect(RetryCredits.price(of: ProviderError(kind: .server, message: "")) == 5)
    }
}
