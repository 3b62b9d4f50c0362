/// A message of a conversation, in what matters here. Over Responses, items of the assistant that follow each other are
/// one message: together they are what one answer was.
struct Message: Sendable, Equatable {
    var role: String
    var text: String
    var callIDs: [String] = []
    var answeredCallID: String?
}

extension [Message] {
    /// A rough count of the prompt: a token for each four bytes begun, and three for each message.
    var promptTokens: Int {
        reduce(0) { $0 + ($1.text.utf8.count + 3) / 4 + 3 }
    }

    /// What conditions look at. Of a long message only the first 64 KiB count.
    func facts(path: String, api: AnswerAPI, model: String) -> RequestFacts {
        let lastUser = lastIndex { $0.role == "user" }
        let answers = self[(lastUser.map { $0 + 1 } ?? 0)...].filter { $0.role == "assistant" }
        let words = lastUser.map { String(decoding: self[$0].text.utf8.prefix(65_536), as: UTF8.self) } ?? ""
        return RequestFacts(
            path: path, api: api, model: model, lastUserWords: lowercaseWords(of: words), lastRole: last?.role ?? "",
            step: answers.count + 1, turn: filter { $0.role == "user" }.count)
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

    func facts(path: String) -> RequestFacts { messages.facts(path: path, api: api, model: model) }
}
