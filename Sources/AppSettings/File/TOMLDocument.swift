import TOMLKit

/// A value of a TOML text.
indirect enum TOMLNode: Sendable, Hashable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case array([TOMLNode])
    case table([String: TOMLNode])
    /// A date or a time, which no file of ours uses.
    case date

    /// What it is, in words.
    var kind: String {
        switch self {
        case .string: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .array: "a list"
        case .table: "a table"
        case .date: "a date"
        }
    }
}

/// A parsed TOML text and where its keys stand.
struct TOMLDocument: Sendable {
    let root: [String: TOMLNode]
    let file: String?
    private let positions: [[String]: SourcePosition]

    /// Parses a text. Throws `FileProblem` with line and column.
    init(_ text: String, file: String?) throws(FileProblem) {
        self.file = file
        // The parser hands texts over as C strings, so a zero would cut them short.
        if let line = Self.lineWithZero(text) {
            throw FileProblem(file: file, line: line, column: 1, "holds a zero character; take it out")
        }
        positions = try TOMLScanner(text, file: file).positions
        do {
            root = Self.members(try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            throw FileProblem(
                file: file, line: error.source.begin.line, column: error.source.begin.column,
                "is not TOML: \(printable(error.description))")
        } catch {
            throw FileProblem(file: file, "is not TOML: \(printable("\(error)"))")
        }
    }

    /// Where a key stands, else its nearest table.
    func position(_ path: [String]) -> SourcePosition? {
        var path = path
        while !path.isEmpty {
            if let position = positions[path] { return position }
            path.removeLast()
        }
        return nil
    }

    /// A problem at a key.
    func problem(_ path: [String], _ message: String) -> FileProblem {
        FileProblem(file: file, at: position(path), message)
    }

    private static func lineWithZero(_ text: String) -> Int? {
        let suspects = ["\u{0}", "\\u0000", "\\U00000000"]
        guard suspects.contains(where: text.contains) else { return nil }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where suspects.contains(where: line.contains) {
            return index + 1
        }
        return 1
    }

    private static func members(_ table: TOMLTable) -> [String: TOMLNode] {
        var members: [String: TOMLNode] = [:]
        for key in table.keys {
            if let value = table[key] { members[key] = node(value) }
        }
        return members
    }

    private static func node(_ value: any TOMLValueConvertible) -> TOMLNode {
        switch value.type {
        case .string: value.string.map(TOMLNode.string) ?? .date
        case .int: value.int.map(TOMLNode.integer) ?? .date
        case .double: value.double.map(TOMLNode.number) ?? .date
        case .bool: value.bool.map(TOMLNode.boolean) ?? .date
        case .table: value.table.map { .table(members($0)) } ?? .date
        case .array: value.array.map { .array($0.map(node)) } ?? .date
        case .date, .time, .dateTime: .date
        }
    }
}
