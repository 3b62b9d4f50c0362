import ProviderCore

extension ConversationExport {
    /// The member under which everything stands that the messages of OpenAI's style have no place for.
    static let ownKey = "tickertape"
    /// The form of what stands there.
    static let ownVersion = 1

    /// The conversation as JSON: `messages` in OpenAI's style, those of the path at hand, for other programs; and under `tickertape`
    /// all that there is, branches included, which `ConversationImport` reads back without loss.
    public static func json(_ conversation: StoredConversation, branch: Branches = .path) -> String {
        let path = entries(conversation, .path).map(\.message)
        let kept = joined(branch == .path ? path : conversation.messages)
        var own = MemberWriter()
        own.add("version", ownVersion)
        own.add("title", conversation.title)
        own.add("instructions", conversation.instructions)
        own.add("head", conversation.head.flatMap { head in kept.contains { $0.id == head } ? head : nil })
        own.add("messages", .array(kept.map(\.json)))
        return JSONWriter.pretty(
            .object([JSONMember("messages", .array(wire(path, conversation))), JSONMember(ownKey, own.object)])) + "\n"
    }

    /// Messages that follow one which is not there become first ones.
    private static func joined(_ messages: [StoredMessage]) -> [StoredMessage] {
        let ids = Set(messages.map(\.id))
        return messages.map { message in
            var message = message
            if let parent = message.parent, !ids.contains(parent) { message.parent = nil }
            return message
        }
    }

    /// The messages as they would be sent.
    private static func wire(_ path: [StoredMessage], _ conversation: StoredConversation) -> [JSONValue] {
        let requested = path.lazy.compactMap { $0.answer?.request["instructions"]?.stringValue }.first
        let instructions = conversation.instructions ?? requested
        let first = instructions.map { [message("system", .string($0))] } ?? []
        return first + path.flatMap { $0.author == .user ? [user($0)] : answer($0) }
    }

    private static func message(_ role: String, _ content: JSONValue) -> JSONValue {
        .object([JSONMember("role", .string(role)), JSONMember("content", content)])
    }

    private static func user(_ stored: StoredMessage) -> JSONValue {
        let parts = AttachmentContent.message(stored.text, stored.attachments).content
        guard !stored.attachments.isEmpty else { return message("user", .string(stored.text)) }
        return message(
            "user",
            .array(
                parts.map { part in
                    switch part {
                    case .text(let text):
                        .object([JSONMember("type", .string("text")), JSONMember("text", .string(text))])
                    case .image(let url, _):
                        .object([
                            JSONMember("type", .string("image_url")),
                            JSONMember("image_url", .object([JSONMember("url", .string(url))])),
                        ])
                    }
                }))
    }

    private static func answer(_ stored: StoredMessage) -> [JSONValue] {
        let record = stored.answer
        let calls = record?.calls ?? []
        var out = MemberWriter()
        out.add("role", "assistant")
        if record?.isRefusal == true {
            out.add("content", .null)
            out.add("refusal", stored.text)
        } else {
            out.add("content", stored.text.isEmpty && !calls.isEmpty ? .null : .string(stored.text))
        }
        let ids = calls.enumerated().map {
            $0.element.call.id.isEmpty ? "call_\(stored.id)_\($0.offset)" : $0.element.call.id
        }
        out.add("tool_calls", list: zip(ids, calls).map { id, call in wire(call, id: id) })
        return [out.object]
            + zip(ids, calls).compactMap { id, call in
                call.result.map { result in
                    .object([
                        JSONMember("role", .string("tool")), JSONMember("tool_call_id", .string(id)),
                        JSONMember("content", .string(result)),
                    ])
                }
            }
    }

    private static func wire(_ call: CallRecord, id: String) -> JSONValue {
        var out = MemberWriter()
        out.add("id", id)
        out.add("type", "function")
        out.add(
            "function",
            .object([
                JSONMember("name", .string(call.call.name)),
                JSONMember("arguments", .string(call.editedArguments ?? call.call.arguments)),
            ]))
        out.add(unknown: call.call.extraFields)
        return out.object
    }
}

extension StoredMessage {
    /// The message as a JSON object, with its record.
    var json: JSONValue {
        var out = MemberWriter()
        out.add("id", id)
        out.add("parent", parent)
        out.add("author", author.rawValue)
        out.add("text", text)
        out.add("attachments", list: attachments.map(\.json))
        out.add("answer", answer?.json)
        if saidAt != 0 { out.add("said_at_ms", Int(saidAt)) }
        return out.object
    }
}
