internal import FunctionTools
internal import ProviderCore

/// A row of data before it is a sample, and where it stands.
struct DataRow: Sendable {
    var fields: JSONValue
    /// The name that its form gives it; nil = the field `id`, else its number.
    var id: String?
    var tools: [Tool] = []
    var expectedCalls: [ExpectedCall] = []
    var messages: [ChatMessage]?
    /// The file; empty = the suite itself.
    var file = ""
    var mark: SuiteMark
}

/// Rows of a file, and what is wrong with it.
struct DataRows: Sendable {
    /// The most problems that are told of one file.
    static let mostProblems = 20

    var rows: [DataRow] = []
    private(set) var problems: [SuiteProblem] = []

    var isFull: Bool { problems.count >= Self.mostProblems }

    mutating func problem(_ file: String, _ line: Int, _ column: Int, _ message: String) {
        guard !isFull else { return }
        problems.append(SuiteProblem(file: file, line: line, column: column, message))
    }

    /// A text member that must be there; nil and a problem when it is not.
    mutating func text(_ row: DataRow, _ key: String) -> String? {
        if let text = row.fields[key]?.stringValue { return text }
        let names = (row.fields.objectValue ?? []).map(\.key)
        let message =
            row.fields[key] == nil
            ? "has no \"\(key)\"" + NameWords.suggestion(key, among: names) : "\"\(key)\" is not a text"
        problem(row.file, row.mark.line, row.mark.column, message)
        return nil
    }
}

/// JSON Lines: an object a line; empty lines are left out.
enum JSONLinesData {
    static func read(_ bytes: [UInt8], file: String) -> DataRows {
        var data = DataRows()
        var (start, line) = (0, 1)
        while start < bytes.count, !data.isFull {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            read(bytes[start..<end], file, line, into: &data)
            start = end + 1
            line += 1
        }
        return data
    }

    private static func read(_ line: ArraySlice<UInt8>, _ file: String, _ number: Int, into data: inout DataRows) {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
        guard String(validating: line, as: UTF8.self) != nil else {
            let column = TextMarks.firstInvalid(Array(line)).column
            return data.problem(file, number, column, "is not UTF-8 here; save the file as UTF-8")
        }
        do {
            let value = try line.withUnsafeBytes { try JSONParser.parse($0) }
            guard value.objectValue != nil else {
                let isStart = number == 1 && line.first == UInt8(ascii: "[")
                return data.problem(
                    file, number, 1,
                    "a line is an object, {\"question\": …}" + (isStart ? "; this is JSON, not JSON Lines" : ""))
            }
            data.rows.append(DataRow(fields: value, file: file, mark: SuiteMark(line: number, column: 1)))
        } catch let error as JSONSyntaxError {
            data.problem(file, number, error.column, error.message)
        } catch { data.problem(file, number, 1, "\(error)") }
    }
}
