import Conversations
import ProviderCore

/// Messages like real ones.
enum Sample {
    static let queries = [
        ("a rare word", "zebra"), ("a common word", "the"), ("two words", "server timeout"),
        ("a beginning", "conn"), ("a phrase", "\"request timeout\""), ("Chinese", "并发"),
    ]

    private static let words = [
        "the", "a", "of", "to", "and", "in", "is", "for", "server", "timeout", "request", "connection", "value",
        "error",
        "function", "array", "string", "returns", "thread", "lock", "stream", "token", "model", "answer", "when",
        "with",
        "file", "path", "query", "index", "table", "row", "write", "read", "close", "open", "buffer", "signal",
        "memory",
    ]

    /// A person's message and an answer in turn, about 1 KB each.
    static func message(_ number: Int, _ random: inout SampleRandom) -> StoredMessage {
        var text = ""
        while text.utf8.count < 1000 {
            text += words[Int(random.next() % UInt64(words.count))] + (random.next() % 12 == 0 ? ".\n" : " ")
            if random.next() % 40 == 0 { text += "w\(random.next() % 50_000) " }
        }
        if random.next() % 5_000 == 0 { text += " zebra" }
        if random.next() % 100 == 0 { text += " 结构化并发让程序更容易理解" }
        let isAnswer = number % 2 == 0
        return StoredMessage(
            id: number, parent: number == 1 ? nil : number - 1, author: isAnswer ? .assistant : .user, text: text,
            answer: isAnswer ? record : nil, saidAt: 1_800_000_000_000)
    }

    static func answer(_ number: Int, length: Int, isRunning: Bool) -> StoredMessage {
        var record = record
        record.state = isRunning ? .running : .complete
        return StoredMessage(
            id: number, parent: number == 1 ? nil : number - 1, author: .assistant,
            text: String(repeating: "word ", count: length / 5), answer: record)
    }

    private static let record: AnswerRecord = {
        var record = AnswerRecord(
            model: "gpt-5.4-mini", stamp: "temperature 0.7 · max 1000",
            request: .object([
                JSONMember("model", .string("gpt-5.4-mini")), JSONMember("temperature", .number("0.7")),
                JSONMember("max_completion_tokens", .number("1000")),
                JSONMember("instructions", .string("You are a helpful assistant who answers in short sentences.")),
            ]))
        record.state = .complete
        record.answeredBy = "gpt-5.4-mini-2026-03-17"
        record.responseID = "chatcmpl-0123456789abcdefghijklmnop"
        record.finishReason = "stop"
        record.usage = TokenUsage(inputTokens: 1180, outputTokens: 230, cachedInputTokens: 0, reasoningTokens: 64)
        record.estimatedInput = 1181
        record.estimatedOutput = 228
        record.cost = .exact(Money(picodollars: 1_123_500_000))
        record.firstTokenMilliseconds = 312.5
        record.totalMilliseconds = 2811.25
        return record
    }()
}

/// The same numbers every time (splitmix64).
struct SampleRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
