/// A message of a conversation, in what matters here. Over Responses, items of the assistant that follow each other are
/// one message: together they are what one answer was.
struct Message: Sendable, Equatable {
    var role: String
    var text: String
    var calls: [Call] = []
    var answeredCallID: String?

    /// A call that the assistant made.
    struct Call: Sendable, Equatable {
        var id: String
        var name: String
    }
}

/// What a tool gave back for a call of the last answer.
struct ToolResult: Sendable, Equatable {
    /// The function that was called.
    var name: String
    /// The beginning of the result.
    var text: String

    /// Characters (Unicode scalar values) of a result that count.
    static let limit = 1_000

    init(name: String, text: String) {
        self.name = name
        let beginning = text.unicodeScalars.prefix(Self.limit)
        self.text = beginning.endIndex == text.endIndex ? text : String(beginning) + "…"
    }
}

extension [Message] {
    /// A rough count of the prompt: a token for each four bytes begun, and three for each message.
    var promptTokens: Int {
        reduce(0) { $0 + ($1.text.utf8.count + 3) / 4 + 3 }
    }

    /// What conditions look at. Of a long message only the first 64 KiB count.
    func facts(path: String, api: AnswerAPI, model: String) -> RequestFacts {
        let prompt = last { $0.role == "user" }?.text ?? ""
        let words = String(decoding: prompt.utf8.prefix(65_536), as: UTF8.self)
        return RequestFacts(
            path: path, api: api, model: model, lastUserWords: lowercaseWords(of: words), sum: sum,
            lastRole: last?.role ?? "", step: step, turn: filter { $0.role == "user" }.count, results: results)
    }

    /// What the first sum in the last user message comes to; of a long one only the first 4 KiB count.
    var sum: String? {
        guard let prompt = last(where: { $0.role == "user" })?.text else { return nil }
        return WrittenSum.result(in: String(decoding: prompt.utf8.prefix(4_096), as: UTF8.self))
    }

    /// 1 + the assistant messages after the last user message.
    var step: Int {
        let start = lastIndex { $0.role == "user" }.map { $0 + 1 } ?? 0
        return 1 + self[start...].count { $0.role == "assistant" }
    }

    /// The results of the calls of the last answer, in the order of the calls. A call without a result has none here.
    var results: [ToolResult] {
        guard let answer = lastIndex(where: { $0.role == "assistant" }) else { return [] }
        var texts: [String: [String]] = [:]
        // Calls that share an id have their results in turn.
        for message in self[answer...].reversed() {
            if let id = message.answeredCallID { texts[id, default: []].append(message.text) }
        }
        return self[answer].calls.compactMap { call in
            texts[call.id]?.popLast().map { ToolResult(name: call.name, text: $0) }
        }
    }
}

/// A request for an answer, whichever API it came through.
enum AnswerRequest {
    case chat(ChatRequest)
    case responses(ResponsesRequest)

    var api: AnswerAPI {
        switch self {
        case .chat: .chat
        case .responses: .responses
        }
    }

    var model: String {
        switch self {
        case .chat(let request): request.model
        case .responses(let request): request.model
        }
    }

    var messages: [Message] {
        switch self {
        case .chat(let request): request.messages
        case .responses(let request): request.messages
        }
    }

    var streams: Bool {
        switch self {
        case .chat(let request): request.stream
        case .responses(let request): request.stream
        }
    }

    var maxTokens: Int? {
        switch self {
        case .chat(let request): request.maxTokens
        case .responses(let request): request.maxTokens
        }
    }

    /// The most alternatives a token's logprobs may have; nil: the request does not ask for logprobs.
    var topLogprobs: Int? {
        switch self {
        case .chat(let request): request.logprobs ? request.topLogprobs : nil
        case .responses(let request): request.logprobs ? request.topLogprobs : nil
        }
    }

    /// The form that the answer must have.
    var format: AnswerFormat {
        switch self {
        case .chat(let request): request.format
        case .responses(let request): request.format
        }
    }

    func facts(path: String) -> RequestFacts {
        var facts = messages.facts(path: path, api: api, model: model)
        facts.format = format
        return facts
    }
}
