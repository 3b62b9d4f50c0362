import ProviderCore

/// A conversation that a server should take.
struct Conversation: Sendable {
    let name: String
    let messages: [ChatMessage]

    private init(_ name: String, _ messages: [ChatMessage]) {
        self.name = name
        self.messages = messages
    }

    static let all = plain + answered + called + kept

    private static let question = ChatMessage(.user, "Weather in Lisbon?")

    private static let plain = [
        Conversation("system", [ChatMessage(.system, "Be brief."), question]),
        Conversation("developer", [ChatMessage(.developer, "Be brief."), question]),
        Conversation("system alone", [ChatMessage(.system, "Tell a joke.")]),
        Conversation("two systems", [ChatMessage(.system, "A."), ChatMessage(.developer, "B."), question]),
        Conversation("empty system", [ChatMessage(.system, ""), question]),
        Conversation("empty user", [ChatMessage(.user, "")]),
        Conversation("names", [ChatMessage(role: .user, content: [.text("Hi \"you\"\u{1}\n")], name: "ann")]),
        Conversation(
            "several texts",
            [
                ChatMessage(role: .system, content: [.text("A."), .text("B.")]),
                ChatMessage(role: .user, content: [.text("one "), .text("two")]),
            ]),
        Conversation(
            "pictures",
            [
                ChatMessage(
                    role: .user,
                    content: [
                        .text("Look: "), .image(url: "https://example.org/a.png", detail: "low"),
                        .image(url: "data:image/png;base64,AA==", detail: nil),
                    ])
            ]),
        Conversation(
            "picture as it is",
            [ChatMessage(role: .user, content: [.image(url: "https://example.org/b.png", detail: "original")])]),
    ]

    private static let answered = [
        Conversation("answer", [question, ChatMessage(.assistant, "Sunny."), ChatMessage(.user, "And now?")]),
        Conversation("empty answer", [question, ChatMessage(.assistant, ""), ChatMessage(.user, "Well?")]),
        Conversation(
            "late system",
            [question, ChatMessage(.assistant, "Sunny."), ChatMessage(.system, "In French."), ChatMessage(.user, "?")]),
        Conversation(
            "refusal", [question, ChatMessage(role: .assistant, content: [], refusal: "No."), ChatMessage(.user, "?")]),
        Conversation(
            "text and refusal",
            [
                question, ChatMessage(role: .assistant, content: [.text("I")], name: "bot", refusal: "No."),
                ChatMessage(.user, "?"),
            ]),
    ]

    private static let called = [
        Conversation(
            "calls",
            [
                question,
                ChatMessage(
                    role: .assistant, content: [.text("I look.")],
                    toolCalls: [
                        ToolCall(id: "call_1", name: "weather", arguments: #"{"city":"Lisbon","unit":null}"#, rank: 0),
                        ToolCall(id: "call_2", name: "now", arguments: " "),
                    ]),
                .toolResult(callID: "call_2", "12:00"), .toolResult(callID: "call_1", ""),
            ]),
        Conversation(
            "custom calls",
            [
                question,
                ChatMessage(
                    role: .assistant, content: [],
                    toolCalls: [
                        ToolCall(
                            id: "call_1", name: "shell", arguments: "",
                            extraFields: [JSONMember("type", .string("custom"))])
                    ]),
                .toolResult(callID: "call_1", "Monday"), ChatMessage(.assistant, "It is Monday."),
                ChatMessage(.user, "Thanks"),
            ]),
        Conversation(
            "calls without ids",
            [
                question,
                ChatMessage(
                    role: .assistant, content: [],
                    toolCalls: [
                        ToolCall(id: "", name: "weather", arguments: "{}"),
                        ToolCall(id: "", name: "now", arguments: ""),
                    ]),
                .toolResult(callID: "", "24 °C"), .toolResult(callID: "", "12:00"), ChatMessage(.assistant, "Sunny."),
                ChatMessage(.user, "And now?"),
                ChatMessage(
                    role: .assistant, content: [], toolCalls: [ToolCall(id: "", name: "now", arguments: "{}")]),
                ChatMessage(role: .tool, content: [.text("12:01")]),
            ]),
    ]

    /// Answers of Responses with what has to go back to it as it came.
    private static let kept = [
        Conversation(
            "kept reasoning",
            [
                question,
                ChatMessage(
                    role: .assistant, content: [.text("Hm.")],
                    toolCalls: [ToolCall(id: "call_1", name: "now", arguments: "{}")],
                    opaqueItems: [
                        .parsed(
                            #"{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"T"}],"#
                                + #""encrypted_content":"gAAA"}"#),
                        .parsed(
                            #"{"id":"msg_1","type":"message","role":"assistant","status":"completed","#
                                + #""phase":"commentary","content":[{"type":"output_text","text":"Hm.","#
                                + #""annotations":[],"logprobs":[]}]}"#),
                        .parsed(
                            #"{"id":"fc_1","type":"function_call","call_id":"call_1","name":"now","#
                                + #""arguments":"{}","status":"completed"}"#),
                    ]),
                .toolResult(callID: "call_1", "12:00"),
            ]),
        Conversation(
            "kept search",
            [
                question,
                ChatMessage(
                    role: .assistant, content: [.text("Sunny.")],
                    opaqueItems: [
                        .parsed(
                            #"{"id":"ws_1","type":"web_search_call","status":"completed","#
                                + #""action":{"type":"search","query":"weather","queries":["weather"]}}"#),
                        .parsed(
                            #"{"id":"msg_2","type":"message","role":"assistant","status":"completed","#
                                + #""content":[{"type":"refusal","refusal":"No."}]}"#),
                    ]),
                ChatMessage(.user, "Sure?"),
            ]),
    ]
}
