public import FunctionTools
public import ProviderCore

/// What a runner asks of a suite and its surroundings: the trials, whom they ask, and what their answers are worth.
///
/// To write one: be a value; all of it may be called from any task.
public protocol TrialSource: Sendable {
    /// All trials in the order in which they are run; a trial's number is its index.
    var trials: [TrialKey] { get }
    /// What is asked first. Throws a sentence when a template cannot be filled.
    func request(of trial: Int) throws -> ChatRequest
    /// Who is asked, with all policies around it.
    func provider(of trial: Int) -> any AIProvider
    /// What answers calls; nil = calls are scored, not run.
    func loop(of trial: Int) -> ToolLoop?
    /// Names whom the trial asks: trials of one name fail together when that is down.
    func endpoint(of trial: Int) -> String
    /// What an answer is worth; nil = nothing is scored, an answer that came whole is right. `booked`: to what requests of judges are
    /// booked, but for their item. `asking` is told of each request of a judge, one after the other, as it begins to wait, and nil when
    /// its answer is over.
    func score(
        _ answer: AnswerToScore, of trial: Int, booked: Accounting, asking: @escaping @Sendable (CallControl?) -> Void
    ) async -> (result: ScoreResult, score: NamedScore)?
    /// Keeps requests within other rate limits from now on.
    func hold(to caps: RateCaps)
}

extension TrialSource {
    /// Nobody is held back.
    public func hold(to caps: RateCaps) {}
}
