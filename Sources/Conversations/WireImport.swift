import ProviderCore

/// Reads messages in OpenAI's style into one path.
struct WireImport {
    private var conversation = StoredConversation(id: "")
    private var model: String
    /// Calls without a result, by their ids: the message and the place in it.
    private var open: [String: (message: Int, call: Int)] = [:]

    /// The messages of an array; `document` is the object around them.
    static func conversation(_ elements: [JSONValue], of document: JSONValue) throws(ConversationImportError)
        -> StoredConversation
    {
        try ConversationImport.check(count: elements.count)
        var reader = WireImport(model: document["model"]?.stringValue ?? "")
        for (index, element) in elements.enumerated() { try reader.take(element, number: index + 1) }
        reader.conversation.head = reader.conversation.messages.last?.id
        reader.conversation.title = document["title"]?.stringValue
        return reader.conversation
    }

    private init(model: String) { self.model = model }

    private mutating func take(_ value: JSONValue, number: Int) throws(ConversationImportError) {
        guard case .object = value else {
            throw ConversationImportError(message: number, "wanted an object with role and content")
        }
        guard let role = value["role"]?.stringValue else {
            throw ConversationImportError(message: number, "role: wanted system, developer, user, assistant or tool")
        }
        switch role {
        case "system", "developer":
            let text = try WireContent(value["content"], number, allowsImages: false).text
            conversation.instructions = conversation.instructions.map { $0 + "\n\n" + text } ?? text
        case "user":
            let content = try WireContent(value["content"], number, allowsImages: true)
            append(.user, content.text, attachments: content.images)
        case "assistant": try takeAnswer(value, number)
        case "tool", "function": try takeResult(value, number)
        default:
            throw ConversationImportError(
                message: number,
                "role \"\(role.prefix(40))\": wanted system, developer, user, assistant or tool")
        }
    }

    private mutating func append(
        _ author: StoredMessage.Author, _ text: String, attachments: [Attachment] = [], answer: AnswerRecord? = nil
    ) {
        let last = conversation.messages.last?.id
        conversation.messages.append(
            StoredMessage(
                id: (last ?? 0) + 1, parent: last, author: author, text: text, attachments: attachments, answer: answer)
        )
    }

    // MARK: Answers

    private mutating func takeAnswer(_ value: JSONValue, _ number: Int) throws(ConversationImportError) {
        let content = try WireContent(value["content"], number, allowsImages: false, allowsNull: true)
        var record = AnswerRecord(model: value["model"]?.stringValue ?? model, stamp: "")
        record.state = .complete
        if let instructions = conversation.instructions {
            record.request = .object([JSONMember("instructions", .string(instructions))])
        }
        record.reasoning = (value["reasoning_content"] ?? value["reasoning"])?.stringValue
        var refusal = content.refusal
        if let stated = value["refusal"], !stated.isNull {
            guard let text = stated.stringValue else {
                throw ConversationImportError(message: number, "refusal: wanted a string")
            }
            refusal += text
        }
        record.isRefusal = content.text.isEmpty && !refusal.isEmpty
        record.calls = try Self.calls(value, number).map { CallRecord(call: $0) }
        for (index, call) in record.calls.enumerated() where !call.call.id.isEmpty {
            open[call.call.id] = (conversation.messages.count, index)
        }
        let text = [content.text, refusal].filter { !$0.isEmpty }.joined(separator: "\n")
        append(.assistant, text, answer: record)
    }

    private static func calls(_ value: JSONValue, _ number: Int) throws(ConversationImportError) -> [ToolCall] {
        // The form before tool calls: one, without an id.
        if let old = value["function_call"], !old.isNull {
            let name = old["name"]?.stringValue ?? ""
            return [try call(.object([JSONMember("id", .string(name)), JSONMember("function", old)]), number, 1)]
        }
        guard let stated = value["tool_calls"], !stated.isNull else { return [] }
        guard let elements = stated.arrayValue else {
            throw ConversationImportError(message: number, "tool_calls: wanted an array")
        }
        var calls: [ToolCall] = []
        for (index, element) in elements.enumerated() { calls.append(try call(element, number, index + 1)) }
        return calls
    }

    private static func call(_ value: JSONValue, _ number: Int, _ place: Int) throws(ConversationImportError)
        -> ToolCall
    {
        let function = value["function"] ?? value["custom"]
        guard let function, let name = function["name"]?.stringValue else {
            throw ConversationImportError(message: number, "call \(place): wanted function with name and arguments")
        }
        let arguments = function["arguments"] ?? function["input"] ?? .string("")
        let known: Set = ["id", "type", "function", "custom", "index"]
        return ToolCall(
            id: value["id"]?.stringValue ?? "", name: name,
            arguments: arguments.stringValue ?? JSONWriter.string(arguments),
            extraFields: (value.objectValue ?? []).filter { !known.contains($0.key) })
    }

    // MARK: Results

    private mutating func takeResult(_ value: JSONValue, _ number: Int) throws(ConversationImportError) {
        let text = try WireContent(value["content"], number, allowsImages: false).text
        guard let id = (value["tool_call_id"] ?? value["name"])?.stringValue else {
            throw ConversationImportError(message: number, "tool_call_id: wanted the id of a call before it")
        }
        guard let place = open.removeValue(forKey: id), var record = conversation.messages[place.message].answer else {
            throw ConversationImportError(
                message: number, "a result for \"\(id.prefix(80))\", but no call before it waits for one")
        }
        record.calls[place.call].result = text
        conversation.messages[place.message].answer = record
    }
}

/// The content of a message: text, or parts.
struct WireContent {
    var text = ""
    var refusal = ""
    var images: [Attachment] = []

    init(_ value: JSONValue?, _ number: Int, allowsImages: Bool, allowsNull: Bool = false)
        throws(ConversationImportError)
    {
        switch value {
        case .string(let text): self.text = text
        case .array(let parts):
            for (index, part) in parts.enumerated() { try take(part, number, index + 1, allowsImages: allowsImages) }
        case .null where allowsNull: return
        case nil where allowsNull: return
        default: throw ConversationImportError(message: number, "content: wanted a string or an array of parts")
        }
    }

    private mutating func take(
        _ part: JSONValue, _ number: Int, _ place: Int, allowsImages: Bool
    ) throws(ConversationImportError) {
        func refused(_ what: String) -> ConversationImportError {
            ConversationImportError(message: number, "content, part \(place): \(what)")
        }
        let text = part.stringValue ?? part["text"]?.stringValue
        switch part.stringValue == nil ? part["type"]?.stringValue : "text" {
        case "text", "input_text", "output_text":
            guard let text else { throw refused("wanted text, a string") }
            self.text += (self.text.isEmpty ? "" : "\n") + text
        case "refusal": refusal += part["refusal"]?.stringValue ?? ""
        case "image_url" where allowsImages, "input_image" where allowsImages:
            let url = part["image_url"]
            guard let url = url?.stringValue ?? url?["url"]?.stringValue else {
                throw refused("wanted image_url with url")
            }
            guard let image = Attachment(imageURL: url, name: "image \(images.count + 1)") else {
                throw refused(
                    "an image that is not in the file; wanted a PNG, JPEG, GIF or WebP as data:image/…;base64,…")
            }
            images.append(image)
        case let type?:
            throw refused("\"\(type.prefix(40))\" is not taken in; wanted text\(allowsImages ? " or image_url" : "")")
        case nil: throw refused("wanted an object with type and text")
        }
    }
}

extension Attachment {
    /// An image from its data URL; nil where it is none, or no whole image.
    init?(imageURL url: String, name: String) {
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return nil }
        let head = url[url.index(url.startIndex, offsetBy: 5)..<comma].lowercased()
        guard head.hasSuffix(";base64") else { return nil }
        let type = String(head.dropLast(";base64".count))
        self.init(name: name, content: .image(type: type, base64: String(url[url.index(after: comma)...])))
        guard isSound else { return nil }
    }
}
