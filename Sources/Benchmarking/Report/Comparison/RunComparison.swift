public import ProviderCore
public import Statistics

/// How runs are compared.
public struct ComparisonRule: Sendable, Hashable {
    /// The confidence of intervals, and 1 minus the level of tests.
    public var confidence: Double
    /// Differences of accuracy up to this size do not matter.
    public var margin: Double
    /// Only this task; nil = all.
    public var task: String?

    /// A rule. Nil unless the confidence is between 0 and 1 and the margin is 0 … 1.
    public init?(confidence: Double = 0.95, margin: Double = 0.02, task: String? = nil) {
        guard VerdictRule(confidence: confidence, margin: margin) != nil, margin <= 1 else { return nil }
        self.confidence = confidence
        self.margin = margin
        self.task = task
    }
}

/// A sample that changed from one side to the other.
public struct SampleFlip: Sendable, Hashable {
    /// The sample.
    public var sample: String
    /// What its trials were worth on the first side, 0 … 1, repeats averaged.
    public var before: Double
    /// The same on the second side.
    public var after: Double
    /// The number of its first trial in each run.
    public var trials: (first: Int, second: Int) { (firstTrial, secondTrial) }
    var firstTrial: Int
    var secondTrial: Int
}

/// The first side of a difference, the second, and the mean difference of pairs.
public struct PairedFigure: Sendable, Hashable {
    /// The first side's figure; nil = there is none.
    public var first: Double?
    /// The second side's.
    public var second: Double?
    /// The mean difference of pairs, the second minus the first; nil without pairs.
    public var difference: Double?
    /// Its interval; nil below two pairs.
    public var interval: Interval?
}

/// Two subjects in one task.
public struct ComparisonRow: Sendable, Hashable {
    /// The task.
    public var task: String
    /// The first subject.
    public var first: String
    /// The second subject; the difference is its own minus the first's.
    public var second: String
    /// In what the subjects differ.
    public var differences: [ComparedPart]
    /// Why they cannot be compared; empty = they can.
    public var obstacles: [ComparedPart]
    /// What was left out of the pairs, in words; empty = nothing.
    public var remark = ""
    /// Accuracy over the pairs, repeats averaged first.
    public var accuracy = PairedFigure()
    /// Pairs of samples.
    public var pairs = 0
    /// Pairs in which the second is better.
    public var wins = 0
    /// Pairs in which the first is better.
    public var losses = 0
    /// Student's paired test; nil where it cannot be made.
    public var tTest: Double?
    /// McNemar's exact test; nil unless all are single trials, right or wrong.
    public var mcNemar: Double?
    /// The p value after Holm's correction over all rows; nil where there is no test.
    public var adjusted: Double?
    /// What is said; nil where they cannot be compared.
    public var verdict: Statistics.Verdict?
    /// Time to first token in seconds, paired by sample.
    public var firstToken = PairedFigure()
    /// Cost of a hundred trials on each side; nil where a price is not known.
    public var cost: [Money?] = [nil, nil]
    /// Samples that changed, the largest change first.
    public var flips: [SampleFlip] = []

    /// Pairs in which both are equal.
    public var ties: Int { pairs - wins - losses }
    /// The p value that counts: McNemar's where it is exact, else the t test's.
    public var pValue: Double? { mcNemar ?? tTest }

    init(task: String, first: String, second: String, differences: [ComparedPart], obstacles: [ComparedPart]) {
        self.task = task
        self.first = first
        self.second = second
        self.differences = differences
        self.obstacles = obstacles
    }
}

/// Compares subjects of one run or of two.
public struct RunComparison: Sendable {
    /// Which subjects are compared.
    public enum Subjects: Sendable, Hashable {
        /// Each with the one of the same label in the other run. Those that differ in more than their run are not compared.
        case sameLabels
        /// These two, whatever differs.
        case named(String, String)
    }

    /// The rows, by task and then by subject.
    public let rows: [ComparisonRow]
    /// Subjects of one run only.
    public let unmatched: [String]

    /// Compares the second run with the first.
    public init(_ first: ComparedRun, _ second: ComparedRun, _ subjects: Subjects, _ rule: ComparisonRule) {
        let (ours, theirs) = (first.results.report.run.header, second.results.report.run.header)
        let pairs: [(String, String)]
        switch subjects {
        case .named(let one, let other):
            pairs = [(one, other)]
            unmatched = []
        case .sameLabels:
            pairs = ours.subjects.filter(theirs.subjects.contains).map { ($0, $0) }
            unmatched = Set(ours.subjects).symmetricDifference(theirs.subjects).sorted()
        }
        var rows: [ComparisonRow] = []
        for task in ours.tasks where rule.task == nil || rule.task == task {
            for (one, other) in pairs {
                guard first.results.sums(task, one) != nil || second.results.sums(task, other) != nil else { continue }
                var obstacles = Comparability.parts(of: task, first, second)
                let differences = Comparability.parts(of: first.subject(one), second.subject(other))
                if case .sameLabels = subjects { obstacles += differences }
                rows.append(
                    Self.row(
                        ComparisonRow(
                            task: task, first: one, second: other, differences: differences, obstacles: obstacles),
                        first, second, rule))
            }
        }
        self.rows = Self.corrected(rows, rule)
    }

    private static func row(
        _ row: ComparisonRow, _ first: ComparedRun, _ second: ComparedRun, _ rule: ComparisonRule
    ) -> ComparisonRow {
        guard row.obstacles.isEmpty, let one = first.results.sums(row.task, row.first),
            let other = second.results.sums(row.task, row.second)
        else { return row }
        var row = row
        let pairing = Comparability.pairing(of: row.task, first, second)
        row.remark = pairing.remark
        let pairs = pairing.pairs(one.samples("accuracy") ?? [:], other.samples("accuracy") ?? [:])
        guard let comparison = try? PairedComparison(pairs.map(\.first), pairs.map(\.second)),
            let judge = VerdictRule(confidence: rule.confidence, margin: rule.margin, largestDifference: 1)
        else { return row }
        row.accuracy = figure(comparison, pairs, judge)
        // Accuracies differ by 1 at most; the t interval of a few pairs does not know that.
        row.accuracy.interval = row.accuracy.interval.map { Interval(max(-1, $0.lower), min(1, $0.upper)) }
        (row.pairs, row.wins, row.losses) = (comparison.pairs, comparison.wins, comparison.losses)
        row.verdict = judge.verdict(comparison)
        let isSpread = (comparison.summary.standardDeviation ?? 0) > 0
        row.tTest = isSpread ? comparison.tTest?.pValue : nil
        let isSingle = one.isSingle && other.isSingle
        if isSingle, comparison.pairs > 0 { row.mcNemar = comparison.mcNemar }
        row.flips = flips(pairs, one, other)
        let times = pairing.pairs(one.samples("ttft.mean") ?? [:], other.samples("ttft.mean") ?? [:])
        if let comparison = try? PairedComparison(times.map(\.first), times.map(\.second)),
            let judge = VerdictRule(confidence: rule.confidence)
        {
            row.firstToken = figure(comparison, times, judge)
        }
        row.cost = [cost(row.task, row.first, first), cost(row.task, row.second, second)]
        return row
    }

    private static func figure(
        _ comparison: PairedComparison, _ pairs: [(sample: String, first: Double, second: Double)], _ rule: VerdictRule
    ) -> PairedFigure {
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        return PairedFigure(
            first: mean(pairs.map(\.first)), second: mean(pairs.map(\.second)), difference: comparison.difference,
            interval: rule.interval(comparison))
    }

    private static func flips(
        _ pairs: [(sample: String, first: Double, second: Double)], _ one: CellSums, _ other: CellSums
    ) -> [SampleFlip] {
        let (before, after) = (one.firstTrials, other.firstTrials)
        let flips = pairs.filter { $0.first != $0.second }.map { pair in
            SampleFlip(
                sample: pair.sample, before: pair.first, after: pair.second, firstTrial: before[pair.sample] ?? 0,
                secondTrial: after[pair.sample] ?? 0)
        }
        return flips.sorted {
            let (left, right) = (abs($0.after - $0.before), abs($1.after - $1.before))
            return left == right ? $0.sample < $1.sample : left > right
        }
    }

    private static func cost(_ task: String, _ subject: String, _ run: ComparedRun) -> Money? {
        run.results.report.cells.first { $0.task == task && $0.subject == subject }?.costPerHundred
    }

    /// Holm's correction over all rows that have a test; what it takes back is undecided.
    private static func corrected(_ rows: [ComparisonRow], _ rule: ComparisonRule) -> [ComparisonRow] {
        var rows = rows
        let tested = rows.indices.filter { rows[$0].pValue != nil }
        guard let adjusted = try? Holm.adjusted(tested.compactMap { rows[$0].pValue }) else { return rows }
        for (index, value) in zip(tested, adjusted) {
            rows[index].adjusted = value
            let isClaim = rows[index].verdict == .better || rows[index].verdict == .worse
            if isClaim, value > 1 - rule.confidence { rows[index].verdict = .undecided(morePairs: nil) }
        }
        return rows
    }
}

extension CellSums {
    /// Whether each sample has one scored trial, right or wrong.
    fileprivate var isSingle: Bool {
        credits.allSatisfy { $0.count <= 1 && $0.allSatisfy { $0 == 0 || $0 == 1 } }
    }

    /// The first trial of each sample.
    fileprivate var firstTrials: [String: Int] {
        trials.reduce(into: [:]) { first, trial in
            let sample = samples[trial.sample]
            first[sample] = min(first[sample] ?? trial.trial, trial.trial)
        }
    }
}
