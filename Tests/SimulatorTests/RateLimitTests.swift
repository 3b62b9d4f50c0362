import Foundation
import Testing

@testable import Simulator

@Suite struct RateLimitTests {
    private static let requests = RateLimit(count: 3, unit: .requests, nanoseconds: 3_000)
    private static let tokens = RateLimit(count: 100, unit: .tokens, nanoseconds: 1_000)

    private func waits(_ verdicts: [RateLimiter.Verdict]) -> [Int64?] {
        verdicts.map { if case .exceeded(_, _, let wait) = $0 { wait } else { nil } }
    }

    @Test func letsThroughWhatTheBucketHoldsAndRefillsIt() {
        let limiter = RateLimiter()
        let times: [Int64] = [0, 0, 10, 500, 999, 1_000, 1_001, 9_000, 9_000, 9_000, 9_000]
        let verdicts = times.map { limiter.book([Self.requests], of: 0, tokens: 0, now: $0) }
        #expect(waits(verdicts) == [nil, nil, nil, 500, 1, nil, 999, nil, nil, nil, 1_000])
        let first = RateLimiter.Standing(limit: Self.requests, remaining: 2, reset: 1_000)
        #expect(verdicts[0] == .allowed([first]))
        #expect(limiter.book([Self.requests], of: 1, tokens: 0, now: 9_000) == .allowed([first]))
    }

    @Test func countsTokensAndBooksNothingThatIsRefused() {
        let limiter = RateLimiter()
        let limits = [Self.requests, Self.tokens]
        func book(_ tokens: Int, _ now: Int64) -> RateLimiter.Verdict {
            limiter.book(limits, of: 0, tokens: tokens, now: now)
        }
        guard case .tooLarge(Self.tokens, let standings, cost: 101) = book(101, 0) else {
            Issue.record("too large a request must be refused as that")
            return
        }
        #expect(standings.map(\.remaining) == [3, 100])
        #expect(waits([book(80, 0), book(30, 0), book(20, 0), book(1, 0)]) == [nil, 100, nil, 10])
        #expect(waits([book(1, 10), book(1, 20), book(1, 1_010)]) == [nil, 980, nil])
    }

    @Test(arguments: [
        (0, "0ms"), (1, "1ms"), (999_000_000, "999ms"), (1_000_000_000, "1s"), (1_500_000_000, "1.5s"),
        (360_000_000_000, "6m0s"), (90_500_000_000, "1m30.5s"), (3_723_000_000_000, "1h2m3s"),
    ])
    func writesDurationsLikeOpenAI(_ nanoseconds: Int64, _ expected: String) {
        #expect(RateLimiter.Standing.text(nanoseconds) == expected)
    }

    @Test(arguments: [true, false]) func refusesOverTheWire(_ responses: Bool) async throws {
        let script = """
            scenario s
              limit 2 requests in 600s
              limit 50 tokens in 600s
              header x-ratelimit-reset-tokens: -1
              reply "x"
            """
        try await withServer(script) { server in
            func send(_ prompt: String) throws -> RawClient.Response {
                try responses ? ask(responses: server, respond(prompt)) : ask(server, chat(prompt))
            }
            let first = try send("x")
            #expect(first.status == 200 && first.header("x-ratelimit-limit-requests") == "2")
            #expect(first.header("x-ratelimit-remaining-requests") == "1")
            #expect(first.header("x-ratelimit-reset-requests") == "5m0s")
            #expect(first.header("x-ratelimit-limit-tokens") == "50")
            #expect(first.header("x-ratelimit-remaining-tokens") == "46")
            #expect(first.header("x-ratelimit-reset-tokens") == "-1")
            let large = try send(String(repeating: "word ", count: 60))
            #expect(large.status == 429 && large.header("retry-after") == nil)
            #expect(large.body.contains("Request too large") && large.body.contains(#""type":"tokens""#))
            #expect(try send("x").status == 200)
            let refused = try send("x")
            #expect(refused.status == 429 && refused.header("x-ratelimit-remaining-requests") == "0")
            let seconds = try #require(Int(refused.header("retry-after") ?? ""))
            let milliseconds = try #require(Int(refused.header("retry-after-ms") ?? ""))
            #expect((290...300).contains(seconds) && (seconds * 1_000 - 999...seconds * 1_000).contains(milliseconds))
            let error = try #require(json(refused.body)["error"] as? [String: Any])
            #expect(error["code"] as? String == "rate_limit_exceeded" && error["type"] as? String == "requests")
            #expect(server.requests.allSatisfy { $0.scenario == "s" })
        }
    }
}
