import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// Runs a call that the person has seen whole; else shows it whole first.
    mutating func runIfSeen(_ id: TraceID, remembers: Bool) -> [AppEffect] {
        guard let (_, traced) = call(id) else { return [] }
        if let reason = obstacle(to: traced) {
            flash = Flash(text: reason, level: .warning)
            return []
        }
        if case .call(let detail) = overlay, detail.id == id, seenRows(detail) >= CallText.rowsToSee(detail, self) {
            overlay = nil
            return run(id, by: .person, remembers: remembers)
        }
        guard traced.command == nil || ToolsPane.showsCommand(self) else {
            if case .call = overlay {} else { overlay = .call(CallDetail(id: id)) }
            flash = Flash(text: "This is the whole of it: read it to its end (PgDn), then y runs it.", level: .warning)
            return []
        }
        return run(id, by: .person, remembers: remembers)
    }

    /// Why a call cannot be run; nil = it can.
    private func obstacle(to traced: TracedCall) -> String? {
        if let fault = traced.check?.fault {
            return "It is not run: \(fault.sentence). e edits, x returns an error."
        }
        guard let tool = traced.check?.tool, let arguments = traced.check?.arguments else { return "It is not known." }
        if tool.run == .person {
            return "\"\(tool.name)\" has no way to run: v types the result."
        }
        return tool.refusal(of: arguments).map { "It is not run: \($0). e edits, x returns an error." }
    }

    /// Starts the call.
    private mutating func run(_ id: TraceID, by decider: DecidedCall.Decider, remembers: Bool = false) -> [AppEffect] {
        guard let (_, traced) = call(id), let tool = traced.check?.tool, let arguments = traced.check?.arguments else {
            return []
        }
        if remembers {
            tools.remembered.insert(RememberedCommand(name: tool.name, run: tool.run, arguments: arguments))
        }
        let at = now
        conversation.withCall(id) { call in
            call.state = .running
            call.decided = at
        }
        let run = nextRequest
        nextRequest += 1
        tools.running[run] = ToolDesk.RunningCall(id: id, decider: decider)
        selectNextOpen(after: id)
        return [.runTool(id: run, tool, arguments), .loop(.alarm(after: Self.tickInterval))]
    }

    /// The result of a call that ran.
    mutating func take(_ result: ToolResult, of run: Int, at: ContinuousClock.Instant) -> [AppEffect] {
        guard let call = tools.running.removeValue(forKey: run) else { return [] }
        return decide(call.id, result, by: call.decider, at: at)
    }

    /// Uses the newest result of the same function again.
    mutating func replay(_ id: TraceID, _ call: ToolCall, _ traced: TracedCall) -> [AppEffect] {
        guard let kept = tools.keptResult(of: call.name, arguments: traced.check?.arguments) else {
            flash = Flash(text: "There is no earlier result of this function.", level: .info)
            return []
        }
        return decide(id, ToolResult(kept.result.text, kind: .replayed), by: .person)
    }

    /// Stores the decision; when it was the last open one the conversation goes on by itself.
    mutating func decide(
        _ id: TraceID, _ result: ToolResult, by decider: DecidedCall.Decider, at: ContinuousClock.Instant? = nil
    ) -> [AppEffect] {
        let effects = settle(id, result, by: decider, at: at ?? now)
        guard !effects.isEmpty, !conversation.hasOpenCalls, !isRunning else {
            selectNextOpen(after: id)
            return effects
        }
        return effects + goOn()
    }

    /// Stores a decision. Nothing when the call is decided already.
    private mutating func settle(
        _ id: TraceID, _ result: ToolResult, by decider: DecidedCall.Decider, at: ContinuousClock.Instant
    ) -> [AppEffect] {
        guard let (call, traced) = call(id), traced.isOpen else { return [] }
        conversation.withCall(id) { call in
            call.state = .decided(result, by: decider)
            call.decided = call.decided ?? at
            call.ended = at
        }
        conversation.entries.append(
            .toolResult(name: "\(traced.turn).\(id.call + 1) \(call.name)", display: DisplayText(result.text)))
        transcript.noteGrowth()
        return [.keep(keep(id, call, traced, result, decider))]
    }

    /// Notes what was decided, for the next call and for the database.
    private mutating func keep(
        _ id: TraceID, _ call: ToolCall, _ traced: TracedCall, _ result: ToolResult, _ decider: DecidedCall.Decider
    ) -> DecidedCall {
        let decided = DecidedCall(
            conversation: "\(session)-\(conversationNumber)", turn: traced.turn, position: id.call + 1, call: call,
            editedArguments: traced.edited, result: result, decider: decider)
        tools.keep(decided)
        return decided
    }

    /// Sends the results, unless there were as many turns as there may be.
    private mutating func goOn() -> [AppEffect] {
        guard conversation.turnsWithCalls <= tools.limits.turns else {
            say(
                "\(tools.limits.turns) turns with calls in a row: nothing more is sent by itself. A prompt goes on.",
                .warning)
            return []
        }
        return ask()
    }

    private mutating func selectNextOpen(after id: TraceID) {
        guard let next = conversation.openCalls.first else { return }
        traceSelection = TraceID(entry: id.entry, call: next)
    }

    /// After an answer with calls: looks at each, answers those beyond the limit, runs what the person allowed before.
    mutating func receiveCalls() -> [AppEffect] {
        guard let entry = conversation.lastAnswerIndex, case .answer(let answer) = conversation.entries[entry] else {
            return []
        }
        for (index, call) in answer.response.toolCalls.enumerated() where answer.calls.indices.contains(index) {
            let check = tools.all.check(call)
            conversation.withCall(TraceID(entry: entry, call: index)) { traced in
                traced.check = check
                traced.noteCommand()
            }
        }
        var effects: [AppEffect] = []
        for index in conversation.openCalls {
            let id = TraceID(entry: entry, call: index)
            if index >= tools.limits.callsPerTurn {
                let text = "not run: at most \(tools.limits.callsPerTurn) calls a turn are"
                effects += decide(id, ToolResult(text, kind: .error), by: .rule)
            } else if isRemembered(id) {
                effects += run(id, by: .session)
            }
        }
        guard let first = conversation.openCalls.first else { return effects }
        traceSelection = TraceID(entry: entry, call: first)
        flash = Flash(
            text: "Tools are called: Alt-3, then y run, e edit, v type a result, n refuse.",
            level: .info)
        return effects
    }

    private func isRemembered(_ id: TraceID) -> Bool {
        guard let (_, traced) = call(id), let tool = traced.check?.tool, let arguments = traced.check?.arguments,
            traced.check?.fault == nil
        else { return false }
        return tools.remembered.contains(RememberedCommand(name: tool.name, run: tool.run, arguments: arguments))
    }

    /// Stops what runs; those calls wait for a decision again.
    mutating func stopTools() -> [AppEffect] {
        let stopped = tools.running
        tools.running = [:]
        for id in stopped.values.map(\.id) {
            conversation.withCall(id) { call in
                call.state = .waiting
                call.decided = nil
            }
        }
        if !stopped.isEmpty { flash = Flash(text: "Stopped; the call waits for a decision.", level: .info) }
        return stopped.keys.sorted().map { .cancel(id: $0) }
    }

    /// A new prompt while calls wait: the protocol wants every call answered, so they are refused.
    mutating func refuseOpenCalls() -> [AppEffect] {
        guard let entry = conversation.lastAnswerIndex else { return [] }
        let result = ToolResult("The user did not answer this call.", kind: .refused)
        return conversation.openCalls.flatMap { index in
            settle(TraceID(entry: entry, call: index), result, by: .person, at: now)
        }
    }

    /// The list in which tools are switched on and off.
    func toolPicker() -> Picker<String> {
        let items = tools.all.tools.map { tool in
            Picker<String>.Item(
                value: tool.name, label: (tools.switchedOff.contains(tool.name) ? "[ ] " : "[x] ") + tool.name,
                note: tool.run.words + (tool.origin == .project ? " · project" : ""))
        }
        var picker = Picker(title: "tools of this conversation", items: items)
        picker.emptyText = "no tools: definitions go into tools/*.json beside the settings file"
        return picker
    }
}
