public import FunctionTools
public import ProviderCore

/// One case of a task: what is asked, and what would be right, by the names that the suite's templates use.
public struct Sample: Sendable, Hashable {
    /// Its name within the task; unique there.
    public var id: String
    /// Its fields, an object.
    public var fields: JSONValue
    /// Functions that come with the sample (BFCL); empty = those of the task.
    public var tools: [Tool]
    /// Calls that would be right, where the data tell (BFCL): any of the sets. Empty = the data tell nothing.
    public var expectedCalls: [ExpectedCall]
    /// Messages that come with the sample instead of the prompt's (chat data); nil = the prompt is asked.
    public var messages: [ChatMessage]?
    /// Samples of one cluster are not independent of each other; nil = each stands alone.
    public var cluster: String?

    /// A sample.
    public init(
        id: String, fields: JSONValue, tools: [Tool] = [], expectedCalls: [ExpectedCall] = [],
        messages: [ChatMessage]? = nil, cluster: String? = nil
    ) {
        self.id = id
        self.fields = fields
        self.tools = tools
        self.expectedCalls = expectedCalls
        self.messages = messages
        self.cluster = cluster
    }
}

/// A call that is expected, and the values that each of its arguments may have.
public struct ExpectedCall: Sendable, Hashable {
    /// An argument and what is right for it.
    public struct Argument: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Values of which each is right; empty = any value.
        public var allowed: [JSONValue]
        /// Whether it may be left out.
        public var mayBeAbsent: Bool

        /// An argument.
        public init(_ name: String, allowed: [JSONValue], mayBeAbsent: Bool = false) {
            self.name = name
            self.allowed = allowed
            self.mayBeAbsent = mayBeAbsent
        }
    }

    /// The function's name.
    public var name: String
    /// Its arguments. Others than these are wrong.
    public var arguments: [Argument]

    /// A call.
    public init(_ name: String, _ arguments: [Argument]) {
        self.name = name
        self.arguments = arguments
    }
}
