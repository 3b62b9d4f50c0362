import ProviderCore
import TerminalKit

extension AppModel {
    /// All calls of the conversation, oldest first.
    var traceIDs: [TraceID] {
        conversation.entries.indices.flatMap { entry -> [TraceID] in
            guard case .answer(let answer) = conversation.entries[entry] else { return [] }
            return answer.calls.indices.map { TraceID(entry: entry, call: $0) }
        }
    }

    /// A call of the trace: what the model asked and what became of it.
    func call(_ id: TraceID) -> (call: ToolCall, traced: TracedCall)? {
        guard conversation.entries.indices.contains(id.entry),
            case .answer(let answer) = conversation.entries[id.entry],
            answer.calls.indices.contains(id.call), answer.response.toolCalls.indices.contains(id.call)
        else { return nil }
        return (answer.response.toolCalls[id.call], answer.calls[id.call])
    }

    mutating func performOnTrace(_ command: Command) -> [AppEffect] {
        guard let id = traceSelection ?? traceIDs.last, let (call, traced) = call(id) else {
            flash = Flash(text: "No tool was called yet.", level: .info)
            return []
        }
        traceSelection = id
        if command == .toolDetail {
            overlay = .call(id, scroll: 0)
            return []
        }
        guard traced.state == .waiting else {
            flash = Flash(text: "This call is already decided.", level: .info)
            return []
        }
        if command == .toolRefuse { return decide(id, .refused, "The user refused this call.") }
        let name = TextGate.gate(call.name, allowNewlines: false).text
        overlay = .entry(
            ValueEntry(
                purpose: .toolResult(id), title: "result of \(name) \(ToolsPane.preview(call, width: 40))",
                help: "Enter sends it · Ctrl-J new line · Esc leaves the call waiting", editor: LineEditor()))
        return []
    }

    /// Stores the decision; when it was the last open one the conversation goes on by itself.
    mutating func decide(_ id: TraceID, _ state: TracedCall.State, _ result: String) -> [AppEffect] {
        guard case .answer(var answer) = conversation.entries[id.entry], answer.calls.indices.contains(id.call) else {
            return []
        }
        answer.calls[id.call].state = state
        conversation.entries[id.entry] = .answer(answer)
        let call = answer.response.toolCalls[id.call]
        conversation.entries.append(
            .toolResult(callID: call.id, name: call.name, text: result, display: DisplayText(result)))
        if let next = conversation.openCalls.first {
            traceSelection = TraceID(entry: id.entry, call: next)
            return []
        }
        guard !isRunning else { return [] }
        return ask()
    }

    /// A new prompt while calls wait: the protocol wants every call answered, so they are refused.
    mutating func refuseOpenCalls() {
        guard let entry = conversation.lastAnswerIndex, case .answer(var answer) = conversation.entries[entry] else {
            return
        }
        for index in answer.calls.indices where answer.calls[index].state == .waiting {
            answer.calls[index].state = .refused
            let call = answer.response.toolCalls[index]
            let result = "The user did not answer this call."
            conversation.entries.append(
                .toolResult(callID: call.id, name: call.name, text: result, display: DisplayText(result)))
        }
        conversation.entries[entry] = .answer(answer)
    }
}
