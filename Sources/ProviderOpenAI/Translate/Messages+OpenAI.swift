import ProviderCore

extension ChatMessage {
    /// The message as the wire wants it.
    var wire: JSONValue {
        var message = JSONObject()
        message.set("role", .string(role.rawValue))
        // Beside tool calls, no content is said by no member; everywhere else servers demand one.
        if !content.isEmpty || toolCalls.isEmpty { message.set("content", wireContent) }
        message.set("refusal", refusal.map(JSONValue.string))
        message.set("name", name.map(JSONValue.string))
        message.set("tool_call_id", toolCallID.map(JSONValue.string))
        if !toolCalls.isEmpty { message.set("tool_calls", .array(toolCalls.map(\.wire))) }
        return .object(message.members)
    }

    /// One string when there is only text, because many servers know no parts; parts otherwise.
    private var wireContent: JSONValue {
        let isText = content.allSatisfy { if case .text = $0 { true } else { false } }
        return isText ? .string(text) : .array(content.map(\.wire))
    }
}

extension ContentPart {
    /// The part as the wire wants it.
    var wire: JSONValue {
        switch self {
        case .text(let text):
            return .object([JSONMember("type", .string("text")), JSONMember("text", .string(text))])
        case .image(let url, let detail):
            var image = JSONObject()
            image.set("url", .string(url))
            image.set("detail", detail.map(JSONValue.string))
            return .object([
                JSONMember("type", .string("image_url")), JSONMember("image_url", .object(image.members)),
            ])
        }
    }
}

extension ResponseFormat {
    /// The form as the wire wants it.
    var wire: JSONValue {
        switch self {
        case .jsonObject: return .object([JSONMember("type", .string("json_object"))])
        case .jsonSchema(let name, let schema, let strict):
            var form = JSONObject()
            form.set("name", .string(name))
            form.set("schema", schema)
            form.set("strict", strict.map(JSONValue.bool))
            return .object([
                JSONMember("type", .string("json_schema")), JSONMember("json_schema", .object(form.members)),
            ])
        }
    }
}
