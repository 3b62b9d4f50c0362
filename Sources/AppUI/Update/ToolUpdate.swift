import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// A key that comes so soon after another call was chosen was meant for the one before.
    private static let leastLook = Duration.milliseconds(300)

    /// Runs a call when the screen has shown all of what would be run; else shows it.
    mutating func runIfSeen(_ id: TraceID, remembers: Bool) -> [AppEffect] {
        guard let (_, traced) = call(id) else { return [] }
        if let reason = obstacle(to: traced) {
            flash = Flash(text: reason, level: .warning)
            return []
        }
        guard tools.seen == ToolDesk.SeenCall(id: id, revision: traced.revision) else {
            if case .call(let detail) = overlay, detail.id == id {
            } else {
                overlay = .call(CallDetail(id: id))
                tools.movedAt = now
            }
            let run = keys.label(of: remembers ? .toolRunSession : .toolRun, in: .tools)
            flash = Flash(
                text:
                    "This is the whole of it: read it to its end (\(DialogKey.viewDown.longLabel)), then \(run) runs it.",
                level: .warning)
            return []
        }
        if let moved = tools.movedAt, now - moved < Self.leastLook {
            flash = Flash(text: "Look at it first: another call is chosen now.", level: .warning)
            return []
        }
        if case .call = overlay { overlay = nil }
        return run(id, by: .person, remembers: remembers)
    }

    /// Why a call cannot be run; nil = it can.
    private func obstacle(to traced: TracedCall) -> String? {
        let key = { (command: Command) in keys.label(of: command, in: .tools) }
        if case .unknown(let name, _)? = traced.check?.fault, tools.all[name] != nil {
            return "\"\(name)\" was not offered to the model: \(keys.label(of: .chooseTools)) switches it on, "
                + "\(key(.toolResult)) types the result."
        }
        if let fault = traced.check?.fault {
            return "It is not run: \(fault.sentence). \(key(.toolEdit)) edits, \(key(.toolError)) returns an error."
        }
        guard let tool = traced.check?.tool, let arguments = traced.check?.arguments else { return "It is not known." }
        if tool.run == .person {
            return "\"\(tool.name)\" has no way to run: \(key(.toolResult)) types the result."
        }
        return tool.refusal(of: arguments).map {
            "It is not run: \($0). \(key(.toolEdit)) edits, \(key(.toolError)) returns an error."
        }
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
            call.stoppedAfter = nil
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

    /// Uses the newest result of the same function again: at once when it is one of this session for the same arguments; else it is shown
    /// first, where it can be changed.
    mutating func replay(_ id: TraceID, _ call: ToolCall, _ traced: TracedCall) -> [AppEffect] {
        guard let (kept, isSame) = tools.keptResult(of: call.name, arguments: traced.check?.arguments) else {
            flash = Flash(text: "There is no earlier result of this function.", level: .info)
            return []
        }
        guard isSame, kept.conversation.hasPrefix(session + "-") else {
            let origin =
                kept.conversation.hasPrefix(session + "-") ? "call \(kept.turn).\(kept.position)" : "an earlier session"
            let arguments = TextGate.gate(kept.arguments, allowNewlines: false).text
            overlay = .entry(
                ValueEntry(
                    purpose: .toolReplay(id, original: kept.result.text),
                    title: "result of \(origin), for \(CellWidth.truncate(arguments, to: 40))",
                    help: ValueEntry.keys(taking: "sends it", closing: "leaves the call waiting"),
                    editor: LineEditor(kept.result.text)))
            return []
        }
        return decide(id, ToolResult(kept.result.text, kind: .replayed), by: .person)
    }

    /// Stores the decision; when it was the last open one the conversation goes on by itself.
    mutating func decide(
        _ id: TraceID, _ result: ToolResult, by decider: DecidedCall.Decider, at: ContinuousClock.Instant? = nil
    ) -> [AppEffect] {
        let effects = settle(id, result, by: decider, at: at ?? now)
        guard !effects.isEmpty, conversation.lastAnswer?.id == id.message, !conversation.hasOpenCalls, !isRunning
        else {
            if traceSelection == id { selectNextOpen(after: id) }
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
        // On another branch it stands with its answer, when that comes back.
        if conversation.entryIndex(of: id.message) != nil {
            conversation.entries.append(
                .toolResult(name: "\(traced.turn).\(id.call + 1) \(call.name)", display: DisplayText(result.text)))
        }
        transcript.noteGrowth()
        return [.keep(keep(id, call, traced, result, decider))]
    }

    /// Notes what was decided, for the next call and for the database.
    private mutating func keep(
        _ id: TraceID, _ call: ToolCall, _ traced: TracedCall, _ result: ToolResult, _ decider: DecidedCall.Decider
    ) -> DecidedCall {
        let decided = DecidedCall(
            conversation: conversation.id, turn: traced.turn, position: id.call + 1, call: call,
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
            return sendQueued(after: nil)
        }
        // On a small screen the trace lies over the output, where the answer comes.
        if !isWide, focus == .tools, overlay == nil { focus = .prompt }
        return ask()
    }

    private mutating func selectNextOpen(after id: TraceID) {
        guard let next = conversation.openCalls.first else { return }
        traceSelection = TraceID(message: id.message, call: next)
        tools.movedAt = now
    }

    /// After an answer with calls: looks at each, answers those beyond the limit, runs what the person allowed before.
    ///
    /// `isNew` false: they were seen before, and nothing is run or answered by itself.
    mutating func receiveCalls(isNew: Bool = true) -> [AppEffect] {
        guard let answer = conversation.lastAnswer else { return [] }
        for (index, call) in answer.response.toolCalls.enumerated() where answer.calls.indices.contains(index) {
            let check = tools.sent.check(call)
            conversation.withCall(TraceID(message: answer.id, call: index)) { traced in
                traced.check = check
                traced.revision += 1
                traced.noteCommand()
            }
        }
        var effects: [AppEffect] = []
        for index in conversation.openCalls where isNew {
            let id = TraceID(message: answer.id, call: index)
            if index >= tools.limits.callsPerTurn {
                effects += decide(id, ToolResult(tools.limits.tooManyCalls, kind: .error), by: .rule)
            } else if isRemembered(id) {
                effects += run(id, by: .session)
            }
        }
        guard let first = conversation.openCalls.first else { return effects }
        traceSelection = TraceID(message: answer.id, call: first)
        tools.movedAt = now
        flash = Flash(
            text: "Tools are called: \(keys.label(of: .focusTools)), then "
                + [
                    (Command.toolRun, "run"), (.toolEdit, "edit"), (.toolResult, "type a result"),
                    (.toolRefuse, "refuse"),
                ]
                .map { "\(keys.label(of: $0, in: .tools)) \($1)" }.joined(separator: ", ") + ".",
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
        let at = now
        for id in stopped.values.map(\.id) {
            conversation.withCall(id) { call in
                call.state = .waiting
                call.stoppedAfter = call.decided.map { at - $0 }
                call.decided = nil
            }
        }
        if !stopped.isEmpty { flash = Flash(text: "Stopped; the call waits for a decision.", level: .info) }
        return stopped.keys.sorted().map { .cancel(id: $0) }
    }

    /// A prompt is to go before calls that wait: the protocol wants every call answered, so they are refused.
    mutating func refuseOpenCalls() -> [AppEffect] {
        guard let answer = conversation.lastAnswer else { return [] }
        let result = ToolResult("The user did not answer this call.", kind: .refused)
        let open = conversation.openCalls
        if !open.isEmpty {
            say(
                "\(open.count == 1 ? "1 call was" : "\(open.count) calls were") left without an answer; the model is told so."
            )
        }
        return open.flatMap { index in
            settle(TraceID(message: answer.id, call: index), result, by: .person, at: now)
        }
    }

    /// Takes what the folders of tools have now.
    mutating func take(tools found: [Tool], _ warnings: [String]) {
        tools.replace(found)
        for warning in warnings { say(TextGate.gate(warning, allowNewlines: false).text, .warning) }
        guard case .tools(let picker) = overlay else { return }
        overlay = .tools(picker.replacing(items: toolPicker().items, selected: picker.selection))
    }

    /// The list in which tools are switched on and off.
    func toolPicker() -> Picker<String> {
        let items = tools.all.tools.map { tool in
            let mark = tools.switchedOff.contains(tool.name) ? "[ ] " : "[x] "
            let origin = tool.origin == .project ? " (of the working folder)" : ""
            return Picker<String>.Item(
                value: tool.name, label: mark + tool.name + origin, note: CellWidth.truncate(tool.run.words, to: 24))
        }
        var picker = Picker(title: "tools of this conversation", items: items)
        picker.emptyText = "no tools: definitions go into tools/*.json beside the settings file"
        return picker
    }
}
