import ProviderCore
import TestSupport
import Testing

/// Whole chains over thousands of outages, on a clock that jumps.
@Suite struct OutageTests {
    /// A chain as the program builds it, over a provider, with chance from a seed.
    private func chain(
        _ provider: some AIProvider, _ rules: RetryRules = RetryRules(), clock: JumpingClock, seed: UInt64
    ) -> PolicyProvider {
        let random = SeededRandom(seed)
        return PolicyProvider(
            provider,
            policies: [
                TimeoutPolicy(total: .seconds(1800), clock: clock),
                RetryPolicy(rules, clock: clock, random: { random.next() }),
                RateLimiter(clock: clock),
                CircuitBreaker(clock: clock, random: { random.next() }),
            ], clock: clock)
    }

    /// Asks once and tells whether an answer came.
    private func ask(_ provider: some AIProvider) async throws -> Bool {
        do {
            let answer = try await provider.complete(ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")]))
            return answer.finishReason == .stop
        } catch is ProviderError {
            return false
        }
    }

    private static let faults: [ProviderError] = [
        ProviderError(kind: .server, status: 500, message: "broken"),
        ProviderError(kind: .overloaded, status: 503, message: "busy", retryAfter: .seconds(2)),
        ProviderError(kind: .rateLimited, status: 429, message: "slow down", retryAfter: .milliseconds(700)),
        ProviderError(kind: .connection, message: "refused", fate: .notSent),
        ProviderError(kind: .connection, message: "closed", fate: .unknown),
        ProviderError(kind: .timeout, message: "late", fate: .unknown),
    ]

    @Test func everythingFailsTenThousandTimes() async throws {
        let clock = JumpingClock()
        let provider = ClosureProvider { _, number in .refusing(Self.faults[number % Self.faults.count]) }
        let chain = chain(provider, clock: clock, seed: 1)
        var answered = 0
        for _ in 0..<10_000 where try await ask(chain) { answered += 1 }
        #expect(answered == 0)
        #expect(Double(provider.count) / 10_000 <= 1.10)
        #expect((clock.sleeps.max() ?? .zero) <= .seconds(120))
    }

    /// A benchmark of 250 items while the server is down, over and over with a fresh budget.
    @Test(arguments: [RetryRules(), RetryRules.batch]) func nothingStormsAtTheBeginning(_ rules: RetryRules)
        async throws
    {
        var requests = 0
        for seed in 0..<40 {
            let clock = JumpingClock()
            let provider = ClosureProvider { _, number in .refusing(Self.faults[(number + seed) % Self.faults.count]) }
            let chain = chain(provider, rules, clock: clock, seed: UInt64(seed))
            for _ in 0..<250 { _ = try await ask(chain) }
            requests += provider.count
            #expect((clock.sleeps.max() ?? .zero) <= rules.longestServerWait)
        }
        #expect(Double(requests) / 10_000 <= 1.10)
    }

    /// 10,000 items of which 30 % of the requests fail by chance: retries are allowed, and nearly every item succeeds.
    @Test func aThirdFails() async throws {
        let clock = JumpingClock()
        let chance = SeededRandom(7)
        let provider = ClosureProvider { _, number in
            chance.next() < 0.3 ? .refusing(Self.faults[number % Self.faults.count]) : .good
        }
        let chain = chain(provider, clock: clock, seed: 7)
        var answered = 0
        for _ in 0..<10_000 where try await ask(chain) { answered += 1 }
        #expect(Double(provider.count) / 10_000 <= 1.5)
        #expect(answered > 9_400, "without retries it would be 7,000")
        #expect((clock.sleeps.max() ?? .zero) <= .seconds(120))
    }

    /// When the server is back, so are we: within the breaker's longest time.
    @Test func recoversByItself() async throws {
        let clock = JumpingClock()
        let start = clock.now
        let end = start.advanced(by: .seconds(3600))
        let provider = ClosureProvider { _, _ in
            clock.now < end ? .refusing(Self.faults[0]) : .good
        }
        let chain = chain(provider, clock: clock, seed: 3)
        while clock.now < end {
            _ = try await ask(chain)
            clock.advance(by: .seconds(1))
        }
        var waited = 0
        while try await !ask(chain) {
            clock.advance(by: .seconds(1))
            waited += 1
            if waited > 400 { break }
        }
        #expect(waited < 331)
        // An hour of failure: the breaker lets through one probe per opening, the budget few retries.
        #expect(provider.count < 60)
    }

    /// A thousand calls of one process that fail in the same instant come back spread over time.
    @Test(arguments: [nil, Duration.seconds(2)]) func aCrowdSpreads(_ asked: Duration?) async throws {
        let rules = RetryRules()
        let random = SeededRandom(11)
        let error = ProviderError(kind: .overloaded, status: 503, message: "down", retryAfter: asked)
        var times: [Duration] = []
        // All of them wait at once: the crowd grows while they fail one after the other.
        var waiting = Array(repeating: Duration.zero, count: 1000)
        for attempt in 1...2 {
            for index in waiting.indices {
                let crowd = attempt == 1 ? index : 999
                let decision = rules.decision(
                    after: error, .init(attempt: attempt, jitter: random.next(), crowd: crowd))
                guard case .retry(let wait, _) = decision else { continue }
                waiting[index] += wait
                times.append(waiting[index])
            }
        }
        #expect(times.count == 2000)
        let bins = Dictionary(grouping: times) { Int($0.inSeconds * 10) }
        let busiest = bins.values.map(\.count).max() ?? 0
        #expect(Double(busiest) / Double(times.count) <= 0.05)
    }
}
