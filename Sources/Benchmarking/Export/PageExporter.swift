import ProviderCore

/// A page of its own: tables and plots, without scripts and without anything from elsewhere.
struct PageExporter: RunExporter {
    let wantsTrials = true
    let wantsRequests = false
    private let context: RunExport.Context
    private var failures = 0
    /// Failures that are shown.
    private static let shownFailures = 200
    private static let shownAnswer = 300

    init(_ context: RunExport.Context) { self.context = context }

    private static let style = """
        :root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--back:#fff;--mark:#0969da;--good:#1a7f37;--bad:#cf222e}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--back:#0d1117;--mark:#4493f8;\
        --good:#3fb950;--bad:#f85149}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:70rem;margin:2rem auto;\
        padding:0 1rem}
        table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
        th,td{text-align:left;padding:.25rem .75rem;border-bottom:1px solid var(--line);vertical-align:top}
        td.n,th.n{text-align:right}.soft{color:var(--soft)}.pass{color:var(--good)}.fail{color:var(--bad)}
        .wide{overflow-x:auto}svg{max-width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}
        svg .soft{fill:var(--soft)}svg .axis{stroke:var(--line)}svg .mark{stroke:var(--mark);stroke-width:2}
        svg .dot{fill:var(--mark)}svg .box{fill:var(--mark);fill-opacity:.25;stroke:var(--mark)}
        code{white-space:pre-wrap;overflow-wrap:anywhere}
        """

    mutating func begin() -> String {
        let header = context.header
        let name = ExportText.markup(header.name)
        var text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(name) \(header.id)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <h1>\(name)</h1>
            <p>Run <b>\(header.id)</b>, \(context.report.run.stateWord), made \(ExportText.instant(header.created))\
            \(header.isDemo ? ", answered by the simulator" : ""). \(ReportWords.cost(context.report.money)).</p>

            """
        if !context.run.suite.about.isEmpty { text += "<p>\(ExportText.markup(context.run.suite.about))</p>\n" }
        text += gates + table
        let plots = ReportPlots(context.report.cells)
        text += section("Accuracy", "the dot is the figure, the line its 95% interval", plots.accuracy)
        text += section(
            "Time to first token",
            "the line goes from p5 to p95 (below 72 answers from the fastest to the slowest), the box from p25 to p75, the mark is the median; of requests that ended well",
            plots.firstToken)
        text += section("Cost and accuracy", "further up is more often right, further left is cheaper", plots.cost)
        return text + outcomes
    }

    private func section(_ title: String, _ caption: String, _ plot: String?) -> String {
        guard let plot else { return "" }
        return "<h2>\(title)</h2>\n<p class=\"soft\">\(caption)</p>\n\(plot)\n"
    }

    private var table: String {
        let head = ["done", "accuracy", "95% interval", "coverage", "TTFT p50", "p95", "tok/s", "$/100", "right/$"]
        var text = "<div class=\"wide\"><table>\n<tr><th>task</th><th>subject</th>"
        text += head.map { "<th class=\"n\">\($0)</th>" }.joined() + "</tr>\n"
        for cell in context.report.cells {
            text += "<tr><td>\(ExportText.markup(cell.task))</td><td>\(ExportText.markup(cell.subject))</td>"
            text += ReportWords.cells(cell).map { "<td class=\"n\">\($0)</td>" }.joined() + "</tr>\n"
        }
        text += "</table></div>\n"
        let figures = context.report.cells.filter { !$0.figures.isEmpty }
        guard !figures.isEmpty else { return text }
        text += "<table>\n"
        for cell in figures {
            for figure in cell.figures {
                text += "<tr><td>\(ExportText.markup(cell.task))</td><td>\(ExportText.markup(cell.subject))</td>"
                text +=
                    "<td>\(ExportText.markup(figure.name))</td><td class=\"n\">\(ReportWords.figure(figure))</td></tr>\n"
            }
        }
        return text + "</table>\n"
    }

    private var gates: String {
        guard !context.gates.isEmpty else { return "" }
        let items = context.gates.map { gate in
            let word = gate.verdict.rawValue
            let kind = gate.verdict == .pass ? "pass" : gate.verdict == .fail ? "fail" : "soft"
            return "<li><b class=\"\(kind)\">\(word)</b> \(ExportText.markup(gate.text))</li>\n"
        }
        return "<h2>Gates</h2>\n<ul>\n" + items.joined() + "</ul>\n"
    }

    private var outcomes: String {
        let outcomes = context.report.outcomes
        let told = TrialOutcome.allCases.compactMap { outcome in
            outcomes[outcome].map { "\(outcome.rawValue.replacing("_", with: " ")) \($0)" }
        }
        return
            "<h2>Trials</h2>\n<p>\(told.joined(separator: ", "))\(context.report.open > 0 ? ", open \(context.report.open)" : "").</p>\n"
    }

    // MARK: Failures

    mutating func trial(_ trial: ExportedTrial) -> String {
        let (record, key) = (trial.record, trial.record.key)
        guard record.outcome != .right, record.outcome != .answered else { return "" }
        failures += 1
        guard failures <= Self.shownFailures else { return "" }
        let head =
            failures == 1
            ? "<div class=\"wide\"><table>\n<tr><th>task</th><th>sample</th><th>subject</th><th>outcome</th><th>answer</th>"
                + "<th>why</th></tr>\n" : ""
        let why = [trial.score?.explanation, record.error?.message].compactMap(\.self).first { !$0.isEmpty } ?? ""
        let answer = trial.score?.answer ?? record.answer.refusal ?? record.answer.text
        let sample = key.repetition > 1 ? "\(key.sample) (\(key.repetition))" : key.sample
        let cells = [key.task, sample, key.subject, record.outcome.rawValue.replacing("_", with: " ")]
        let row = cells.map { "<td>\(ExportText.markup($0))</td>" }.joined()
        return head + "<tr>\(row)<td><code>\(Self.cut(answer))</code></td><td>\(Self.cut(why))</td></tr>\n"
    }

    private static func cut(_ text: String) -> String {
        text.count > shownAnswer ? ExportText.markup(text.prefix(shownAnswer) + "…") : ExportText.markup(text)
    }

    mutating func end() -> String {
        let table = failures > 0 ? "</table></div>\n" : ""
        let hidden = failures - Self.shownFailures
        let more = hidden > 0 ? "<p class=\"soft\">and \(hidden) more</p>\n" : ""
        let about =
            "<p class=\"soft\">tickertape \(ExportText.markup(context.header.version)), suite \(context.header.suiteDigest.prefix(12))</p>\n"
        return table + more + about + "</body>\n</html>\n"
    }
}
