/// What may go into a clipboard, and the terminal's sequence that puts it there.
public enum ClipboardText {
    /// The most bytes that terminals take by OSC 52, before encoding.
    public static let mostBytes = 74_994

    /// A text without control characters (newline and tab stay) and without marks that would end a paste: pasted into a
    /// shell, it cannot do more than show itself.
    public static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.replacing("\u{1B}[200~", with: "").replacing("\u{1B}[201~", with: "").unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: scalars.append(scalar)
            case ..<0x20, 0x7F...0x9F: break
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// OSC 52 with the cleaned text: `ESC ] 52 ; c ; base64 ESC \`. Nil for one of more than 74,994 bytes.
    public static func sequence(_ text: String) -> [UInt8]? {
        let bytes = Array(cleaned(text).utf8)
        guard bytes.count <= mostBytes else { return nil }
        return Array("\u{1B}]52;c;".utf8) + base64(bytes) + Array("\u{1B}\\".utf8)
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648, with padding.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                let value = word >> (18 - 6 * digit) & 0x3F
                result.append(digit <= group.count ? digits[value] : UInt8(ascii: "="))
            }
        }
        return result
    }
}
