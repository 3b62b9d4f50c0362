internal import ProviderCore

/// Scorers made of others.
extension Scorer {
    /// The weighted mean; passes when all do.
    func all(
        _ parts: [ScorerSpec.Weighted], _ part: ScoredPart, _ trial: ScoredTrial
    ) async throws(ScorerFailure) -> Verdict {
        try Self.check(parts)
        var verdicts: [Verdict] = []
        for weighted in parts { verdicts.append(try await verdict(weighted.scorer, part, trial)) }
        let total = parts.reduce(0) { $0 + $1.weight }
        let passes = verdicts.allSatisfy(\.isPass)
        let mean = zip(parts, verdicts).reduce(0) { $0 + $1.0.weight * $1.1.share } / total
        var verdict = Verdict(
            Score(
                value: mean, passes: passes, explanation: Self.explanation(of: verdicts),
                detail: Self.detail(parts, verdicts)))
        verdict.isBadFormat = verdict.share <= 0 && verdicts.contains { $0.isBadFormat }
        return verdict
    }

    /// The best by value and weight, the heaviest weight being 1; passes when one does. Once nothing can be better the rest is not
    /// asked, so that a judge at the end costs nothing where a comparison at the start has decided.
    func any(
        _ parts: [ScorerSpec.Weighted], _ part: ScoredPart, _ trial: ScoredTrial
    ) async throws(ScorerFailure) -> Verdict {
        try Self.check(parts)
        let heaviest = parts.reduce(0) { max($0, $1.weight) }
        var verdicts: [Verdict] = []
        var failures: [ScorerFailure] = []
        var best = 0.0
        var passes = false
        for weighted in parts where !(passes && best >= 1) {
            do throws(ScorerFailure) {
                let verdict = try await verdict(weighted.scorer, part, trial)
                verdicts.append(verdict)
                best = max(best, verdict.share * weighted.weight / heaviest)
                passes = passes || verdict.isPass
            } catch { failures.append(error) }
        }
        // What no other time would score goes before an endpoint that may be there again.
        if !passes, let failure = failures.first(where: { $0.cause == nil }) ?? failures.first { throw failure }
        var verdict = Verdict(
            Score(
                value: best, passes: passes, explanation: passes ? "" : Self.explanation(of: verdicts),
                detail: .object([JSONMember("parts", .array(verdicts.map(Self.detail)))])))
        verdict.isBadFormat = !passes && best <= 0 && verdicts.contains { $0.isBadFormat }
        return verdict
    }

    private static func check(_ parts: [ScorerSpec.Weighted]) throws(ScorerFailure) {
        guard !parts.isEmpty else { throw ScorerFailure("there are no parts to score") }
        guard parts.allSatisfy({ $0.weight > 0 && $0.weight.isFinite }) else {
            throw ScorerFailure("a weight is a number greater than 0")
        }
    }

    private static func explanation(of verdicts: [Verdict]) -> String {
        verdicts.filter { !$0.isPass }.map(\.score.explanation).filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private static func detail(_ parts: [ScorerSpec.Weighted], _ verdicts: [Verdict]) -> JSONValue {
        let weights = parts.map { JSONValue.double($0.weight) }
        return .object([
            JSONMember("parts", .array(verdicts.map(detail))), JSONMember("weights", .array(weights)),
        ])
    }

    private static func detail(_ verdict: Verdict) -> JSONValue {
        var members = [
            JSONMember("value", .double(verdict.score.value)), JSONMember("pass", .bool(verdict.isPass)),
        ]
        if !verdict.score.explanation.isEmpty {
            members.append(JSONMember("explanation", .string(Texts.cut(verdict.score.explanation, to: 400))))
        }
        if let detail = verdict.score.detail { members.append(JSONMember("detail", detail)) }
        return .object(members)
    }
}
