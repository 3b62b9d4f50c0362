import Benchmarking
import ProviderCore
import TerminalKit

/// Lines of trials: those that run and what each does, those that ended and what came of them.
enum BenchTrials {
    /// Columns of the longest usual activity.
    private static let activityWidth = 25

    /// Columns in which names of trials that run stand.
    static func livePlace(_ slots: some Collection<TrialSlot>, _ screen: BenchScreen, width: Int) -> Int {
        place(slots.map(\.trial), screen, most: width - 4 - activityWidth - numberWidth(screen, width))
    }

    /// Columns of the numbers of trials; 0 where they have no room.
    private static func numberWidth(_ screen: BenchScreen, _ width: Int) -> Int {
        width < 56 ? 0 : "\(max(0, screen.progress.keys.count - 1))".count + 2
    }

    /// Columns in which names and subjects of these trials stand: as many as they take, at most `most`, at least 12.
    static func place(_ trials: [Int], _ screen: BenchScreen, most: Int) -> Int {
        let widest = trials.map { CellWidth.width(of: name($0, screen)) }.max() ?? 0
        return max(12, min(widest, most))
    }

    private static func name(_ trial: Int, _ screen: BenchScreen) -> String {
        guard screen.progress.keys.indices.contains(trial) else { return "" }
        let key = screen.progress.keys[trial]
        return "\(BenchText.name(key, repeats: screen.hasRepeats)) \(BenchText.gated(key.subject))"
    }

    static func live(
        _ slot: TrialSlot, _ screen: BenchScreen, place: Int, width: Int, isChosen: Bool,
        now: ContinuousClock.Instant
    ) -> [Span] {
        let (text, role) = activity(slot, now)
        let turn = slot.turn > 1 ? "turn \(slot.turn)  " : ""
        let number = BenchText.pad("#\(slot.trial)", numberWidth(screen, width))
        let line = [
            Span(isChosen ? "▸ " : "  ", .footerKey), Span(number, .textDim),
            Span(BenchText.pad(name(slot.trial, screen), place), .text), Span("  " + turn + text, role),
        ]
        return BenchText.fit(line, width)
    }

    static func activity(_ slot: TrialSlot, _ now: ContinuousClock.Instant) -> (String, ThemeRole) {
        let age = BenchText.short(now - slot.since)
        let attempt = slot.attempt > 1 ? ", try \(slot.attempt)/\(slot.attempts)" : ""
        func rest(_ until: ContinuousClock.Instant?) -> String {
            until.map { BenchText.short(max(.zero, $0 - now)) } ?? age
        }
        switch slot.activity {
        case .starting: return ("starting", .textDim)
        case .waiting: return ("waiting first token \(age)\(attempt)", .textDim)
        case .held(let cause, let until): return ("held by limiter \(rest(until)) (\(cause.rawValue))", .warning)
        case .backOff(let reason, let until, let isCircuit):
            if isCircuit { return ("breaker open, \(rest(until)) left", .warning) }
            let next = "try \(slot.attempt + 1)/\(slot.attempts)"
            return ("back-off \(rest(until)) (\(BenchText.gated(reason)), \(next))", .warning)
        case .thinking: return ("thinking \(slot.reasoningTokens)~ tok, \(age)", .roleReasoning)
        case .writing: return ("writing \(slot.textTokens)~ tok, \(age)", .text)
        case .calling(let name): return ("calling \(BenchText.gated(name)) \(slot.textTokens)~ tok", .toolName)
        case .tools(let names):
            let shown = BenchText.gated(names.prefix(2).joined(separator: ", ")) + (names.count > 2 ? "…" : "")
            return ("tool \(shown) \(age)", .roleTool)
        case .scoring: return ("scoring \(age)", .textDim)
        case .open: return ("request open \(age)" + (slot.attempt > 1 ? ", try \(slot.attempt)" : ""), .text)
        }
    }

    static func ended(
        _ trial: EndedTrial, _ screen: BenchScreen, place: Int, width: Int, isChosen: Bool
    ) -> [Span] {
        let (word, role) = word(trial)
        let time = width >= 70 ? BenchText.padLeft(BenchText.short(trial.time), 8) : ""
        let head = [
            Span(isChosen ? "▸ " : "  ", .footerKey), Span(BenchText.pad(word, 10), role, role == .ok ? [] : .bold),
            Span(BenchText.pad(name(trial.trial, screen), place), .text),
        ]
        let room = width - 12 - place - 2 - time.utf8.count
        let text = BenchText.pad(BenchText.line(trial.text), max(0, room))
        return BenchText.fit(head + [Span("  " + text, .text), Span(time, .textDim)], width)
    }

    /// A failure as news in a few words.
    static func news(_ trial: EndedTrial, _ screen: BenchScreen) -> Span {
        let (word, role) = word(trial)
        return Span("\(word) \(name(trial.trial, screen))", role, .bold)
    }

    private static func word(_ trial: EndedTrial) -> (String, ThemeRole) {
        switch trial.change {
        case .regressed: ("REGRESSED", .error)
        case .fixed: ("FIXED", .ok)
        case nil:
            switch trial.outcome {
            case .right, .answered: (BenchText.word(trial.outcome), .ok)
            case .wrong, .partial: (trial.outcome.rawValue.uppercased(), .warning)
            default: (BenchText.word(trial.outcome).uppercased(), .error)
            }
        }
    }
}

extension BenchScreen {
    /// Whether samples are asked more than once.
    var hasRepeats: Bool { progress.hasRepeats }
}
