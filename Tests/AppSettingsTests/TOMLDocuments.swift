import AppSettings

/// Random TOML documents in every form the grammar has, with comments all over.
struct TOMLDocuments {
    struct Document {
        var text: String
        var paths: [[String]]
    }

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }

    private static let names = ["a", "b", "c-d", "e_f", "9", "\"g.h\"", "'i j'", "\"k\\tl\"", "é".debugDescription]

    private mutating func spelt() -> String {
        pick([
            "1", "-7", "0x1F", "1_000", "0.5", "6e-3", "nan", "-inf", "true", "'lit # eral'", "\"bas\\\"ic # \\u00e9\"",
            "\"\"\"\nlines # no comment\n\"\" two\"\"\"", "'''\nx # no\n'''", "[]", "[1, 2, 3,]",
            "[ 'a', # b ]\n 'c' ]",
            "{}", "{ x = 1, y.z = 'q' }", "{x={w=[{v=1}]}}", "[[1], ['x', { u = 2 }]]", "2026-11-29T09:00:00Z",
        ])
    }

    private mutating func noise() -> String {
        pick(["", "", "\n", "# comment = 1\n", "  # [not.a.table]\n", "\n\n", "#\n"])
    }

    /// A document that parses, and paths of keys in it.
    mutating func document() -> Document {
        while true {
            var text = pick(["", "", "\u{FEFF}", "# first\n", "# first\n\n"])
            var paths: [[String]] = []
            for _ in 0..<number(4) { text += noise() + entry([], &paths) }
            for _ in 0..<number(4) {
                let header = (0...number(2)).map { _ in pick(Self.names) }
                text += noise()
                let isArray = number(4) == 0
                text += (isArray ? "[[" : "[") + header.joined(separator: pick([".", " . "])) + (isArray ? "]]" : "]")
                text += pick(["", " # of the table"]) + "\n"
                let parts = TOMLSpelling.parts(of: header.joined(separator: ".")) ?? []
                for _ in 0..<number(4) { text += noise() + entry(parts, &paths) }
            }
            text += pick(["", "# the end", "\n\n"])
            if number(4) == 0, text.hasSuffix("\n") { text.removeLast() }
            if number(4) == 0 { text = text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n") }
            if (try? TOMLEdit(text)) != nil { return Document(text: text, paths: paths) }
        }
    }

    private mutating func entry(_ header: [String], _ paths: inout [[String]]) -> String {
        let key = (0...max(0, number(4) - 2)).map { _ in pick(Self.names) }.joined(separator: pick([".", " ."]))
        if let parts = TOMLSpelling.parts(of: key) { paths.append(header + parts) }
        return pick(["", "  ", "\t"]) + key + pick([" = ", "=", "  =\t"]) + spelt() + pick(["", " # x", "\t"]) + "\n"
    }

    /// A path: of a key that is there, beside one, or new.
    mutating func path(of document: Document) -> [String] {
        let fresh = ["new", "new key", "n.k"][number(3)]
        guard let known = document.paths.isEmpty ? nil : pick(document.paths), number(4) > 0 else {
            return (0...number(3)).map { "t\($0)" } + [fresh]
        }
        return number(2) == 0 ? known : Array(known.dropLast()) + [fresh]
    }

    mutating func value() -> SettingValue {
        pick([
            .text("plain"), .text("two\nlines \"\"\" # \\ \u{7}"), .texts(["a", "b]"]), .integer(-3), .number(0.25),
            .flag(false), .pairs(["a b": "c", "d": "}"]),
        ])
    }
}
