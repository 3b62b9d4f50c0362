public import FunctionTools
public import ProviderCore

/// What scorers need of the world, as values, so that all else of them is a pure function.
public struct ScorerTools: Sendable {
    /// Runs the programs of unit tests and of the suite's own scorers; nil = no programs are run here.
    public var runner: (any CommandRunner)?
    /// Asks a judge once. Throws what went wrong.
    public var judge: @Sendable (JudgeSpec, [ChatMessage]) async throws -> JudgeAnswer
    /// What programs and texts may use.
    public var limits: ScorerLimits
    /// The command that runs a program of a language from its standard input.
    public var interpreters: [String: [String]]
    /// The suite's folder, an absolute path: programs of its own scorers that begin with `./` lie there; nil = in the working folder.
    public var folder: String?

    /// Interpreters by the word of a fence.
    public static let usualInterpreters: [String: [String]] = [
        "python": ["python3", "-I", "-"], "javascript": ["node", "-"],
        // The shell reads the whole program before it runs any of it, so that no part of it can be read as input.
        "sh": ["/bin/sh", "-c", "eval \"$(cat)\""],
    ]

    /// Tools. Without a judge all judgements fail.
    public init(
        runner: (any CommandRunner)? = nil, limits: ScorerLimits = ScorerLimits(),
        interpreters: [String: [String]] = ScorerTools.usualInterpreters, folder: String? = nil,
        judge: @escaping @Sendable (JudgeSpec, [ChatMessage]) async throws -> JudgeAnswer = { _, _ in
            throw ScorerFailure("no judge can be asked here")
        }
    ) {
        self.runner = runner
        self.limits = limits
        self.interpreters = interpreters
        self.folder = folder
        self.judge = judge
    }
}

/// What scoring may use.
public struct ScorerLimits: Sendable, Hashable {
    /// Bytes of memory of a program: 4 GiB, as EvalPlus has it.
    public var memory: Int
    /// Processes and threads of a program.
    public var processes: Int
    /// Bytes of a program's output that are read.
    public var output: Int
    /// Code points of a program's output that an explanation shows.
    public var shownOutput: Int
    /// Code points of the scored part of an answer that are kept beside its score.
    public var keptAnswer: Int
    /// Code points of an answer that a judge is shown; of longer ones the middle is left out.
    public var judgedAnswer: Int

    /// Limits.
    public init(
        memory: Int = 4 << 30, processes: Int = 64, output: Int = 64 << 10, shownOutput: Int = 600,
        keptAnswer: Int = 4_000, judgedAnswer: Int = 100_000
    ) {
        self.memory = memory
        self.processes = processes
        self.output = output
        self.shownOutput = shownOutput
        self.keptAnswer = keptAnswer
        self.judgedAnswer = judgedAnswer
    }
}

/// What a judge said.
public struct JudgeAnswer: Sendable, Hashable {
    /// Its text.
    public var text: String

    /// An answer.
    public init(_ text: String) { self.text = text }
}

/// Why a scorer gives no score: its own fault, the suite's or the machine's, never the answer's.
public struct ScorerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, in words.
    public var description: String
    /// The failure of the judge's endpoint, or of the money for it; nil = the scorer itself is at fault.
    public var cause: ProviderError?

    /// A failure.
    public init(_ description: String, cause: ProviderError? = nil) {
        self.description = description
        self.cause = cause
    }
}
