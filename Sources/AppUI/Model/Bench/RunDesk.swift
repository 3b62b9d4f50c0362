import Benchmarking
import ProviderCore
import TerminalKit

/// Something about benchmark runs happened.
public enum RunsEvent: Sendable {
    /// The runs of the working folder, or why they cannot be read.
    case listed(Result<(runs: [RunSummary], problems: [String]), ServiceError>)
    /// A run was opened to be watched, or why not.
    case opened(Result<BenchScreen, ServiceError>)
    /// A suite runs here from now on, or why not.
    case started(Result<BenchScreen, ServiceError>)
    /// Something about the run that is watched.
    case watched(BenchEvent)
    /// Something about the run that this process runs.
    case own(BenchEvent)
    /// A sample was added to this file, or why not.
    case kept(Result<String, ServiceError>)
}

/// Work on benchmark runs.
public enum RunsEffect: Sendable {
    /// List the runs of the working folder.
    case list
    /// Open one to watch it.
    case open(String)
    /// Run a suite; the work goes on until the run is over.
    case start(id: Int, path: String)
    /// Go on with a run that stopped; the work goes on until it is over.
    case resume(id: Int, run: String)
    /// Work of a run's screen: of the one that this process runs, or of the one that is watched.
    case screen(BenchEffect, isOwn: Bool)
    /// Add a line to a file of samples.
    case keep(String, path: String)
}

/// The benchmark runs of the workspace.
struct RunDesk: Sendable {
    /// The run that this process runs, or ran last; it goes on whatever is open.
    var own: BenchScreen?
    /// The run that is watched.
    var watched: BenchScreen?
    /// Under which number the run of this process runs; nil = none does.
    var running: Int?
    /// Whether a suite is being made ready.
    var isStarting = false

    /// Whether something here runs.
    var isRunning: Bool { running != nil }
}

/// The list of runs.
struct RunList: Sendable {
    enum Choice: Sendable, Hashable {
        /// The run that this process runs.
        case own
        case run(String)
    }

    var picker: Picker<Choice>

    /// A run in a row of the list.
    private struct Row {
        let choice: Choice
        let label: String
        /// State, trials, share of right answers, cost.
        let figures: [String]

        init(_ choice: Choice, _ header: RunHeader, prefix: String = "", _ figures: [String]) {
            self.choice = choice
            self.figures = figures
            let time = WallClock.stamp(header.created).prefix(16).dropFirst(5)
            label = "\(prefix)\(header.id)  \(BenchText.gated(header.name))  \(time)"
        }
    }

    init(_ runs: [RunSummary]?, own: BenchScreen?, emptyText: String) {
        var rows: [Row] = []
        if let own { rows.append(Row(.own, own.progress.header, prefix: "here: ", Self.figures(own.progress))) }
        for summary in runs ?? [] where summary.run.header.id != own?.progress.header.id {
            rows.append(Row(.run(summary.run.header.id), summary.run.header, Self.figures(summary)))
        }
        let widths = (0..<4).map { column in rows.map { CellWidth.width(of: $0.figures[column]) }.max() ?? 0 }
        picker = Picker(
            title: "benchmark runs",
            items: rows.map { row in
                let cells = row.figures.enumerated().map { column, text in
                    column == 0 ? BenchText.pad(text, widths[0]) : BenchText.padLeft(text, widths[column])
                }
                return .init(value: row.choice, label: row.label, note: cells.joined(separator: "  "))
            })
        picker.emptyText = emptyText
    }

    private static func figures(_ progress: RunProgress) -> [String] {
        [
            BenchHead.word(progress.phase).0.lowercased(), "\(progress.done)/\(progress.keys.count)",
            progress.accuracy.map { "right " + BenchText.share($0) } ?? "", progress.money.spent.display,
        ]
    }

    private static func figures(_ summary: RunSummary) -> [String] {
        let run = summary.run
        let state = run.state == .running && run.isHeld ? "elsewhere" : run.stateWord
        return [
            state, "\(run.settled)/\(run.header.planned)",
            summary.accuracy.map { "right " + BenchText.share($0) } ?? "", summary.money?.spent.display ?? "",
        ]
    }
}
