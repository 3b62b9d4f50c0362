import ProviderCore

/// Reads what `ConversationExport.json` wrote. What has another type than it should is refused, not left out.
enum OwnImport {
    static func conversation(_ own: JSONValue) throws(ConversationImportError) -> StoredConversation {
        guard var reader = MemberReader(own) else { throw ConversationImportError("no export of ours") }
        guard let version = reader.number("version"), version <= ConversationExport.ownVersion else {
            throw ConversationImportError("the file was written by a newer tickertape; update this one")
        }
        var conversation = StoredConversation(id: "", title: reader.text("title"), head: reader.number("head"))
        conversation.instructions = reader.text("instructions")
        let elements = reader.list("messages") ?? []
        if let problem = reader.problems.first { throw ConversationImportError("tickertape.\(problem)") }
        try ConversationImport.check(count: elements.count)
        var known: Set<Int> = []
        for (index, element) in elements.enumerated() {
            let message = try message(element, number: index + 1)
            guard known.insert(message.id).inserted else {
                throw ConversationImportError(message: index + 1, "id \(message.id) is there twice")
            }
            conversation.messages.append(message)
        }
        try check(conversation, known)
        return conversation
    }

    /// Parents are there, and have smaller numbers, so that there is no circle.
    private static func check(_ conversation: StoredConversation, _ known: Set<Int>) throws(ConversationImportError) {
        for (index, message) in conversation.messages.enumerated() {
            guard let parent = message.parent, parent >= message.id || !known.contains(parent) else { continue }
            throw ConversationImportError(
                message: index + 1, "parent \(parent) is no message before it; wanted the id of an earlier message")
        }
        if let head = conversation.head, !known.contains(head) {
            throw ConversationImportError("tickertape.head: there is no message \(head)")
        }
    }

    private static func message(_ value: JSONValue, number: Int) throws(ConversationImportError) -> StoredMessage {
        guard var reader = MemberReader(value) else {
            throw ConversationImportError(message: number, "wanted an object")
        }
        let id = reader.number("id", in: 1...Int(Int32.max))
        let parent = reader.number("parent", in: 1...Int(Int32.max))
        let author = reader.text("author")
        let text = reader.text("text")
        let said = reader.number("said_at_ms", in: 0...253_402_300_799_999)
        let (files, answer) = (reader.list("attachments") ?? [], reader.value("answer"))
        var problems = reader.problems
        let record = answer.flatMap { AnswerRecord(json: $0, problems: &problems) }
        if answer != nil, record == nil { problems.append("answer: wanted an object") }
        if let problem = problems.first { throw ConversationImportError(message: number, problem) }
        guard let id else { throw ConversationImportError(message: number, "id: wanted a whole number from 1") }
        guard let author = author.flatMap(StoredMessage.Author.init(rawValue:)) else {
            throw ConversationImportError(message: number, "author: wanted \"user\" or \"assistant\"")
        }
        guard let text else { throw ConversationImportError(message: number, "text: wanted a string") }
        var attachments: [Attachment] = []
        for file in files {
            guard let attachment = Attachment(json: file), attachment.isSound else {
                throw ConversationImportError(
                    message: number, "attachments: wanted a name with text, or with a whole image")
            }
            attachments.append(attachment)
        }
        return StoredMessage(
            id: id, parent: parent, author: author, text: text, attachments: attachments, answer: record,
            saidAt: Int64(said ?? 0))
    }
}

extension Attachment {
    /// Whether it is text, or a whole image of a kind that is taken in.
    var isSound: Bool {
        guard case .image(let type, let base64) = content else { return true }
        return ImageType.isKnown(type) && Base64Text.isValid(base64) && imageSize != nil
    }
}
