import Conversations
import ProviderCore

/// The smallest PNG with a header that tells its size: 3 by 2.
let smallPNG = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAAA="

extension StoredConversation {
    /// Two branches, files, calls, reasoning, a refusal, and texts that want to break out of every format.
    static var hostile: StoredConversation {
        var answer = AnswerRecord(
            model: "gpt <img>", stamp: "temperature 0.70 | `x`",
            request: .object([JSONMember("temperature", .number("0.70")), JSONMember("seed", .number("1e3"))]))
        (answer.state, answer.answeredBy, answer.responseID) = (.complete, "gpt-2026", "r1")
        (answer.finishReason, answer.reasoning) = ("tool_calls", "</details>\n```\nhm\n```\n<!--")
        answer.calls = [
            CallRecord(
                call: ToolCall(
                    id: "c1", name: "weather</summary><script>", arguments: "{\"city\":\"```\"}",
                    extraFields: [JSONMember("signature", .string("s"))], rank: 2),
                editedArguments: "{}", result: "</pre><script>alert(1)</script>\n````\n## User", resultKind: "ran 0"),
            CallRecord(call: ToolCall(id: "", name: "", arguments: "not json")),
        ]
        answer.opaqueItems = [
            .object([JSONMember("encrypted_content", .string("x==")), JSONMember("n", .number("1.50"))])
        ]
        answer.usage = TokenUsage(inputTokens: 1180, outputTokens: 230, reasoningTokens: 64)
        answer.cost = .exact(Money(picodollars: 1_123_500_000))
        (answer.firstTokenMilliseconds, answer.totalMilliseconds, answer.attempts) = (312.5, 2811.25, 2)
        answer.unknownMembers = [JSONMember("later", .number("9.00"))]
        var refusal = AnswerRecord(model: "m", stamp: "")
        (refusal.state, refusal.isRefusal, refusal.failure) = (.failed, true, "server: <b>\nno")
        return StoredConversation(
            id: "c", title: "A <title> & \"more\"\u{1B}[2J\n# x",
            messages: [
                StoredMessage(
                    id: 1, parent: nil, author: .user, text: "Look:\n```\nunclosed",
                    attachments: [
                        Attachment(name: "a`b\n## User.txt", content: .text("x\n```\n</details>\u{0}")),
                        Attachment(name: "p\"><script>.png", content: .image(type: "image/png", base64: smallPNG)),
                    ], saidAt: 1_800_000_000_123),
                StoredMessage(
                    id: 2, parent: 1, author: .assistant, text: "<script>alert('x')</script>", answer: answer),
                StoredMessage(id: 4, parent: 1, author: .assistant, text: "No & never", answer: refusal, saidAt: 5),
                StoredMessage(id: 7, parent: 2, author: .user, text: "e\u{301} \u{202E}left\u{2028}line"),
            ], head: 7)
    }
}

/// The testing library has an `Attachment` too.
typealias KeptFile = Conversations.Attachment
