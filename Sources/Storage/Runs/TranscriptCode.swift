import Benchmarking
import ProviderCore

/// Messages as JSON, in the words of the Chat Completions wire where it has some.
enum TranscriptCode {
    /// Shorter messages are not worth a row of their own.
    static let smallestBody = 192

    /// A transcript as the column has it. `body` keeps the bytes of a message once, and gives their number.
    static func written(
        _ transcript: [ChatMessage], answer: TrialAnswer, body: ([UInt8]) throws -> Int64
    ) rethrows -> String {
        let own = message(of: answer)
        let elements = try transcript.enumerated().map { index, message -> JSONValue in
            if index == transcript.count - 1, message == own { return .bool(true) }
            let value = value(message)
            let bytes = JSONWriter.bytes(value)
            return bytes.count < smallestBody ? value : .number(String(try body(bytes)))
        }
        return JSONWriter.string(.array(elements))
    }

    /// A transcript from its column; messages that cannot be read are left out.
    static func read(
        _ text: String, answer: TrialAnswer, body: (Int64) throws -> ChatMessage?
    ) rethrows -> [ChatMessage] {
        let elements = (try? JSONParser.parse(text))?.arrayValue ?? []
        return try elements.compactMap { element in
            switch element {
            case .bool(true): message(of: answer)
            case .number(let number): try Int64(number).flatMap(body)
            default: message(element)
            }
        }
    }

    /// What an answer without calls looks like in its transcript.
    private static func message(of answer: TrialAnswer) -> ChatMessage {
        ChatMessage(
            role: .assistant, content: answer.text.isEmpty ? [] : [.text(answer.text)], refusal: answer.refusal)
    }

    // MARK: Messages

    private static func value(_ message: ChatMessage) -> JSONValue {
        var members = [JSONMember("role", .string(message.role.rawValue))]
        if case .text(let text)? = message.content.first, message.content.count == 1 {
            members.append(JSONMember("content", .string(text)))
        } else if !message.content.isEmpty {
            members.append(JSONMember("content", .array(message.content.map(value))))
        }
        if !message.toolCalls.isEmpty {
            members.append(JSONMember("tool_calls", .array(message.toolCalls.map(value))))
        }
        func add(_ name: String, _ text: String?) {
            if let text { members.append(JSONMember(name, .string(text))) }
        }
        add("tool_call_id", message.toolCallID)
        add("name", message.name)
        add("refusal", message.refusal)
        if !message.opaqueItems.isEmpty { members.append(JSONMember("opaque_items", .array(message.opaqueItems))) }
        return .object(members)
    }

    /// A message from its bytes; nil when they are none.
    static func message(_ bytes: [UInt8]) -> ChatMessage? { (try? JSONParser.parse(bytes)).flatMap(message) }

    private static func message(_ value: JSONValue) -> ChatMessage? {
        guard let role = value["role"]?.stringValue.flatMap(ChatRole.init(rawValue:)) else { return nil }
        var content: [ContentPart] = []
        if let text = value["content"]?.stringValue {
            content = [.text(text)]
        } else {
            content = (value["content"]?.arrayValue ?? []).compactMap(part)
        }
        return ChatMessage(
            role: role, content: content, toolCalls: (value["tool_calls"]?.arrayValue ?? []).compactMap(call),
            toolCallID: value["tool_call_id"]?.stringValue, name: value["name"]?.stringValue,
            refusal: value["refusal"]?.stringValue, opaqueItems: value["opaque_items"]?.arrayValue ?? [])
    }

    private static func value(_ part: ContentPart) -> JSONValue {
        switch part {
        case .text(let text): .object([JSONMember("text", .string(text))])
        case .image(let url, let detail):
            .object(
                [JSONMember("image_url", .string(url))] + (detail.map { [JSONMember("detail", .string($0))] } ?? []))
        }
    }

    private static func part(_ value: JSONValue) -> ContentPart? {
        if let text = value["text"]?.stringValue { return .text(text) }
        return value["image_url"]?.stringValue.map { .image(url: $0, detail: value["detail"]?.stringValue) }
    }

    // MARK: Calls

    /// A call.
    static func value(_ call: ToolCall) -> JSONValue {
        var members = [
            JSONMember("id", .string(call.id)), JSONMember("name", .string(call.name)),
            JSONMember("arguments", .string(call.arguments)),
        ]
        if !call.extraFields.isEmpty { members.append(JSONMember("extra_fields", .object(call.extraFields))) }
        if let rank = call.rank { members.append(JSONMember("rank", .int(rank))) }
        return .object(members)
    }

    /// A call from what `value` made; nil when it is none.
    static func call(_ value: JSONValue) -> ToolCall? {
        guard let id = value["id"]?.stringValue, let name = value["name"]?.stringValue,
            let arguments = value["arguments"]?.stringValue
        else { return nil }
        return ToolCall(
            id: id, name: name, arguments: arguments, extraFields: value["extra_fields"]?.objectValue ?? [],
            rank: value["rank"]?.intValue)
    }
}
