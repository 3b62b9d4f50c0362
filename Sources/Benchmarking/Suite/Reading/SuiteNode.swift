internal import ProviderCore

/// A place in a file: line and character of the line, from 1.
struct SuiteMark: Sendable, Hashable {
    var line: Int
    var column: Int
}

/// A value of a suite's file with its place.
struct SuiteNode: Sendable {
    /// A member of a mapping.
    struct Entry: Sendable {
        var key: String
        var mark: SuiteMark
        var value: SuiteNode
    }

    indirect enum Content: Sendable {
        /// A word or text; plain ones, those without quotes, may mean a number, true, false or nothing.
        case scalar(String, isPlain: Bool)
        case list([SuiteNode])
        case map([Entry])
    }

    var content: Content
    var mark: SuiteMark
    /// The way to it: `tasks[0].data`.
    var path: String

    /// The members of a mapping.
    var entries: [Entry]? { if case .map(let entries) = content { entries } else { nil } }
    /// The elements of a list.
    var elements: [SuiteNode]? { if case .list(let elements) = content { elements } else { nil } }
    /// The text of a scalar, as written.
    var scalar: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// Whether it is left empty, or null.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "null", "~", "Null", "NULL"].contains(text)
    }

    /// Whether somebody forgot the quotes around `{{name}}`, which then is a mapping whose key is a mapping.
    var isUnquotedTemplate: Bool { entries?.first?.key == SuiteYAML.bracedKey }

    /// What it is, in words.
    var words: String {
        switch content {
        case .list: "a list"
        case .map: "a mapping"
        case .scalar where isNull: "empty"
        case .scalar(let text, isPlain: false): "the text \"\(NameWords.cut(text))\""
        case .scalar(let text, isPlain: true): NameWords.cut(text)
        }
    }

    /// As JSON, by the core schema of YAML 1.2; only `true` and `false` are booleans.
    var json: JSONValue {
        switch content {
        case .scalar(let text, isPlain: false): .string(text)
        case .scalar(let text, isPlain: true):
            switch text {
            case _ where isNull: .null
            case "true": .bool(true)
            case "false": .bool(false)
            default: SuiteNumber.json(text) ?? .string(text)
            }
        case .list(let elements): .array(elements.map(\.json))
        case .map(let entries): .object(entries.map { JSONMember($0.key, $0.value.json) })
        }
    }

    /// The node at a place within it.
    func node(at tokens: some Collection<String>) -> SuiteNode {
        guard let first = tokens.first else { return self }
        let rest = tokens.dropFirst()
        if let entry = entries?.first(where: { $0.key == first }) { return entry.value.node(at: rest) }
        if let elements, let index = Int(first), elements.indices.contains(index) {
            return elements[index].node(at: rest)
        }
        return self
    }
}

/// Numbers of YAML's core schema.
enum SuiteNumber {
    /// The number in JSON's spelling; nil when the word is no finite number.
    static func json(_ word: String) -> JSONValue? {
        guard let first = word.utf8.first, first < 0x80, word.utf8.count <= 400 else { return nil }
        if word.hasPrefix("0x"), let value = UInt64(word.dropFirst(2), radix: 16), isDigits(word.dropFirst(2)) {
            return .number(String(value))
        }
        if word.hasPrefix("0o"), let value = UInt64(word.dropFirst(2), radix: 8), isDigits(word.dropFirst(2)) {
            return .number(String(value))
        }
        guard let text = decimal(word), let value = Double(text), value.isFinite else { return nil }
        return .number(text)
    }

    private static func isDigits(_ text: Substring) -> Bool { text.utf8.first.map { $0 != UInt8(ascii: "+") } ?? false }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` in JSON's spelling.
    private static func decimal(_ word: String) -> String? {
        var rest = Substring(word)
        var text = ""
        if let sign = rest.first, sign == "-" || sign == "+" {
            rest.removeFirst()
            if sign == "-" { text = "-" }
        }
        func digits() -> Substring {
            let found = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[found.endIndex...]
            return found
        }
        var (whole, fraction) = (digits(), Substring())
        if rest.first == "." {
            rest.removeFirst()
            fraction = digits()
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        whole = whole.drop { $0 == "0" }
        text += whole.isEmpty ? "0" : whole
        if !fraction.isEmpty { text += "." + fraction }
        if let letter = rest.first, letter == "e" || letter == "E" {
            rest.removeFirst()
            text += "e"
            if let sign = rest.first, sign == "-" || sign == "+" { text.append(rest.removeFirst()) }
            let power = digits()
            guard !power.isEmpty else { return nil }
            text += power
        }
        return rest.isEmpty ? text : nil
    }
}
