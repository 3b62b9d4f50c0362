public import ProviderCore

/// What a run tells whoever watches it, as it happens.
public enum RunEvent: Sendable {
    /// A trial began.
    case started(Int, at: ContinuousClock.Instant)
    /// A trial's stream brought these.
    case streamed(Int, turn: Int, [StreamEvent], at: ContinuousClock.Instant)
    /// A trial runs its tools.
    case tools(Int, [String], at: ContinuousClock.Instant)
    /// A trial is being scored.
    case scoring(Int, at: ContinuousClock.Instant)
    /// A trial is over and kept. Its numbers of requests are those of this time only.
    case ended(TrialRecord, at: ContinuousClock.Instant)
    /// A trial was given back and will be tried again in this run: it did not fit into what is left of the money.
    case postponed(Int)
    /// More or fewer trials run at once.
    case concurrency(ConcurrencyRules.Change, at: ContinuousClock.Instant)
    /// No new trials begin until it is resumed.
    case paused(Bool, at: ContinuousClock.Instant)
    /// No new trials begin any more, and why.
    case stopping(RunStop, String)
}

/// What a person asks of a run that runs.
public enum RunCommand: Sendable, Hashable {
    /// No new trials begin.
    case pause
    /// They begin again.
    case resume
    /// So many at once, from now on.
    case concurrency(Int)
    /// What may be spent in all; nil = no cap.
    case budget(Money?)
    /// The run's own rate limits from now on, of each model at each endpoint.
    case limits(RateCaps)
    /// No new trials begin; those that run come to their end.
    case stop
    /// What runs is cut.
    case cut
}

/// How a run, or the part of it that this process did, ended.
public struct RunResult: Sendable, Hashable {
    /// Where the run is.
    public var state: RunState
    /// Why it stopped; nil = it did not.
    public var stop: RunStop?
    /// Why, in a sentence; empty = there is nothing to say.
    public var reason: String
    /// The failure that stopped it; nil = none did.
    public var error: ProviderError?
    /// How long this process ran it.
    public var worked: Duration

    /// An end.
    public init(
        state: RunState, stop: RunStop? = nil, reason: String = "", error: ProviderError? = nil, worked: Duration
    ) {
        self.state = state
        self.stop = stop
        self.reason = reason
        self.error = error
        self.worked = worked
    }
}
