/// The value of a setting.
public enum SettingValue: Sendable, Hashable {
    /// Text.
    case text(String)
    /// Texts in order.
    case texts([String])
    /// A whole number.
    case integer(Int)
    /// A finite number.
    case number(Double)
    /// True or false.
    case flag(Bool)
    /// Names and their values, by name.
    case pairs([String: String])

    /// The value as TOML spells it.
    public var toml: String {
        switch self {
        case .text(let text): Self.spell(text)
        case .texts(let texts): "[" + texts.map(Self.spell).joined(separator: ", ") + "]"
        case .integer(let number): String(number)
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number)).0" : "\(number)"
        case .flag(let isTrue): isTrue ? "true" : "false"
        case .pairs(let pairs):
            "{ "
                + pairs.sorted { $0.key < $1.key }.map { Self.spell($0.key) + " = " + Self.spell($0.value) }
                .joined(separator: ", ") + " }"
        }
    }

    private static func spell(_ text: String) -> String {
        var spelt = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": spelt += "\\\""
            case "\\": spelt += "\\\\"
            case "\n": spelt += "\\n"
            case "\t": spelt += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                spelt += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: spelt.unicodeScalars.append(scalar)
            }
        }
        return spelt + "\""
    }
}

/// Where a value came from.
public enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    /// The program itself.
    case builtIn
    /// A file; the line from 1, when known.
    case file(String, line: Int?)
    /// A variable of the environment.
    case environment(String)
    /// An argument of the command line.
    case argument(String)

    /// `default`, `config.toml:3`, `OPENAI_BASE_URL`, `--model`.
    public var description: String {
        switch self {
        case .builtIn: "default"
        case .file(let path, let line): printable(path) + (line.map { ":\($0)" } ?? "")
        case .environment(let name), .argument(let name): name
        }
    }
}
