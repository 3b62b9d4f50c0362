internal import FunctionTools
internal import ProviderCore

/// Function calls.
extension Scorer {
    func calls(_ spec: CallsSpec, _ trial: ScoredTrial) throws(ScorerFailure) -> Verdict {
        let tools = ToolSet(trial.answer.tools.isEmpty ? trial.sample.tools : trial.answer.tools)
        let calls = trial.answer.calls.map { ReadCall($0, tools) }
        if spec.match == .schemaOnly, spec.expected == nil, trial.sample.expectedCalls.isEmpty {
            return Self.validity(of: calls)
        }
        let expected = try spec.expected.map { given throws(ScorerFailure) in try Self.filled(given, trial.sample) }
        return CallScore(calls, expected ?? trial.sample.expectedCalls, spec).verdict
    }

    /// The calls that a suite expects, with the fields of a sample in them.
    private static func filled(_ calls: [ExpectedCall], _ sample: Sample) throws(ScorerFailure) -> [ExpectedCall] {
        var filled = calls
        do throws(FieldTemplateError) {
            for call in filled.indices {
                for argument in filled[call].arguments.indices {
                    let allowed = filled[call].arguments[argument].allowed
                    for (place, value) in allowed.enumerated() {
                        filled[call].arguments[argument].allowed[place] = try FieldTemplate.filled(
                            value, with: sample.fields)
                    }
                }
            }
        } catch { throw ScorerFailure(error.description) }
        return filled
    }

    /// Where nothing is expected but calls that may be run.
    private static func validity(of calls: [ReadCall]) -> Verdict {
        guard !calls.isEmpty else { return Verdict(false, "there is no call") }
        let faults = calls.compactMap { call in
            (call.fault ?? call.violations.first?.description).map { "\(call.name): \($0)" }
        }
        return Verdict(
            Score(
                value: Double(calls.count - faults.count) / Double(calls.count), passes: faults.isEmpty,
                explanation: faults.prefix(3).joined(separator: "; ")))
    }
}

/// All calls of an answer against all that are expected.
private struct CallScore {
    private let calls: [ReadCall]
    private let expected: [ExpectedCall]
    private let comparison: CallComparison
    private let isOrdered: Bool
    /// For each expected call the one that matches it; nil = none does.
    private let partners: [Int?]
    private let fits: [[Int]]

    init(_ calls: [ReadCall], _ expected: [ExpectedCall], _ spec: CallsSpec) {
        let comparison = CallComparison(match: spec.match)
        fits = expected.map { wanted in
            calls.indices.filter { comparison.differences(calls[$0], wanted, limit: 1).isEmpty }
        }
        partners =
            spec.isOrdered
            ? BipartiteMatching.inOrder(fits, count: calls.count) : BipartiteMatching.maximum(fits)
        self.calls = calls
        self.expected = expected
        self.comparison = comparison
        isOrdered = spec.isOrdered
    }

    private var matched: Int { partners.count { $0 != nil } }

    /// Right when all match all. The value is the share of calls on both sides that have a partner (F1).
    var verdict: Verdict {
        let total = calls.count + expected.count
        let passes = 2 * matched == total
        let detail = JSONValue.object([
            JSONMember("expected", .int(expected.count)), JSONMember("called", .int(calls.count)),
            JSONMember("matched", .int(matched)),
        ])
        return Verdict(
            Score(
                value: total == 0 ? 1 : 2 * Double(matched) / Double(total), passes: passes,
                answer: list(calls.map(\.words)), explanation: passes ? "" : explanation, detail: detail))
    }

    private var explanation: String {
        guard !expected.isEmpty else {
            return "no call is expected, and there is \(list(calls.map(\.words)))"
        }
        guard !calls.isEmpty else { return "there is no call; \(list(expected.map(words))) expected" }
        var extra = calls.indices.filter { !partners.contains($0) }
        var sentences: [String] = []
        for (position, wanted) in expected.enumerated() where partners[position] == nil {
            // A call that has a partner is shown only where the order is at fault.
            if isOrdered, !fits[position].isEmpty {
                sentences.append("\(wanted.name) is not called in this order")
                extra.removeAll { fits[position].contains($0) }
            } else if let near = nearest(to: wanted, among: extra) {
                extra.removeAll { $0 == near.call }
                sentences.append("\(wanted.name): \(near.differences.joined(separator: ", "))")
            } else {
                sentences.append("missing: \(words(wanted))")
            }
        }
        if !extra.isEmpty { sentences.append("not expected: \(list(extra.map { calls[$0].words }))") }
        let shown = sentences.prefix(4).joined(separator: "; ")
        return "\(matched) of \(expected.count) match: \(shown)" + (sentences.count > 4 ? "; …" : "")
    }

    /// The call of the same function with the fewest differences; another function's only when there is just one left.
    private func nearest(to wanted: ExpectedCall, among extra: [Int]) -> (call: Int, differences: [String])? {
        let looked = extra.prefix(50).map { ($0, comparison.differences(calls[$0], wanted)) }
        let named = looked.filter { calls[$0.0].name == wanted.name }
        let candidates = named.isEmpty && extra.count == 1 && expected.count == 1 ? looked : named
        return candidates.min { $0.1.count < $1.1.count }.map { (call: $0.0, differences: $0.1) }
    }

    private func words(_ call: ExpectedCall) -> String {
        let arguments = call.arguments.map { argument in
            argument.name + ": " + (argument.allowed.first.map(Texts.shown) ?? "…")
        }
        return Texts.cut("\(call.name)(\(arguments.joined(separator: ", ")))", to: 160)
    }

    private func list(_ words: [String]) -> String {
        words.prefix(3).joined(separator: ", ") + (words.count > 3 ? " and \(words.count - 3) more" : "")
    }
}
