public import Statistics

/// What a gate came to, in one cell or in the run as a whole.
public struct GateResult: Sendable, Hashable {
    /// What is said of it. Raw values are the words of reports and exports.
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// The demand is met.
        case pass
        /// It is not.
        case fail
        /// The trials cannot tell.
        case inconclusive
        /// There was nothing to judge.
        case skipped
    }

    /// The gate.
    public var gate: Gate
    /// The task that was judged; nil = all of the gate's.
    public var task: String?
    /// The subject that was judged; nil = all of the gate's.
    public var subject: String?
    /// What is said.
    public var verdict: Verdict
    /// The figure, or against a baseline the difference to it; nil = there is none.
    public var observed: Double?
    /// Its interval; nil = it has none.
    public var interval: Interval?
    /// The run it was compared with; nil = none.
    public var baseline: String?
    /// What was judged, demanded and found, in a sentence.
    public var text: String

    /// A result.
    public init(
        gate: Gate, task: String? = nil, subject: String? = nil, verdict: Verdict, observed: Double? = nil,
        interval: Interval? = nil, baseline: String? = nil, text: String
    ) {
        self.gate = gate
        self.task = task
        self.subject = subject
        self.verdict = verdict
        self.observed = observed
        self.interval = interval
        self.baseline = baseline
        self.text = text
    }
}

extension [GateResult] {
    /// What the gates say in all: undecided ones count as the suite says. Skipped ones do not count.
    public func verdict(_ rule: InconclusiveRule) -> GateResult.Verdict {
        if contains(where: { $0.verdict == .fail }) { return .fail }
        guard contains(where: { $0.verdict == .inconclusive }) else { return .pass }
        switch rule {
        case .fail: return .fail
        case .pass: return .pass
        case .report: return .inconclusive
        }
    }
}
