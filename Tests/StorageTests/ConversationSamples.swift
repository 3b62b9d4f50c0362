import Conversations
import ProviderCore

extension StoredMessage {
    /// A person's message.
    static func user(_ id: Int, after parent: Int? = nil, _ text: String) -> StoredMessage {
        StoredMessage(id: id, parent: parent, author: .user, text: text, saidAt: 1000 + Int64(id))
    }

    /// An answer with a plain record.
    static func answer(
        _ id: Int, after parent: Int?, _ text: String, model: String = "m", state: AnswerRecord.State = .complete,
        cost: Cost = .unknown
    ) -> StoredMessage {
        var record = AnswerRecord(model: model, stamp: "")
        (record.state, record.cost) = (state, cost)
        return StoredMessage(
            id: id, parent: parent, author: .assistant, text: text, answer: record, saidAt: 1000 + Int64(id))
    }
}

extension AnswerRecord {
    /// A record with everything in it.
    static var full: AnswerRecord {
        var record = AnswerRecord(
            model: "gpt", stamp: "temperature 0.70",
            request: .object([JSONMember("temperature", .number("0.70")), JSONMember("seed", .number("1e3"))]))
        record.state = .failed
        record.failure = "server: it \u{0} broke"
        (record.answeredBy, record.responseID, record.finishReason) = ("gpt-2", "resp_1", "tool_calls")
        (record.reasoning, record.isRefusal) = ("e\u{301} thinks\u{1B}[2J", true)
        record.calls = [
            CallRecord(
                call: ToolCall(
                    id: "c1", name: "weather", arguments: #"{"city": "Paris", "n": 1.50}"#,
                    extraFields: [
                        JSONMember("thought_signature", .string("a\u{0}b")), JSONMember("n", .number("1.0")),
                        JSONMember("n", .object([JSONMember("", .null)])),
                    ], rank: -3),
                editedArguments: "{}", result: "sunny", resultKind: "ran 0"),
            CallRecord(call: ToolCall(id: "", name: "", arguments: "not json")),
        ]
        record.opaqueItems = [
            .object([JSONMember("type", .string("reasoning")), JSONMember("encrypted_content", .string("x=="))]),
            .array([.number("1E+2"), .null, .bool(false), .number("-0.0")]),
        ]
        record.usage = TokenUsage(inputTokens: 1, outputTokens: 2, cachedInputTokens: 0, cacheWriteTokens: 3)
        (record.estimatedInput, record.estimatedOutput) = (4, 5)
        record.cost = .estimate(Money(picodollars: 1_234_567_890_123))
        (record.firstTokenMilliseconds, record.totalMilliseconds, record.attempts) = (0.5, 1234.0625, 3)
        record.unknownMembers = [JSONMember("mood", .object([JSONMember("level", .number("9.00"))]))]
        return record
    }
}

/// The testing library has an `Attachment` too.
typealias KeptFile = Conversations.Attachment
