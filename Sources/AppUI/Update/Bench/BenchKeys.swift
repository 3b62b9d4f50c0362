import Benchmarking
import ProviderCore
import TerminalKit

/// What a key came to.
enum BenchStep {
    /// These are done.
    case effects([BenchEffect])
    /// The screen is left.
    case leave

    static let nothing = BenchStep.effects([])
}

extension BenchScreen {
    /// A key: what is typed or read takes it first. `height`: the rows of the screen.
    mutating func take(
        _ chord: KeyChord, _ keys: Keymap, height: Int, now: ContinuousClock.Instant
    ) -> BenchStep {
        flash = nil
        let everywhere = keys.command(for: chord, in: .global)
        switch everywhere {
        case .redraw: return .effects([.loop(.redraw)])
        case .suspend: return .effects([.loop(.suspend)])
        case .interrupt: return interrupt(keys)
        default: break
        }
        if entry != nil { return take(chord, inEntry: keys) }
        if filtering != nil { return take(inFilter: chord) }
        if palette != nil { return take(chord, inPalette: keys, height) }
        if help != nil { return take(inHelp: chord, keys, height) }
        if asksToLeave { return take(inLeaving: chord) }
        if viewer != nil { return take(inViewer: chord, keys, height) }
        if let command = keys.command(for: chord, in: .bench) { return perform(command, keys, height) }
        if everywhere == .palette || everywhere == .help, let everywhere { return perform(everywhere, keys, height) }
        if everywhere == .quit { return perform(.runLeave, keys, height) }
        if everywhere == .cancel || DialogKey.close ~= chord { return back() }
        if case .character(let character) = chord.key, chord.isText, character.isASCII, character.isNumber {
            return openEntry(.concurrency, typed: String(character), keys)
        }
        flash = AppModel.Flash(text: "\(keys.runLabel(of: .help)) lists the keys of this screen.", level: .info)
        return .nothing
    }

    /// Pasted text goes where text is typed.
    mutating func paste(_ text: String) {
        let line = text.replacing("\n", with: " ")
        if entry != nil { entry?.editor.insert(line) } else { filtering?.insert(line) }
        if let filtering { filter = filtering.text.trimmed }
    }

    /// Does what a command says.
    mutating func perform(_ command: Command, _ keys: Keymap, _ height: Int) -> BenchStep {
        switch command {
        case .previousItem: move(by: -1)
        case .nextItem: move(by: 1)
        case .pageUp: move(by: -max(1, height / 3))
        case .pageDown: move(by: max(1, height / 3))
        case .toTop: move(by: -1_000_000)
        case .follow: move(by: 1_000_000)
        case .nextPane, .previousPane: nextPart(by: command == .nextPane ? 1 : -1)
        case .runOpen: return open()
        case .runFilter: filtering = LineEditor(filter)
        case .runSort: sortAnotherWay()
        case .runFailures:
            onlyFailures.toggle()
            part = .ended
        case .help: help = HelpScreen(pane: .output)
        case .palette: palette = commands(keys)
        case .runLeave:
            // A run of this process ends with the program, and that is nothing to be done by accident.
            guard !isWatched, !isOver else { return .leave }
            asksToLeave = true
        case .runChat:
            let text =
                "Trials open as conversations in the workspace: its command \(Command.benchmarks.name) lists the runs."
            flash = AppModel.Flash(text: text, level: .info)
        case .runResume: tellOfResuming()
        case .runPause, .runMore, .runFewer, .runConcurrency, .runBudget, .runLimits, .runStop, .runCut:
            return change(command, keys)
        default: break
        }
        return .nothing
    }

    /// Steps back from what the lists were narrowed to.
    private mutating func back() -> BenchStep {
        if row != nil {
            row = nil
        } else if !filter.isEmpty {
            filter = ""
        } else {
            onlyFailures = false
        }
        return .nothing
    }

    private mutating func move(by rows: Int) {
        settleLists()
        switch part {
        case .cells: cells.move(by: rows)
        case .live:
            live.move(by: rows)
            liveTrial = live.selection.map { shownSlots[$0].trial }
        case .ended:
            ended.move(by: rows)
            // At the top the newest stays chosen, whatever comes.
            endedTrial = ended.selected == 0 ? nil : ended.selection.map { shownEnded[$0].trial }
        }
    }

    private mutating func nextPart(by step: Int) {
        let all = Part.allCases.filter { $0 != .live || !isOver }
        let index = all.firstIndex(of: part) ?? 0
        part = all[(index + step + all.count) % all.count]
    }

    private mutating func sortAnotherWay() {
        let all = Order.allCases
        let index = all.firstIndex(of: order) ?? 0
        order = all[(index + 1) % all.count]
    }

    private mutating func open() -> BenchStep {
        settleLists()
        switch part {
        case .cells:
            guard let index = cells.selection.map({ shownCells[$0] }) else { return .nothing }
            let cell = progress.cells[index]
            let chosen = Row(task: cell.task, subject: cell.subject)
            row = row == chosen ? nil : chosen
            return .nothing
        case .live:
            guard let trial = liveTrial else { return .nothing }
            viewer = TrialViewer(trial: trial, follows: true)
            return .nothing
        case .ended:
            guard let trial = ended.selection.map({ shownEnded[$0].trial }) else { return .nothing }
            viewer = TrialViewer(trial: trial, follows: false)
            return .effects([.readTrial(trial)])
        }
    }

    // MARK: What lies over the lists

    private mutating func take(inFilter chord: KeyChord) -> BenchStep {
        switch chord {
        case DialogKey.take: filtering = nil
        case DialogKey.close:
            filtering = nil
            filter = ""
        default:
            _ = filtering?.handle(chord)
            filter = filtering?.text.trimmed ?? ""
        }
        return .nothing
    }

    private mutating func take(_ chord: KeyChord, inPalette keys: Keymap, _ height: Int) -> BenchStep {
        if DialogKey.close ~= chord {
            palette = nil
        } else if DialogKey.take ~= chord {
            let chosen = palette?.selection
            palette = nil
            if let chosen { return perform(chosen, keys, height) }
        } else {
            _ = palette?.handle(chord)
        }
        return .nothing
    }

    private mutating func take(inHelp chord: KeyChord, _ keys: Keymap, _ height: Int) -> BenchStep {
        let isHelpKey = keys.command(for: chord, in: .bench) == .help || keys.command(for: chord, in: .global) == .help
        if help?.take(chord, isHelpKey: isHelpKey, page: max(1, height - 6)) != true { help = nil }
        return .nothing
    }

    private mutating func take(inLeaving chord: KeyChord) -> BenchStep {
        asksToLeave = false
        switch chord {
        case DialogKey.goOnWithLines: return .leave
        case DialogKey.stopRun: return .effects(stop())
        default: return .nothing
        }
    }

    private mutating func take(inViewer chord: KeyChord, _ keys: Keymap, _ height: Int) -> BenchStep {
        let page = max(1, height - 6)
        switch chord {
        case DialogKey.rowUp: viewer?.move(by: -1)
        case DialogKey.rowDown: viewer?.move(by: 1)
        case DialogKey.viewUp: viewer?.move(by: -page)
        case DialogKey.viewDown: viewer?.move(by: page)
        case DialogKey.top: viewer?.scroll = 0
        case DialogKey.bottom: viewer?.move(by: 1_000_000)
        case DialogKey.close, DialogKey.leave: viewer = nil
        default: return take(chord, overViewer: keys, height)
        }
        return .nothing
    }

    /// What is not about the text that is read.
    private mutating func take(_ chord: KeyChord, overViewer keys: Keymap, _ height: Int) -> BenchStep {
        let everywhere = keys.command(for: chord, in: .global)
        if everywhere == .cancel {
            viewer = nil
        } else if let command = keys.command(for: chord, in: .bench),
            command.changesRun || [.help, .runChat, .runResume].contains(command)
        {
            return perform(command, keys, height)
        } else if everywhere == .help || everywhere == .palette, let everywhere {
            return perform(everywhere, keys, height)
        } else {
            flash = AppModel.Flash(text: "\(keys.runLabel(of: .help)) lists the keys of this screen.", level: .info)
        }
        return .nothing
    }

    private func commands(_ keys: Keymap) -> Picker<Command> {
        let items = keys.bindings(in: .bench).map(\.command).filter { !isWatched || !$0.changesRun }.map {
            Picker<Command>.Item(value: $0, label: "\($0.name): \($0.summary)", note: keys.runHint(of: $0) ?? "")
        }
        return Picker(title: "commands", items: items)
    }
}

extension Command {
    /// Whether it changes a run: not from where one is watched.
    var changesRun: Bool {
        switch self {
        case .runPause, .runMore, .runFewer, .runConcurrency, .runBudget, .runLimits, .runStop, .runCut: true
        default: false
        }
    }
}

extension Keymap {
    /// The key of a command on the screen of a run, in few columns; nil when it has none there.
    func runHint(of command: Command) -> String? {
        let own = bindings(in: .bench).first { $0.command == command }?.keys.first
        return own?.label ?? bindings(in: .global).first { $0.command == command }?.keys.first?.label
    }

    /// The same as sentences name it.
    func runLabel(of command: Command) -> String {
        let own = bindings(in: .bench).first { $0.command == command }?.keys.first
        let found = own ?? bindings(in: .global).first { $0.command == command }?.keys.first
        return found?.longLabel ?? "\"\(command.name)\" (no key)"
    }
}
