import ProviderCore
import Statistics

/// A summary for people, such as a comment on a pull request.
struct MarkdownExporter: RunExporter {
    let wantsTrials = false
    let wantsRequests = false
    private let context: RunExport.Context

    init(_ context: RunExport.Context) { self.context = context }

    mutating func trial(_ trial: ExportedTrial) -> String { "" }
    mutating func end() -> String { "" }

    mutating func begin() -> String {
        let report = context.report
        var text = "## \(ExportText.markdown(context.header.name))\n\n"
        text += "Run `\(context.header.id)`, \(report.run.stateWord)"
        if context.header.isDemo { text += ", answered by the simulator" }
        text += ". \(sums)\n\n" + gates
        text +=
            "| task | subject | done | accuracy | 95% interval | coverage | TTFT p50 | p95 | tok/s | $/100 | right/$ |\n"
        text += "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        for cell in report.cells { text += row(cell) }
        let figures = report.cells.filter { !$0.figures.isEmpty }
        if !figures.isEmpty { text += "\n" }
        for cell in figures {
            let told = cell.figures.map { "\(ExportText.markdown($0.name)) \(ReportWords.figure($0))" }
            let place = "\(ExportText.markdown(cell.task)) \(ExportText.markdown(cell.subject))"
            text += "- \(place): \(told.joined(separator: ", "))\n"
        }
        return text
    }

    private var sums: String {
        let outcomes = context.report.outcomes
        let told = TrialOutcome.allCases.compactMap { outcome in
            outcomes[outcome].map { "\($0) \(outcome.rawValue.replacing("_", with: " "))" }
        }
        let open = context.report.open > 0 ? ", \(context.report.open) open" : ""
        return "Trials: \(told.joined(separator: ", "))\(open). \(ReportWords.cost(context.report.money))."
    }

    private var gates: String {
        guard !context.gates.isEmpty else { return "" }
        var text = ""
        for gate in context.gates {
            let word: String
            switch gate.verdict {
            case .pass: word = "✅ pass"
            case .fail: word = "❌ **fail**"
            case .inconclusive: word = "❔ inconclusive"
            case .skipped: word = "➖ skipped"
            }
            text += "- \(word): \(ExportText.markdown(gate.text))\n"
        }
        return text + "\n"
    }

    private func row(_ cell: CellReport) -> String {
        let cells = [ExportText.markdown(cell.task), ExportText.markdown(cell.subject)] + ReportWords.cells(cell)
        return "| " + cells.joined(separator: " | ") + " |\n"
    }
}

/// Figures of a report in a few letters.
enum ReportWords {
    /// Done, accuracy, interval, coverage, TTFT p50 and p95, tokens a second, dollars for a hundred trials, right answers for a dollar.
    static func cells(_ cell: CellReport) -> [String] {
        [
            "\(cell.done)/\(cell.planned)", ExportText.figure(cell.accuracy?.accuracy),
            cell.interval.map(interval) ?? "–",
            cell.accuracy?.coverage.map { "\(Int(($0 * 100).rounded(.down)))%" } ?? "–",
            seconds(cell.speed.timeToFirstToken, 0.5), seconds(cell.speed.timeToFirstToken, 0.95),
            cell.speed.outputRate.map { ExportText.fixed($0, 0) } ?? "–", cell.costPerHundred.map(money) ?? "–",
            cell.rightPerDollar.map { ExportText.fixed($0, 0) } ?? "–",
        ]
    }

    static func interval(_ interval: Interval) -> String {
        "\(ExportText.figure(interval.lower)) … \(ExportText.figure(interval.upper))"
    }

    static func figure(_ figure: ReportFigure) -> String {
        ExportText.figure(figure.value) + (figure.interval.map { " (\(interval($0)))" } ?? "")
    }

    static func seconds(_ sample: SortedSample?, _ p: Double) -> String {
        switch sample?.estimate(p) {
        case .supported(let value, _)?: value.isFinite ? "\(ExportText.figure(value)) s" : "failed"
        case .unsupported(_, let needed)?: "n/a (n&lt;\(needed))"
        case nil: "–"
        }
    }

    /// An amount; tiny ones begin with a sign that is markup.
    static func money(_ amount: Money) -> String { amount.display.replacing("<", with: "&lt;") }

    static func cost(_ money: RunMoney) -> String {
        var text = "\(money.requests) request\(money.requests == 1 ? "" : "s"), cost \(self.money(money.spent))"
        if money.isEstimated { text += " (estimate)" }
        if money.unpriced > 0 { text += " and \(money.unpriced) of unknown price" }
        if money.unknown > 0 {
            text += ", maybe billed \(self.money(money.maybe)) for \(money.unknown) of unknown fate"
        }
        return text
    }
}
