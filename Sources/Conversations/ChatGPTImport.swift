import ProviderCore

/// Reads one conversation of ChatGPT's export: a tree of nodes, each with a message or none.
///
/// Nodes without a message, and those that hold no part of the talk (the user's profile, summaries of thoughts), are passed over: what
/// follows them follows the message before them. What a tool said becomes the result of the call that it follows.
struct ChatGPTImport {
    private let mapping: [String: JSONValue]
    private var conversation = StoredConversation(id: "")
    /// The message that stands for a node: its own, or the one before it.
    private var places: [String: Int] = [:]
    private var count = 0

    static func conversation(_ value: JSONValue, _ mapping: JSONValue) throws(ConversationImportError)
        -> StoredConversation
    {
        guard let nodes = mapping.objectValue else {
            throw ConversationImportError("mapping: wanted an object of nodes")
        }
        try ConversationImport.check(count: nodes.count)
        var reader = ChatGPTImport(mapping: Dictionary(nodes.map { ($0.key, $0.value) }) { $1 })
        try reader.walk(nodes)
        reader.conversation.title = value["title"]?.stringValue
        let last = reader.conversation.messages.last?.id
        reader.conversation.head = value["current_node"]?.stringValue.flatMap { reader.places[$0] } ?? last
        return reader.conversation
    }

    private init(mapping: [String: JSONValue]) { self.mapping = mapping }

    /// From the roots down; each node once.
    private mutating func walk(_ nodes: [JSONMember]) throws(ConversationImportError) {
        var open = nodes.filter { $0.value["parent"]?.stringValue.map { mapping[$0] == nil } ?? true }.map(\.key)
        open.reverse()
        var seen: Set<String> = []
        while let key = open.popLast() {
            guard seen.insert(key).inserted, let node = mapping[key] else { continue }
            try take(node, key)
            open += (node["children"]?.arrayValue ?? []).compactMap(\.stringValue).reversed()
        }
        guard seen.count == mapping.count else {
            throw ConversationImportError(
                "mapping: \(mapping.count - seen.count) nodes are on no path from a first one")
        }
    }

    private mutating func take(_ node: JSONValue, _ key: String) throws(ConversationImportError) {
        let before = node["parent"]?.stringValue.flatMap { places[$0] }
        places[key] = before
        guard let message = node["message"], case .object = message else { return }
        count += 1
        let role = message["author"]?["role"]?.stringValue ?? ""
        guard let text = try text(message["content"], of: role) else { return }
        switch role {
        case "system", "developer":
            if !text.isEmpty {
                conversation.instructions = conversation.instructions.map { $0 + "\n\n" + text } ?? text
            }
        case "user": append(.user, text, nil, after: before, message, key)
        case "assistant": append(.assistant, text, record(message, text), after: before, message, key)
        case "tool":
            guard let before, addResult(text, to: before) else {
                throw ConversationImportError(message: count, "what a tool said, but no call stands before it")
            }
        default:
            throw ConversationImportError(
                message: count, "role \"\(role.prefix(40))\": wanted system, user, assistant or tool")
        }
    }

    private mutating func append(
        _ author: StoredMessage.Author, _ text: String, _ record: AnswerRecord?, after parent: Int?,
        _ message: JSONValue,
        _ key: String
    ) {
        let id = conversation.messages.count + 1
        let seconds = message["create_time"]?.doubleValue ?? 0
        let time = seconds > 0 && seconds < 253_402_300_800 ? Int64(seconds * 1000) : 0
        let isCall = record?.calls.isEmpty == false
        conversation.messages.append(
            StoredMessage(
                id: id, parent: parent, author: author, text: isCall ? "" : text, answer: record, saidAt: time))
        places[key] = id
    }

    /// An answer to somebody else than all is a call.
    private func record(_ message: JSONValue, _ text: String) -> AnswerRecord {
        var record = AnswerRecord(model: message["metadata"]?["model_slug"]?.stringValue ?? "", stamp: "")
        record.state = .complete
        if let instructions = conversation.instructions {
            record.request = .object([JSONMember("instructions", .string(instructions))])
        }
        if let recipient = message["recipient"]?.stringValue, recipient != "all", !recipient.isEmpty {
            let id = message["id"]?.stringValue ?? "call_\(count)"
            record.calls = [CallRecord(call: ToolCall(id: id, name: recipient, arguments: text))]
        }
        return record
    }

    private mutating func addResult(_ text: String, to id: Int) -> Bool {
        guard var record = conversation.messages[id - 1].answer, !record.calls.isEmpty else { return false }
        record.calls[0].result = record.calls[0].result.map { $0 + "\n" + text } ?? text
        conversation.messages[id - 1].answer = record
        return true
    }

    /// Nil for content that is no part of the talk.
    private func text(_ content: JSONValue?, of role: String) throws(ConversationImportError) -> String? {
        switch content?["content_type"]?.stringValue {
        case "text", "multimodal_text":
            var texts: [String] = []
            for (index, part) in (content?["parts"]?.arrayValue ?? []).enumerated() {
                guard let text = part.stringValue ?? part["text"]?.stringValue else {
                    throw ConversationImportError(
                        message: count, "content, part \(index + 1): a file that is not in the export; wanted text")
                }
                texts.append(text)
            }
            let text = texts.joined(separator: "\n")
            return text.isEmpty && role != "user" ? nil : text
        case "code", "execution_output", "tether_quote", "system_error":
            return content?["text"]?.stringValue ?? ""
        case "tether_browsing_display": return content?["result"]?.stringValue ?? ""
        case "thoughts", "reasoning_recap", "user_editable_context", "model_editable_context": return nil
        case let type?:
            throw ConversationImportError(message: count, "content of the type \"\(type.prefix(40))\"; wanted text")
        case nil: throw ConversationImportError(message: count, "content: wanted content_type and parts")
        }
    }
}
