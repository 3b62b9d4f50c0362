/// The first sum in a text, as people write it: numbers with `+`, `-`, `*`, `/`, `×`, `−` or `÷` between them, and blanks around these.
/// Products go before sums.
enum WrittenSum {
    /// What it comes to, with at most six decimals; nil when there is none, or it divides by zero.
    static func result(in text: String) -> String? {
        let words = text.split { $0 == " " || $0.isNewline }.map { trimmed(String($0)) }
        for start in words.indices {
            guard var terms = number(words[start]).map({ [$0] }) else { continue }
            var next = start + 1
            while next + 1 < words.count, let sign = signs[words[next]], let value = number(words[next + 1]) {
                append(value, sign, &terms)
                next += 2
            }
            guard next > start + 1 else { continue }
            let sum = terms.reduce(0, +)
            return sum.isFinite ? shown(sum) : nil
        }
        return nil
    }

    private static let signs: [String: Character] = [
        "+": "+", "-": "-", "−": "-", "*": "*", "×": "*", "/": "/", "÷": "/",
    ]

    private static func append(_ value: Double, _ sign: Character, _ terms: inout [Double]) {
        switch sign {
        case "+": terms.append(value)
        case "-": terms.append(-value)
        case "*": terms[terms.count - 1] *= value
        default: terms[terms.count - 1] /= value
        }
    }

    /// Without the marks that end a sentence.
    private static func trimmed(_ word: String) -> String {
        var word = word[...]
        while let last = word.last, "?!.,;:=".contains(last) { word.removeLast() }
        return String(word)
    }

    private static func number(_ word: String) -> Double? {
        guard word.utf8.count <= 15, word.utf8.first.map(isDigit) == true,
            word.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        return Double(word)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func shown(_ value: Double) -> String {
        let millionths = (value.magnitude * 1e6).rounded()
        guard millionths < 1e18 else { return "\(value)" }
        let (whole, rest) = Int64(millionths).quotientAndRemainder(dividingBy: 1_000_000)
        var text = (value < 0 && millionths > 0 ? "-" : "") + "\(whole)"
        guard rest > 0 else { return text }
        var decimals = String(rest)
        decimals = String(repeating: "0", count: 6 - decimals.count) + decimals
        while decimals.last == "0" { decimals.removeLast() }
        text += "." + decimals
        return text
    }
}
