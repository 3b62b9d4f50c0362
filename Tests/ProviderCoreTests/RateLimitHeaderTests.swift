import ProviderCore
import Testing

@Suite struct RateLimitHeaderTests {
    /// 2026-11-22 10:00:00 UTC.
    private static let now = 1_795_341_600.0

    @Test(arguments: [
        ("1s", 1.0), ("20ms", 0.02), ("6m0s", 360), ("1h2m", 3720), ("1m30.5s", 90.5), ("8.64s", 8.64),
        ("1d2h", 93_600),
        ("1h2m3s4ms", 3723.004), ("90", 90), ("0", 0), ("8.64", 8.64), ("0s", 0), ("1m", 60), ("1500us", 0.001),
        ("1500µs", 0.001), ("2000000ns", 0.002), (" 3s ", 3), ("1795341660", 60), ("1795341600250", 0.25),
        ("1795341000", 0), ("2026-11-22T10:01:00Z", 60), ("2026-11-22T11:00:30+01:00", 30),
        ("2026-11-22T10:00:00.5Z", 0.5), ("2020-01-01T00:00:00Z", 0), ("Sun, 22 Nov 2026 10:00:07 GMT", 7),
    ]) func durations(_ text: String, _ seconds: Double) {
        let duration = DurationText.duration(text) { Self.now }
        #expect(duration == .milliseconds(Int64((seconds * 1000).rounded(.down))))
    }

    @Test(arguments: [
        "", " ", "-1", "-1s", "s", "1x", "1s2", "abc", "NaN", "inf", "1e3", "0x10", "1.2.3s", "١s",
        "2026-13-01T00:00:00Z",
        "2026-11-22", "2026-11-22T10:00:00", "2026-11-22T25:00:00Z", "1 s", "∞", String(repeating: "9", count: 70),
    ]) func noDurations(_ text: String) {
        let duration = DurationText.duration(text) { Self.now }
        #expect(duration == nil)
    }

    private func limits(_ headers: [(String, String)]) -> RateLimits? {
        RateLimits(headers: headers.map { HTTPHeader($0.0, $0.1) }) { Self.now }
    }

    @Test func allOfThem() {
        let told = limits([
            ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"),
            ("x-ratelimit-reset-requests", "120ms"), ("X-RateLimit-Limit-Tokens", "30000"),
            ("x-ratelimit-remaining-tokens", "29975"), ("x-ratelimit-reset-tokens", "50ms"),
        ])
        #expect(
            told
                == RateLimits(
                    requests: RateLimit(limit: 500, remaining: 499, reset: .milliseconds(120)),
                    tokens: RateLimit(limit: 30_000, remaining: 29_975, reset: .milliseconds(50))))
    }

    @Test func absenceIsNoInformation() {
        #expect(limits([]) == nil)
        #expect(limits([("x-ratelimit-limit-images", "5")]) == nil)
    }

    @Test func nonsenseIsNotTold() {
        #expect(limits([("x-ratelimit-limit-requests", "-1"), ("x-ratelimit-remaining-requests", "-1")]) == nil)
        // Azure's words for "not known".
        #expect(limits([("x-ratelimit-limit-tokens", "0"), ("x-ratelimit-remaining-tokens", "0")]) == nil)
        #expect(limits([("x-ratelimit-limit-requests", "many"), ("x-ratelimit-reset-requests", "soon")]) == nil)
        let huge = limits([("x-ratelimit-limit-requests", "999999999999999999")])
        #expect(huge?.requests.limit == 1_000_000_000_000)
    }

    @Test func theTighterBucketCounts() {
        let told = limits([
            ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "400"),
            ("x-ratelimit-limit-project-requests", "60"), ("x-ratelimit-remaining-project-requests", "3"),
            ("x-ratelimit-reset-project-requests", "57s"),
        ])
        #expect(told?.requests == RateLimit(limit: 60, remaining: 3, reset: .seconds(57)))
    }
}

/// Sixty values of the two headers that name a wait, each with what is made of it: a wait in milliseconds, or none.
@Suite struct RetryAfterTableTests {
    private static let now = 1_795_341_600.0

    static let rows: [(String, String, Int?)] = [
        ("retry-after", "0", 0), ("retry-after", "1", 1000), ("retry-after", "2", 2000), ("retry-after", "20", 20_000),
        ("retry-after", "120", 120_000), ("retry-after", "121", 121_000), ("retry-after", "3600", 3_600_000),
        ("retry-after", "86400", 86_400_000), ("retry-after", "0.5", 500), ("retry-after", "1.5", 1500),
        ("retry-after", ".5", 500), ("retry-after", "1.", 1000), ("retry-after", "007", 7000),
        ("retry-after", " 3 ", 3000), ("retry-after", "\t4", 4000), ("retry-after", "0.0001", 0),
        ("retry-after", "315360000", 315_360_000_000), ("retry-after", "999999999999", 3_200_000_000_000),
        ("retry-after", "99999999999999999999999999", 3_200_000_000_000),
        ("retry-after", "", nil), ("retry-after", " ", nil), ("retry-after", "-1", nil), ("retry-after", "-0", nil),
        ("retry-after", "+5", nil), ("retry-after", "NaN", nil), ("retry-after", "nan", nil),
        ("retry-after", "inf", nil), ("retry-after", "infinity", nil), ("retry-after", "1e3", nil),
        ("retry-after", "1e309", nil), ("retry-after", "0x10", nil), ("retry-after", "1,5", nil),
        ("retry-after", "1 2", nil), ("retry-after", "5s", nil), ("retry-after", "soon", nil),
        ("retry-after", "1.2.3", nil), ("retry-after", "..", nil), ("retry-after", "٣", nil),
        ("retry-after", "1_000", nil), ("retry-after", "null", nil), ("retry-after", "true", nil),
        ("retry-after", "Sun, 22 Nov 2026 10:00:07 GMT", 7000),
        ("retry-after", "Sun, 22 Nov 2026 10:02:00 GMT", 120_000),
        ("retry-after", "Sunday, 22-Nov-26 10:00:30 GMT", 30_000),
        ("retry-after", "Sun Nov 22 10:00:09 2026", 9000),
        ("retry-after", "Sun, 22 Nov 2026 09:59:59 GMT", 0), ("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("retry-after", "Sun, 22 Nov 2126 10:00:00 GMT", 3_155_673_600_000),
        ("retry-after", "Sun, 32 Nov 2026 10:00:07 GMT", nil), ("retry-after", "Sun, 22 Foo 2026 10:00:07 GMT", nil),
        ("retry-after", "Sun, 22 Nov 2026 25:00:07 GMT", nil), ("retry-after", "Sun, 22 Nov 2026 10:00:07 PST", nil),
        ("retry-after", "22 Nov 2026", nil), ("retry-after-ms", "0", 0), ("retry-after-ms", "512", 512),
        ("retry-after-ms", "250.5", 250), ("retry-after-ms", "120000", 120_000), ("retry-after-ms", "-5", nil),
        ("retry-after-ms", "abc", nil), ("retry-after-ms", "", nil), ("retry-after-ms", "1e309", nil),
    ]

    @Test func thereAreSixty() { #expect(Self.rows.count >= 60) }

    @Test(arguments: rows) func isRead(_ name: String, _ value: String, _ milliseconds: Int?) {
        let delay = RetryAfter.delay(in: [HTTPHeader(name, value)]) { Self.now }
        #expect(delay == milliseconds.map { .milliseconds($0) })
    }

    /// And whatever it is, no wait passes its cap and none is a busy loop.
    @Test(arguments: rows) func isWaited(_ name: String, _ value: String, _ milliseconds: Int?) {
        let delay = RetryAfter.delay(in: [HTTPHeader(name, value)]) { Self.now }
        let error = ProviderError(kind: .rateLimited, status: 429, message: "", retryAfter: delay)
        let decision = RetryRules().decision(after: error, .init(attempt: 1, jitter: 0.5))
        switch milliseconds {
        case let asked? where asked > 120_000: #expect(decision == .fail)
        case let asked? where asked > 0: #expect(decision == .retry(after: .milliseconds(asked), .server))
        default: #expect(decision == .retry(after: .milliseconds(500), .backoff))
        }
    }

    @Test func millisecondsWin() {
        let headers = [HTTPHeader("Retry-After", "9"), HTTPHeader("Retry-After-Ms", "40")]
        #expect(RetryAfter.delay(in: headers) { 0 } == .milliseconds(40))
        let garbled = [HTTPHeader("retry-after-ms", "x"), HTTPHeader("retry-after", "9")]
        #expect(RetryAfter.delay(in: garbled) { 0 } == .seconds(9))
        let twice = [HTTPHeader("retry-after", "x"), HTTPHeader("retry-after", "3"), HTTPHeader("retry-after", "5")]
        #expect(RetryAfter.delay(in: twice) { 0 } == .seconds(3))
    }
}
