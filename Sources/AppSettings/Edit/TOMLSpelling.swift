/// Keys and values as TOML spells them.
public enum TOMLSpelling {
    /// A path as a dotted key: parts that are no bare keys stand in quotes.
    public static func path(_ path: [String]) -> String { path.map(key).joined(separator: ".") }

    /// The parts of a dotted key as a person types it: `profiles.work.base_url`, `prices."gpt-4.1".input`. Nil when it is
    /// none.
    public static func parts(of text: String) -> [String]? {
        guard !text.utf8.contains(where: { $0 < 0x20 }),
            let document = try? TOMLDocument(text + " = 0", file: nil), document.root.count == 1
        else { return nil }
        let entries = TOMLLayout(Array((text + " = 0").utf8)).entries
        guard entries.count == 1, entries[0].parent == nil else { return nil }
        return entries[0].path
    }

    static func key(_ part: String) -> String {
        let isBare =
            !part.isEmpty
            && part.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
        return isBare ? part : SettingValue.text(part).toml
    }

    /// A value; text of several lines stands in three quotes, so that a person can go on writing it.
    static func value(_ value: SettingValue, allowsLines: Bool) -> String {
        guard allowsLines, case .text(let text) = value, text.contains("\n"), !text.contains("\r") else {
            return value.toml
        }
        return "\"\"\"\n"
            + text.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
            + "\"\"\""
    }

    /// A line between three quotes. All its quotes are escaped where two touch, so that no three of them can.
    private static func line(_ text: Substring) -> String {
        let spelt = SettingValue.text(String(text)).toml.dropFirst().dropLast()
        guard !text.contains("\"\""), !text.hasSuffix("\"") else { return String(spelt) }
        return String(spelt).replacing("\\\"", with: "\"")
    }
}
