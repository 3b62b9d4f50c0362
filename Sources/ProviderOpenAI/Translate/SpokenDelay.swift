import ProviderCore

/// A delay that an error message names in words, for servers that send no header with it.
///
/// "Please try again in 1m12.5s." is 72.5 s, "try again in 350ms" 0.35 s, "Please retry after 33 seconds." 33 s.
enum SpokenDelay {
    private static let openings = ["try again in ", "retry after ", "retry in "]
    private static let words = [("seconds", "s"), ("second", "s"), ("minutes", "m"), ("minute", "m")]

    /// The delay; nil when the message names none.
    static func duration(in message: String) -> Duration? {
        let text = message.lowercased()
        for opening in openings {
            guard let found = text.firstRange(of: opening) else { continue }
            let rest = text[found.upperBound...].prefix(40)
            let number = rest.prefix { $0.isASCII && !$0.isWhitespace }
            let unit = rest[number.endIndex...].drop { $0 == " " }
            let spelt = words.first { unit.hasPrefix($0.0) }.map { number + $0.1 } ?? number[...]
            var trimmed = Substring(spelt)
            while let last = trimmed.last, ".,;!)".contains(last) { trimmed.removeLast() }
            // Only with a unit: a bare number could be anything.
            guard trimmed.last?.isLetter == true else { continue }
            return DurationText.duration(String(trimmed)) { 0 }
        }
        return nil
    }
}
