import TerminalKit

/// What is wrong in a file of the user, where, and what to do. One line, safe to print.
public struct FileProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file; nil when the text came from elsewhere.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// What is wrong, and what to do.
    public var message: String

    /// A problem.
    public init(file: String? = nil, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    init(file: String?, at position: SourcePosition?, _ message: String) {
        self.init(file: file, line: position?.line, column: position?.column, message)
    }

    /// `FILE:LINE:COLUMN: message`; parts that are not known are left out.
    public var description: String {
        let place = [file.map(printable), line.map(String.init), column.map(String.init)].compactMap { $0 }
        return (place + [" " + message]).joined(separator: ":").trimmingPrefix(" ").description
    }
}

/// A place in a text; both from 1, the column in characters.
struct SourcePosition: Sendable, Hashable {
    var line: Int
    var column: Int
}

/// Foreign text as it may stand in a message: gated, one line, at most 120 characters.
func printable(_ foreign: String) -> String {
    let gated = TextGate.gate(String(foreign.prefix(200)), allowNewlines: false).text
    return gated.count > 120 ? gated.prefix(119) + "…" : gated
}

/// As `printable`, in quotes.
func quoted(_ foreign: String) -> String { "\"" + printable(foreign) + "\"" }
