import ProviderCore
import Statistics

/// What a whole run will probably cost and how long it will take, from a few trials of each task and subject.
///
/// Cost and time of a row are its trials in all times the mean of the pilot's. The spread has two parts: that of the trials that
/// come, and that of the mean itself, which is known from few. A row with one trial is taken to spread as far as its mean.
public struct PilotForecast: Sendable, Hashable {
    /// What it will probably cost; nil where a price is not known.
    public var cost: MoneyForecast?
    /// How long it will probably take, with so many trials at once all the time.
    public var time: Duration
    /// Nine times of ten it will take at most this long.
    public var timeP90: Duration
    /// Rows of which no trial came to an answer: they are counted as the mean of the others.
    public var missing: [String]

    /// - Parameters:
    ///   - plan: the whole plan.
    ///   - records: the trials of the pilot.
    ///   - report: what the pilot came to.
    ///   - concurrency: trials at once in the run, at least 1.
    ///
    /// Nil when no trial of the pilot came to an answer.
    public init?(_ plan: SuitePlan, pilot records: [TrialRecord], _ report: RunReport, concurrency: Int) {
        let planned = plan.keys.reduce(into: [:]) { $0[ReportBuilder.CellKey($1), default: 0] += 1 }
        let rows = Dictionary(grouping: records.filter(\.outcome.isSettled)) { ReportBuilder.CellKey($0.key) }
        let costs = report.cells.reduce(into: [ReportBuilder.CellKey: Double]()) { costs, cell in
            guard cell.done > 0 else { return }
            costs[ReportBuilder.CellKey(task: cell.task, subject: cell.subject)] =
                Double(cell.money.spent.picodollars) / Double(cell.done)
        }
        guard let anyTime = Self.mean(rows.values.joined().map(Self.seconds)) else { return nil }
        let anyCost = Self.mean(rows.keys.compactMap { costs[$0] }) ?? 0
        var (money, time) = (Sum(), Sum())
        missing = []
        for (key, count) in planned.sorted(by: { ($0.key.task, $0.key.subject) < ($1.key.task, $1.key.subject) }) {
            let records = rows[key] ?? []
            if records.isEmpty { missing.append("\(key.task) \(key.subject)") }
            let tokens = records.map { Double($0.timings.reduce(0) { $0 + ($1.timing.usage.outputTokens ?? 0) }) }
            money.add(count, records.count, mean: costs[key] ?? anyCost, variation: Self.variation(tokens))
            let times = records.map(Self.seconds)
            time.add(count, records.count, mean: Self.mean(times) ?? anyTime, variation: Self.variation(times))
        }
        let width = Double(max(1, min(concurrency, plan.trials.count)))
        self.time = .seconds(time.mean / width)
        timeP90 = .seconds(time.p90 / width)
        cost =
            report.money.unpriced > 0
            ? nil : MoneyForecast(expected: Self.money(money.mean), p90: Self.money(money.p90))
    }

    /// A sum over rows.
    private struct Sum {
        var mean = 0.0
        private var variance = 0.0

        mutating func add(_ count: Int, _ known: Int, mean: Double, variation: Double) {
            let (count, known) = (Double(count), Double(max(1, known)))
            let deviation = mean * variation
            self.mean += count * mean
            variance += count * deviation * deviation + count * count * deviation * deviation / known
        }

        /// The ninetieth percentile of a normal distribution.
        var p90: Double { mean + 1.2815515594 * variance.squareRoot() }
    }

    private static func seconds(_ record: TrialRecord) -> Double { (record.ended - record.started).inSeconds }
    private static func money(_ picodollars: Double) -> Money { Money(picodollars: Int128(min(picodollars, 1e30))) }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The standard deviation by the mean; 1 where it is not known.
    private static func variation(_ values: [Double]) -> Double {
        guard let summary = try? RunningSummary(values), let mean = summary.mean, mean > 0,
            let deviation = summary.standardDeviation
        else { return 1 }
        return deviation / mean
    }
}

extension SuitePlan {
    /// The trials of a pilot, by number: of each task so many samples, spread evenly over its data, since data are often sorted.
    public func pilot(samples: Int) -> [Int] {
        var known: [Int: Set<Int>] = [:]
        for trial in trials { known[trial.task, default: []].insert(trial.sample) }
        let chosen = known.mapValues { all -> Set<Int> in
            let (all, most) = (all.sorted(), min(max(0, samples), all.count))
            return Set((0..<most).map { all[(2 * $0 + 1) * all.count / (2 * most)] })
        }
        return trials.filter { chosen[$0.task]?.contains($0.sample) ?? false }.map(\.index)
    }
}
