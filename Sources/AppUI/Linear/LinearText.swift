import TerminalKit

/// Foreign text with light markdown as lines to be read aloud, while it streams: headings, code and tables are said in words, and
/// nothing of it stands at the left edge, where only our own words do.
///
/// Lines are told when they are whole; a long line of prose sentence by sentence. Costs what was added.
struct LinearText: Sendable {
    /// What becomes of text.
    enum Part: Sendable, Hashable {
        /// A whole line, moved in.
        case line(String)
        /// More of a line that goes on.
        case piece(String)
        /// The end of that line.
        case lineEnd
    }

    private struct Fence: Sendable {
        let character: Character
        let count: Int
    }

    /// How far foreign text is moved in.
    static let indent = "  "
    /// Code is moved in further than the words that begin and end it.
    private static let codeIndent = "    "
    /// Less is not told before its line is whole.
    private static let leastPiece = 24

    private var gate = StreamingGate()
    /// The line that is not whole yet, without what was told of it.
    private var pending = ""
    /// Whether the beginning of that line was told.
    private var isMidLine = false
    private var fence: Fence?
    /// A line that may be the head of a table.
    private var held: String?
    /// The columns of the table at hand.
    private var columns: [String]?
    private var wasBlank = true

    /// Characters that the gate took out.
    var hiddenCount: Int { gate.hiddenCount }

    /// Adds text.
    mutating func append(_ foreign: String) -> [Part] { take(gate.append(foreign).text) }

    /// The end of the text.
    mutating func finish() -> [Part] {
        var parts = take(gate.finish().text)
        if !pending.isEmpty || isMidLine { parts += takeLine(pending) }
        pending = ""
        parts += endTable()
        if fence != nil { parts.append(.line(Self.indent + "End of code.")) }
        fence = nil
        return parts
    }

    /// A whole text.
    static func lines(_ foreign: String) -> [String] {
        var text = LinearText()
        var open = ""
        var lines: [String] = []
        for part in text.append(foreign) + text.finish() {
            switch part {
            case .line(let line): lines.append(line)
            case .piece(let piece): open += piece
            case .lineEnd:
                lines.append(indent + open)
                open = ""
            }
        }
        return lines
    }

    private mutating func take(_ gated: String) -> [Part] {
        guard !gated.isEmpty else { return [] }
        pending += gated
        var parts: [Part] = []
        while let end = pending.utf8.firstIndex(of: 0x0A) {
            let line = String(pending[..<end])
            pending = String(pending[pending.utf8.index(after: end)...])
            parts += takeLine(line)
        }
        return parts + takeSentences()
    }

    // MARK: Whole lines

    private mutating func takeLine(_ line: String) -> [Part] {
        if isMidLine {
            isMidLine = false
            wasBlank = false
            return (line.isEmpty ? [] : [.piece(InlineText.spoken(line))]) + [.lineEnd]
        }
        if let fence { return takeCode(line, in: fence) }
        if let parts = takeTable(line) { return parts }
        if let (opened, info) = Self.fence(line) {
            fence = opened
            wasBlank = false
            let kind = info.isEmpty ? "Code:" : "Code, \(info):"
            return [.line(Self.indent + kind)]
        }
        let told = Self.spoken(line)
        guard !told.isEmpty else {
            defer { wasBlank = true }
            return wasBlank ? [] : [.line("")]
        }
        wasBlank = false
        return [.line(Self.indent + told)]
    }

    private mutating func takeCode(_ line: String, in fence: Fence) -> [Part] {
        if let (closing, info) = Self.fence(line), closing.character == fence.character, closing.count >= fence.count,
            info.isEmpty
        {
            self.fence = nil
            return [.line(Self.indent + "End of code.")]
        }
        return [.line(line.isEmpty ? "" : Self.codeIndent + line)]
    }

    /// A line of prose in words.
    private static func spoken(_ line: String) -> String {
        let text = line.trimmed
        let marks = text.prefix { $0 == "#" }.count
        if (1...6).contains(marks), text.dropFirst(marks).first == " " {
            var title = text.dropFirst(marks).trimmed
            while title.hasSuffix("#") { title.removeLast() }
            return "Heading \(marks): \(InlineText.spoken(title.trimmed))"
        }
        if text.hasPrefix(">") { return "Quote: \(InlineText.spoken(text.dropFirst().trimmed))" }
        let isRule = text.count >= 3 && "-*_".contains { mark in text.allSatisfy { $0 == mark || $0 == " " } }
        if isRule { return "" }
        var end = line[...]
        while end.last?.isWhitespace ?? false { end.removeLast() }
        return InlineText.spoken(String(end))
    }

    private static func fence(_ line: String) -> (Fence, info: String)? {
        let text = line.trimmed
        guard let first = text.first, first == "`" || first == "~" else { return nil }
        let count = text.prefix { $0 == first }.count
        let info = text.dropFirst(count).trimmed
        guard count >= 3, first == "~" || !info.contains("`") else { return nil }
        return (Fence(character: first, count: count), String(info.prefix { !$0.isWhitespace }))
    }

    // MARK: Tables

    /// Nil: the line is of no table.
    private mutating func takeTable(_ line: String) -> [Part]? {
        if let columns {
            guard line.contains("|") else { return endTable() + takeLine(line) }
            return [.line(Self.indent + Self.row(line, columns))]
        }
        if let head = held {
            held = nil
            let names = Self.cells(head)
            if Self.isRuler(line, columns: names.count) {
                columns = names
                wasBlank = false
                return [.line(Self.indent + "Table with columns \(names.joined(separator: ", ")):")]
            }
            return [.line(Self.indent + Self.spoken(head))] + takeLine(line)
        }
        guard fence == nil, line.contains("|"), !line.contains("`") || line.trimmed.hasPrefix("|") else { return nil }
        held = line
        return []
    }

    private mutating func endTable() -> [Part] {
        if let head = held {
            held = nil
            wasBlank = false
            return [.line(Self.indent + Self.spoken(head))]
        }
        guard columns != nil else { return [] }
        columns = nil
        return [.line(Self.indent + "End of table.")]
    }

    private static func row(_ line: String, _ columns: [String]) -> String {
        let cells = cells(line)
        return columns.indices.map { "\(columns[$0]): \(cells.indices.contains($0) ? cells[$0] : "")" }
            .joined(separator: "; ")
    }

    private static func cells(_ line: String) -> [String] {
        var text = line.trimmed[...]
        if text.hasPrefix("|") { text = text.dropFirst() }
        if text.hasSuffix("|"), !text.hasSuffix("\\|") { text = text.dropLast() }
        var cells = [""]
        var isEscaped = false
        for character in text {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                if character == "|", isEscaped { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return cells.map { InlineText.spoken($0.trimmed) }
    }

    private static func isRuler(_ line: String, columns: Int) -> Bool {
        let text = line.trimmed
        guard text.contains("-"), text.allSatisfy({ "|-: ".contains($0) }) else { return false }
        return cells(line).count == columns
    }

    // MARK: Sentences

    /// Tells whole sentences of a line that is not ended, where its kind is known and nothing is open in it.
    private mutating func takeSentences() -> [Part] {
        guard fence == nil, columns == nil, held == nil, isMidLine || Self.isProse(pending) else { return [] }
        guard let end = Self.sentenceEnd(pending), isMidLine || pending[..<end].count >= Self.leastPiece,
            InlineText.isClosed(pending[..<end])
        else { return [] }
        let sentence = String(pending[..<end])
        pending = String(pending[end...])
        let told = isMidLine ? InlineText.spoken(sentence) : Self.spoken(sentence) + " "
        isMidLine = true
        return [.piece(told)]
    }

    private static func isProse(_ line: String) -> Bool {
        guard let first = line.first, !line.contains("|") else { return false }
        return !" \t#`~|>".contains(first)
    }

    /// Behind the last sentence that is ended by a blank.
    private static func sentenceEnd(_ text: String) -> String.Index? {
        var end: String.Index?
        var previous: Character = " "
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == " ", ".!?:;".contains(previous) { end = next }
            previous = text[index]
            index = next
        }
        return end
    }
}

/// A run of text without the marks that say how it looks.
enum InlineText {
    /// Without the marks of bold text, and with links as text and address. Code stays as it is.
    static func spoken(_ text: String) -> String {
        guard text.contains("*") || text.contains("[") || text.contains("_") else { return text }
        var result = ""
        var isCode = false
        var rest = text[...]
        while let character = rest.first {
            if character == "`" { isCode.toggle() }
            if !isCode {
                if rest.hasPrefix("**") || rest.hasPrefix("__"), isEdge(result.last, rest.dropFirst(2).first) {
                    rest = rest.dropFirst(2)
                    continue
                }
                if character == "*", isEmphasis(before: result.last, after: rest.dropFirst().first) {
                    rest = rest.dropFirst()
                    continue
                }
                if character == "[", let (label, address, end) = link(rest) {
                    result += label == address ? label : "\(spoken(label)) (\(address))"
                    rest = rest[end...]
                    continue
                }
            }
            result.append(character)
            rest = rest.dropFirst()
        }
        return result
    }

    /// Whether no code and no link is open at the end.
    static func isClosed(_ text: Substring) -> Bool {
        guard text.count(where: { $0 == "`" }) % 2 == 0 else { return false }
        guard let open = text.lastIndex(of: "[") else { return true }
        return text[open...].contains(")") || !text[open...].contains("](") && text[open...].contains("]")
    }

    /// A single star is a mark where it touches a word on one side only; not the bullet of a list, not a product.
    private static func isEmphasis(before: Character?, after: Character?) -> Bool {
        isEdge(before, after) && !(before == nil && after == " ")
    }

    private static func isEdge(_ before: Character?, _ after: Character?) -> Bool {
        func isBlank(_ character: Character?) -> Bool { character.map { $0.isWhitespace } ?? true }
        func isWord(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }
        if isBlank(before), isBlank(after) { return false }
        return !(isWord(before) && isWord(after))
    }

    private static func link(_ text: Substring) -> (label: String, address: String, end: Substring.Index)? {
        guard let close = text.firstIndex(of: "]") else { return nil }
        let open = text.index(after: close)
        guard open < text.endIndex, text[open] == "(", let end = text[open...].firstIndex(of: ")") else { return nil }
        let label = text[text.index(after: text.startIndex)..<close]
        let address = text[text.index(after: open)..<end].prefix { !$0.isWhitespace }
        return (String(label), String(address), text.index(after: end))
    }
}
