import TerminalKit

/// Text on its way to the reader: appended, never rewritten. Knows whether the last line is still open.
struct LinearOutput: Sendable {
    /// What stands on a line that is not ended.
    private enum Open: Sendable, Hashable {
        /// The word that asks for a line.
        case prompt(String)
        /// The beginning of a line of an answer.
        case piece
    }

    /// What was appended and not taken yet.
    private(set) var text = ""
    private var open: Open?

    /// Adds a whole line.
    mutating func line(_ line: String) {
        endLine()
        text += Self.printable(line) + "\n"
    }

    /// Adds lines.
    mutating func lines(_ lines: [String]) { for line in lines { self.line(line) } }

    /// Adds to the open line of an answer, or begins one, moved in.
    mutating func piece(_ piece: String) {
        if open != .piece {
            endLine()
            text += LinearText.indent
            open = .piece
        }
        text += Self.printable(piece)
    }

    /// Ends the open line, if there is one.
    mutating func endLine() {
        guard open != nil else { return }
        text += "\n"
        open = nil
    }

    /// Puts the word that asks for a line, unless it stands there already.
    mutating func show(prompt: String) {
        guard open != .prompt(prompt) else { return }
        endLine()
        text += prompt
        open = .prompt(prompt)
    }

    /// Ends the line at hand, whatever the terminal put there.
    mutating func breakLine() {
        text += "\n"
        open = nil
    }

    /// The person ended the open line: a terminal shows that by itself.
    mutating func noteTypedLine() { open = nil }

    /// What was appended since the last time.
    mutating func take() -> String {
        defer { text = "" }
        return text
    }

    /// Tabs become blanks, so that there is no control character at all.
    private static func printable(_ text: String) -> String {
        text.utf8.contains(0x09) ? text.replacing("\t", with: "    ") : text
    }
}
