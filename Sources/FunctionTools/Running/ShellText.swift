/// What a text must not hide from the person who allows the shell to run it.
public enum ShellText {
    /// As many blanks in a row, and what follows may stand where nobody looks.
    public static let blanksInARow = 20

    /// Why a text must not be run, in words that follow its name; nil when it may. Refused are: twenty blanks in a row; control
    /// characters but line feed and tab; and all characters that cannot be seen or that change the order of others.
    public static func refusal(of text: String) -> String? {
        guard text.unicodeScalars.contains(where: { $0 != " " && $0 != "\t" && $0 != "\n" }) else { return "is empty" }
        var blanks = 0
        for (position, scalar) in text.unicodeScalars.enumerated() {
            if isHidden(scalar) {
                return "has a hidden character, \(name(scalar)), at character \(position + 1)"
            }
            blanks = isBlank(scalar) ? blanks + 1 : 0
            if blanks == blanksInARow {
                let first = position + 2 - blanksInARow
                return "has \(blanksInARow) or more blanks in a row from character \(first) on"
            }
        }
        return nil
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        // The empty Braille pattern is a symbol by its category, and looks like a blank.
        scalar == "\t" || scalar == "\u{2800}" || scalar.properties.generalCategory == .spaceSeparator
    }

    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        guard !(0x20..<0x7F).contains(scalar.value) else { return false }
        switch scalar.properties.generalCategory {
        case .control: return scalar != "\n" && scalar != "\t"
        case .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
