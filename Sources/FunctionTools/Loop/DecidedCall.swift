public import ProviderCore

/// A call and what became of it: what is stored with a conversation, and can be used again.
public struct DecidedCall: Sendable, Hashable {
    /// Who decided. Raw values are the words of the database.
    public enum Decider: String, Sendable, Hashable, CaseIterable {
        /// A person, for this call.
        case person
        /// A person, before, for this command in this session.
        case session
        /// The definition, which allows it without a person.
        case definition
        /// Nobody: the call was wrong, or there were more than may be.
        case rule
    }

    /// The conversation, as the usage ledger names it.
    public var conversation: String
    /// Which answer of the conversation asked for it, from 1.
    public var turn: Int
    /// Its place among the calls of that answer, from 1.
    public var position: Int
    /// The call as the model made it.
    public var call: ToolCall
    /// What a person made of the arguments; nil = they were left.
    public var editedArguments: String?
    /// What went back.
    public var result: ToolResult
    /// Who decided.
    public var decider: Decider

    /// A decided call.
    public init(
        conversation: String, turn: Int, position: Int, call: ToolCall, editedArguments: String? = nil,
        result: ToolResult, decider: Decider
    ) {
        self.conversation = conversation
        self.turn = turn
        self.position = position
        self.call = call
        self.editedArguments = editedArguments
        self.result = result
        self.decider = decider
    }

    /// The arguments that the result belongs to.
    public var arguments: String { editedArguments ?? call.arguments }
}

/// Keeps decided calls. One implementation is in the target `Storage`; tests keep them in an array.
public protocol ToolLog: Sendable {
    /// Keeps a call. Throws a sentence for a person when it cannot be kept.
    func append(_ call: DecidedCall) async throws(ToolLogError)
    /// The newest calls, oldest first, at most `limit`. Empty when nothing was ever kept.
    func recent(_ limit: Int) async throws(ToolLogError) -> [DecidedCall]
}

/// Why a call could not be kept or read.
public struct ToolLogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What, where and what to do, in a sentence.
    public var description: String

    /// A reason.
    public init(_ description: String) { self.description = description }
}
