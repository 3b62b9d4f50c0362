import ProviderCore

/// Turns a conversation into the input of the Responses API.
enum ResponsesInput {
    /// The instructions, taken from a leading system message, and the items of the rest.
    ///
    /// The message stays among the items where the server has to find it there: when it is all there is, because an empty
    /// input counts as none, and in JSON mode, which is refused unless the input mentions JSON.
    static func items(of request: ChatRequest) -> (instructions: String?, items: [JSONValue]) {
        var rest = request.messages.withCallIDs[...]
        var instructions: String?
        if let first = rest.first, first.role == .system || first.role == .developer, first.isPlainText,
            rest.count > 1, request.responseFormat != .jsonObject
        {
            instructions = first.text
            rest = rest.dropFirst()
        }
        var items: [JSONValue] = []
        var customCalls: Set<String> = []
        for message in rest {
            for call in message.toolCalls where call.isCustom { customCalls.insert(call.id) }
            items += message.responsesItems(customCalls)
        }
        return (instructions, items)
    }
}

extension ChatMessage {
    fileprivate var isPlainText: Bool {
        content.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// The items that say what the message says. What came from the API goes back in the form in which it came.
    fileprivate func responsesItems(_ customCalls: Set<String>) -> [JSONValue] {
        switch role {
        case .system, .developer, .user: return [item(role: role.rawValue, responsesContent)]
        case .assistant:
            let kept = opaqueItems.isEmpty ? [] : keptItems
            if !kept.isEmpty { return kept }
            let said = content.isEmpty ? refusal : text
            let message = said.map { [item(role: "assistant", .string($0))] } ?? []
            let isNothing = said == nil && toolCalls.isEmpty
            return isNothing ? [item(role: "assistant", .string(""))] : message + toolCalls.map(\.responsesItem)
        case .tool:
            let isCustom = customCalls.contains(toolCallID ?? "")
            return [
                .object([
                    JSONMember("type", .string(isCustom ? "custom_tool_call_output" : "function_call_output")),
                    JSONMember("call_id", .string(toolCallID ?? "")), JSONMember("output", responsesContent),
                ])
            ]
        }
    }

    private func item(role: String, _ content: JSONValue) -> JSONValue {
        .object([
            JSONMember("type", .string("message")), JSONMember("role", .string(role)), JSONMember("content", content),
        ])
    }

    /// One string when there is only text; parts otherwise.
    private var responsesContent: JSONValue {
        isPlainText ? .string(text) : .array(content.map(\.responsesWire))
    }
}

extension ContentPart {
    /// The part as Responses wants it; there `detail` has to be said.
    fileprivate var responsesWire: JSONValue {
        switch self {
        case .text(let text):
            .object([JSONMember("type", .string("input_text")), JSONMember("text", .string(text))])
        case .image(let url, let detail):
            .object([
                JSONMember("type", .string("input_image")), JSONMember("image_url", .string(url)),
                JSONMember("detail", .string(detail ?? "auto")),
            ])
        }
    }
}

extension ToolCall {
    /// Whether it called a custom tool, whose input is free text.
    var isCustom: Bool { extraFields.contains(JSONMember("type", .string("custom"))) }

    /// The arguments, or the input of a custom tool. Blank arguments go out as `{}`: servers parse them.
    var sentArguments: String { !isCustom && arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments }

    /// The call as an item of the conversation.
    var responsesItem: JSONValue {
        var item = JSONObject()
        item.set("type", .string(isCustom ? "custom_tool_call" : "function_call"))
        item.set("call_id", .string(id))
        item.set("name", .string(name))
        item.set(isCustom ? "input" : "arguments", .string(sentArguments))
        return .object(item.members)
    }
}
