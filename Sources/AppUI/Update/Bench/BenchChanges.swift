import Benchmarking
import ProviderCore
import TerminalKit

/// What a person asks of a run that runs.
extension BenchScreen {
    /// The most trials at once that can be asked for.
    private static let mostAtOnce = 10_000

    mutating func change(_ command: Command, _ keys: Keymap) -> BenchStep {
        if isOver {
            flash = AppModel.Flash(text: "The run is over: nothing of it can be changed.", level: .info)
            return .nothing
        }
        if isWatched {
            flash = AppModel.Flash(
                text: "Watched only: what runs this run changes it, not this screen.", level: .warning)
            return .nothing
        }
        switch command {
        case .runPause:
            let isPaused = progress.phase == .paused
            guard isPaused || progress.phase == .running else { return .nothing }
            return .effects([.send(isPaused ? .resume : .pause)])
        case .runMore: return limit(progress.limit + max(1, progress.limit / 10))
        case .runFewer: return limit(max(1, progress.limit - max(1, progress.limit / 10)))
        case .runConcurrency: return openEntry(.concurrency, typed: nil, keys)
        case .runBudget: return openEntry(.budget, typed: nil, keys)
        case .runLimits: return openEntry(.limits, typed: nil, keys)
        case .runStop: return .effects(stop())
        case .runCut: return .effects(cut())
        default: return .nothing
        }
    }

    private func limit(_ number: Int) -> BenchStep {
        number == progress.limit ? .nothing : .effects([.send(.concurrency(number))])
    }

    /// How a run that stopped goes on, where this screen cannot do it.
    mutating func tellOfResuming() {
        let text: String
        if canBeResumed {
            text = "It goes on by: tickertape bench resume \(progress.header.id)"
        } else {
            text = isOver ? "The run is complete: there is nothing left to do." : "The run has not stopped."
        }
        flash = AppModel.Flash(text: text, level: .info)
    }

    mutating func stop() -> [BenchEffect] {
        interrupts = max(1, interrupts)
        flash = AppModel.Flash(text: "No new trials begin; what runs comes to its end.", level: .warning)
        return [.send(.stop)]
    }

    mutating func cut() -> [BenchEffect] {
        interrupts = max(2, interrupts)
        flash = AppModel.Flash(text: "What runs is cut.", level: .warning)
        return [.send(.cut)]
    }

    /// The key that interrupts: first it stops the run, then it cuts what runs. What is read or typed is left by it first.
    mutating func interrupt(_ keys: Keymap) -> BenchStep {
        if isInUse {
            (viewer, entry, help, palette, filtering, asksToLeave) = (nil, nil, nil, nil, nil, false)
            return .nothing
        }
        if isWatched || isOver { return .leave }
        interrupts += 1
        switch interrupts {
        case 1:
            let effects = stop()
            flash = AppModel.Flash(
                text: "No new trials begin. \(keys.label(of: .interrupt)) again cuts what runs.", level: .warning)
            return .effects(effects)
        case 2: return .effects(cut())
        default: return .leave
        }
    }

    // MARK: Numbers that are typed

    mutating func openEntry(_ purpose: RunEntry.Purpose, typed: String?, _ keys: Keymap) -> BenchStep {
        guard !isWatched, !isOver else { return .nothing }
        let present: String
        switch purpose {
        case .concurrency: present = ""
        case .budget: present = progress.cap?.plain ?? ""
        case .limits: present = progress.caps == RateCaps() ? "" : progress.caps.words
        }
        entry = RunEntry(purpose: purpose, editor: LineEditor(typed ?? present))
        return .nothing
    }

    mutating func take(_ chord: KeyChord, inEntry keys: Keymap) -> BenchStep {
        if DialogKey.close ~= chord || keys.command(for: chord, in: .global) == .cancel {
            entry = nil
        } else if DialogKey.take ~= chord {
            return takeEntry()
        } else {
            _ = entry?.editor.handle(chord)
            entry?.problem = nil
        }
        return .nothing
    }

    private mutating func takeEntry() -> BenchStep {
        guard let open = entry else { return .nothing }
        let text = open.editor.text.trimmed
        switch open.purpose {
        case .concurrency:
            guard let number = Int(text), (1...Self.mostAtOnce).contains(number) else {
                entry?.problem = "a whole number from 1 to \(Self.mostAtOnce)"
                return .nothing
            }
            entry = nil
            return limit(number)
        case .budget: return takeBudget(text)
        case .limits:
            guard let caps = RateCaps(words: text) else {
                entry?.problem = "two whole numbers such as 60 100000; - for none"
                return .nothing
            }
            entry = nil
            progress.take(caps: caps)
            return .effects([.send(.limits(caps))])
        }
    }

    private mutating func takeBudget(_ text: String) -> BenchStep {
        if text.isEmpty || text == "none" {
            entry = nil
            progress.take(cap: nil)
            return .effects([.send(.budget(nil))])
        }
        guard let amount = Money(text.hasPrefix("$") ? String(text.dropFirst()) : text), amount > .zero else {
            entry?.problem = "dollars, such as 2.50, or none"
            return .nothing
        }
        entry = nil
        progress.take(cap: amount)
        return .effects([.send(.budget(amount))])
    }
}

extension RateCaps {
    /// The largest number that is taken.
    private static let most = 1_000_000_000_000

    /// Requests and tokens a minute as a person types them; nil = they are no such thing. What is missing is no limit.
    init?(words: String) {
        let parts = words.split { $0 == " " || $0 == "," || $0 == "/" }
        guard parts.count <= 2 else { return nil }
        var numbers: [Int?] = []
        for part in parts {
            if part == "–" || part == "-" || part == "none" {
                numbers.append(nil)
            } else if let number = Int(part), (1...Self.most).contains(number) {
                numbers.append(number)
            } else {
                return nil
            }
        }
        self.init(requestsPerMinute: numbers.first ?? nil, tokensPerMinute: numbers.dropFirst().first ?? nil)
    }

    /// The same as they are typed.
    var words: String {
        [requestsPerMinute, tokensPerMinute].map { $0.map(String.init) ?? "-" }.joined(separator: " ")
    }
}
