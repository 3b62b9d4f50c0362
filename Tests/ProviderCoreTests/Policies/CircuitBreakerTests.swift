import ProviderCore
import TestSupport
import Testing

@Suite struct CircuitBreakerRulesTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    @Test func fiveInARowOpenIt() {
        var rules = CircuitBreakerRules()
        var notices: [CircuitNotice?] = []
        for _ in 0..<5 { notices.append(rules.recordFailure(probe: nil, at: start, jitter: 0.5)) }
        #expect(notices == [nil, nil, nil, nil, .opened(for: .seconds(30), failures: 5)])
        #expect(rules.phase == .open(until: at(30)))
        let early = rules.admit(at: at(29))
        #expect(early == .refused(for: .seconds(1)))
    }

    @Test func aSuccessInBetweenStartsTheCountAnew() {
        var rules = CircuitBreakerRules()
        for _ in 0..<4 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        _ = rules.recordSuccess(probe: nil)
        for _ in 0..<3 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        #expect(rules.phase == .closed)
    }

    /// Half of the last twenty, once there are ten.
    @Test(arguments: [(9, false), (10, true)]) func halfOfTheWindowOpensIt(_ calls: Int, _ opens: Bool) {
        var rules = CircuitBreakerRules()
        for call in 0..<calls {
            if call % 2 == 0 {
                _ = rules.recordSuccess(probe: nil)
            } else {
                _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5)
            }
        }
        #expect((rules.phase != .closed) == opens)
    }

    @Test func oldCallsLeaveTheWindow() {
        var rules = CircuitBreakerRules()
        for _ in 0..<4 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        for _ in 0..<20 { _ = rules.recordSuccess(probe: nil) }
        for _ in 0..<4 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        for _ in 0..<2 { _ = rules.recordSuccess(probe: nil) }
        #expect(rules.phase == .closed)
    }

    @Test func oneProbeAtATime() {
        var rules = CircuitBreakerRules()
        for _ in 0..<5 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        let first = rules.admit(at: at(30))
        let second = rules.admit(at: at(30))
        #expect(first == .probe(1))
        #expect(second == .refused(for: .seconds(1)))
        let notice = rules.recordSuccess(probe: 1)
        #expect(notice == .closed)
        let third = rules.admit(at: at(31))
        #expect(third == .go)
    }

    @Test func openTimesGrowAndForget() {
        var rules = CircuitBreakerRules()
        for _ in 0..<5 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        var now = at(0)
        var times: [Double] = []
        for round in 1...12 {
            now = now.advanced(by: .seconds(400))
            _ = rules.admit(at: now)
            if case .opened(let time, _)? = rules.recordFailure(probe: round, at: now, jitter: 0.5) {
                times.append(time.inSeconds)
            }
        }
        #expect(times == [60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300, 300])
        _ = rules.admit(at: now.advanced(by: .seconds(400)))
        _ = rules.recordSuccess(probe: 13)
        for _ in 0..<5 { _ = rules.recordFailure(probe: nil, at: now, jitter: 0.5) }
        #expect(rules.phase == .open(until: now.advanced(by: .seconds(30))))
    }

    @Test(arguments: [(0.0, 27.0), (0.5, 30.0), (0.999, 33.0)]) func openTimesVaryByATenth(
        _ jitter: Double, _ seconds: Double
    ) {
        var rules = CircuitBreakerRules()
        var notice: CircuitNotice?
        for _ in 0..<5 { notice = rules.recordFailure(probe: nil, at: start, jitter: jitter) }
        guard case .opened(let time, _)? = notice else {
            Issue.record("it did not open")
            return
        }
        #expect(abs(time.inSeconds - seconds) < 0.05)
    }

    @Test func aProbeThatSaysNothingLeavesItsPlace() {
        var rules = CircuitBreakerRules()
        for _ in 0..<5 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        _ = rules.admit(at: at(30))
        rules.recordNothing(probe: 1, at: at(31))
        let next = rules.admit(at: at(31))
        #expect(next == .probe(2))
    }

    /// Calls that were under way when it opened change nothing.
    @Test func stragglersDoNotCount() {
        var rules = CircuitBreakerRules()
        for _ in 0..<5 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        let late = rules.recordFailure(probe: nil, at: at(5), jitter: 0.5)
        _ = rules.recordSuccess(probe: nil)
        #expect(late == nil)
        #expect(rules.phase == .open(until: at(30)))
    }

    @Test func aPersonMayTryAtOnce() {
        var rules = CircuitBreakerRules()
        for _ in 0..<5 { _ = rules.recordFailure(probe: nil, at: start, jitter: 0.5) }
        let forced = rules.admit(at: at(1), isForced: true)
        #expect(forced == .probe(1))
    }

    @Test func onlyTheProvidersFaultsCount() {
        let faults = ProviderError.Kind.allCases.filter { ProviderError(kind: $0, message: "").isProviderFault }
        #expect(Set(faults) == [.server, .overloaded, .timeout, .connection, .invalidResponse])
    }
}

@Suite struct CircuitBreakerTests {
    private let clock = JumpingClock()

    private func guarded(_ provider: some AIProvider) -> PolicyProvider {
        PolicyProvider(provider, policies: [CircuitBreaker(clock: clock, random: { 0.5 })], clock: clock)
    }

    @Test func doesNotSendWhileOpen() async {
        let provider = ClosureProvider { _, _ in .refusing(PolicyFixture.overloaded) }
        let chain = guarded(provider)
        var words: [String] = []
        for _ in 0..<5 { words = await Listener(chain).outcome.words }
        #expect(words == ["opened 30 s after 5"])
        let (_, refused) = await Listener(chain).outcome
        #expect(refused?.kind == .circuitOpen)
        #expect(refused?.retryAfter == .seconds(30))
        #expect(refused?.fate == .notSent)
        #expect(provider.count == 5)
    }

    @Test func modelsAreApart() async {
        let provider = ClosureProvider { request, _ in
            request.model == "m" ? .refusing(PolicyFixture.overloaded) : .good
        }
        let chain = guarded(provider)
        for _ in 0..<6 { _ = await Listener(chain).outcome }
        let other = ChatRequest(model: "other", messages: [])
        let (_, error) = await Listener(chain, other).outcome
        #expect(error == nil)
    }

    @Test(arguments: [ProviderError.Kind.rateLimited, .invalidRequest, .authentication, .contextTooLong])
    func callersFaultsDoNotOpenIt(_ kind: ProviderError.Kind) async {
        let provider = ClosureProvider { _, _ in .refusing(PolicyFixture.refusal(kind, 400)) }
        let chain = guarded(provider)
        for _ in 0..<30 { _ = await Listener(chain).outcome }
        #expect(provider.count == 30)
    }

    @Test func aProbeClosesIt() async {
        let provider = ClosureProvider { _, number in number <= 5 ? .refusing(PolicyFixture.overloaded) : .good }
        let chain = guarded(provider)
        for _ in 0..<5 { _ = await Listener(chain).outcome }
        clock.advance(by: .seconds(30))
        let (words, error) = await Listener(chain).outcome
        #expect(error == nil)
        #expect(words == ["probing", "started", "text ok", "finished stop", "usage", "closed"])
        let (after, _) = await Listener(chain).outcome
        #expect(after == ["started", "text ok", "finished stop", "usage"])
    }

    /// A probe whose consumer goes away gives its place to the next call.
    @Test func aDroppedProbeGivesItsPlaceBack() async throws {
        let provider = ClosureProvider { _, number in number <= 5 ? .refusing(PolicyFixture.overloaded) : .good }
        let chain = guarded(provider)
        for _ in 0..<5 { _ = await Listener(chain).outcome }
        clock.advance(by: .seconds(30))
        do {
            var batches = try await chain.stream(PolicyFixture.request).batches()
            _ = try await batches.nextBatch()
        }
        let (words, error) = await Listener(chain).outcome
        #expect(error == nil)
        #expect(words.first == "probing")
    }

    @Test func aCutInTheAnswerCounts() async {
        let cut = ProviderError(kind: .connection, status: 200, message: "cut")
        let provider = ClosureProvider { _, _ in .init([[.textDelta("a", choice: 0)]], error: cut) }
        let chain = guarded(provider)
        for _ in 0..<20 { _ = await Listener(chain).outcome }
        #expect(provider.count < 20)
    }

    /// With a retry around it a call waits for the probe instead of failing.
    @Test func retryWaitsForTheCircuit() async {
        let provider = ClosureProvider { _, number in number <= 5 ? .refusing(PolicyFixture.overloaded) : .good }
        let chain = PolicyProvider(
            provider,
            policies: [
                RetryPolicy(RetryRules(maxAttempts: 6), clock: clock, random: { 0.5 }),
                CircuitBreaker(clock: clock, random: { 0.5 }),
            ], clock: clock)
        let (words, error) = await Listener(chain).outcome
        #expect(error == nil)
        #expect(words.contains("opened 30 s after 5"))
        #expect(words.contains { $0.hasPrefix("retry 6 circuit_open circuit") })
        #expect(words.contains("closed"))
        #expect(provider.count == 6)
    }
}
