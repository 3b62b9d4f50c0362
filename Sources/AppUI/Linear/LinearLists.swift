import Conversations
import ProviderCore
import TerminalKit

// Lists of conversations, prompts, branches and versions, as questions.
extension LinearQuestion {
    /// At most so many choices of a list are read at once; what is typed narrows it.
    static let mostChoices = 20

    init(conversations list: ConversationList) {
        let shown = list.picker.matches.prefix(Self.mostChoices)
        let query = list.picker.query.text.trimmed
        choices = shown.map { match in
            let note = LinearWords.spoken(match.item.note)
            return Choice(match.item.label + (note.isEmpty ? "" : ", " + note), [match.item.label.lowercased()])
        }
        var lines: [String] = []
        if let problem = list.problem { lines.append(LinearWords.gated(problem) + ".") }
        switch list.page {
        case .names: lines.append(query.isEmpty ? "Conversations:" : "Conversations like \(LinearWords.gated(query)):")
        case .texts:
            lines.append(query.isEmpty ? "Search in all conversations." : "Messages with \(LinearWords.gated(query)):")
        }
        lines += Self.limited(choices, of: list.picker.matches.count)
        lines.append(
            list.page == .names
                ? "Type a number to open one, a part of a name to narrow the list, delete or rename with a number, undo, or nothing to go on."
                : "Type a number to open one, other words to search for, or nothing to go on.")
        self.lines = lines
        key = .conversations(shown.map(\.item.value), query: query, names: shown.map(\.item.label), list.problem)
        prompt = list.page == .names ? "Conversation: " : "Search: "
    }

    init(history picker: Picker<String>) {
        let shown = picker.matches.prefix(Self.mostChoices)
        choices = shown.map { Choice($0.item.label) }
        lines =
            ["What was typed before:"] + Self.limited(choices, of: picker.matches.count)
            + ["Type a number to take one into the prompt, a part of it to narrow the list, or nothing to go on."]
        key = .history(shown.map(\.item.value))
        prompt = "Which: "
    }

    init(branches: BranchList, _ app: AppModel) {
        choices = branches.rows.map { row in
            let here = row.isHere ? ", here" : ""
            return Choice(LinearReading.message(row.id, app) + here)
        }
        lines =
            ["Branches, \(branches.rows.count) messages:"] + Self.numbered(choices)
            + ["Type a number to go to that branch, or nothing to stay."]
        key = .branches(branches.rows)
        prompt = "Branch: "
    }

    init(compare screen: CompareScreen, _ app: AppModel) {
        let ids = screen.columns.map(\.id)
        choices = ids.map { id in
            let (_, index) = app.conversation.tree.siblings(of: id)
            return Choice("version \(index + 1)", [String(index + 1)])
        }
        lines =
            LinearReading.comparison(ids, app) + [
                "Type \(choices.map(\.label).joined(separator: ", ")) to go on from it, again to ask once more, or nothing to stay."
            ]
        key = .compare(ids)
        prompt = "Version: "
    }

    private static func limited(_ choices: [Choice], of count: Int) -> [String] {
        let rest = count - choices.count
        return (choices.isEmpty ? ["None."] : numbered(choices)) + (rest > 0 ? ["\(rest) more."] : [])
    }
}

extension LinearModel {
    /// The answer to a list that can be narrowed.
    mutating func answerConversations(_ question: LinearQuestion, _ text: String) {
        guard case .conversations(var list) = app.overlay else { return }
        let words = text.split(maxSplits: 2, whereSeparator: \.isWhitespace).map(String.init)
        let verb = words.first?.lowercased()
        if list.page == .names, words.count > 1, let number = Int(words[1]),
            list.picker.matches.indices.contains(number - 1)
        {
            list.picker.list.select(number - 1)
            if verb == "delete" {
                app.overlay = .conversations(list)
                return change { $0.take(.key(.control("d"))) }
            }
            if verb == "rename", let id = list.selected?.id {
                let title = words.count > 2 ? words[2].trimmed : ""
                list.rename(id, to: title)
                app.overlay = .conversations(list)
                return change { $0.rename(id, to: title) }
            }
        }
        if list.page == .names, verb == "undo", words.count == 1 { return change { $0.take(.key(.control("_"))) } }
        switch question.pick(text, takesWords: false) {
        case .choice(let index):
            let target = list.picker.matches[index].item.value
            app.overlay = nil
            change { $0.open(target) }
            if target.conversation == app.conversation.id, let message = target.message {
                output.line(LinearReading.message(message, app))
            }
        case .nothing: leaveList()
        case .several, .none: narrow(to: text)
        }
    }

    /// The answer to the list of what was typed before.
    mutating func answerHistory(_ question: LinearQuestion, _ text: String) {
        guard case .history(let picker) = app.overlay else { return }
        switch question.pick(text, takesWords: false) {
        case .choice(let index):
            let taken = picker.matches[index].item.value
            app.overlay = nil
            change { app in
                app.prompt.setText(taken)
                return []
            }
        case .nothing: leaveList()
        case .several, .none: narrow(to: text)
        }
    }

    /// The answer to a comparison or to the tree of branches.
    mutating func answerPlace(_ question: LinearQuestion, _ text: String) {
        if case .compare = question.key, text.trimmed.lowercased() == "again" {
            change { $0.take(.key(.character("r"))) }
            app.overlay = nil
            return
        }
        switch question.pick(text) {
        case .choice(let index):
            app.overlay = nil
            switch question.key {
            case .compare(let ids):
                change { $0.go(to: ids[index]) }
                guard view.skip(app) else { return }
                let version = LinearWords.version(ids[index], app.conversation) ?? "it"
                output.line("The conversation goes on from \(version).")
            case .branches(let rows): change { $0.go(to: rows[index].id) }
            default: break
            }
        case .nothing: leaveList()
        case .several, .none: output.line("That is none of them: type a number, or nothing.")
        }
    }

    private mutating func leaveList() {
        app.overlay = nil
        output.line("Left as it is.")
    }

    /// Narrows the open list to what is typed, as the workspace's own does.
    private mutating func narrow(to text: String) {
        change { app in
            _ = app.take(.key(.control("a")))
            _ = app.take(.key(.control("k")))
            return app.take(.paste(text.trimmed))
        }
    }
}

extension LinearReading {
    /// A message in a line: who, with what, and its beginning.
    static func message(_ id: MessageTree.ID, _ app: AppModel) -> String {
        let version = LinearWords.version(id, app.conversation).map { ", \($0)" } ?? ""
        switch app.conversation.entry(of: id)?.read {
        case .user(let message)?: return "You\(version): \(beginning(message.text))"
        case .answer(let answer)?:
            let text = answer.response.refusal ?? answer.response.text
            return "Assistant (\(LinearWords.stamp(answer)))\(version): \(beginning(text))"
        default: return "gone"
        }
    }

    /// Versions of an answer one after the other, and the words of each that the first one has not.
    static func comparison(_ ids: [MessageTree.ID], _ app: AppModel) -> [String] {
        let answers = ids.compactMap(app.conversation.answer)
        guard let first = answers.first else { return [] }
        let base = words(first)
        let (_, place) = app.conversation.tree.siblings(of: first.id)
        let name = "version \(place + 1)"
        var lines = ["Comparing \(answers.count) versions."] + answer(first, app)
        for answer in answers.dropFirst() {
            let text = words(answer)
            guard text != base || text.isEmpty else {
                lines += [LinearAnswer.head(answer, app), "The same as in \(name), word for word."]
                continue
            }
            lines += self.answer(answer, app)
            let different = phrases(of: text, from: base)
            lines.append(difference(different, from: name))
        }
        return lines
    }

    /// The text as it is read, on one line, without the words that begin and end code and tables.
    private static func words(_ answer: Answer) -> String {
        LinearText.lines(answer.response.refusal ?? answer.response.text).map(\.trimmed)
            .filter { line in
                !line.isEmpty && !["Code:", "End of code.", "End of table."].contains(line)
                    && !(line.hasPrefix("Code, ") && line.hasSuffix(":"))
            }.joined(separator: " ")
    }

    /// What a text has and another has not, words that stand side by side as one.
    private static func phrases(of text: String, from base: String) -> [String] {
        let bytes = Array(text.utf8)
        var ranges: [Range<Int>] = []
        for mark in WordDifference.marks(of: text, from: base) {
            if let last = ranges.last, bytes[last.upperBound..<mark.lowerBound].allSatisfy({ $0 == 0x20 }) {
                ranges[ranges.count - 1] = last.lowerBound..<mark.upperBound
            } else {
                ranges.append(mark)
            }
        }
        return ranges.map { String(decoding: bytes[$0], as: UTF8.self).trimmed }
            .filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    private static func difference(_ phrases: [String], from name: String) -> String {
        guard !phrases.isEmpty else { return "It has no words that \(name) has not." }
        let rest = phrases.count - mostPhrases
        return "Other than in \(name): " + phrases.prefix(mostPhrases).joined(separator: "; ")
            + (rest > 0 ? "; and \(rest) more places." : ".")
    }

    /// Places that differ that are read.
    private static let mostPhrases = 12
}
