/// Reads how long a server asks to wait. Pure: the time of day comes in as an argument.
///
/// `retry-after-ms` (milliseconds, decimals allowed) wins over `retry-after` (seconds, decimals allowed, or an HTTP date
/// of RFC 9110 section 5.6.7). What cannot be read is no information, never an error; the first readable header of a name
/// counts. Nothing is capped here beyond what a `Duration` needs: how long one really waits is the caller's policy.
///
/// `250` in `retry-after-ms` is 0.25 s; `1.5` in `retry-after` is 1.5 s; `0` is zero; a date in the past is zero; `-1`,
/// `NaN`, `1e309`, `soon` and an empty value are nil.
public enum RetryAfter {
    /// The wait asked for; nil when none is, or none that can be read.
    ///
    /// `unixTime` is the time of day in seconds since 1970; it is asked for only when a header has a date.
    public static func delay(in headers: [HTTPHeader], unixTime: () -> Double) -> Duration? {
        func first(_ name: String, _ read: (String) -> Duration?) -> Duration? {
            headers.filter { $0.name.lowercased() == name }.compactMap { read($0.value) }.first
        }
        return first("retry-after-ms") { number($0).map { duration(seconds: $0 / 1000) } }
            ?? first("retry-after") { value in
                if let seconds = number(value) { return duration(seconds: seconds) }
                return HTTPDate.unixTime(of: value).map { duration(seconds: max(0, $0 - unixTime())) }
            }
    }

    /// Digits with at most one decimal point; `Double` alone would also read hexadecimal, infinities and NaN.
    static func number(_ text: String) -> Double? {
        let digits = trimmed(text)
        guard digits.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }) else { return nil }
        return Double(digits)
    }

    /// A hundred years at most, so that no later arithmetic overflows.
    static func duration(seconds: Double) -> Duration { .milliseconds(Int64(min(seconds, 3.2e9) * 1000)) }

    /// Without blanks and tabs at both ends.
    static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first == " " || first == "\t" { scalars.removeFirst() }
        while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
        return String(scalars)
    }
}

/// The three date forms of RFC 9110 section 5.6.7.
enum HTTPDate {
    /// Seconds since 1970; nil when the text is no such date. `Sun, 06 Nov 1994 08:49:37 GMT`,
    /// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994` are all 784111777.
    static func unixTime(of text: String) -> Double? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        if words.count == 6, words[5] == "GMT" {
            return unixTime(day: words[1], month: words[2], year: words[3], time: words[4])
        }
        guard words.count == 5 else { return nil }
        return unixTime(day: words[2], month: words[1], year: words[4], time: words[3])
    }

    private static func unixTime(day: String, month: String, year: String, time: String) -> Double? {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { UInt8($0) }
        guard let day = UInt8(day), (1...31).contains(day), let month = names.firstIndex(of: month),
            var year = UInt16(year).map(Int.init), clock.count == 3, let hour = clock[0], hour < 24,
            let minute = clock[1], minute < 60, let second = clock[2], second <= 60
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        let days = daysSince1970(year: year, month: month + 1, day: Int(day))
        return Double(((days * 24 + Int(hour)) * 60 + Int(minute)) * 60 + Int(second))
    }

    /// Days in the Gregorian calendar, by counting years from March so that the leap day comes last.
    /// 1970-01-01 is 0, 2000-03-01 is 11017.
    static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
