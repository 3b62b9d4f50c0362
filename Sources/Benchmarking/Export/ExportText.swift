import ProviderCore

/// Texts of exports.
enum ExportText {
    /// A text inside of XML or HTML, between tags or quotes. Characters that XML has not become U+FFFD.
    static func markup(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\r": result += "&#13;"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A text in a cell of a Markdown table: on one line, nothing of it markup.
    static func markdown(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "#", "~", "@":
                result += scalar == "<" ? "&lt;" : scalar == "@" ? "&#64;" : "\\" + String(scalar)
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result += " "
            case "\u{2028}", "\u{2029}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A text of a model, a server or a suite in a CSV table, after RFC 4180.
    ///
    /// Control characters but newlines and tabs are left out. A text that a spreadsheet would take for a formula gets `'` before it.
    /// Source: OWASP, CSV Injection.
    static func foreignCSV(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            if !isControl || scalar == "\n" || scalar == "\t" { scalars.append(scalar) }
        }
        // A carriage return is a beginning of this kind too, and is left out above.
        let isFormula = scalars.first.map { "=+-@\t".unicodeScalars.contains($0) } ?? false
        return csv((isFormula ? "'" : "") + String(scalars))
    }

    /// A text in a CSV table, after RFC 4180.
    static func csv(_ text: String) -> String {
        // By bytes: a character of several may begin with one of these.
        let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x09, 0x0A, 0x0D].contains($0) }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    /// A number with so many places, whatever the locale.
    static func fixed(_ value: Double, _ places: Int) -> String { GateWords.fixed(value, places) }

    /// A figure with three places; a dash where there is none.
    static func figure(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }

    /// An instant as `2026-11-29T14:04:06.123+00:00`.
    static func instant(_ milliseconds: Int64) -> String {
        func padded(_ number: Int64, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let day = milliseconds.floored(by: 86_400_000)
        let rest = milliseconds - day * 86_400_000
        let (year, month, date) = civil(day)
        let time =
            "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2))"
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))T\(time).\(padded(rest % 1000, 3))+00:00"
    }

    /// The date of a day since 1970-01-01.
    ///
    /// Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted.floored(by: 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    /// The quotient, rounded down.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
