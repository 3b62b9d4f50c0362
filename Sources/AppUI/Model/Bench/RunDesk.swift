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

    init(_ runs: [RunSummary]?, own: BenchScreen?, emptyText: String) {
        var items: [Picker<Choice>.Item] = []
        if let own {
            let name = "\(own.progress.header.id)  \(own.progress.header.name)"
            items.append(
                .init(
                    value: .own, label: "here: " + BenchText.gated(name) + Self.time(own.progress.header),
                    note: Self.note(own))
            )
        }
        for summary in runs ?? [] where summary.run.header.id != own?.progress.header.id {
            let name = "\(summary.run.header.id)  \(summary.run.header.name)"
            items.append(
                .init(
                    value: .run(summary.run.header.id),
                    label: BenchText.gated(name) + Self.time(summary.run.header), note: Self.note(summary)))
        }
        picker = Picker(title: "benchmark runs", items: items)
        picker.emptyText = emptyText
    }

    private static func note(_ screen: BenchScreen) -> String {
        let progress = screen.progress
        let right = progress.accuracy.map { "right " + BenchText.share($0) } ?? ""
        return columns(
            BenchHead.word(progress.phase).0.lowercased(), "\(progress.done)/\(progress.keys.count)", right,
            progress.money.spent.display)
    }

    /// When it was begun.
    private static func time(_ header: RunHeader) -> String { "  \(WallClock.stamp(header.created).prefix(16))" }

    /// State, trials, share and cost, each below that of the other rows.
    private static func columns(_ state: String, _ done: String, _ right: String, _ cost: String) -> String {
        BenchText.pad(state, 10) + BenchText.padLeft(done, 10) + "  " + BenchText.padLeft(right, 11)
            + BenchText.padLeft(cost, 10)
    }

    private static func note(_ summary: RunSummary) -> String {
        let run = summary.run
        let state = run.state == .running ? (run.isHeld ? "elsewhere" : "died") : run.state.rawValue
        return columns(
            state, "\(run.settled)/\(run.header.planned)",
            summary.accuracy.map { "right " + BenchText.share($0) } ?? "", summary.money?.spent.display ?? "")
    }
}
