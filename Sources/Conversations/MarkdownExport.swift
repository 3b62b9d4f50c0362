import ProviderCore

extension ConversationExport {
    /// The conversation as Markdown: roles, parameters, figures, calls with their results, reasoning folded. Texts stand as they are
    /// where they end all that they begin, and in a fence where they do not, so that none can pass for another's. Images are named,
    /// not included.
    public static func markdown(_ conversation: StoredConversation, branch: Branches = .path) -> String {
        var out = MarkdownBuilder()
        out.add("# " + ForeignMarkdown.escaped(title(conversation)))
        if let instructions = conversation.instructions {
            out.add("## System")
            out.add(ForeignMarkdown.contained(instructions))
        }
        for entry in entries(conversation, branch) { out.add(entry) }
        return out.text
    }
}

/// Puts blocks under each other, a blank line between them.
private struct MarkdownBuilder {
    private(set) var text = ""

    mutating func add(_ block: String) {
        if !text.isEmpty { text += "\n" }
        text += block
        if !block.hasSuffix("\n") { text += "\n" }
    }

    mutating func add(_ entry: ConversationExport.Entry) {
        let message = entry.message
        add("## " + heading(entry))
        if let record = message.answer { add(record) }
        if !message.text.isEmpty { add(ForeignMarkdown.contained(message.text)) }
        for attachment in message.attachments { add(attachment) }
        for call in message.answer?.calls ?? [] { add(call) }
    }

    private func heading(_ entry: ConversationExport.Entry) -> String {
        let message = entry.message
        var parts = [message.author == .user ? "User" : "Assistant", "message \(message.id)"]
        if !entry.isNext, let parent = message.parent { parts.append("after message \(parent)") }
        if entry.versions > 1 { parts.append("version \(entry.version) of \(entry.versions)") }
        if message.saidAt > 0 { parts.append(WallClock.stamp(message.saidAt)) }
        return parts.joined(separator: " · ")
    }

    private mutating func add(_ record: AnswerRecord) {
        let model = [record.model, record.answeredBy ?? ""].first { !$0.isEmpty }
        let words = [model, record.stamp.isEmpty ? nil : record.stamp].compactMap { $0 } + AnswerFigures.words(record)
        if !words.isEmpty { add("*" + words.map(ForeignMarkdown.escaped).joined(separator: " · ") + "*") }
        guard let reasoning = record.reasoning, !reasoning.isEmpty else { return }
        add("<details>\n<summary>Reasoning</summary>\n\n\(ForeignMarkdown.fenced(reasoning))\n</details>")
    }

    private mutating func add(_ attachment: Attachment) {
        let name = ForeignMarkdown.escaped(attachment.name)
        switch attachment.content {
        case .text(let content): add("File \(name):\n\n" + ForeignMarkdown.fenced(content))
        case .image(let type, _):
            let size = attachment.imageSize.map { ", \($0.width)×\($0.height)" } ?? ""
            add("Image \(name) (\(ForeignMarkdown.escaped(type))\(size))")
        }
    }

    private mutating func add(_ call: CallRecord) {
        add("**Call of \(ForeignMarkdown.escaped(call.call.name))**")
        add(ForeignMarkdown.fenced(call.call.arguments, language: "json"))
        if let edited = call.editedArguments {
            add("Arguments as edited by the user:\n\n" + ForeignMarkdown.fenced(edited, language: "json"))
        }
        guard let result = call.result else { return add("No result.") }
        let kind = call.resultKind.map { " (\(ForeignMarkdown.escaped($0)))" } ?? ""
        add("Result\(kind):\n\n" + ForeignMarkdown.fenced(result))
    }
}

/// Foreign text inside a Markdown file.
enum ForeignMarkdown {
    /// A text on one line in which nothing has a meaning.
    static func escaped(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t", "\u{2028}", "\u{2029}": line.append(" ")
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": line.append("\u{FFFD}")
            case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "~", "!", "&", "$":
                line.append("\\")
                line.append(scalar)
            default: line.append(scalar)
            }
        }
        return String(line)
    }

    /// A text in a fence that it cannot end.
    static func fenced(_ text: String, language: String = "") -> String {
        let fence = Fence.around(text)
        return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)\n"
    }

    /// The text itself, or a fence around it where it could change the meaning of what follows.
    static func contained(_ text: String) -> String {
        isContained(text) ? text : fenced(text, language: "markdown")
    }

    /// Whether a Markdown text ends all that it begins: no fence that stays open, no HTML outside of code, no heading like ours, no
    /// definition of a link. Cautious: of a text that is in order it may say no.
    static func isContained(_ text: String) -> Bool {
        var fence: (mark: Character, length: Int)?
        var isAfterText = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let blanks = line.prefix { $0 == " " }.count
            let content = line.dropFirst(blanks)
            let run = content.first.map { mark in content.prefix { $0 == mark } } ?? ""
            let isFence = run.count >= 3 && (run.first == "`" || run.first == "~")
            if let open = fence {
                let isEnd = isFence && blanks < 4 && run.first == open.mark && run.count >= open.length
                if isEnd, content.dropFirst(run.count).allSatisfy(\.isWhitespace) { fence = nil }
                continue
            }
            if isFence {
                // A fence inside a list ends with the list; that is more than is looked at here.
                guard blanks < 4 else { return false }
                if run.first == "~" || !content.dropFirst(run.count).contains("`") {
                    fence = (run.first ?? "`", run.count)
                }
                isAfterText = false
                continue
            }
            if isHeading(content, isAfterText: isAfterText) || hasHTML(content) || isDefinition(content) {
                return false
            }
            isAfterText = !content.allSatisfy(\.isWhitespace)
        }
        return fence == nil
    }

    /// One like ours, or a line that makes one of the text above it.
    private static func isHeading(_ line: Substring, isAfterText: Bool) -> Bool {
        if isAfterText, let mark = line.first, mark == "=" || mark == "-" {
            return line.allSatisfy { $0 == mark || $0.isWhitespace }
        }
        let level = line.prefix { $0 == "#" }.count
        guard level == 1 || level == 2 else { return false }
        let words = line.dropFirst(level).drop { !$0.isLetter }.lowercased()
        return ["user", "assistant", "system"].contains { words.hasPrefix($0) }
    }

    private static func hasHTML(_ line: Substring) -> Bool {
        guard line.contains("<") else { return false }
        var rest = line
        while let at = rest.firstIndex(where: { $0 == "`" || $0 == "<" }) {
            if rest[at] == "<" {
                let next = rest[rest.index(after: at)...].first
                if let next, next.isLetter || next == "/" || next == "!" || next == "?" { return true }
                rest = rest[rest.index(after: at)...]
                continue
            }
            let run = rest[at...].prefix { $0 == "`" }
            let behind = rest[run.endIndex...]
            // A span of code may end on another line; then what stands in it is looked at as text.
            rest = Self.end(ofSpan: run.count, in: behind) ?? behind
        }
        return false
    }

    /// What follows a span of code that is ended by a run of so many backticks.
    private static func end(ofSpan length: Int, in text: Substring) -> Substring? {
        var rest = text
        while let at = rest.firstIndex(of: "`") {
            let run = rest[at...].prefix { $0 == "`" }
            rest = rest[run.endIndex...]
            if run.count == length { return rest }
        }
        return nil
    }

    private static func isDefinition(_ line: Substring) -> Bool {
        line.first == "[" && line.contains("]:")
    }
}
