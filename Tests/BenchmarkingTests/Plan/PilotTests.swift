import Benchmarking
import ProviderCore
import Testing

@Suite struct PilotTests {
    /// What a pilot of so many samples tells: each trial takes a second, or `seconds`, and costs a cent.
    private func forecast(
        samples: Int, pilot: Int, concurrency: Int = 4, cents: Double = 1, fails: String = "",
        seconds: (TrialKey) -> Double = { _ in 1 }
    ) throws -> PilotForecast? {
        let suite = try ReportRig.suite(samples: samples)
        let plan = SuitePlan(suite)
        let keys = plan.pilot(samples: pilot).map { plan.keys[$0] }
        let records = keys.map { key -> TrialRecord in
            var record = ReportRig.record(key, suite, key.subject == fails ? .infraError : .right)
            record.started = .zero
            record.ended = .seconds(seconds(key))
            return record
        }
        var builder = ReportBuilder(plan.reportOptions())
        for key in plan.keys { builder.plan(key) }
        for record in records { builder.add(record) }
        let spent = ReportRig.dollars("0.01")
        let costs = suite.subjects.map { subject in
            let count = keys.count { $0.subject == subject.label }
            let money = RunMoney(requests: count, spent: Money(picodollars: spent.picodollars * Int128(count)))
            return RunCosts(task: "sums", subject: subject.label, money: money)
        }
        let all = RunMoney(requests: keys.count, spent: Money(picodollars: spent.picodollars * Int128(keys.count)))
        let run = StoredRun(header: ReportRig.header(suite, "aaaa2222"), state: .incomplete, settled: keys.count)
        return PilotForecast(
            plan, pilot: records, builder.report(run, costs: costs, money: all, notes: []), concurrency: concurrency)
    }

    @Test(arguments: [
        (10, 1, ["s5"]), (10, 2, ["s2", "s7"]), (10, 3, ["s1", "s5", "s8"]), (3, 9, ["s0", "s1", "s2"]),
    ])
    func isSpreadOverTheData(samples: Int, pilot: Int, expected: [String]) throws {
        let plan = SuitePlan(try ReportRig.suite(samples: samples, repeats: 2))
        let trials = plan.pilot(samples: pilot).map { plan.keys[$0] }
        #expect(Set(trials.map(\.sample)) == Set(expected))
        // Both subjects, both repeats.
        #expect(trials.count == expected.count * 4)
        #expect(plan.pilot(samples: 0).isEmpty)
    }

    @Test func takesTheMeanForAll() throws {
        // 20 samples, two subjects: 40 trials of a second each, four at once, a cent each.
        let told = try #require(try forecast(samples: 20, pilot: 5))
        #expect(told.time == .seconds(10) && told.timeP90 == .seconds(10))
        #expect(told.cost?.expected == ReportRig.dollars("0.4"))
        #expect(told.missing.isEmpty)
    }

    @Test func fewTrialsSpreadFar() throws {
        func told(_ pilot: Int) throws -> PilotForecast {
            try #require(try forecast(samples: 100, pilot: pilot) { ReportRig.number($0) % 2 == 0 ? 1 : 3 })
        }
        let (few, many) = (try told(4), try told(50))
        #expect(few.timeP90 - few.time > (many.timeP90 - many.time) * 2)
        // A single trial may be anything up to twice as dear, and more.
        let one = try #require(try forecast(samples: 100, pilot: 1))
        #expect(one.timeP90 > one.time * 3 / 2)
    }

    @Test func whatFailedIsTakenAsTheOthers() throws {
        let told = try #require(try forecast(samples: 20, pilot: 5, fails: "small/plain/warm"))
        #expect(told.missing == ["sums small/plain/warm"])
        #expect(told.time == .seconds(10))
    }

    @Test func noAnswerNoForecast() throws {
        let suite = try ReportRig.suite()
        let run = StoredRun(header: ReportRig.header(suite, "aaaa2222"), state: .incomplete, settled: 0)
        let report = ReportBuilder(SuitePlan(suite).reportOptions()).report(
            run, costs: [], money: RunMoney(), notes: [])
        #expect(PilotForecast(SuitePlan(suite), pilot: [], report, concurrency: 1) == nil)
    }
}
