public import ProviderCore

/// Where a run is in its life. Raw values are the words of databases and reports.
public enum RunState: String, Sendable, Hashable, CaseIterable {
    /// It goes on, or its process died.
    case running
    /// Every trial is settled.
    case complete
    /// It stopped before its end and can be resumed.
    case incomplete
}

/// Why a run stopped before its end. Raw values are the words of databases and reports.
public enum RunStop: String, Sendable, Hashable, CaseIterable {
    /// The budget.
    case budget
    /// The time it may take.
    case time
    /// A person.
    case interrupted
    /// An endpoint that cannot be used: the key, the model, the address.
    case endpoint
    /// The database cannot be written.
    case storage

    /// As a sentence says it.
    public var words: String {
        switch self {
        case .budget: "the budget is used up"
        case .time: "its time is over"
        case .interrupted: "stopped by hand"
        case .endpoint: "the endpoint failed"
        case .storage: "its database cannot be written"
        }
    }
}

/// A file that a suite was read from, as it was then: a resumed run reads these.
public struct SuiteFile: Sendable, Hashable {
    /// The path as the suite names it; the suite itself first.
    public var path: String
    /// Its bytes.
    public var bytes: [UInt8]
    /// Their SHA-256 in hexadecimal digits.
    public var digest: String

    /// A file.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        digest = SHA256.hex(bytes)
    }
}

/// What a run is, as it was made.
public struct RunHeader: Sendable, Hashable {
    /// Its id: eight letters and digits, unique among runs of a folder.
    public var id: String
    /// The suite's name.
    public var name: String
    /// The suite's file, as it was named.
    public var suitePath: String
    /// SHA-256 of the suite and its files.
    public var suiteDigest: String
    /// SHA-256 of the plan: trials in their order.
    public var planDigest: String
    /// The suite's seed.
    public var seed: UInt64
    /// When it was made, in milliseconds since 1970.
    public var created: Int64
    /// The version of the program.
    public var version: String
    /// What narrows the suite: tasks, a limit of samples; a resumed run takes the same.
    public var selection: PlanSelection
    /// Its subjects' labels, in their order.
    public var subjects: [String]
    /// Its tasks' names, in their order.
    public var tasks: [String]
    /// Trials in all.
    public var planned: Int
    /// What it may spend; nil = no cap.
    public var budget: Money?
    /// Whether the built-in simulator answers.
    public var isDemo: Bool
    /// The base URL that was asked instead of the suite's endpoints, credentials masked; nil = these were asked.
    public var baseURL: String?
    /// The profile of the settings that was named for the run; nil = none was.
    public var profile: String?

    /// A run.
    public init(
        id: String, name: String, suitePath: String, suiteDigest: String, planDigest: String, seed: UInt64,
        created: Int64, version: String, selection: PlanSelection = PlanSelection(), subjects: [String],
        tasks: [String], planned: Int, budget: Money? = nil, isDemo: Bool = false, baseURL: String? = nil,
        profile: String? = nil
    ) {
        self.id = id
        self.name = name
        self.suitePath = suitePath
        self.suiteDigest = suiteDigest
        self.planDigest = planDigest
        self.seed = seed
        self.created = created
        self.version = version
        self.selection = selection
        self.subjects = subjects
        self.tasks = tasks
        self.planned = planned
        self.budget = budget
        self.isDemo = isDemo
        self.baseURL = baseURL
        self.profile = profile
    }
}

/// What of a suite is run.
public struct PlanSelection: Sendable, Hashable {
    /// Tasks by name; empty = all.
    public var tasks: [String]
    /// Samples of each task at most; nil = all.
    public var samples: Int?

    /// All of it unless told.
    public init(tasks: [String] = [], samples: Int? = nil) {
        self.tasks = tasks
        self.samples = samples
    }
}

/// A run as it is kept.
public struct StoredRun: Sendable, Hashable {
    /// What it is.
    public var header: RunHeader
    /// Where it is in its life; `running` also when its process died.
    public var state: RunState
    /// Why it stopped; nil = it did not, or it is complete.
    public var stop: RunStop?
    /// When it ended last, in milliseconds since 1970; nil = never.
    public var ended: Int64?
    /// Time that it was run for, over all its resumptions.
    public var worked: Duration
    /// Whether a process runs it now.
    public var isHeld: Bool
    /// Trials that are settled.
    public var settled: Int

    /// A run.
    public init(
        header: RunHeader, state: RunState, stop: RunStop? = nil, ended: Int64? = nil, worked: Duration = .zero,
        isHeld: Bool = false, settled: Int = 0
    ) {
        self.header = header
        self.state = state
        self.stop = stop
        self.ended = ended
        self.worked = worked
        self.isHeld = isHeld
        self.settled = settled
    }
}

extension StoredRun {
    /// Whether its process is gone without having said what the run came to.
    public var hasDied: Bool { state == .running && !isHeld }

    /// The state as people are told it: that of the database, or `died`.
    public var stateWord: String { hasDied ? "died" : state.rawValue }
}
