public import Benchmarking
import ProviderCore

/// A run as a list shows it.
public struct RunSummary: Sendable, Hashable {
    /// The run.
    public var run: StoredRun
    /// Right answers by those that say something of the model; nil = there is none, or they were not read.
    public var accuracy: Double?
    /// What it cost; nil = it was not read.
    public var money: RunMoney?

    /// A run.
    public init(_ run: StoredRun, accuracy: Double? = nil, money: RunMoney? = nil) {
        self.run = run
        self.accuracy = accuracy
        self.money = money
    }
}

/// A run that was opened: what its screen begins with, and what does the screen's work.
public struct OpenedRun: Sendable {
    /// The screen.
    public var screen: BenchScreen
    /// Its work.
    public var effects: BenchEffects

    /// An opened run.
    public init(_ screen: BenchScreen, effects: BenchEffects) {
        self.screen = screen
        self.effects = effects
    }
}

/// A run that this process is to run.
public struct StartedRun: Sendable {
    /// Its screen.
    public var opened: OpenedRun
    /// Runs it to its end, and gives it back; `tell` is called from any task with what happens. Cancelling the task cuts what runs. A
    /// problem in a sentence when what it came to could not be kept.
    public var run: @Sendable (_ tell: @escaping @Sendable (RunEvent) -> Void) async -> (RunResult, problem: String?)

    /// A run.
    public init(
        _ opened: OpenedRun,
        run: @escaping @Sendable (@escaping @Sendable (RunEvent) -> Void) async -> (RunResult, problem: String?)
    ) {
        self.opened = opened
        self.run = run
    }
}

/// The benchmark runs of the working folder.
public struct RunsService: Sendable {
    /// All runs, the newest first, and what cannot be read.
    public var list: @Sendable () async -> Result<(runs: [RunSummary], problems: [String]), ServiceError>
    /// Opens a run to be watched.
    public var open: @Sendable (_ id: String) async -> Result<OpenedRun, ServiceError>
    /// Makes a run of a suite's file.
    public var start: @Sendable (_ path: String) async -> Result<StartedRun, ServiceError>
    /// Takes up a run that stopped.
    public var resume: @Sendable (_ id: String) async -> Result<StartedRun, ServiceError>
    /// Adds a line to a file, which may not be there yet.
    public var append: @Sendable (_ line: String, _ path: String) async -> Result<String, ServiceError>

    /// Runs.
    public init(
        list: @escaping @Sendable () async -> Result<(runs: [RunSummary], problems: [String]), ServiceError>,
        open: @escaping @Sendable (String) async -> Result<OpenedRun, ServiceError>,
        start: @escaping @Sendable (String) async -> Result<StartedRun, ServiceError>,
        resume: @escaping @Sendable (String) async -> Result<StartedRun, ServiceError>,
        append: @escaping @Sendable (String, String) async -> Result<String, ServiceError>
    ) {
        self.list = list
        self.open = open
        self.start = start
        self.resume = resume
        self.append = append
    }
}
