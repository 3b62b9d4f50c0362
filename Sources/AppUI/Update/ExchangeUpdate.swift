import Conversations
import ProviderCore
import TerminalKit

/// How a conversation is written to a file.
public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    /// To be read, and to be put into other texts.
    case markdown
    /// OpenAI-style messages with all that is known of them.
    case json
    /// One page for a browser.
    case html

    /// The end of its files' names.
    public var fileExtension: String { self == .markdown ? "md" : rawValue }

    /// The format of this name, or of a file of this name.
    init?(named name: String) {
        let word = name.lowercased()
        guard let found = Self.allCases.first(where: { $0.rawValue == word || $0.fileExtension == word }) else {
            return nil
        }
        self = found
    }
}

extension AppModel {
    /// Writes the conversation to a file: `/export [md|json|html] [FILE]`.
    mutating func exportConversation(_ argument: String) -> [AppEffect] {
        guard conversation.tree.count > 0 else {
            flash = Flash(text: "There is nothing to export yet.", level: .info)
            return []
        }
        let words = argument.split(maxSplits: 1, omittingEmptySubsequences: true) { $0.isWhitespace }.map(String.init)
        var path: String? = argument.isEmpty ? nil : argument
        var format = path.flatMap { $0.split(separator: ".").last }.flatMap { ExportFormat(named: String($0)) }
        if let first = words.first, let named = ExportFormat(named: first) {
            format = named
            path = words.count > 1 ? words[1].trimmed : nil
        }
        return [.export(storedConversation, format ?? .markdown, path: path)]
    }

    /// The conversation as it would be kept, with all its branches.
    var storedConversation: StoredConversation {
        let tree = conversation.tree
        var ids: [MessageTree.ID] = []
        var waiting = Array(tree.children(of: nil).reversed())
        while let id = waiting.popLast() {
            ids.append(id)
            waiting += tree.children(of: id).reversed()
        }
        return StoredConversation(
            id: conversation.id, title: conversation.title, messages: ids.sorted().compactMap(conversation.stored),
            head: tree.head, draft: "", revision: conversation.unsaved.revision)
    }

    /// A conversation was written, or not.
    mutating func take(exported result: Result<String, ServiceError>) {
        switch result {
        case .success(let path):
            let name = Command.exportConversation.slashName
            let others = ExportFormat.allCases.filter { !path.hasSuffix("." + $0.fileExtension) }
            let ways = others.map { "/\(name) \($0.rawValue)" }.joined(separator: " or ")
            flash = Flash(
                text: "Written: \(TextGate.gate(path, allowNewlines: false).text). \(ways) writes another form.",
                level: .info)
        case .failure(let error): flash = Flash(text: error.description, level: .error)
        }
    }

    /// Reads a conversation from a file: it becomes a new one.
    mutating func importConversation(_ path: String) -> [AppEffect] {
        guard !path.isEmpty else {
            focus = .prompt
            prompt.setText("/import ")
            return []
        }
        return [.importFile(path)]
    }

    /// A conversation was read from a file, or not.
    mutating func take(imported result: Result<StoredConversation, ServiceError>) -> [AppEffect] {
        switch result {
        case .failure(let error):
            flash = Flash(text: error.description, level: .error)
            return []
        case .success(let stored):
            let effects = prepareToLeave()
            park(draft: prompt.text)
            enterCopy(of: stored)
            if let text = stored.instructions { parameters.set(.systemPrompt, to: .text(text)) }
            enterConversation(draft: nil)
            flash = Flash(
                text: "\(stored.messages.count) messages were read."
                    + (stored.instructions == nil ? "" : " Their instructions are the system prompt now."), level: .info
            )
            return effects
        }
    }
}
