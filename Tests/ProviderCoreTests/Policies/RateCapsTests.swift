import ProviderCore
import TestSupport
import Testing

/// Limits of one's own, besides those of the server.
@Suite struct RateCapsTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    /// The most of what was sent, at these times, in any minute.
    private func most(_ sent: [(at: ContinuousClock.Instant, count: Int)]) -> Int {
        sent.map { first in
            sent.filter { $0.at >= first.at && $0.at < first.at + .seconds(60) }.reduce(0) { $0 + $1.count }
        }.max() ?? 0
    }

    /// Sends requests of these tokens as fast as the rules let them go; when each went.
    private func send(_ tokens: [Int], _ caps: RateCaps) -> [(at: ContinuousClock.Instant, count: Int)] {
        var rules = RateLimiterRules(caps: caps)
        var (now, sent) = (start, [(at: ContinuousClock.Instant, count: Int)]())
        for (ticket, count) in tokens.enumerated() {
            while case .wait(_, let until, _) = rules.admit(ticket, tokens: count, now: now) {
                // Nobody waits longer than a minute, and never for nothing.
                guard let until, until > now, until <= now + .seconds(60) else { return [] }
                now = until
            }
            sent.append((now, count))
            rules.settle(ticket, used: nil, output: nil, now: now)
        }
        return sent
    }

    @Test func requestsOfAnyMinute() throws {
        let sent = send(Array(repeating: 10, count: 23), RateCaps(requestsPerMinute: 5))
        #expect(sent.count == 23)
        #expect(most(sent.map { ($0.at, 1) }) == 5)
        // No slower than need be.
        #expect(sent.last?.at == at(240))
        // A negative control: what the check has to find.
        #expect(most((0..<6).map { (at(Double($0) * 11.9), 1) }) == 6)
    }

    @Test func tokensOfAnyMinute() {
        let sent = send([400, 400, 400, 900, 100, 2_000, 10], RateCaps(tokensPerMinute: 1_000))
        #expect(sent.map { $0.at - start } == [0, 0, 60, 120, 120, 180, 240].map { .seconds($0) })
        // One that is larger than the limit goes alone.
        #expect(most(sent.filter { $0.count < 2_000 }) <= 1_000)
    }

    @Test func whatWasReallyUsedCounts() {
        var rules = RateLimiterRules(caps: RateCaps(tokensPerMinute: 1_000))
        let admissions = [rules.admit(1, tokens: 900, now: start), rules.admit(2, tokens: 500, now: start)]
        #expect(admissions == [.go, .wait(.tokens, until: at(60), ahead: 0)])
        rules.settle(1, used: 300, output: 10, now: at(1))
        let second = rules.admit(2, tokens: 500, now: at(1))
        #expect(second == .go)
        // It took more than it had reserved.
        rules.settle(2, used: 900, output: 10, now: at(2))
        let third = rules.admit(3, tokens: 10, now: at(2))
        #expect(third == .wait(.tokens, until: at(60), ahead: 0))
        let later = rules.admit(3, tokens: 200, now: at(60))
        #expect(later == .wait(.tokens, until: at(61), ahead: 0))
    }

    @Test func whatNeverLeftDoesNotCount() {
        var rules = RateLimiterRules(caps: RateCaps(requestsPerMinute: 1, tokensPerMinute: 100))
        let first = rules.admit(1, tokens: 100, now: start)
        rules.returnAll(1, now: start)
        let second = rules.admit(2, tokens: 100, now: start)
        let third = rules.admit(3, tokens: 1, now: start)
        #expect(first == .go && second == .go && third == .wait(.requests, until: at(60), ahead: 0))
    }

    /// The server's word and one's own: the tighter one counts, and one's own also where the server's wait would not be believed.
    @Test func bothHold() {
        var rules = RateLimiterRules(longestWait: .seconds(10), caps: RateCaps(requestsPerMinute: 2))
        let first = rules.admit(0, tokens: 1, now: start)
        rules.learn(RateLimits(requests: RateLimit(limit: 60, remaining: 0)), from: 0, now: start)
        let second = rules.admit(1, tokens: 1, now: start)
        #expect(first == .go && second == .wait(.requests, until: at(1), ahead: 0))
        let again = rules.admit(1, tokens: 1, now: at(1))
        let third = rules.admit(2, tokens: 1, now: at(30))
        #expect(again == .go && third == .wait(.requests, until: at(60), ahead: 0))
    }

    @Test func otherLimitsReachWhoWaits() async {
        let clock = TestClock()
        let limiter = RateLimiter(caps: RateCaps(requestsPerMinute: 1), clock: clock)
        let provider = ClosureProvider { _, _ in .init([PolicyFixture.text]) }
        let chain = PolicyProvider(provider, policies: [limiter], clock: clock)
        _ = await Listener(chain).outcome
        let second = Listener(chain)
        await second.told(1)
        #expect(provider.count == 1)
        limiter.hold(to: RateCaps(requestsPerMinute: 2))
        let (words, error) = await second.outcome
        #expect(error == nil && words == ["held requests", "text ok", "finished stop"])
        #expect(provider.count == 2)
        // What was sent before counts on.
        let third = Listener(chain)
        await third.told(1)
        #expect(provider.count == 2)
        limiter.hold(to: RateCaps())
        #expect(await third.outcome.error == nil)
    }
}
