public import FunctionTools
import ProviderCore

/// The tools of the workspace: which are offered, what runs, what was allowed, what can be used again.
public struct ToolDesk: Sendable {
    /// A call that runs, and who allowed it.
    struct RunningCall: Sendable {
        let id: TraceID
        let decider: DecidedCall.Decider
    }

    /// All tools that were found.
    let all: ToolSet
    /// Names of those that are switched off in this conversation.
    var switchedOff: Set<String> = []
    /// How programs are kept apart; nil = not known yet.
    var isolation: Isolation?
    /// What runs, by the id of its task.
    var running: [Int: RunningCall] = [:]
    /// What need not be asked about again.
    var remembered: Set<RememberedCommand> = []
    /// Results that can be used again, the newest last.
    var kept: [DecidedCall] = []
    /// How far function calling goes.
    let limits: ToolLoop.Limits

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
    mutating func reset() { switchedOff = Self.off(all) }

    /// What the next request offers.
    var offered: [Tool] { all.tools.filter { !switchedOff.contains($0.name) } }

    /// The newest result of this function: one for the same arguments before any other.
    func keptResult(of name: String, arguments: JSONValue?) -> DecidedCall? {
        let found = kept.filter { $0.call.name == name }
        return found.last { arguments != nil && (try? CallCheck.parse($0.arguments)) == arguments } ?? found.last
    }

    /// Keeps a call to use its result again; the last thousand are kept. Nobody wants a refusal again.
    mutating func keep(_ call: DecidedCall) {
        guard call.result.kind != .refused, call.result.kind != .replayed else { return }
        kept.append(call)
        if kept.count > 1000 { kept.removeFirst() }
    }
}
