import Benchmarking
import ProviderCore
import Statistics

/// A run as it is kept, with the suite that it was made from and what it came to.
struct KeptRun {
    let store: any RunStore
    let header: RunHeader
    let suite: Suite
    let plan: SuitePlan
    let results: RunResults

    var compared: ComparedRun { ComparedRun(suite: suite, results: results) }

    /// Reads a run. Throws a failure when it cannot be read.
    static func load(_ store: any RunStore, _ definition: MetricDefinition = .ours) async throws -> KeptRun {
        let (files, header) = try await BenchResumeCommand.contents(of: store)
        let suite = try SuiteLoading.load(files, of: header)
        let plan = SuitePlan(suite, only: header.selection.tasks, limit: header.selection.samples)
        do throws(RunStoreError) {
            let results = try await ReportBuilder.results(store, planned: plan.keys, plan.reportOptions(definition))
            return KeptRun(store: store, header: header, suite: suite, plan: plan, results: results)
        } catch { throw Failure.of(error) }
    }
}

/// Judges the gates of runs, with the baseline that their suite names.
enum GateChecking {
    /// The gates' results; what cannot be read of a baseline is told on standard error. Throws a failure for a baseline that is named by
    /// its id and is not there.
    static func results(_ run: ComparedRun, in library: any RunLibrary) async throws -> [GateResult] {
        guard !run.suite.gates.isEmpty else { return [] }
        let needsBaseline = run.suite.gates.contains { $0.demand.isRelative }
        let baseline = needsBaseline ? try await baseline(of: run, in: library) : nil
        return GateJudge(run, baseline: baseline?.compared).results()
    }

    /// `latest` is the newest complete run of the same suite that was made earlier.
    private static func baseline(of run: ComparedRun, in library: any RunLibrary) async throws -> KeptRun? {
        guard let name = run.suite.baseline else { return nil }
        let header = run.results.report.run.header
        do throws(RunStoreError) {
            guard name == "latest" else { return try await kept(try await library.open(name)) }
            let (runs, problems) = try await library.list()
            for problem in problems { Terminal.complain(problem) }
            let earlier = runs.first { other in
                other.state == .complete && other.header.name == header.name && other.header.id != header.id
                    && other.header.created <= header.created && other.header.isDemo == header.isDemo
            }
            guard let earlier else { return nil }
            return try await kept(try await library.open(earlier.header.id))
        } catch {
            throw Failure("baseline \(name): \(error.description)", code: Failure.of(error).code)
        }
    }

    private static func kept(_ store: any RunStore) async throws(RunStoreError) -> KeptRun {
        do { return try await KeptRun.load(store) } catch {
            throw .storage((error as? Failure)?.message ?? "\(error)")
        }
    }

    /// The gates as lines.
    static func lines(_ results: [GateResult], _ rule: InconclusiveRule) -> [String] {
        results.map { result in
            let word = result.verdict.rawValue
            let counts =
                result.verdict == .inconclusive && rule != .report
                ? " (counts as \(rule.rawValue); on_inconclusive: of the suite says otherwise)" : ""
            return "gate \(word)\(counts)  \(result.text)"
        }
    }

    /// A gate as JSON.
    static func json(_ result: GateResult) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { $0.isFinite ? .double($0) : .null } ?? .null }
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        let gate = result.gate
        let (kind, bound): (String, Double)
        switch gate.demand {
        case .atLeast(let value): (kind, bound) = ("at_least", value)
        case .atMost(let value): (kind, bound) = ("at_most", value)
        case .noWorseThanBaseline(let margin): (kind, bound) = ("no_worse_by", margin)
        }
        return .object([
            JSONMember("task", .string(result.task ?? gate.task)),
            JSONMember("subject", .string(result.subject ?? gate.subject)),
            JSONMember("metric", .string(gate.metric)), JSONMember("demand", .string(kind)),
            JSONMember("bound", .double(bound)), JSONMember("judged_by", .string(gate.judged.rawValue)),
            JSONMember("confidence", .double(gate.confidence)),
            JSONMember("verdict", .string(result.verdict.rawValue)), JSONMember("observed", number(result.observed)),
            JSONMember(
                "interval", result.interval.map { .array([number($0.lower), number($0.upper)]) } ?? .null),
            JSONMember("baseline", text(result.baseline)), JSONMember("message", .string(result.text)),
            JSONMember("place", text(gate.place.isEmpty ? nil : gate.place)),
        ])
    }
}
