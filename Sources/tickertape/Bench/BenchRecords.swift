import Benchmarking
import ProviderCore
import Statistics

/// The two records of `bench run` and `bench resume` with `-o json`.
enum BenchRecords {
    /// What is about to be run.
    static func launch(_ session: BenchSession) -> JSONValue {
        let header = session.header
        return .object([
            JSONMember("run", .string(header.id)), JSONMember("database", .string(session.path)),
            JSONMember("suite", .string(header.name)), JSONMember("planned", .int(header.planned)),
            JSONMember("settled", .int(header.planned - session.left - session.keptUnknown)),
            JSONMember("left", .int(session.left)),
            JSONMember("unknown", unknown(session.before)),
            JSONMember("budget_usd", header.budget.map { .string($0.exact) } ?? .null),
        ])
    }

    /// Requests of which nobody knows whether they were billed, and the most that they may have cost.
    private static func unknown(_ money: RunMoney) -> JSONValue {
        .object([
            JSONMember("requests", .int(money.unknown)), JSONMember("maybe_usd", .string(money.maybe.exact)),
        ])
    }

    /// What it came to.
    static func final(_ report: RunReport, _ result: RunResult, keptUnknown: Int, gates: [GateResult]) -> JSONValue {
        let outcomes = report.outcomes
        var trials = [JSONMember("planned", .int(report.run.header.planned))]
        trials += TrialOutcome.allCases.map { JSONMember($0.rawValue, .int(outcomes[$0] ?? 0)) }
        trials += [JSONMember("open", .int(report.open)), JSONMember("unknown", .int(keptUnknown))]
        return .object([
            JSONMember("run", .string(report.run.header.id)), JSONMember("state", .string(report.run.stateWord)),
            JSONMember("stop", report.run.stop.map { .string($0.rawValue) } ?? .null),
            JSONMember("reason", result.reason.isEmpty ? .null : .string(result.reason)),
            JSONMember("trials", .object(trials)), JSONMember("requests", .int(report.money.requests)),
            JSONMember("usage", usage(report.money.usage)), JSONMember("cost", cost(report.money)),
            JSONMember("tasks", .array(report.cells.map(cell))),
            JSONMember("gates", .array(gates.map(GateChecking.json))),
        ])
    }

    /// Token counts, null where nobody told any.
    static func usage(_ usage: TokenUsage) -> JSONValue {
        func count(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        return .object([
            JSONMember("input_tokens", count(usage.inputTokens)),
            JSONMember("cached_input_tokens", count(usage.cachedInputTokens)),
            JSONMember("output_tokens", count(usage.outputTokens)),
            JSONMember("reasoning_tokens", count(usage.reasoningTokens)),
        ])
    }

    /// What requests cost; `maybe_usd` is what those of unknown fate may have cost on top, at most.
    static func cost(_ money: RunMoney) -> JSONValue {
        let state = money.unpriced > 0 ? "unknown" : (money.isEstimated || money.unknown > 0 ? "estimate" : "exact")
        return .object([
            JSONMember("usd", money.unpriced > 0 && money.spent == .zero ? .null : .string(money.spent.exact)),
            JSONMember("state", .string(state)), JSONMember("maybe_usd", .string(money.maybe.exact)),
        ])
    }

    /// A row of the report.
    static func cell(_ cell: CellReport) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.double) ?? .null }
        func percentile(_ p: Double) -> JSONValue {
            number(cell.speed.timeToFirstToken?.estimate(p)?.value.map { ($0 * 1e4).rounded() / 10 })
        }
        var members = [
            JSONMember("task", .string(cell.task)), JSONMember("subject", .string(cell.subject)),
            JSONMember("planned", .int(cell.planned)), JSONMember("done", .int(cell.done)),
            JSONMember("accuracy", number(cell.accuracy?.accuracy)),
            JSONMember(
                "interval", cell.interval.map { .array([.double($0.lower), .double($0.upper)]) } ?? .null),
            JSONMember("interval_method", .string(cell.method)),
            JSONMember("coverage", number(cell.accuracy?.coverage)),
            JSONMember("ttft_p50_ms", percentile(0.5)), JSONMember("ttft_p95_ms", percentile(0.95)),
            JSONMember("output_tokens_per_second", number(cell.speed.outputRate)),
            JSONMember("speed", SpeedTable.json(cell.speed)), JSONMember("requests", .int(cell.money.requests)),
            JSONMember("cost", cost(cell.money)),
        ]
        for figure in cell.figures { members.append(JSONMember(figure.name, number(figure.value))) }
        return .object(members)
    }
}
