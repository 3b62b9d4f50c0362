import ArgumentParser
import Benchmarking
import ProviderCore

/// Options of a pilot.
struct PilotOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask so many samples of each task, which costs money, and tell what all will cost and how long it will take.",
            valueName: "n"))
    var pilot: Int?

    @Option(
        name: .long, help: ArgumentHelp("Spend at most so many dollars on the pilot.", valueName: "usd"))
    var maxCost: String?

    @OptionGroup var runs: RunsOptions

    func validate() throws {
        if let pilot, pilot < 1 { throw ValidationError("--pilot takes a whole number of at least 1, not \(pilot)") }
        if pilot == nil, maxCost != nil { throw ValidationError("--max-cost goes with --pilot") }
    }
}

/// Asks a few samples, to say what all of them will come to. It is the beginning of a run, which can be resumed: nothing of it is paid
/// for twice.
struct BenchPilot {
    let loaded: SuiteLoading.Loaded
    let wiring: BenchWiring
    let options: PilotOptions

    /// What a pilot told.
    struct Outcome {
        var run: String
        var forecast: PilotForecast?
        var spent: Money
        var concurrency: Int
        var reason: String
        /// As `bench run` would end; a pilot that ended as it should is 0.
        var exitCode: Int32 = 0
    }

    func perform(_ plan: SuitePlan, _ selection: PlanSelection, samples: Int, until signals: EndingSignals) async throws
        -> Outcome
    {
        let wishes = BenchSession.Wishes(budget: try AskOptions.amount(options.maxCost), pilot: samples)
        try wiring.checkPrices(cap: wishes.budget ?? loaded.suite.run.budget.run)
        let session = try await BenchSession.make(loaded, selection, wishes, wiring, in: options.runs.library)
        let lines = BenchLines(total: session.left, done: 0, isTerminal: Terminal.isTerminal(2))
        let runner = session.runner { lines.take($0) }
        signals.onEach(last: 3) { number, count in runner.send(number == 2 && count == 1 ? .stop : .cut) }
        let result = await runner.run()
        lines.end()
        let run = try await session.end(result)
        let report = run.results.report
        let concurrency = loaded.suite.run.concurrency
        let width = concurrency.adapts ? max(concurrency.start, session.concurrency) : session.concurrency
        let unscored = try await BenchExecution.unscored(session.store)
        BenchExecution.tell(unscored, session.header.id)
        let ownCode = unscored.contains(where: \.isWhole) ? Exit.inputFile : 0
        return Outcome(
            run: session.header.id,
            forecast: PilotForecast(plan, pilot: try await records(session.store), report, concurrency: width),
            spent: report.money.spent, concurrency: width, reason: result.reason,
            exitCode: result.state == .complete
                ? ownCode : BenchExecution.exitCode(result, report, .pass, unscored))
    }

    private func records(_ store: any RunStore) async throws -> [TrialRecord] {
        do throws(RunStoreError) {
            var records: [TrialRecord] = []
            while true {
                let next = records.last.map { $0.key.index + 1 } ?? 0
                let window = try await store.trials(from: next, limit: 500, withTexts: false)
                guard !window.isEmpty else { return records }
                records += window
            }
        } catch { throw Failure.of(error) }
    }
}

extension BenchPilot.Outcome {
    /// As lines.
    var lines: [String] {
        guard let forecast else {
            return ["the pilot \(run) got no answer\(reason.isEmpty ? "" : ": \(reason)")"]
        }
        var lines: [String] = []
        if let cost = forecast.cost {
            lines.append("all will cost about \(cost.expected.display), nine times of ten at most \(cost.p90.display)")
        }
        lines.append(
            "all will take about \(Self.clock(forecast.time)), nine times of ten at most \(Self.clock(forecast.timeP90)), "
                + "with \(concurrency) trials at once")
        if !forecast.missing.isEmpty {
            lines.append(
                "no answer came of \(forecast.missing.joined(separator: ", ")): taken as the mean of the others")
        }
        lines.append("the pilot cost \(spent.display); go on with: tickertape bench resume \(run)")
        return lines
    }

    /// As JSON.
    var json: JSONValue {
        func dollars(_ money: Money?) -> JSONValue { money.map { .string($0.exact) } ?? .null }
        func seconds(_ time: Duration?) -> JSONValue {
            time.map { .double(Double($0 / .milliseconds(1)).rounded() / 1000) } ?? .null
        }
        return .object([
            JSONMember("run", .string(run)), JSONMember("usd", dollars(spent)),
            JSONMember("expected_usd", dollars(forecast?.cost?.expected)),
            JSONMember("p90_usd", dollars(forecast?.cost?.p90)),
            JSONMember("expected_seconds", seconds(forecast?.time)),
            JSONMember("p90_seconds", seconds(forecast?.timeP90)),
            JSONMember("concurrency", .int(concurrency)),
            JSONMember("missing", .array((forecast?.missing ?? []).map { .string($0) })),
        ])
    }

    private static func clock(_ time: Duration) -> String {
        let seconds = Int((time / .seconds(1)).rounded(.up))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return (hours > 0 ? "\(hours):\(two(minutes))" : two(minutes)) + ":" + two(seconds % 60)
    }
}
