public import FunctionTools
import ProviderCore

/// The tools of the workspace: which are offered, what runs, what was allowed, what can be used again.
public struct ToolDesk: Sendable {
    /// A call as it was shown.
    struct SeenCall: Sendable, Hashable {
        let id: TraceID
        let revision: Int
    }

    /// A call that runs, and who allowed it.
    struct RunningCall: Sendable {
        let id: TraceID
        let decider: DecidedCall.Decider
    }

    /// All tools that were found.
    private(set) var all: ToolSet
    /// What the last request offered: calls mean these.
    var sent = ToolSet()
    /// Names of those that are switched off in this conversation.
    var switchedOff: Set<String> = []
    /// How programs are kept apart; nil = not known yet.
    var isolation: Isolation?
    /// The call of which the screen shows all that a key would run; nil = none.
    var seen: SeenCall?
    /// When another call was chosen than by a key of the person: a key that comes at once was meant for the one before.
    var movedAt: ContinuousClock.Instant?
    /// What runs, by the id of its task.
    var running: [Int: RunningCall] = [:]
    /// What need not be asked about again.
    var remembered: Set<RememberedCommand> = []
    /// Results that can be used again, the newest last.
    var kept: [DecidedCall] = []
    /// How far function calling goes.
    var limits: ToolLoop.Limits

    /// A desk with these tools; `kept` are results of earlier sessions.
    public init(_ tools: [Tool] = [], limits: ToolLoop.Limits = ToolLoop.Limits(), kept: [DecidedCall] = []) {
        all = ToolSet(tools)
        switchedOff = Self.off(all)
        self.limits = limits
        self.kept = kept
    }

    /// What is switched off at the start of a conversation: what the working folder offers, until a person wants it.
    private static func off(_ tools: ToolSet) -> Set<String> {
        Set(tools.tools.filter { $0.origin == .project }.map(\.name))
    }

    /// A new conversation begins.
    mutating func reset() {
        switchedOff = Self.off(all)
        forgetWhatIsOff()
        sent = ToolSet()
    }

    /// Switches a tool off, or on again. What was allowed of one that is off is forgotten.
    mutating func toggle(_ name: String) {
        if switchedOff.remove(name) == nil { switchedOff.insert(name) }
        forgetWhatIsOff()
    }

    /// Takes what the folders have now. What is new or changed of the working folder is off: it was something else that a person
    /// switched on. The rest stays as it was switched.
    mutating func replace(_ tools: [Tool]) {
        let known = Set(all.tools)
        all = ToolSet(tools)
        switchedOff.formUnion(Self.off(ToolSet(all.tools.filter { !known.contains($0) })))
        forgetWhatIsOff()
    }

    private mutating func forgetWhatIsOff() {
        remembered = remembered.filter { !switchedOff.contains($0.name) }
    }

    /// What the next request offers.
    var offered: [Tool] { all.tools.filter { !switchedOff.contains($0.name) } }

    /// The newest result of this function, and whether it is one of the same arguments, which comes before any other.
    func keptResult(of name: String, arguments: JSONValue?) -> (call: DecidedCall, isSame: Bool)? {
        let found = kept.filter { $0.call.name == name }
        let same = found.last { arguments != nil && (try? CallCheck.parse($0.arguments)) == arguments }
        return (same ?? found.last).map { ($0, same != nil) }
    }

    /// Takes the calls of earlier sessions.
    mutating func keepOlder(_ calls: [DecidedCall]) { kept = calls.filter(\.canBeReplayed) + kept }

    /// Keeps a call to use its result again; the last thousand are kept.
    mutating func keep(_ call: DecidedCall) {
        guard call.canBeReplayed else { return }
        kept.append(call)
        if kept.count > 1000 { kept.removeFirst() }
    }
}

extension DecidedCall {
    /// Whether it has a result that somebody may want again: refusals and errors are none.
    var canBeReplayed: Bool {
        switch result.kind {
        case .ran, .answered, .fixed, .typed: decider != .rule
        case .replayed, .refused, .error: false
        }
    }
}
