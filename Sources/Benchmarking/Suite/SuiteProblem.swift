internal import FunctionTools

/// Something wrong with a suite or a file that it reads.
public struct SuiteProblem: Error, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file, as it was named.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The character of the line, from 1.
    public var column: Int
    /// What is wrong, in plain words.
    public var message: String

    /// A problem.
    public init(file: String, line: Int, column: Int, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `FILE:LINE:COLUMN: message`.
    public var description: String { "\(file):\(line):\(column): \(message)" }

    /// By file, line and column.
    public static func < (left: SuiteProblem, right: SuiteProblem) -> Bool {
        (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
    }
}

/// Words about names.
enum NameWords {
    /// What follows "is not known": the name that was perhaps meant, else all that there are.
    static func suggestion(_ name: String, among names: [String]) -> String {
        if let nearest = Spelling.nearest(to: name, among: names) { return "; did you mean \"\(nearest)\"?" }
        guard !names.isEmpty else { return "; there are none" }
        return "; known: " + list(names)
    }

    /// The first names, and how many more there are.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(20).map(cut).joined(separator: ", ")
        return names.count > 20 ? shown + " and \(names.count - 20) more" : shown
    }

    /// A name of others in at most 60 characters, on one line.
    static func cut(_ name: String) -> String {
        let line = String(name.map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 } == true ? " " : $0 })
        return line.count > 60 ? String(line.prefix(57)) + "…" : line
    }
}
