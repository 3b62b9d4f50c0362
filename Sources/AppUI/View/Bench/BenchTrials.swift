import Benchmarking
import ProviderCore
import TerminalKit

/// Lines of trials: those that run and what each does, those that ended and what came of them.
enum BenchTrials {
    static func live(
        _ slot: TrialSlot, _ screen: BenchScreen, width: Int, isChosen: Bool, now: ContinuousClock.Instant
    ) -> [Span] {
        guard screen.progress.keys.indices.contains(slot.trial) else { return [] }
        let key = screen.progress.keys[slot.trial]
        let hasRepeats = screen.hasRepeats
        let (text, role) = activity(slot, now)
        let place = max(12, min(width / 2 - 6, 44))
        let name = "\(BenchText.name(key, repeats: hasRepeats)) \(BenchText.gated(key.subject))"
        let turn = slot.turn > 1 ? "turn \(slot.turn)  " : ""
        return [
            Span(isChosen ? "▸ " : "  ", .footerKey), Span(BenchText.pad("#\(slot.trial)", 6), .textDim),
            Span(BenchText.pad(name, place), .text), Span("  " + turn + text, role),
        ]
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
            let what = isCircuit ? "breaker open" : "back-off"
            let next = isCircuit ? "" : ", try \(slot.attempt + 1)/\(slot.attempts)"
            return ("\(what) \(rest(until)) (\(BenchText.gated(reason))\(next))", .warning)
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

    static func ended(_ trial: EndedTrial, _ screen: BenchScreen, width: Int, isChosen: Bool) -> [Span] {
        guard screen.progress.keys.indices.contains(trial.trial) else { return [] }
        let key = screen.progress.keys[trial.trial]
        let (word, role) = word(trial)
        let name = BenchText.name(key, repeats: screen.hasRepeats)
        let text = BenchText.gated(trial.text)
        let subject = BenchText.gated(key.subject)
        return [
            Span(isChosen ? "▸ " : "  ", .footerKey), Span(BenchText.pad(word, 10), role, role == .ok ? [] : .bold),
            Span(name + "  ", .text), Span(text.isEmpty ? "" : text + "  ", .text), Span(subject, .textDim),
            Span("  " + BenchText.short(trial.time), .textDim),
        ]
    }

    private static func word(_ trial: EndedTrial) -> (String, ThemeRole) {
        switch trial.change {
        case .regressed: ("REGRESSED", .error)
        case .fixed: ("FIXED", .ok)
        case nil:
            switch trial.outcome {
            case .right: ("right", .ok)
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
