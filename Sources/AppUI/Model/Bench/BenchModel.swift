public import Benchmarking
import ProviderCore
public import TerminalKit

/// A program that shows a run and nothing else.
public struct BenchModel: Sendable {
    /// How it ended.
    public enum Ending: Sendable, Hashable {
        /// The run was over.
        case over
        /// A person left; the run, if this process runs it, goes on.
        case left
    }

    /// The run's screen.
    public internal(set) var screen: BenchScreen
    /// How it ended; nil = it has not.
    public internal(set) var ending: Ending?
    /// Set when the program was told to end by a signal; 0 = it was not.
    public internal(set) var endedBySignal: Int32 = 0
    let keys: Keymap
    var size = Size(width: 80, height: 24)
    var now: ContinuousClock.Instant

    /// A screen with these keys.
    public init(_ screen: BenchScreen, keys: Keymap, now: ContinuousClock.Instant) {
        self.screen = screen
        self.keys = keys
        self.now = now
    }
}

/// What can happen to the screen of a run.
public enum BenchEvent: Sendable {
    /// From the terminal.
    case input(Input)
    /// The run of this process told something.
    case run(RunEvent)
    /// The run of this process is over.
    case finished(RunResult, at: ContinuousClock.Instant)
    /// What requests cost so far, by the run's database; nil = it could not be read.
    case money(RunMoney?, [RunCosts])
    /// What was read of the database of a run that is watched: nil = nothing is new.
    case news(RunNews?)
    /// The run's database cannot be read, and why.
    case unreadable(String)
    /// How this program does.
    case client(ClientHealth)
    /// What is known of a trial that is over, or why it cannot be read.
    case trial(Int, Result<TrialDetail, RunStoreError>)
    /// Time went on.
    case tick(ContinuousClock.Instant)
}

/// Work that the screen of a run wants done outside.
public enum BenchEffect: Sendable {
    /// Ask something of the run.
    case send(RunCommand)
    /// Read what requests cost.
    case readMoney
    /// Read what is new of a run that is watched.
    case readNews
    /// Read a trial that is over.
    case readTrial(Int)
    /// Something the loop itself does.
    case loop(LoopControl)
}
