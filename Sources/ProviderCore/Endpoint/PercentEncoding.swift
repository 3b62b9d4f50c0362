extension BaseURL {
    /// A text as one part of a path or a query, after RFC 3986: everything but letters, digits, `-`, `.`, `_` and `~` is
    /// written as `%` and two digits for each byte. Slashes are not kept: model ids have some.
    public static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return encoded
    }

    /// The text that was encoded; a `%` without two digits stands for itself.
    static func percentDecoded(_ text: some StringProtocol) -> String {
        func digit(_ byte: UInt8) -> UInt8? {
            Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
        }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let pair = rest.prefix(2).compactMap(digit)
            if byte == UInt8(ascii: "%"), pair.count == 2 {
                bytes.append(pair[0] << 4 | pair[1])
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A name and its value in a query, both decoded.
    public struct QueryItem: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value; may be empty.
        public var value: String

        /// An item.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        init(encoded part: Substring) {
            let name = part.prefix { $0 != "=" }
            self.name = percentDecoded(name)
            value = percentDecoded(part[name.endIndex...].dropFirst())
        }

        var encoded: String { percentEncoded(name) + "=" + percentEncoded(value) }
        var isCredential: Bool { !value.isEmpty && CredentialName.isOne(name, inQuery: true) }
    }
}
