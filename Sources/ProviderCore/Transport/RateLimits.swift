/// What a server tells of one of its rate limits.
public struct RateLimit: Sendable, Hashable {
    /// The most that fits into the server's window (a minute at OpenAI), at least 1; nil = not told.
    public var limit: Int?
    /// What is left of it now, at least 0; nil = not told.
    public var remaining: Int?
    /// Until all of it is there again: not the time one has to wait. Nil = not told.
    public var reset: Duration?

    /// A limit.
    public init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }

    /// Whether nothing was told.
    public var isUnknown: Bool { limit == nil && remaining == nil && reset == nil }
}

/// The rate limits of one answer's headers. Absence is no information, never "no limit".
public struct RateLimits: Sendable, Hashable {
    /// Requests.
    public var requests: RateLimit
    /// Tokens, input and output together.
    public var tokens: RateLimit

    /// Limits.
    public init(requests: RateLimit = RateLimit(), tokens: RateLimit = RateLimit()) {
        self.requests = requests
        self.tokens = tokens
    }

    /// Reads `x-ratelimit-limit-*`, `-remaining-*` and `-reset-*` for requests and tokens; of further buckets the
    /// project's, where it has less left. Nil when the headers tell nothing. What is malformed, `-1`, or a limit of 0 (Azure's
    /// words for "not known") counts as not told; names in any case, the first readable value counts.
    ///
    /// `unixTime` is the time of day in seconds since 1970, asked for only when a reset is given as a point in time.
    public init?(headers: [HTTPHeader], unixTime: () -> Double) {
        var told: [String: String] = [:]
        for header in headers {
            let name = header.name.lowercased()
            guard name.hasPrefix(Self.prefix), told[name] == nil else { continue }
            told[name] = header.value
        }
        guard !told.isEmpty else { return nil }
        func bucket(_ name: String) -> RateLimit {
            let limit = Self.count(told["\(Self.prefix)limit-\(name)"]).flatMap { $0 > 0 ? $0 : nil }
            let remaining = Self.count(told["\(Self.prefix)remaining-\(name)"])
            let reset = told["\(Self.prefix)reset-\(name)"].flatMap { DurationText.duration($0, unixTime: unixTime) }
            let isUnknown = told["\(Self.prefix)limit-\(name)"] != nil && limit == nil
            return RateLimit(limit: limit, remaining: isUnknown ? nil : remaining, reset: reset)
        }
        requests = Self.tighter(bucket("requests"), bucket("project-requests"))
        tokens = Self.tighter(bucket("tokens"), bucket("project-tokens"))
        if requests.isUnknown, tokens.isUnknown { return nil }
    }

    private static let prefix = "x-ratelimit-"

    private static func count(_ text: String?) -> Int? {
        guard let text, let number = Int(RetryAfter.trimmed(text)), number >= 0 else { return nil }
        return min(number, 1_000_000_000_000)
    }

    private static func tighter(_ own: RateLimit, _ project: RateLimit) -> RateLimit {
        guard let other = project.remaining else { return own.isUnknown ? project : own }
        guard let mine = own.remaining else { return project }
        return other < mine ? project : own
    }
}

/// Reads how long something lasts, in the spellings that servers use for it.
///
/// Go's: numbers with units one after the other, decimals allowed, `d h m s ms us µs ns` (`6m0s` is 360 s, `1m30.5s` is 90.5 s,
/// `20ms`); a bare number of seconds (`8.64`); a point in time as RFC 3339 (`2026-01-02T15:04:05Z`), as an HTTP date, or as
/// seconds or milliseconds since 1970 (from 10^9 on). A point in the past is zero. Anything else, negative values included, is nil;
/// what is longer than a hundred years is a hundred years.
public enum DurationText {
    /// The duration; nil when the text is none. `unixTime` is the time of day in seconds since 1970.
    public static func duration(_ given: String, unixTime: () -> Double) -> Duration? {
        let text = RetryAfter.trimmed(given)
        guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
        if let number = RetryAfter.number(text) { return bare(number, unixTime) }
        if let seconds = unitSum(text) { return RetryAfter.duration(seconds: seconds) }
        guard let point = timestamp(text) ?? HTTPDate.unixTime(of: text) else { return nil }
        return RetryAfter.duration(seconds: max(0, point - unixTime()))
    }

    private static func bare(_ number: Double, _ unixTime: () -> Double) -> Duration {
        switch number {
        case ..<1e9: RetryAfter.duration(seconds: number)
        case ..<1e11: RetryAfter.duration(seconds: max(0, number - unixTime()))
        default: RetryAfter.duration(seconds: max(0, number / 1000 - unixTime()))
        }
    }

    /// The sum of numbers with units, in seconds.
    private static func unitSum(_ text: String) -> Double? {
        let units: [(String, Double)] = [
            ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ns", 1e-9), ("d", 86_400), ("h", 3600), ("m", 60),
            ("s", 1),
        ]
        var rest = text[...]
        var sum = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = RetryAfter.number(String(digits)) else { return nil }
            rest = rest[digits.endIndex...]
            guard let (name, size) = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
            rest = rest.dropFirst(name.count)
            sum += number * size
        }
        return sum
    }

    /// `2026-01-02T15:04:05.5+01:00` in seconds since 1970.
    private static func timestamp(_ text: String) -> Double? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0).map(Int.init) }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2], (1...12).contains(month),
            (1...31).contains(day), year > 999
        else { return nil }
        let clock = halves[1].prefix { $0.isASCII && ($0.isNumber || $0 == ":" || $0 == ".") }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = UInt8(parts[0]), hour < 24, let minute = UInt8(parts[1]), minute < 60,
            let second = RetryAfter.number(String(parts[2])), second < 61,
            let offset = offset(halves[1][clock.endIndex...])
        else { return nil }
        let days = Double(HTTPDate.daysSince1970(year: year, month: month, day: day))
        return days * 86_400 + Double(hour) * 3600 + Double(minute) * 60 + second - offset
    }

    /// `Z`, `+01:00`: seconds east of Greenwich.
    private static func offset(_ text: Substring) -> Double? {
        if text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = UInt8(parts[0]), hours < 24, let minutes = UInt8(parts[1]), minutes < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (Double(hours) * 3600 + Double(minutes) * 60)
    }
}
