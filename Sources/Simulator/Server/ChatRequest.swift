#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the simulator needs to know of the body of a chat completion request.
struct ChatRequest: Equatable {
    var model: String
    var messages: [Message]
    var stream = false
    var includesUsage = false
    var logprobs = false
    var topLogprobs = 0
    var maxTokens: Int?

    struct Message: Equatable {
        var role: String
        var text: String
        var callIDs: [String] = []
        var answeredCallID: String?
    }

    /// Reads and checks a body.
    ///
    /// - Throws: `RequestProblem`, always with status 400.
    init(parsing body: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(ChatRequest.self, from: Data(body))
        } catch let problem as RequestProblem {
            throw problem
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw Self.wrongType(at: context.codingPath)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw RequestProblem.missing(Self.path(context.codingPath + [key]))
        } catch {
            throw RequestProblem(message: "The body is not valid JSON.", code: "invalid_json")
        }
    }

    private static func wrongType(at path: [any CodingKey]) -> RequestProblem {
        if path.isEmpty { return RequestProblem(message: "The body is not a JSON object.", code: "invalid_json") }
        return RequestProblem(
            message: "'\(Self.path(path))' has the wrong type.", param: Self.path(path), code: "invalid_type")
    }

    /// `messages[0].content` for the keys of that place.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : "." + key.stringValue
            }
        }
    }
}

extension ChatRequest {
    /// A rough count of the prompt: a token for each four bytes begun, and three for each message.
    var promptTokens: Int {
        messages.reduce(0) { $0 + ($1.text.utf8.count + 3) / 4 + 3 }
    }

    /// What conditions look at. Of a long message only the first 64 KiB count.
    func facts(path: String) -> RequestFacts {
        let lastUser = messages.lastIndex { $0.role == "user" }
        let answers = messages[(lastUser.map { $0 + 1 } ?? 0)...].filter { $0.role == "assistant" }
        let words = lastUser.map { String(decoding: messages[$0].text.utf8.prefix(65_536), as: UTF8.self) } ?? ""
        return RequestFacts(
            path: path, isChat: true, model: model, lastUserWords: lowercaseWords(of: words),
            lastRole: messages.last?.role ?? "", step: answers.count + 1,
            turn: messages.filter { $0.role == "user" }.count)
    }

    /// Checks that each tool call is answered before the conversation goes on, and nothing else is.
    func checkToolMessages() throws {
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            if message.role == "tool" {
                guard let id = message.answeredCallID else {
                    throw RequestProblem.missing("messages[\(index)].tool_call_id")
                }
                guard let position = open.firstIndex(of: id) else {
                    throw RequestProblem.invalid(
                        "messages[\(index)]", "answers a tool call that is not open: \(id.prefix(80))")
                }
                open.remove(at: position)
            } else if let unanswered = open.first {
                throw RequestProblem.invalid(
                    "messages[\(index)]", "comes before the answer to the tool call \(unanswered.prefix(80))")
            }
            open += message.callIDs
        }
        if let unanswered = open.first {
            throw RequestProblem.invalid("messages", "ends before the answer to the tool call \(unanswered.prefix(80))")
        }
    }
}
