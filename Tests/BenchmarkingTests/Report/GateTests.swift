import Benchmarking
import ProviderCore
import Statistics
import Testing

@Suite struct GateTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var gate: String
        var verdict: GateResult.Verdict
        /// Of ten trials of each subject, so many are right; the others are this.
        var right = 10
        var other = TrialOutcome.wrong
        var says = ""
        var money = RunMoney(spent: ReportRig.dollars("0.5"))
        var samples = 10

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "enough", gate: "metric: accuracy, at_least: 0.8", verdict: .pass, right: 8),
        Case(name: "not enough", gate: "metric: accuracy, at_least: 0.8", verdict: .fail, right: 7, says: "is 0.700 ["),
        Case(
            name: "lower end undecided", gate: "metric: accuracy, at_least: 0.5, judge_by: lower_bound",
            verdict: .inconclusive, right: 8, says: "does not decide"),
        Case(name: "lower end enough", gate: "metric: accuracy, at_least: 0.7, judge_by: lower_bound", verdict: .pass),
        Case(
            name: "upper end too low", gate: "metric: accuracy, at_least: 0.5, judge_by: lower_bound", verdict: .fail,
            right: 0),
        Case(
            name: "lenient end", gate: "metric: accuracy, at_least: 0.9, judge_by: upper_bound", verdict: .pass,
            right: 8),
        Case(
            name: "infrastructure is no wrong answer", gate: "metric: accuracy, at_least: 1", verdict: .pass, right: 8,
            other: .infraError),
        Case(
            name: "but missing coverage", gate: "metric: coverage, at_least: 0.99", verdict: .fail, right: 8,
            other: .infraError, says: "is 0.800;"),
        Case(
            name: "errors", gate: "metric: error_rate, at_most: 0.1", verdict: .fail, right: 8, other: .scorerError),
        Case(name: "no errors", gate: "metric: error_rate, at_most: 0.1", verdict: .pass),
        Case(
            name: "percentile without support", gate: "metric: ttft.p95, at_most: 1s", verdict: .inconclusive,
            says: "10 requests cannot support it: it takes 72"),
        Case(name: "percentile with support", gate: "metric: ttft.p95, at_most: 1s", verdict: .pass, samples: 80),
        Case(name: "too slow", gate: "metric: ttft.p50, at_most: 50ms", verdict: .fail, says: "is 100.0 ms"),
        Case(
            name: "failed ones are infinitely slow", gate: "metric: ttft.p50, at_most: 1s", verdict: .fail, right: 4,
            other: .infraError, says: "is infinite"),
        Case(
            name: "mean leaves failed ones out", gate: "metric: ttft.mean, at_most: 1s", verdict: .pass, right: 4,
            other: .infraError, says: "without 6 failed requests"),
        Case(name: "tokens a second", gate: "metric: output_rate, at_least: 50", verdict: .pass),
        Case(name: "pass@1", gate: "metric: pass@1, at_least: 0.7", verdict: .pass, right: 7),
        Case(name: "mean of values", gate: "metric: mean, at_least: 0.7", verdict: .fail, right: 6),
        Case(name: "cost", gate: "metric: cost.usd, at_most: 0.5", verdict: .pass),
        Case(name: "too dear", gate: "metric: cost.usd, at_most: 0.4", verdict: .fail),
        Case(
            name: "unknown price", gate: "metric: cost.usd, at_most: 0.5", verdict: .inconclusive,
            says: "price of 2 requests is not known", money: RunMoney(spent: ReportRig.dollars("0.1"), unpriced: 2)),
        Case(
            name: "unknown price, too dear all the same", gate: "metric: cost.usd, at_most: 0.5", verdict: .fail,
            money: RunMoney(spent: ReportRig.dollars("0.6"), unpriced: 2)),
        Case(
            name: "maybe billed", gate: "metric: cost.usd, at_most: 0.5, judge_by: upper_bound",
            verdict: .inconclusive,
            money: RunMoney(unknown: 1, spent: ReportRig.dollars("0.4"), maybe: ReportRig.dollars("0.2"))),
        Case(
            name: "right answers are free of charge in none", gate: "metric: cost.per_right, at_most: 1",
            verdict: .inconclusive, right: 0, says: "no trial is right"),
        Case(
            name: "no baseline", gate: "metric: accuracy, versus: baseline, no_worse_by: 0.02", verdict: .skipped,
            says: "no earlier complete run"),
    ]

    @Test(arguments: cases) func judges(_ one: Case) throws {
        let suite = try ReportRig.suite(samples: one.samples, gates: ["{\(one.gate)}"])
        let right = one.right * one.samples / 10
        let run = ReportRig.run(suite, money: one.money) { ReportRig.number($0) < right ? .right : one.other }
        let results = GateJudge(run).results()
        #expect(results.count == (one.gate.contains("cost.usd") ? 1 : 2))
        for result in results {
            #expect(result.verdict == one.verdict, "\(result.text)")
            #expect(result.text.contains(one.says), "\(result.text)")
        }
    }

    /// Six samples asked thirty times each say as much as six samples: no figure takes repeats for samples.
    @Test(arguments: ["accuracy", "mean"]) func repeatsAreNoSamples(metric: String) throws {
        let gate = "{metric: \(metric), at_least: 0.4, judge_by: lower_bound}"
        let suite = try ReportRig.suite(samples: 6, repeats: 30, gates: [gate])
        let run = ReportRig.run(suite) { ReportRig.number($0) < 3 ? .right : .wrong }
        #expect(GateJudge(run).results().map(\.verdict) == [.inconclusive, .inconclusive])
        // Without repeats, of as many samples as trials, it is decided.
        let many = try ReportRig.suite(samples: 180, gates: [gate])
        let other = ReportRig.run(many) { ReportRig.number($0) < 90 ? .right : .wrong }
        #expect(GateJudge(other).results().map(\.verdict) == [.pass, .pass])
    }

    @Test func fitsCells() throws {
        let gates = [
            "{metric: accuracy, at_least: 0.5, subject: \"*cold\"}", "{metric: coverage, at_least: 1, task: sums}",
        ]
        let run = ReportRig.run(try ReportRig.suite(gates: gates)) { $0.subject.hasSuffix("cold") ? .right : .wrong }
        let results = GateJudge(run).results()
        #expect(results.map(\.subject) == ["small/plain/cold", "small/plain/cold", "small/plain/warm"])
        #expect(results.map(\.verdict) == [.pass, .pass, .pass])
    }

    /// 200 samples: the differences of a run to itself are known to within 0.02.
    @Test(arguments: [
        ("the same", 200, 0, GateResult.Verdict.pass), ("much worse", 200, 40, .fail),
        ("a little worse", 200, 2, .inconclusive), ("better", 200, -40, .pass), ("few samples", 10, 0, .inconclusive),
    ])
    func comparesWithBaseline(name: String, samples: Int, lost: Int, verdict: GateResult.Verdict) throws {
        let suite = try ReportRig.suite(
            samples: samples, gates: ["{metric: accuracy, versus: baseline, no_worse_by: 0.02}"])
        let half = samples / 2
        let before = ReportRig.run(suite, id: "bbbb2222") { ReportRig.number($0) < half ? .right : .wrong }
        let now = ReportRig.run(suite) { ReportRig.number($0) < half - lost ? .right : .wrong }
        for result in GateJudge(now, baseline: before).results() {
            #expect(result.verdict == verdict, "\(name): \(result.text)")
            #expect(result.baseline == "bbbb2222")
            #expect(abs((result.observed ?? 9) + Double(lost) / Double(samples)) < 1e-12)
        }
    }

    /// No share is less than 0 or more than 1, so no two differ by more than 1, whatever Student's t says.
    @Test func differencesOfSharesStayInTheirRange() throws {
        for samples in [8, 40] {
            let suite = try ReportRig.suite(
                samples: samples, gates: ["{metric: accuracy, versus: baseline, no_worse_by: 0.02}"])
            let before = ReportRig.run(suite, id: "bbbb2222") { _ in .right }
            let now = ReportRig.run(suite) { ReportRig.number($0) == 0 ? .right : .wrong }
            for result in GateJudge(now, baseline: before).results() {
                let interval = try #require(result.interval, "\(result.text)")
                #expect(
                    interval.lower >= -1 && interval.upper <= 1 && interval.lower < interval.upper, "\(result.text)")
                #expect(result.verdict == .fail)
            }
        }
    }

    @Test(arguments: [
        ("the dataset", ["+ 1\"": "+ one\""]),
        ("the scorer", ["exact: \"{{answer}}\"": "contains: \"{{answer}}\""]),
    ])
    func doesNotCompareOthers(part: String, change: [String: String]) throws {
        let gates = ["{metric: accuracy, versus: baseline, no_worse_by: 0.02}"]
        let suite = try ReportRig.suite(gates: gates)
        let other = try ReportRig.suite(gates: gates, change: change)
        let before = ReportRig.run(other, id: "bbbb2222") { _ in .right }
        let results = GateJudge(ReportRig.run(suite) { _ in .wrong }, baseline: before).results()
        #expect(results.map(\.verdict) == [.skipped, .skipped])
        #expect(results.allSatisfy { $0.text.contains(part) }, "\(results.map(\.text))")
    }

    @Test func slowerThanBaseline() throws {
        let suite = try ReportRig.suite(
            samples: 80, gates: ["{metric: ttft.mean, versus: baseline, no_worse_by: 20ms}"])
        let before = ReportRig.run(suite, id: "bbbb2222") { _ in .right }
        let slower = ReportRig.run(suite, firstToken: { 150 + ReportRig.number($0) % 3 }) { _ in .right }
        #expect(GateJudge(slower, baseline: before).results().map(\.verdict) == [.fail, .fail])
        let same = ReportRig.run(suite, firstToken: { 100 + ReportRig.number($0) % 3 }) { _ in .right }
        #expect(GateJudge(same, baseline: before).results().map(\.verdict) == [.pass, .pass])
    }

    @Test func saysOneThingInAll() throws {
        let run = ReportRig.run(
            try ReportRig.suite(gates: [
                "{metric: coverage, at_least: 1}", "{metric: accuracy, at_least: 0.5, judge_by: lower_bound}",
            ])
        ) { ReportRig.number($0) < 8 ? .right : .wrong }
        let results = GateJudge(run).results()
        #expect(results.verdict(.fail) == .fail)
        #expect(results.verdict(.pass) == .pass)
        #expect(results.verdict(.report) == .inconclusive)
        #expect(results.filter { $0.verdict == .pass }.verdict(.fail) == .pass)
        #expect([GateResult]().verdict(.fail) == .pass)
    }
}
