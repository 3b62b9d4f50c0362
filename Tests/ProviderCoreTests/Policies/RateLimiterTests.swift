import ProviderCore
import TestSupport
import Testing

@Suite struct PermitBucketTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    @Test func readsTheRateOffTheReset() throws {
        let told = RateLimit(limit: 500, remaining: 499, reset: .milliseconds(120))
        let bucket = try #require(PermitBucket(told, inFlight: 0, now: start))
        #expect(abs(bucket.perSecond - 8.333) < 0.01)
        #expect(bucket.permits(at: start) == 499)
        #expect(bucket.permits(at: at(60)) == 500)
    }

    @Test func withoutAResetALimitIsAMinute() throws {
        let bucket = try #require(PermitBucket(RateLimit(limit: 60, remaining: 0), inFlight: 0, now: start))
        #expect(bucket.perSecond == 1)
        #expect(bucket.wait(for: 5, at: start) == .seconds(5))
        #expect(bucket.wait(for: 5, at: at(2)) == .seconds(3))
        #expect(bucket.wait(for: 5, at: at(5)) == .zero)
    }

    @Test func tooLittleToCountWith() {
        let bucket = PermitBucket(RateLimit(remaining: 3), inFlight: 0, now: start)
        #expect(bucket == nil)
    }

    @Test func whatIsUnderWayIsNotCountedTwice() throws {
        var bucket = try #require(PermitBucket(RateLimit(limit: 100, remaining: 50), inFlight: 10, now: start))
        #expect(bucket.permits(at: start) == 40)
        bucket.take(3, at: start)
        #expect(bucket.permits(at: start) == 37)
        bucket.giveBack(2, at: start)
        #expect(bucket.permits(at: start) == 39)
        bucket.giveBack(500, at: start)
        #expect(bucket.permits(at: start) == 100)
    }

    /// Whatever a server says was used: nobody waits for more than two whole buckets.
    @Test func debtHasAnEnd() throws {
        var bucket = try #require(PermitBucket(RateLimit(limit: 60, remaining: 60), inFlight: 0, now: start))
        bucket.giveBack(-900_000_000, at: start)
        #expect(bucket.permits(at: start) == -60)
        #expect(bucket.wait(for: 60, at: start) == .seconds(120))
    }

    @Test func moreThanAllWaitsForAFullBucket() throws {
        let bucket = try #require(PermitBucket(RateLimit(limit: 60, remaining: 30), inFlight: 0, now: start))
        #expect(bucket.wait(for: 1_000_000, at: start) == .seconds(30))
    }
}

@Suite struct RateLimiterRulesTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    private func learned(requests: Int, left: Int, tokens: Int? = nil, tokensLeft: Int? = nil) -> RateLimiterRules {
        var rules = RateLimiterRules()
        _ = rules.admit(0, tokens: 1, now: start)
        rules.learn(
            RateLimits(
                requests: RateLimit(limit: requests, remaining: left),
                tokens: RateLimit(limit: tokens, remaining: tokensLeft)), from: 0, now: start)
        rules.settle(0, used: nil, output: nil, now: start)
        return rules
    }

    @Test func nothingKnownLetsEverythingGo() {
        var rules = RateLimiterRules()
        for ticket in 0..<1000 {
            let admission = rules.admit(ticket, tokens: 1_000_000, now: start)
            #expect(admission == .go)
        }
    }

    /// A wait of hours is the server's to refuse.
    @Test func waitsThatAreTooLongAreNotBelieved() {
        var rules = RateLimiterRules()
        _ = rules.admit(0, tokens: 1, now: start)
        let told = RateLimit(limit: 1, remaining: 0, reset: .seconds(10_800))
        rules.learn(RateLimits(requests: told), from: 0, now: start)
        rules.settle(0, used: nil, output: nil, now: start)
        let admission = rules.admit(1, tokens: 1, now: start)
        #expect(admission == .go)
    }

    @Test func whatNeverLeftGivesAllBack() {
        var rules = learned(requests: 60, left: 1, tokens: 600, tokensLeft: 600)
        let first = rules.admit(1, tokens: 500, now: start)
        rules.returnAll(1, now: start)
        let second = rules.admit(2, tokens: 500, now: start)
        #expect(first == .go)
        #expect(second == .go)
    }

    @Test func requestsRunOut() {
        var rules = learned(requests: 60, left: 2)
        let admissions = (1...3).map { rules.admit($0, tokens: 10, now: start) }
        #expect(admissions == [.go, .go, .wait(.requests, until: at(1), ahead: 0)])
        let later = rules.admit(3, tokens: 10, now: at(1))
        #expect(later == .go)
    }

    @Test func tokensRunOut() {
        var rules = learned(requests: 600, left: 600, tokens: 6000, tokensLeft: 500)
        let first = rules.admit(1, tokens: 400, now: start)
        let second = rules.admit(2, tokens: 400, now: start)
        #expect(first == .go)
        #expect(second == .wait(.tokens, until: at(3), ahead: 0))
        rules.settle(1, used: 100, output: 50, now: start)
        let again = rules.admit(2, tokens: 400, now: start)
        #expect(again == .go, "the first one took 300 fewer than it had reserved")
    }

    @Test func firstComeFirstServed() {
        var rules = learned(requests: 60, left: 0)
        let first = rules.admit(1, tokens: 1, now: start)
        let second = rules.admit(2, tokens: 1, now: start)
        #expect(first == .wait(.requests, until: at(1), ahead: 0))
        #expect(second == .wait(.queue, until: nil, ahead: 1))
        // There is a permit now, but it is not the second one's turn.
        let impatient = rules.admit(2, tokens: 1, now: at(1))
        #expect(impatient == .wait(.queue, until: nil, ahead: 1))
        rules.leave(1)
        let next = rules.admit(2, tokens: 1, now: at(1))
        #expect(next == .go)
    }

    @Test func aPauseHoldsEveryone() {
        var rules = RateLimiterRules()
        rules.pause(.seconds(5), now: start)
        let held = rules.admit(1, tokens: 1, now: at(1))
        let free = rules.admit(1, tokens: 1, now: at(5))
        #expect(held == .wait(.pause, until: at(5), ahead: 0))
        #expect(free == .go)
    }

    @Test func answersTeachWhatTheyCannotHaveSeen() {
        var rules = RateLimiterRules()
        for ticket in 0..<10 { _ = rules.admit(ticket, tokens: 1, now: start) }
        // The answer to ticket 4 cannot know of the five sent after it.
        rules.learn(RateLimits(requests: RateLimit(limit: 60, remaining: 6)), from: 4, now: start)
        let eleventh = rules.admit(10, tokens: 1, now: start)
        let twelfth = rules.admit(11, tokens: 1, now: start)
        #expect(eleventh == .go)
        #expect(twelfth == .wait(.requests, until: at(1), ahead: 0))
    }

    /// A long run of random arrivals never sends more than the server's own bucket holds.
    @Test(arguments: 0..<20) func neverPassesTheServersLimit(_ seed: Int) {
        let random = SeededRandom(UInt64(seed))
        var server = 60.0
        var rules = learned(requests: 60, left: 60)
        var now = start
        var refused = 0
        var sent = 0
        var ticket = 1
        for _ in 0..<2000 {
            let step = random.next() * 0.5
            now = now.advanced(by: .seconds(step))
            server = min(60, server + step)
            let admission = rules.admit(ticket, tokens: 1, now: now)
            guard admission == .go else { continue }
            if server >= 1 { server -= 1 } else { refused += 1 }
            rules.learn(
                RateLimits(requests: RateLimit(limit: 60, remaining: Int(server))), from: ticket, now: now)
            rules.settle(ticket, used: nil, output: nil, now: now)
            sent += 1
            ticket += 1
        }
        #expect(refused == 0)
        // And it does not waste what the server gives: nearly all of 60 + one a second is used.
        let seconds = start.duration(to: now).inSeconds
        #expect(Double(sent) > 0.9 * min(2000, seconds))
    }
}

@Suite struct RateLimiterTests {
    private let clock = TestClock()

    private func limited(_ provider: some AIProvider) -> PolicyProvider {
        PolicyProvider(provider, policies: [RateLimiter(clock: clock)], clock: clock)
    }

    /// Answers everything and tells that nothing is left.
    private func drained() -> ClosureProvider {
        ClosureProvider { _, _ in
            let limits = RateLimits(requests: RateLimit(limit: 60, remaining: 0))
            return .init([[.responseStarted(ResponseMetadata(rateLimits: limits))], PolicyFixture.text])
        }
    }

    @Test func holdsTheNextRequestBack() async {
        let provider = drained()
        let chain = limited(provider)
        _ = await Listener(chain).outcome
        let second = Listener(chain)
        await clock.sleepers(1)
        #expect(provider.count == 1)
        clock.advance(by: .seconds(1))
        let (words, error) = await second.outcome
        #expect(error == nil)
        #expect(words.first == "held requests")
        #expect(provider.count == 2)
    }

    @Test func theQueueMovesOnWhenSomeoneLeaves() async {
        let provider = drained()
        let chain = limited(provider)
        _ = await Listener(chain).outcome
        let second = Listener(chain)
        await clock.sleepers(1)
        let third = Listener(chain)
        await third.told(1)
        second.cancel()
        _ = await second.outcome
        // The one behind becomes the first and looks at the clock.
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        let (words, error) = await third.outcome
        #expect(error == nil)
        #expect(words.first == "held queue")
        #expect(provider.count == 2)
    }

    /// 60 tokens are left. With 17 for its answer and 10 around its text, a message of 33 letters just fits where each letter is a token,
    /// and one of 34 does not; estimated, it needs less.
    @Test(arguments: [(33, true, false), (34, true, true), (34, false, false)])
    func countsExactlyWhereThatIsReady(letters: Int, isReady: Bool, isHeld: Bool) async {
        let limits = RateLimits(tokens: RateLimit(limit: 600, remaining: 60))
        let provider = ClosureProvider { _, _ in
            .init([[.responseStarted(ResponseMetadata(rateLimits: limits))], PolicyFixture.text])
        }
        let limiter = RateLimiter(counting: LetterCounting(isReady: isReady), clock: clock) { ModelInfo(id: $0) }
        let chain = PolicyProvider(provider, policies: [limiter], clock: clock)
        func request(_ letters: Int) -> ChatRequest {
            ChatRequest(
                model: "m", messages: [ChatMessage(.user, String(repeating: "x", count: letters))],
                parameters: ModelParameters(maxOutputTokens: 17))
        }
        _ = await Listener(chain, request(0)).outcome
        let second = Listener(chain, request(letters))
        if isHeld { await second.told(1) } else { _ = await second.outcome }
        #expect(provider.count == (isHeld ? 1 : 2))
        second.cancel()
    }

    @Test func retryNowSendsAllTheSame() async throws {
        let provider = drained()
        let chain = limited(provider)
        _ = await Listener(chain).outcome
        let stream = try await chain.stream(PolicyFixture.request)
        let second = Listener(stream)
        await clock.sleepers(1)
        stream.control?.retryNow()
        let (_, error) = await second.outcome
        #expect(error == nil)
        #expect(provider.count == 2)
    }

    @Test func aRefusalPausesEveryone() async {
        let provider = ClosureProvider { _, number in
            number == 1 ? .refusing(PolicyFixture.refusal(.rateLimited, 429, after: .seconds(9))) : .good
        }
        let chain = limited(provider)
        let (_, error) = await Listener(chain).outcome
        #expect(error?.kind == .rateLimited)
        let second = Listener(chain)
        await clock.sleepers(1)
        clock.advance(by: .seconds(8))
        await clock.sleepers(1)
        #expect(provider.count == 1)
        clock.advance(by: .seconds(1))
        let (words, _) = await second.outcome
        #expect(words.first == "held pause")
    }

    @Test func absurdPausesAreNotBelieved() async {
        let provider = ClosureProvider { _, number in
            number == 1 ? .refusing(PolicyFixture.refusal(.rateLimited, 429, after: .seconds(3e8))) : .good
        }
        let chain = limited(provider)
        _ = await Listener(chain).outcome
        let (words, error) = await Listener(chain).outcome
        #expect(error == nil)
        #expect(words.first == "started")
    }

    /// Headers of the beginning, told again with a late error or news of the answer, are old.
    @Test func learnsOnceFromAnAnswer() async {
        let limits = RateLimits(requests: RateLimit(limit: 60, remaining: 0))
        let clock = clock
        let provider = ClosureProvider { _, number in
            guard number == 1 else { return .good }
            clock.advance(by: .seconds(2))
            let error = PolicyFixture.refusal(.server, 500, limits: limits)
            return .init([[.responseStarted(ResponseMetadata(rateLimits: limits))]], error: error)
        }
        let chain = limited(provider)
        _ = await Listener(chain).outcome
        clock.advance(by: .seconds(1))
        let (words, error) = await Listener(chain).outcome
        #expect(error == nil)
        #expect(words.first == "started")
    }

    @Test func anAbsurdOutputLimitIsNoTrap() async {
        var request = PolicyFixture.request
        request.parameters.maxOutputTokens = .max
        let (_, error) = await Listener(limited(drained()), request).outcome
        #expect(error == nil)
    }

    @Test func doesNotWaitBeyondTheDeadline() async {
        let provider = drained()
        let clock = JumpingClock()
        let chain = PolicyProvider(
            provider,
            policies: [TimeoutPolicy(total: .milliseconds(400), clock: clock), RateLimiter(clock: clock)], clock: clock)
        _ = await Listener(chain).outcome
        let (_, error) = await Listener(chain).outcome
        #expect(error?.kind == .rateLimited)
        #expect(error?.isRetryable == false)
        #expect(error?.fate == .notSent)
        #expect(provider.count == 1)
    }

    /// A hundred waiting calls go one after the other, in the order in which they came.
    @Test func servesAHundredInOrder() async throws {
        let order = Names()
        let provider = ClosureProvider { request, _ in
            await order.add(request.messages.first?.text ?? "")
            let limits = RateLimits(requests: RateLimit(limit: 60, remaining: 0))
            return .init([[.responseStarted(ResponseMetadata(rateLimits: limits))], PolicyFixture.text])
        }
        let chain = limited(provider)
        _ = await Listener(chain).outcome
        var listeners: [Listener] = []
        for number in 0..<100 {
            let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "\(number)")])
            let listener = Listener(chain, request)
            await listener.told(1)
            listeners.append(listener)
        }
        for listener in listeners {
            await clock.sleepers(1)
            clock.advance(by: .seconds(1))
            let (_, error) = await listener.outcome
            #expect(error == nil)
        }
        let names = await order.names
        #expect(names.dropFirst() == (0..<100).map(String.init)[...])
    }

    private actor Names {
        private(set) var names: [String] = []
        func add(_ name: String) { names.append(name) }
    }
}
