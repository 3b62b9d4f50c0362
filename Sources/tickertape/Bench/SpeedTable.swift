import Benchmarking
import ProviderCore
import Statistics

/// How fast answers came, by task and subject: as lines for a terminal, and as JSON.
enum SpeedTable {
    private struct Column: Sendable {
        var name: String
        var sample: any KeyPath<SpeedReport, SortedSample?> & Sendable
        var probabilities: [Double]
    }

    private static let figures = [
        Column(name: "TTFT", sample: \.timeToFirstToken, probabilities: [0.5, 0.9, 0.99]),
        Column(name: "visible", sample: \.timeToFirstVisible, probabilities: [0.5]),
        Column(name: "ITL", sample: \.interTokenLatency, probabilities: [0.5, 0.95]),
        Column(name: "TPOT", sample: \.timePerToken, probabilities: [0.5]),
        Column(name: "latency", sample: \.latency, probabilities: [0.5, 0.9, 0.99]),
    ]

    /// The table; nothing where no request was timed.
    static func lines(_ report: RunReport, columns: Int? = Terminal.columns(1)) -> [String] {
        guard let definition = report.cells.first(where: { $0.speed.requests > 0 })?.speed.definition else { return [] }
        let shown = figures.filter { column in report.cells.contains { $0.speed[keyPath: column.sample] != nil } }
        let head =
            ["task", "subject", "requests"]
            + shown.flatMap { column in
                column.probabilities.enumerated().map { ($0 == 0 ? column.name + " " : "") + "p" + percent($1) }
            } + ["tok/s"]
        let rows = report.cells.map { cell in
            [cell.task, cell.subject, "\(cell.speed.requests)"]
                + shown.flatMap { column in
                    column.probabilities.map { time(cell.speed[keyPath: column.sample], $0) }
                } + [cell.speed.outputRate.map { "\(Int($0.rounded()))" } ?? "–"]
        }
        let whose = definition == .ours ? "" : ", as \(definition.rawValue) defines it"
        return ["speed" + whose]
            + Table.lines([head] + rows, width: columns, lessWanted: lessWanted(head, rows), numbersFrom: 2)
    }

    /// Columns in the order in which they are left out: those that say nothing, then other percentiles than the median, then medians.
    private static func lessWanted(_ head: [String], _ rows: [[String]]) -> [Int] {
        func rank(_ column: Int) -> Int {
            if rows.allSatisfy({ $0[column].hasPrefix("n<") || $0[column] == "–" }) { return 0 }
            return head[column].hasSuffix("p50") ? 2 : 1
        }
        return (3..<max(3, head.count - 1)).sorted { (rank($0), -$0) < (rank($1), -$1) }
    }

    /// The same with all percentiles; null where the requests are too few for one, or one of them failed.
    static func json(_ speed: SpeedReport) -> JSONValue {
        let figures = [
            ("ttft_ms", speed.timeToFirstToken), ("first_visible_ms", speed.timeToFirstVisible),
            ("itl_ms", speed.interTokenLatency), ("tpot_ms", speed.timePerToken), ("latency_ms", speed.latency),
        ].map { JSONMember($0.0, percentiles($0.1)) }
        return .object(
            [
                JSONMember("definitions", .string(speed.definition.rawValue)),
                JSONMember("requests", .int(speed.requests)),
            ] + figures)
    }

    private static func percentiles(_ sample: SortedSample?) -> JSONValue {
        guard let sample else { return .null }
        return .object(
            [0.5, 0.9, 0.95, 0.99].map { p in
                let value = sample.estimate(p)?.value.flatMap { $0.isFinite ? $0 : nil }
                return JSONMember(
                    "p" + percent(p), value.map { .double(($0 * 1e6).rounded() / 1e3) } ?? .null)
            })
    }

    private static func percent(_ probability: Double) -> String { "\(Int((probability * 100).rounded()))" }

    /// A time that the sample can say something about: below 0.1 s in milliseconds.
    static func time(_ sample: SortedSample?, _ p: Double) -> String {
        switch sample.flatMap({ $0.values.isEmpty ? nil : $0.estimate(p) }) {
        case .supported(let value, _):
            guard value.isFinite else { return "failed" }
            return value < 0.1 ? ReportTable.fixed(value * 1000, 1) + " ms" : ReportTable.fixed(value, 2) + " s"
        case .unsupported(_, let needed): return "n<\(needed)"
        case nil: return "–"
        }
    }
}
