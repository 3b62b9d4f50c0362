import Conversations
import Markdown
import ProviderCore
import TerminalKit

/// Which block of code was copied last.
struct CopiedCode: Sendable, Hashable {
    let message: MessageTree.ID
    let index: Int
}

extension AppModel {
    /// Copies the chosen message, else the last answer. As shown: without what the screen does not show; exact: as it came.
    mutating func copyMessage(isExact: Bool) -> [AppEffect] {
        guard let id = selectedMessage ?? conversation.lastAnswer?.id, let entry = conversation.entry(of: id) else {
            flash = Flash(text: "There is nothing to copy yet.", level: .info)
            return []
        }
        let text = entry.searchedText
        return [.copy(isExact ? text : TextGate.gate(text).text)]
    }

    /// Copies the last block of code of the chosen message or the last answer; once more, the one before it.
    mutating func copyCode() -> [AppEffect] {
        guard let id = selectedMessage ?? conversation.lastAnswer?.id, let answer = conversation.answer(id) else {
            flash = Flash(text: "There is no answer to copy code from.", level: .info)
            return []
        }
        let blocks = codeBlocks(of: answer)
        guard !blocks.isEmpty else {
            flash = Flash(text: "This answer has no code.", level: .info)
            return []
        }
        let last = copiedCode.flatMap { $0.message == id ? $0.index : nil } ?? blocks.count
        let index = last > 0 ? last - 1 : blocks.count - 1
        copiedCode = CopiedCode(message: id, index: index)
        copyNote = blocks.count > 1 ? "code \(index + 1) of \(blocks.count), " : ""
        return [.copy(blocks[index])]
    }

    private func codeBlocks(of answer: Answer) -> [String] {
        let text = MarkdownText(TextGate.gate(answer.response.text).text, width: 80)
        var blocks: [String] = []
        var row = -1
        while let next = text.codeBlock(after: row) {
            if let block = text.codeBlock(atRow: next) { blocks.append(block.text) }
            row = next
        }
        return blocks
    }

    /// Copies all that is in the transcript.
    mutating func copyAll() -> [AppEffect] {
        let texts = conversation.entries.compactMap { entry -> String? in
            switch entry.read {
            case .user(let message): "You:\n\(TextGate.gate(message.text).text)"
            case .answer(let answer):
                "\(answer.modelName):\n\(TextGate.gate(answer.response.refusal ?? answer.response.text).text)"
            default: nil
            }
        }
        guard !texts.isEmpty else {
            flash = Flash(text: "There is nothing to copy yet.", level: .info)
            return []
        }
        return [.copy(texts.joined(separator: "\n\n"))]
    }
}
