import ProviderCore
import TerminalKit

extension AppModel {
    /// More than this is folded when it is pasted.
    private static let foldedLines = 5
    private static let foldedCharacters = 2_000

    /// Puts a paste into the prompt; a long one as one character that stands for it.
    mutating func insertPasted(_ text: String) {
        let lines = text.utf8.count { $0 == 0x0A } + (text.hasSuffix("\n") ? 0 : 1)
        let isLong = lines > Self.foldedLines || text.count > Self.foldedCharacters
        guard isLong else { return prompt.insert(text) }
        let size = lines > 1 ? "\(MeterText.full(lines)) lines" : "\(MeterText.full(text.count)) characters"
        prompt.insertFolded(text, label: "[pasted \(size)]")
        flash = Flash(
            text: "Pasted \(size) as one piece: \(keys.label(of: .expandPaste)) opens it for editing.", level: .info)
    }

    /// Keys that the prompt's editor takes before anything else: those of vi's command mode, and those that it waits for.
    mutating func takeAsEditing(_ chord: KeyChord) -> Bool {
        if chord == .alt(".") {
            prompt.lastArguments = history.entries.suffix(100).reversed().compactMap { LineEditor.lastWord(of: $0) }
        }
        if chord == .control("c") || (chord.key == .enter && !prompt.isAwaitingKey) { return false }
        if prompt.takesCommands || prompt.isAwaitingKey { return prompt.handle(chord) }
        return prompt.editingMode == .vi && chord == KeyChord(.escape) && prompt.handle(chord)
    }

    /// Editing commands that stand behind the leader, as in other programs. False: it is none.
    mutating func editAfterLeader(_ chord: KeyChord) -> Bool {
        switch chord {
        case .control("u"): prompt.perform(.undo)
        case .control("r"): prompt.perform(.redo)
        case .control("x"): prompt.perform(.exchangePointAndMark)
        default: false
        }
    }
}

extension AppModel {
    /// Whether the key that stops an answer ends vi's INSERT first, so that it has to be pressed twice.
    var endsInsert: Bool {
        focus == .prompt && prompt.editingMode == .vi && !prompt.takesCommands
            && keys.firstKeys(of: .cancel, in: .prompt)?.keys == [KeyChord(.escape)]
    }
}

// Going back with two Esc.
extension AppModel {
    /// The second Esc on an empty prompt chooses the last message of the person, to edit or fork it. Nil: it is the first one.
    mutating func goBack() -> [AppEffect]? {
        guard prompt.isEmpty, !isBusy, focus == .prompt else { return nil }
        guard let first = escapedAt, now - first <= .milliseconds(600) else {
            escapedAt = now
            return nil
        }
        escapedAt = nil
        guard let message = conversation.lastUser else { return nil }
        focus = .output
        transcript.select(message.id, entry: conversation.entryIndex(of: message.id))
        flash = Flash(
            text: "\(keys.label(of: .editMessage)) edits this message, \(keys.label(of: .fork)) forks here, "
                + "\(keys.label(of: .previousMessage)) goes further back.", level: .info)
        return []
    }
}
