import FunctionTools
import ProviderCore

/// A tool call as the trace shows it.
public struct TracedCall: Sendable {
    /// What became of a call.
    enum State: Sendable, Hashable {
        /// The arguments still arrive.
        case assembling
        /// Nobody decided yet.
        case waiting
        /// It runs.
        case running
        /// This goes back to the model, and who decided so.
        case decided(ToolResult, by: DecidedCall.Decider)
        /// The answer ended before the call was whole.
        case cut
    }

    /// Which answer of the conversation asked for it, from 1.
    let turn: Int
    /// When its first piece came.
    let started: ContinuousClock.Instant
    var state = State.assembling
    /// When its last piece came.
    var arrived: ContinuousClock.Instant?
    /// When somebody decided on it.
    var decided: ContinuousClock.Instant?
    /// When its result was there.
    var ended: ContinuousClock.Instant?
    /// The arguments as they come, checked as far as they are known.
    var arguments: ArgumentStream
    /// What the person made of the arguments; nil = they are the model's.
    var edited: String?
    /// What the whole call is worth; nil while it arrives.
    var check: CallCheck?
    /// Counts the changes of what would be run: what was seen of an earlier one does not count.
    var revision = 0
    /// How long it had run when the person stopped it; nil = it was not stopped.
    var stoppedAfter: Duration?
    /// The program it would start, spelt out; nil = none.
    var command: String?

    init(turn: Int, started: ContinuousClock.Instant, schema: JSONSchema? = nil) {
        self.turn = turn
        self.started = started
        arguments = ArgumentStream(schema: schema)
    }

    /// What was decided; nil while nothing is.
    var result: ToolResult? { if case .decided(let result, _) = state { result } else { nil } }

    /// Whether what it starts reads the arguments as they are.
    var readsArguments: Bool { command?.hasSuffix(" < arguments") ?? false }

    /// Whether it is still to be answered.
    var isOpen: Bool { state == .waiting || state == .running }
}

/// A command that need not be asked about again in this session: the same tool with the same arguments, run the same way.
struct RememberedCommand: Sendable, Hashable {
    let name: String
    let run: ToolRun
    let arguments: JSONValue
}
