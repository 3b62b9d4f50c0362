import Benchmarking
import ProviderCore
import Statistics

/// A report as lines for a terminal.
enum ReportTable {
    private static let head = [
        "task", "subject", "done", "accuracy", "95% interval", "coverage", "TTFT p50", "p95", "tok/s", "$/100",
        "right/$",
    ]

    /// Columns that are left out where there is too little room, the first first.
    private static let lessWanted = [10, 5, 8, 9, 7, 6, 4]

    /// The run, its table and its sums. `columns`: of the terminal; nil = it is no terminal, and nothing is left out.
    static func lines(_ report: RunReport, columns: Int? = Terminal.columns(1)) -> [String] {
        let header = report.run.header
        let about = "\(header.name)  run \(header.id)  \(report.run.stateWord)"
        let why = report.run.stop.map { " (\($0.words))" } ?? ""
        let rows = [head] + report.cells.map(row)
        var lines =
            [about + why] + Table.lines(rows, width: columns, lessWanted: lessWanted, numbersFrom: 2)
        for cell in report.cells where !cell.figures.isEmpty {
            let figures = cell.figures.map { "\($0.name) \(number($0.value))\(interval($0.interval))" }
            lines.append("\(cell.task) \(cell.subject): " + figures.joined(separator: "  "))
        }
        lines.append(outcomes(report))
        lines.append(money(report.money))
        return lines
    }

    private static func row(_ cell: CellReport) -> [String] {
        [
            cell.task, cell.subject, "\(cell.done)/\(cell.planned)", number(cell.accuracy?.accuracy),
            interval(cell.interval).isEmpty ? "–" : interval(cell.interval).trimmingPrefix(" ").description,
            cell.accuracy?.coverage.map { "\(Int(($0 * 100).rounded(.down)))%" } ?? "–",
            SpeedTable.time(cell.speed.timeToFirstToken, 0.5), SpeedTable.time(cell.speed.timeToFirstToken, 0.95),
            cell.speed.outputRate.map { "\(Int($0.rounded()))" } ?? "–",
            cell.costPerHundred.map(\.display) ?? "–", cell.rightPerDollar.map { "\(Int($0.rounded()))" } ?? "–",
        ]
    }

    static func number(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }

    /// A number with so many digits behind its point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let unit = (0..<digits).reduce(1) { unit, _ in unit * 10 }
        let parts = Int((value * Double(unit)).rounded())
        let rest = String(abs(parts) % unit)
        return (parts < 0 ? "-" : "") + "\(abs(parts) / unit)." + String(repeating: "0", count: digits - rest.count)
            + rest
    }

    static func interval(_ interval: Interval?) -> String {
        interval.map { " [\(number($0.lower)), \(number($0.upper))]" } ?? ""
    }

    /// Trials by class.
    static func outcomes(_ report: RunReport) -> String {
        let outcomes = report.outcomes
        let told = TrialOutcome.allCases.compactMap { outcome -> String? in
            guard let count = outcomes[outcome], count > 0 else { return nil }
            return "\(outcome.rawValue.replacing("_", with: " ")) \(count)"
        }
        let open = report.open > 0 ? ["open \(report.open)"] : []
        return "trials  " + (told + open).joined(separator: "  ")
    }

    /// Requests and money.
    static func money(_ money: RunMoney) -> String {
        var parts = ["requests \(money.requests)"]
        let spent = money.spent.display + (money.isEstimated ? "~" : "")
        parts.append(money.unpriced > 0 ? "cost \(spent) + \(money.unpriced) of unknown price" : "cost \(spent)")
        if money.unknown > 0 {
            parts.append("maybe billed \(money.maybe.display) for \(money.unknown) of unknown fate")
        }
        return parts.joined(separator: "  ")
    }
}
