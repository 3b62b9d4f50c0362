import ProviderCore
import TestSupport
import Testing

/// Limits that one sets oneself, beside those of the server.
@Suite struct RateCapsTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    private func capped(_ caps: RateCaps) -> RateLimiterRules {
        var rules = RateLimiterRules()
        rules.cap(caps, now: start)
        return rules
    }

    @Test func requestsWaitForAMinutesShare() {
        var rules = capped(RateCaps(requestsPerMinute: 60))
        let admissions = (0..<60).map { rules.admit($0, tokens: 1_000_000, now: start) }
        #expect(admissions.allSatisfy { $0 == .go })
        let next = rules.admit(60, tokens: 1, now: start)
        #expect(next == .wait(.requests, until: at(1), ahead: 0))
        let later = rules.admit(60, tokens: 1, now: at(1))
        #expect(later == .go)
    }

    @Test func tokensThatWereNotNeededAreGivenBack() {
        var rules = capped(RateCaps(tokensPerMinute: 600))
        let first = rules.admit(0, tokens: 600, now: start)
        let second = rules.admit(1, tokens: 10, now: start)
        #expect(first == .go && second == .wait(.tokens, until: at(1), ahead: 0))
        rules.settle(0, used: 590, output: 1, now: start)
        let again = rules.admit(1, tokens: 10, now: start)
        #expect(again == .go)
    }

    /// A server's wait of hours is not believed; a person's own limit is meant.
    @Test func anOwnLimitIsKeptHoweverLongItTakes() {
        var rules = RateLimiterRules(longestWait: .seconds(5))
        rules.cap(RateCaps(requestsPerMinute: 1), now: start)
        let first = rules.admit(0, tokens: 1, now: start)
        let second = rules.admit(1, tokens: 1, now: start)
        #expect(first == .go && second == .wait(.requests, until: at(60), ahead: 0))
    }

    @Test func theStricterOneHolds() {
        var rules = capped(RateCaps(requestsPerMinute: 600))
        _ = rules.admit(0, tokens: 1, now: start)
        rules.learn(RateLimits(requests: RateLimit(limit: 60, remaining: 0)), from: 0, now: start)
        let byServer = rules.admit(1, tokens: 1, now: start)
        #expect(byServer == .wait(.requests, until: at(1), ahead: 0))
        rules.cap(RateCaps(requestsPerMinute: 1), now: start)
        let byOwn = rules.admit(1, tokens: 1, now: start)
        #expect(byOwn != .go)
    }

    /// Whoever waits under one's own limit goes as soon as it is lifted.
    @Test func aLimitThatIsLiftedLetsGo() async {
        let clock = TestClock()
        let limiter = RateLimiter(clock: clock)
        limiter.cap(RateCaps(requestsPerMinute: 1))
        let provider = ClosureProvider { _, _ in .good }
        let chain = PolicyProvider(provider, policies: [limiter], clock: clock)
        _ = await Listener(chain).outcome
        let second = Listener(chain)
        await second.told(1)
        let third = Listener(chain)
        await third.told(1)
        #expect(provider.count == 1)
        limiter.cap(RateCaps())
        let (words, error) = await second.outcome
        #expect(error == nil && words.first == "held requests")
        #expect(await third.outcome.1 == nil)
        #expect(provider.count == 3)
    }
}
