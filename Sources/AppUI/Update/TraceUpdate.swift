import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// All calls of the conversation, oldest first.
    var traceIDs: [TraceID] {
        conversation.callMessages.flatMap { message -> [TraceID] in
            (conversation.answer(message)?.calls ?? []).indices.map { TraceID(message: message, call: $0) }
        }
    }

    /// Whether the trace has any call.
    var hasCalls: Bool { !conversation.callMessages.isEmpty }

    /// A call of the trace: what the model asked and what became of it.
    func call(_ id: TraceID) -> (call: ToolCall, traced: TracedCall)? {
        guard let answer = conversation.answer(id.message),
            answer.calls.indices.contains(id.call), answer.response.toolCalls.indices.contains(id.call)
        else { return nil }
        return (answer.response.toolCalls[id.call], answer.calls[id.call])
    }

    /// What a key of the trace asks for, about the chosen call.
    mutating func performOnTrace(_ command: Command) -> [AppEffect] {
        guard let id = traceSelection ?? traceIDs.last, let (call, traced) = call(id) else {
            flash = Flash(text: "No tool was called yet.", level: .info)
            return []
        }
        traceSelection = id
        if command == .toolDetail {
            overlay = .call(CallDetail(id: id))
            return []
        }
        guard canDecide(traced) else { return [] }
        switch command {
        case .toolRun: return runIfSeen(id, remembers: false)
        case .toolRunSession: return runIfSeen(id, remembers: true)
        case .toolReplay: return replay(id, call, traced)
        case .toolRefuse: return decide(id, ToolResult(traced.refusal, kind: .refused), by: .person)
        default:
            overlay = entry(for: command, id, call, traced).map { .entry($0) }
            return []
        }
    }

    /// Whether a call can be decided on; says why not.
    private mutating func canDecide(_ traced: TracedCall) -> Bool {
        let reason: String? =
            switch traced.state {
            case .waiting: nil
            case .assembling: "The arguments still arrive."
            case .running: "It runs: \(keys.label(of: .cancel)) stops it."
            case .decided, .cut: "This call is already decided."
            }
        if let reason { flash = Flash(text: reason, level: .info) }
        return reason == nil
    }

    /// The box in which a result, an error or other arguments are typed.
    private func entry(for command: Command, _ id: TraceID, _ call: ToolCall, _ traced: TracedCall) -> ValueEntry? {
        let name = TextGate.gate(call.name, allowNewlines: false).text
        let keys = ValueEntry.keys(taking: "sends it", closing: "leaves the call waiting")
        switch command {
        case .toolResult:
            return ValueEntry(
                purpose: .toolResult(id), title: "result of \(name) \(CallRows.preview(call, traced, width: 40))",
                help: keys, editor: LineEditor())
        case .toolError:
            let fault = traced.check?.fault.map { "error: \($0.sentence)" }
            return ValueEntry(
                purpose: .toolError(id), title: "error of \(name)", help: keys,
                editor: LineEditor(fault ?? "error: "))
        case .toolEdit:
            let text = HiddenText.escaped(
                traced.check?.arguments.map { JSONWriter.pretty($0) } ?? traced.edited ?? call.arguments)
            return ValueEntry(
                purpose: .toolArguments(id), title: "arguments of \(name)",
                help: ValueEntry.keys(taking: "takes them", closing: "leaves them as they were"),
                editor: LineEditor(text))
        default: return nil
        }
    }

    /// Takes what was typed for a call; nil in the box = it is taken, else what is wrong with it.
    mutating func take(typed entry: ValueEntry, for id: TraceID) -> [AppEffect] {
        let text = entry.editor.text
        overlay = nil
        switch entry.purpose {
        case .toolResult: return decide(id, ToolResult(text, kind: .typed), by: .person)
        case .toolError: return decide(id, ToolResult(text, kind: .error), by: .person)
        case .toolReplay(_, let original):
            return decide(id, ToolResult(text, kind: text == original ? .replayed : .typed), by: .person)
        case .toolArguments: return edit(id, text, entry)
        case .parameter, .conversationName: return []
        }
    }

    private mutating func edit(_ id: TraceID, _ text: String, _ entry: ValueEntry) -> [AppEffect] {
        guard var (call, traced) = call(id), traced.state == .waiting else { return [] }
        let original = call.arguments
        call.arguments = text
        let check = tools.sent.check(call)
        if let fault = check.fault {
            var entry = entry
            entry.problem = fault.sentence
            overlay = .entry(entry)
            return []
        }
        // Other white space is no edit.
        let isSame = (try? CallCheck.parse(original)) == check.arguments
        traced.edited = isSame ? nil : check.arguments.map { JSONWriter.string($0) } ?? text
        traced.take(check, of: traced.edited ?? original, tools: tools.sent)
        conversation.withCall(id) { $0 = traced }
        // Who has just edited it has looked at it.
        tools.movedAt = nil
        flash = Flash(
            text: "The arguments are changed: \(keys.label(of: .toolRun, in: .tools)) runs, "
                + "\(keys.label(of: .toolResult, in: .tools)) types the result.", level: .info)
        return []
    }
}

extension TracedCall {
    /// Notes what the call is worth with these arguments.
    mutating func take(_ check: CallCheck, of arguments: String, tools: ToolSet) {
        self.check = check
        revision += 1
        var stream = ArgumentStream(schema: check.tool.flatMap { tools.schema(of: $0.name) })
        stream.append(arguments)
        stream.finish()
        self.arguments = stream
        noteCommand()
    }

    /// Spells the program out that the call would start.
    mutating func noteCommand() {
        command = nil
        guard check?.fault == nil, let tool = check?.tool, let arguments = check?.arguments else { return }
        command = tool.spelling(with: arguments)
    }

    /// What a refusal tells the model: a program that was stopped may have done something.
    var refusal: String {
        guard let stoppedAfter else { return "The user refused this call." }
        return "The user stopped this call after \(MeterText.seconds(stoppedAfter)); it may have had effects."
    }
}
