/// Writes JSON. Never fails: a number that is not spelt as JSON wants it becomes null.
public struct JSONWriter {
    private var bytes: [UInt8] = []
    private let isPretty: Bool

    private init(isPretty: Bool) { self.isPretty = isPretty }

    /// UTF-8 bytes without white space.
    public static func bytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter(isPretty: false)
        writer.write(value, depth: 0)
        return writer.bytes
    }

    /// Text without white space.
    public static func string(_ value: JSONValue) -> String {
        String(decoding: bytes(value), as: UTF8.self)
    }

    /// Text for a person: one member or element a line, indented by two blanks a level.
    public static func pretty(_ value: JSONValue) -> String {
        var writer = JSONWriter(isPretty: true)
        writer.write(value, depth: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .number(let text): append(JSONNumber.isValid(text) ? text : "null")
        case .string(let text): write(text)
        case .array(let elements): write(elements, "[", "]", depth) { $0.write($1, depth: depth + 1) }
        case .object(let members):
            write(members, "{", "}", depth) { writer, member in
                writer.write(member.key)
                writer.append(writer.isPretty ? ": " : ":")
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func write<Item>(
        _ items: [Item], _ opening: String, _ closing: String, _ depth: Int, each: (inout JSONWriter, Item) -> Void
    ) {
        append(opening)
        for (position, item) in items.enumerated() {
            if position > 0 { append(",") }
            breakLine(depth + 1)
            each(&self, item)
        }
        if !items.isEmpty { breakLine(depth) }
        append(closing)
    }

    private mutating func breakLine(_ depth: Int) {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(_ text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20, 0x7F: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        append("\"")
    }
}
