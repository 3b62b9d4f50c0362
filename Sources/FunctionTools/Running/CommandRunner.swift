/// Runs programs for tools. One implementation exists, in the target `Sandbox`; tests use a table of outcomes.
///
/// Cancelling the task ends the program with everything that it started; the outcome is then `.cancelled`.
public protocol CommandRunner: Sendable {
    /// How programs are kept apart from the rest of the machine.
    var isolation: Isolation { get }

    /// Runs a program to its end and never throws: what went wrong is in the outcome.
    func run(_ command: Command) async -> CommandOutcome
}

/// How programs are kept apart.
public enum Isolation: Sendable, Hashable {
    /// In a sandbox; the name of what makes it.
    case sandboxed(by: String)
    /// Not at all, and why.
    case none(because: String)

    /// Whether there is a sandbox.
    public var isSandboxed: Bool { if case .sandboxed = self { true } else { false } }
}

/// A program to be run: no shell splits or expands anything of it.
public struct Command: Sendable, Hashable {
    /// The program, as a path or a name that is looked up in `PATH`, and its arguments.
    public var arguments: [String]
    /// What it reads on standard input; nil = nothing (`/dev/null`).
    public var input: [UInt8]?
    /// What it may use.
    public var limits: CommandLimits

    /// A program.
    public init(_ arguments: [String], input: [UInt8]? = nil, limits: CommandLimits = CommandLimits()) {
        self.arguments = arguments
        self.input = input
        self.limits = limits
    }
}

/// What a program may use. The defaults are those of the reference: 120 s, 60 s of CPU, 2 GiB, 64 processes, 256 MiB a file,
/// 256 KiB of output kept, no network.
public struct CommandLimits: Sendable, Hashable {
    /// Time by the clock; then SIGTERM to the group, two seconds later SIGKILL to all.
    public var time: Duration
    /// CPU seconds of one process.
    public var cpuSeconds: Int
    /// Bytes of address space of one process, and of memory in use by all together.
    public var memory: Int
    /// Processes and threads.
    public var processes: Int
    /// Bytes of one written file.
    public var fileSize: Int
    /// Bytes of output that are kept: the first and the last half. The rest is read and dropped.
    public var output: Int
    /// Whether it may use the network.
    public var allowsNetwork: Bool

    /// Limits.
    public init(
        time: Duration = .seconds(120), cpuSeconds: Int = 60, memory: Int = 2 << 30, processes: Int = 64,
        fileSize: Int = 256 << 20, output: Int = 256 << 10, allowsNetwork: Bool = false
    ) {
        self.time = time
        self.cpuSeconds = cpuSeconds
        self.memory = memory
        self.processes = processes
        self.fileSize = fileSize
        self.output = output
        self.allowsNetwork = allowsNetwork
    }
}

/// How a program ended and what it wrote.
public struct CommandOutcome: Sendable, Hashable {
    /// How it ended.
    public enum End: Sendable, Hashable {
        /// By itself, with this status.
        case exited(Int32)
        /// By this signal, from elsewhere than us.
        case signalled(Int32)
        /// We ended it: its time was up.
        case timedOut
        /// We ended it: it was cancelled.
        case cancelled
        /// It never ran, and why, in words for a person.
        case notStarted(String)
    }

    /// How it ended.
    public var end: End
    /// Standard output and standard error in the order they came.
    public var output: KeptOutput
    /// From its start to its end.
    public var duration: Duration
    /// The limit for which it was ended, in words such as "more than 64 processes", or "3 s" for its time; nil when it was
    /// none, or not known.
    public var limit: String?

    /// An outcome.
    public init(end: End, output: KeptOutput = KeptOutput(), duration: Duration = .zero, limit: String? = nil) {
        self.end = end
        self.output = output
        self.duration = duration
        self.limit = limit
    }
}

/// Output of which the middle may be missing.
public struct KeptOutput: Sendable, Hashable {
    /// The beginning; all of it when nothing was dropped.
    public var head: [UInt8]
    /// The end, when something between was dropped.
    public var tail: [UInt8]
    /// Bytes that were dropped between the two.
    public var dropped: Int

    /// Kept output.
    public init(head: [UInt8] = [], tail: [UInt8] = [], dropped: Int = 0) {
        self.head = head
        self.tail = tail
        self.dropped = dropped
    }
}
