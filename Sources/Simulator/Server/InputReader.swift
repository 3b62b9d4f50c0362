import ProviderCore

/// Reads the `input` of a Responses request and checks what belongs together: calls and their outputs, and reasoning
/// and what it led to.
struct InputReader {
    private(set) var messages: [Message]
    /// Calls by `call_id`, and whether they are answered.
    private var calls: [String: Bool] = [:]
    private var openCalls: [String] = []
    /// The place of a reasoning item that nothing has followed yet.
    private var openReasoning: String?
    private var isInAnswer = false

    /// - Parameter earlier: the conversation that the input goes on with.
    init(after earlier: [Message]) {
        messages = earlier
        for message in earlier {
            for call in message.calls { open(call.id) }
            if let id = message.answeredCallID { answer(id) }
        }
    }

    /// Reads a text or a list of items.
    mutating func read(_ input: JSONValue) throws {
        if let text = input.stringValue {
            messages.append(Message(role: "user", text: text))
        } else {
            guard let items = input.arrayValue else { throw RequestProblem.wrongType("input") }
            if items.isEmpty { throw RequestProblem.invalid("input", "must not be empty.") }
            for (index, item) in items.enumerated() { try read(JSONFields(item, at: "input[\(index)]")) }
        }
        try checkReasoning()
        if let id = openCalls.first(where: { calls[$0] == false }) {
            throw RequestProblem.invalid("input", "has no output for the function call \(id.prefix(80)).")
        }
    }

    private mutating func read(_ item: JSONFields) throws {
        let type = try item.string("type") ?? (item["role"] == nil ? "item_reference" : "message")
        switch type {
        case "message": try readMessage(item)
        case "function_call", "custom_tool_call":
            try readCall(item, content: type == "function_call" ? "arguments" : "input")
        case "function_call_output", "custom_tool_call_output": try readOutput(item)
        case "reasoning": try readReasoning(item)
        case "item_reference": _ = try item.requiredString("id")
        default:
            throw RequestProblem.invalid(item.place("type"), "is none that this simulator knows: \(type.prefix(80))")
        }
    }

    private mutating func readMessage(_ item: JSONFields) throws {
        let role = try item.requiredString("role")
        try item.check("role", among: ["user", "assistant", "system", "developer"])
        let text = try content(of: item, "content", from: role)
        if role == "assistant" { return addToAnswer(text) }
        try endAnswer()
        messages.append(Message(role: role, text: text))
    }

    private mutating func readCall(_ item: JSONFields, content: String) throws {
        let id = try item.requiredString("call_id")
        let name = try item.requiredString("name")
        guard try item.string(content) != nil else { throw RequestProblem.missing(item.place(content)) }
        if calls[id] != nil {
            throw RequestProblem.invalid(item.place("call_id"), "has been used before: \(id.prefix(80))")
        }
        addToAnswer("", call: Message.Call(id: id, name: name))
        open(id)
    }

    private mutating func readOutput(_ item: JSONFields) throws {
        try endAnswer()
        let id = try item.requiredString("call_id")
        guard item["output"] != nil else { throw RequestProblem.missing(item.place("output")) }
        let text = try content(of: item, "output", from: "tool")
        switch calls[id] {
        case nil:
            throw RequestProblem.invalid(item.place("call_id"), "is that of no earlier function call: \(id.prefix(80))")
        case true?: throw RequestProblem.invalid(item.place("call_id"), "has its output already: \(id.prefix(80))")
        case false?: answer(id)
        }
        messages.append(Message(role: "tool", text: text, answeredCallID: id))
    }

    private mutating func readReasoning(_ item: JSONFields) throws {
        _ = try item.string("id")
        _ = try item.string("encrypted_content")
        guard let summary = try item.objects("summary") else { throw RequestProblem.missing(item.place("summary")) }
        for part in summary { _ = try part.requiredString("type") }
        addToAnswer("")
        openReasoning = item.path
    }

    /// The text of a member that is a string or a list of parts.
    private func content(of item: JSONFields, _ key: String, from role: String) throws -> String {
        if let plain = item[key]?.stringValue { return plain }
        guard let parts = try item.objects(key) else { throw RequestProblem.missing(item.place(key)) }
        let known =
            role == "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"]
        return try parts.map { part in
            let type = try part.requiredString("type")
            try part.check("type", among: known)
            switch type {
            case "input_image":
                if try part.string("image_url") ?? part.string("file_id") == nil {
                    throw RequestProblem.missing(part.place("image_url"))
                }
                return ""
            case "input_file": return ""
            default:
                let member = type == "refusal" ? "refusal" : "text"
                guard let text = try part.string(member) else { throw RequestProblem.missing(part.place(member)) }
                return text
            }
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private mutating func addToAnswer(_ text: String, call: Message.Call? = nil) {
        if !isInAnswer { messages.append(Message(role: "assistant", text: "")) }
        isInAnswer = true
        openReasoning = nil
        let last = messages.count - 1
        messages[last].text += text
        if let call { messages[last].calls.append(call) }
    }

    private mutating func endAnswer() throws {
        try checkReasoning()
        isInAnswer = false
    }

    private func checkReasoning() throws {
        guard let openReasoning else { return }
        throw RequestProblem.invalid(
            openReasoning, "is reasoning that no message and no call of the assistant follows.")
    }

    private mutating func open(_ id: String) {
        calls[id] = false
        openCalls.append(id)
    }

    private mutating func answer(_ id: String) {
        calls[id] = true
    }
}
