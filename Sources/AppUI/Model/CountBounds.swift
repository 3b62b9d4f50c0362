import Conversations
import ProviderCore
import TerminalKit

/// Tokens of one attachment, kept as long as it and the way of counting stay.
struct AttachmentCount: Sendable {
    let attachment: Attachment
    let model: String
    let isReady: Bool
    let tokens: Int
    let isExact: Bool
}

/// A text that is counted as far as a key may take.
struct CountedText: Sendable, Hashable {
    /// Bytes of a text that are counted whole: a few milliseconds. Of a longer one its beginning tells of the rest.
    static let most = 64 << 10
    /// Bytes of that beginning.
    static let sample = 16 << 10

    /// What is counted.
    let text: String
    /// Bytes behind it.
    let rest: Int

    /// Tokens of what is behind it, as dense as what was counted.
    func restTokens(_ counted: Int) -> Int {
        rest == 0 ? 0 : Int(Double(rest) * Double(counted) / Double(max(1, text.utf8.count)))
    }
}

extension AppModel {
    /// The prompt as it is counted with each key.
    var countedPrompt: CountedText {
        guard prompt.byteCount > CountedText.most else { return CountedText(text: prompt.text, rest: 0) }
        let text = prompt.beginning(bytes: CountedText.sample)
        return CountedText(text: text, rest: max(0, prompt.byteCount - text.utf8.count))
    }

    /// The text in which names of files are looked for while it is typed. In a long one they are when it is sent.
    var textWithMentions: String { prompt.byteCount > CountedText.most ? "" : prompt.text }

    /// Tokens of attachments. Each is counted once.
    mutating func countOfAttachments(_ attachments: [Attachment]) -> (tokens: Int, isExact: Bool) {
        let counts = attachments.map(count(of:))
        attachmentCounts = counts
        return (counts.reduce(0) { $0 + $1.tokens }, counts.allSatisfy(\.isExact))
    }

    /// Tokens of an attachment, of a long text by its beginning.
    func count(of attachment: Attachment) -> AttachmentCount {
        let isReady = catalog.model(parameters.model).flatMap(counting.count) != nil
        let kept = attachmentCounts.first {
            $0.isReady == isReady && $0.model == parameters.model && $0.attachment == attachment
        }
        if let kept { return kept }
        let (part, rest) = beginning(of: attachment)
        let counted = tokens(of: AttachmentContent.message("", [part]))
        let around = tokens(of: ChatMessage(.user, ""))
        let tokens = counted.tokens - around.tokens
        let text = CountedText(text: part.text ?? "", rest: rest)
        return AttachmentCount(
            attachment: attachment, model: parameters.model, isReady: isReady,
            tokens: tokens + text.restTokens(tokens), isExact: counted.isExact && rest == 0)
    }

    private func beginning(of attachment: Attachment) -> (part: Attachment, rest: Int) {
        guard let text = attachment.text, text.utf8.count > CountedText.most else { return (attachment, 0) }
        let part = String(decoding: text.utf8.prefix(CountedText.sample), as: UTF8.self)
        return (Attachment(name: attachment.name, content: .text(part)), text.utf8.count - CountedText.sample)
    }

    private func tokens(of message: ChatMessage) -> RequestTokens {
        requestTokens(ChatRequest(model: parameters.model, messages: [message]))
    }

    /// Input tokens of a request that starts: those of a very long one are four bytes each, since a key waits for them.
    func estimatedInput(of request: ChatRequest) -> Int {
        let bytes = request.messages.reduce(0) { $0 + $1.text.utf8.count }
        return bytes > 4 * CountedText.most ? bytes / 4 : requestTokens(request).tokens
    }
}

extension Attachment {
    /// Its text; nil of an image.
    fileprivate var text: String? {
        if case .text(let text) = content { text } else { nil }
    }
}
