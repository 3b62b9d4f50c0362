import ProviderCore
import TestSupport
import Testing

@Suite struct SecretTests {
    @Test func neverPrintsItself() throws {
        let secret = try #require(Secret("  sk-0123456789abcdef\r\n"))
        #expect(secret.exposed() == "sk-0123456789abcdef")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), dumped, "\([secret])",
            "\(ProviderEndpoint(baseURL: "x", key: secret))",
        ] {
            #expect(!text.contains("0123"), "\(text)")
        }
        #expect("\(secret)" == "••••cdef")
        #expect("\(try #require(Secret("short")))" == "••••")
    }

    @Test(arguments: ["", "  \n", "a\nb", "a\0b", "\u{7F}"]) func refusesWhatNoHeaderTakes(_ text: String) {
        #expect(Secret(text) == nil)
    }

    @Test(arguments: [
        ("key sk-0123456789ab!", "key ••••89ab!"), ("sk-0123456789absk-0123456789ab", "••••89ab••••89ab"),
        ("sk-0123456789ab\u{301} and \u{200D}sk-0123456789ab", "••••89ab\u{301} and \u{200D}••••89ab"),
        ("sk-sk-0123456789ab", "sk-••••89ab"), ("nothing", "nothing"), ("", ""), ("sk-0123456789a", "sk-0123456789a"),
    ]) func masksItself(_ text: String, _ masked: String) throws {
        #expect(try #require(Secret("sk-0123456789ab")).redacted(text) == masked)
    }

    @Test func shortSecretsAreNotSearched() throws {
        #expect(try #require(Secret("a")).redacted("banana") == "banana")
    }
}

@Suite struct ProviderErrorTests {
    @Test(arguments: ProviderError.Kind.allCases) func retryGoesByKind(_ kind: ProviderError.Kind) {
        let again: Set<ProviderError.Kind> = [.rateLimited, .overloaded, .server, .timeout, .connection]
        #expect(ProviderError(kind: kind, message: "").isRetryable == again.contains(kind))
        #expect(ProviderError(kind: kind, message: "", retryHint: true).isRetryable)
        #expect(!ProviderError(kind: kind, message: "", retryHint: false).isRetryable)
    }

    @Test func wordsOfTheCommandLine() {
        let words = [
            "authentication", "permission", "not_found", "invalid_request", "context_too_long", "rate_limited",
            "quota_exceeded", "overloaded", "server", "timeout", "connection", "invalid_response", "content_filtered",
            "circuit_open", "budget_exceeded", "cancelled",
        ]
        #expect(ProviderError.Kind.allCases.map(\.rawValue) == words)
        #expect("\(ProviderError(kind: .server, status: 500, message: "x"))" == "server (500): x")
    }
}

@Suite struct TokenUsageTests {
    @Test func unknownIsNotZero() {
        let known = TokenUsage(inputTokens: 1, outputTokens: 2, cachedInputTokens: 0)
        let sum = known + TokenUsage(inputTokens: 3, outputTokens: .max)
        #expect(sum == TokenUsage(inputTokens: 4))
        #expect(TokenUsage(inputTokens: -1).isUnknown)
        #expect(!TokenUsage(inputTokens: 0).isUnknown)
    }
}

@Suite struct RetryAfterTests {
    /// 1994-11-06 08:49:37 UTC, the date of RFC 9110's examples.
    private static let then = 784_111_777.0

    @Test(arguments: [
        ("0", Duration.zero), ("7", .seconds(7)), (" 1.5 ", .milliseconds(1500)), ("120", .seconds(120)),
        (".5", .milliseconds(500)),
        ("315360000", .seconds(315_360_000)), ("99999999999999999999", .seconds(3_200_000_000)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)), ("Sunday, 06-Nov-94 08:49:38 GMT", .seconds(1)),
        ("Sun Nov  6 08:50:37 1994", .seconds(60)), ("Sun, 06 Nov 1994 08:00:00 GMT", .zero),
        ("Thu, 29 Feb 1996 08:49:37 GMT", .seconds(41_472_000)),
    ]) func seconds(_ value: String, _ wait: Duration) {
        let headers = [HTTPHeader("Retry-After", value)]
        #expect(RetryAfter.delay(in: headers, unixTime: { Self.then }) == wait)
    }

    @Test(arguments: [
        "", " ", "-1", "NaN", "nan", "inf", "1e309", "1e3", "0x10", "soon", "1.2.3", "5 s", "+5", "٣",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET", ",,,,,", "a b c d e", "a b c d e GMT",
    ]) func unreadable(_ value: String) {
        #expect(RetryAfter.delay(in: [HTTPHeader("retry-after", value)], unixTime: { Self.then }) == nil)
    }

    @Test func millisecondsWin() {
        func delay(_ headers: HTTPHeader...) -> Duration? { RetryAfter.delay(in: headers, unixTime: { 0 }) }
        #expect(delay() == nil)
        #expect(delay(HTTPHeader("retry-after", "7"), HTTPHeader("retry-after-ms", "250.5")) == .microseconds(250_000))
        #expect(delay(HTTPHeader("retry-after", "7"), HTTPHeader("retry-after-ms", "x")) == .seconds(7))
        #expect(delay(HTTPHeader("retry-after", "x"), HTTPHeader("retry-after", "3")) == .seconds(3))
        #expect(delay(HTTPHeader("retry-after", "4"), HTTPHeader("retry-after", "3")) == .seconds(4))
    }
}

@Suite struct DoubleTests {
    @Test func clockWakesSleepersInTime() async throws {
        let clock = TestClock()
        let early = Task { try await clock.sleep(for: .seconds(1)) }
        let late = Task { try await clock.sleep(for: .seconds(2)) }
        await clock.sleepers(2)
        clock.advance(by: .seconds(1))
        try await early.value
        await clock.sleepers(1)
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test func scriptedProviderFolds() async throws {
        let provider = ScriptedProvider(text: "two words", usage: TokenUsage(outputTokens: 2))
        let answer = try await provider.complete(ChatRequest(model: "m", messages: []))
        #expect(answer.text == "two words")
        #expect(answer.usage.outputTokens == 2)
        #expect(answer.finishReason == .stop)
        #expect(provider.requests.map(\.model) == ["m"])
    }
}
