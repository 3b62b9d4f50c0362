import Benchmarking
import ProviderCore
import TerminalKit

/// The table of task and subject.
struct BenchTable {
    private struct Column {
        let head: String
        let width: Int
        var isRight = true
        let text: (CellProgress) -> (String, ThemeRole)
    }

    private let columns: [Column]
    private let taskWidth: Int
    private let subjectWidth: Int

    /// As many columns as have room, the most wanted first; they keep their order.
    init(_ screen: BenchScreen, width: Int) {
        let progress = screen.progress
        let names = progress.cells
        let wantedTask = max(4, min(20, names.map { CellWidth.width(of: $0.task) }.max() ?? 4))
        let wantedSubject = max(7, min(30, names.map { CellWidth.width(of: $0.subject) }.max() ?? 7))
        let leastNames = min(wantedTask, 10) + min(wantedSubject, 14) + 4
        var room = width - leastNames
        let most = names.map(\.planned).max() ?? 0
        let columns = Self.all(
            done: max(5, 2 * "\(most)".count + 1), hasBaseline: progress.hasBaseline, isNarrow: width < 100)
        var kept: Set<Int> = []
        for (index, column) in columns.enumerated().sorted(by: { $0.element.0 < $1.element.0 }) {
            guard column.1.width + 2 <= room else { break }
            room -= column.1.width + 2
            kept.insert(index)
        }
        self.columns = columns.indices.filter(kept.contains).map { columns[$0].1 }
        let names2 = width - 4 - self.columns.reduce(0) { $0 + $1.width + 2 }
        taskWidth = max(1, min(wantedTask, max(names2 / 3, names2 - wantedSubject)))
        subjectWidth = max(1, min(wantedSubject, names2 - taskWidth))
    }

    /// The columns in their order, each with how soon it is wanted.
    private static func all(done: Int, hasBaseline: Bool, isNarrow: Bool) -> [(Int, Column)] {
        var columns: [(Int, Column)] = [
            (0, Column(head: "done", width: done) { ("\($0.done)/\($0.planned)", .text) }),
            (1, Column(head: "accuracy", width: 8) { (BenchText.share($0.accuracy), .textStrong) }),
            (2, Column(head: "95% interval", width: 14) { (BenchText.interval($0.interval), .text) }),
        ]
        if hasBaseline {
            let width = isNarrow ? 14 : 22
            columns.append(
                (
                    3,
                    Column(head: "vs baseline", width: width, isRight: false) {
                        BenchText.verdict($0, isShort: isNarrow)
                    }
                ))
        }
        columns += [
            (4, Column(head: "TTFT s p50/p95", width: 14) { (BenchText.latency($0.firstToken), .text) }),
            (
                6,
                Column(head: "tok/s", width: 6) { cell in
                    (cell.outputRate.map { "\(Int($0.rounded()))" } ?? "–", .text)
                }
            ),
            (5, Column(head: "$/100", width: 8) { ($0.costPerHundred?.display ?? "–", .cost) }),
            (7, Column(head: "right/$", width: 7) { (BenchText.rightPerDollar($0), .text) }),
        ]
        return columns
    }

    var head: [Span] {
        let names = "  \(BenchText.pad("task", taskWidth))  \(BenchText.pad("subject", subjectWidth))"
        return [Span(names + columns.map { "  " + fit($0.head, $0) }.joined(), .textDim)]
    }

    func row(_ cell: CellProgress, isChosen: Bool) -> [Span] {
        let task = BenchText.pad(BenchText.gated(cell.task), taskWidth)
        let subject = BenchText.pad(BenchText.gated(cell.subject), subjectWidth)
        return [Span(isChosen ? "▸ " : "  ", .footerKey), Span("\(task)  \(subject)", .text)]
            + columns.map { column in
                let (text, role) = column.text(cell)
                return Span("  " + fit(text, column), role)
            }
    }

    private func fit(_ text: String, _ column: Column) -> String {
        column.isRight ? BenchText.padLeft(text, column.width) : BenchText.pad(text, column.width)
    }
}
