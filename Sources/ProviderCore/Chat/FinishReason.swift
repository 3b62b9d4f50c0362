/// Why an answer ended. An open set: servers have words of their own, kept in `other`.
public enum FinishReason: Sendable, Hashable {
    /// The model was done, or a stop text came.
    case stop
    /// A token limit was reached; the server's word, so the answer counts as complete.
    case length
    /// The model wants tools called. Some servers say `stop` instead: look at the calls, not at this.
    case toolCalls
    /// The provider withheld the rest.
    case contentFilter
    /// The server's own word.
    case other(String)

    /// Reads the wire's word. The old `function_call` is `toolCalls`.
    public init(wire: String) {
        switch wire {
        case "stop": self = .stop
        case "length": self = .length
        case "tool_calls", "function_call": self = .toolCalls
        case "content_filter": self = .contentFilter
        default: self = .other(wire)
        }
    }

    /// The word of the OpenAI wire.
    public var wireName: String {
        switch self {
        case .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        case .other(let word): word
        }
    }
}
