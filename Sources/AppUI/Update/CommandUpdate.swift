import Conversations
import ProviderCore
import TerminalKit

extension AppModel {
    /// Does what a command says. `chord` is the key that asked for it, for commands that are also editing keys.
    mutating func perform(_ command: Command, _ chord: KeyChord? = nil) -> [AppEffect] {
        switch command {
        case .send where chord == KeyChord(.enter) && focus == .prompt && prompt.endsWithContinuation:
            prompt.replaceContinuation()
        case .send: return send()
        case .newline: prompt.insert("\n")
        case .cancel: return cancelRunning()
        case .interrupt: return interrupt()
        case .deleteOrQuit: return deleteOrQuit()
        case .quit: return quit()
        case .suspend: return [.loop(.suspend)]
        case .redraw: return [.loop(.redraw)]
        case .expandPaste:
            guard !prompt.expandFold() else { break }
            flash = Flash(
                text: "There is nothing to open: no long paste or attachment stands at the cursor of the prompt.",
                level: .info)
        case .copyMessage, .copyExact: return copyMessage(isExact: command == .copyExact)
        case .copyCode: return copyCode()
        case .copyAll: return copyAll()
        case .leader: leaderKeys = []
        case .toggleMouse: return toggleMouse()
        case .find: openFind()
        case .findNext: moveInFind(by: 1)
        case .findPrevious: moveInFind(by: -1)
        case .exportConversation: return exportConversation("")
        case .importConversation: return importConversation("")
        case .fork: return forkConversation()
        case .renameConversation: openRenaming()
        case .listConversations, .searchConversations, .searchHistory, .branches, .compare:
            return open(command)
        case .saveSample: return saveSample("")
        case .palette, .help, .chooseModel, .chooseTheme, .usage, .benchmarks, .editSystemPrompt, .nudge, .chooseTools,
            .keyCheck:
            return open(command)
        case .configure, .editSettings, .choosePreset, .savePreset, .comparePresets, .undoPreset, .setUpEndpoint:
            return openForm(command)
        case .newConversation: return newConversation()
        case .regenerate: return regenerate()
        case .undoTurn: return undoTurn()
        case .editMessage: return editMessage()
        case .previousBranch: return goToSibling(by: -1)
        case .nextBranch: return goToSibling(by: 1)
        case .retryNow: return retryNow()
        case .continueAnswer: return continueAnswer()
        case .editExternally: return [.editExternally(prompt.text)]
        case .setParameter:
            focus = .prompt
            prompt.insert("/\(command.slashName) ")
        case .historyOlder, .historyNewer: moveInPrompt(command, chord)
        case .toolDetail, .toolRun, .toolRunSession, .toolEdit, .toolResult, .toolReplay, .toolError, .toolRefuse:
            return performOnTrace(command)
        case .editValue, .unset, .useDefault, .stepDown, .stepUp, .bigStepDown, .bigStepUp:
            return performOnParameter(command)
        case .previousItem, .nextItem: moveItem(by: command == .nextItem ? 1 : -1)
        default: performOnView(command)
        }
        return []
    }

    private mutating func performOnView(_ command: Command) {
        switch command {
        case .nextPane: moveFocus(by: 1)
        case .previousPane: moveFocus(by: -1)
        case .focusPrompt: focus = .prompt
        case .focusOutput: focus = .output
        case .focusTools: focus = .tools
        case .focusMeter: focus = .meter
        case .focusParameters: focus = .parameters
        case .toggleReasoning: reasoningShown.toggle()
        case .toggleToolDetails: traceExpanded.toggle()
        case .toggleSideColumn: sideColumnHidden.toggle()
        case .zoomPane: zoomed.toggle()
        case .toggleCodeWrap: wrapsCode.toggle()
        case .codeLeft: codeOffset = max(0, codeOffset - 8)
        case .codeRight: codeOffset = min(codeOffset + 8, 10_000)
        case .previousMessage: moveSelection(by: -1)
        case .nextMessage: moveSelection(by: 1)
        default: transcript.perform(command)
        }
    }

    private mutating func moveFocus(by step: Int) {
        let order = Pane.tabOrder
        let index = order.firstIndex(of: focus) ?? 0
        focus = order[(index + step + order.count) % order.count]
    }

    /// Up and Down move between rows of the prompt, and through history at its edges.
    private mutating func moveInPrompt(_ command: Command, _ chord: KeyChord?) {
        let older = command == .historyOlder
        if older ? prompt.moveUp() : prompt.moveDown() { return }
        if let text = older ? history.older(than: prompt.text) : history.newer(than: prompt.text) {
            prompt.setText(text)
            completion.fromHistory = text
        }
    }

    private mutating func moveItem(by step: Int) {
        if focus == .parameters {
            let all = ParameterID.allCases
            let index = all.firstIndex(of: parameters.selected) ?? 0
            parameters.selected = all[min(max(index + step, 0), all.count - 1)]
        } else if focus == .tools {
            let ids = traceIDs
            guard !ids.isEmpty else { return }
            let index = traceSelection.flatMap(ids.firstIndex(of:)) ?? ids.count - 1
            traceSelection = ids[min(max(index + step, 0), ids.count - 1)]
        }
    }

    /// Esc: gives up a wait, else stops a running answer and keeps its text. A popup was closed before this.
    private mutating func cancelRunning() -> [AppEffect] {
        isNudging = false
        if editing != nil, !isBusy {
            editing = nil
            history.add(prompt.text)
            prompt.setText("")
            flash = Flash(
                text:
                    "The message stays as it was; \(keys.label(of: .historyOlder, in: .prompt)) brings the edited text back.",
                level: .info)
            return []
        }
        if !queue.isEmpty {
            unqueue()
            return []
        }
        if pendingWait != nil { return giveUp() }
        if let effects = goBack() { return effects }
        if !isRunning, tools.running.isEmpty, let effects = dropOutputs() { return effects }
        if !isBusy, zoomed { zoomed = false }
        if !isBusy, focus == .output { transcript.select(nil) }
        return stopRunning()
    }

    /// Ctrl-C: stops the answer; else clears the prompt, which goes to history; else quits when pressed twice.
    private mutating func interrupt() -> [AppEffect] {
        if isBusy {
            interruptedAt = nil
            if files.running != nil, let effects = dropOutputs() { return effects + stopRunning() }
            return stopRunning()
        }
        if !queue.isEmpty, prompt.isEmpty {
            unqueue()
            return []
        }
        if !prompt.isEmpty {
            let isKept = history.add(prompt.text)
            prompt.replaceText("")
            files.sendsWhenRead = nil
            let way = isKept ? keys.label(of: .historyOlder, in: .prompt) : "undo"
            flash = Flash(text: "Prompt cleared; \(way) brings it back.", level: .info)
            return []
        }
        if let first = interruptedAt, now - first <= .milliseconds(1500) { return quit() }
        interruptedAt = now
        flash = Flash(text: "\(keys.label(of: .interrupt)) again to quit.", level: .warning)
        return []
    }

    private mutating func deleteOrQuit() -> [AppEffect] {
        guard prompt.isEmpty else {
            _ = prompt.handle(KeyChord(.delete))
            return []
        }
        return quit()
    }

    private mutating func quit() -> [AppEffect] {
        guard isBusyAnywhere || runs.isRunning else { return quitNow() }
        overlay = .confirmQuit
        return []
    }

    /// Ends the program: what runs is stopped, all is kept.
    mutating func quitNow() -> [AppEffect] { stopAll() + saveAll() + [.loop(.quit)] }

    /// What is in the prompt goes along; an answer that comes goes on in the conversation that is left, with what is queued there.
    mutating func newConversation() -> [AppEffect] {
        guard canLeave() else { return [] }
        var effects = prepareToLeave()
        let queued = queue.text(before: "")
        if savedDraft != queued {
            let change = ConversationChange(
                conversation.id, revision: conversation.unsaved.next(), .draft(queued))
            effects.append(.save([change]))
        }
        park(draft: "")
        let goesOn = isRunning(in: conversation.id)
        conversation = Conversation(id: newConversationName())
        enterConversation(draft: nil)
        say(
            goesOn
                ? "New conversation; the answer in the one before goes on."
                : "New conversation. The session's totals go on.")
        focus = .prompt
        return effects
    }

    private mutating func performOnParameter(_ command: Command) -> [AppEffect] {
        let id = parameters.selected
        switch command {
        case .unset: parameters.unset(id)
        case .useDefault: parameters.useDefault(id, spec(id))
        case .editValue where id == .model: return open(.chooseModel)
        case .editValue: return openEntry(for: id, typed: nil)
        case .stepDown, .stepUp, .bigStepDown, .bigStepUp:
            let spec = spec(id)
            let size = command == .bigStepDown || command == .bigStepUp ? spec.form.bigStep : 1
            let up = command == .stepUp || command == .bigStepUp
            if id == .model { return cycleModel(by: up ? 1 : -1) }
            if !parameters.step(id, by: up ? size : -size, spec) {
                let key = keys.label(of: .editValue, in: .parameters)
                flash = Flash(text: "\(ParameterSpec.of(id).label): \(key) types a value.", level: .info)
            }
        default: break
        }
        return []
    }

    private mutating func cycleModel(by step: Int) -> [AppEffect] {
        guard let ids = models?.map(\.id), !ids.isEmpty else {
            return open(.chooseModel)
        }
        let index = ids.firstIndex(of: parameters.model).map { $0 + step } ?? 0
        parameters.set(.model, to: .text(ids[(index + ids.count) % ids.count]))
        return []
    }
}
