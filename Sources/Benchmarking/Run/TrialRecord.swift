public import ProviderCore

/// A trial's place in its run: one sample asked of one subject, once.
public struct TrialKey: Sendable, Hashable {
    /// Its number in the plan, from 0.
    public var index: Int
    /// The task.
    public var task: String
    /// The sample.
    public var sample: String
    /// The subject's label.
    public var subject: String
    /// Which of the repeats, from 1.
    public var repetition: Int

    /// A place.
    public init(index: Int, task: String, sample: String, subject: String, repetition: Int) {
        self.index = index
        self.task = task
        self.sample = sample
        self.subject = subject
        self.repetition = repetition
    }
}

/// A score by the name of its scorer; a new one of the same name takes the place of the old, which is kept.
public struct NamedScore: Sendable, Hashable {
    /// The scorer: the task's name unless the suite tells another.
    public var scorer: String
    /// SHA-256 of what scored; behind a slash that of the sample, where it is not the one of the run's own suite.
    public var digest: String
    /// The score; nil = the scorer failed.
    public var score: Score?

    /// A score.
    public init(scorer: String, digest: String, score: Score?) {
        self.scorer = scorer
        self.digest = digest
        self.score = score
    }

    /// SHA-256 of what scored.
    var scorerDigest: Substring { digest.prefix { $0 != "/" } }
    /// SHA-256 of the sample as it was scored; nil = the run's own.
    var sampleDigest: Substring? { digest.firstIndex(of: "/").map { digest[digest.index(after: $0)...] } }
}

/// What a trial came to. One whose outcome is settled is never sent again; the record of any other gives way to a later one.
///
/// Stores keep durations in whole microseconds, and of the error its kind, status, code, message, request id and fate.
public struct TrialRecord: Sendable, Hashable {
    /// Its place.
    public var key: TrialKey
    /// What came of it.
    public var outcome: TrialOutcome
    /// What it was scored with.
    public var scores: [NamedScore]
    /// When it began, since the run began; resumed runs go on with their time.
    public var started: Duration
    /// When it ended, since the run began.
    public var ended: Duration
    /// Answers of the model.
    public var turns: Int
    /// Calls of functions.
    public var toolCalls: Int
    /// Why the last answer ended; nil = it was cut.
    public var finish: FinishReason?
    /// The last answer, its refusal and its calls, for scoring it again.
    public var answer: TrialAnswer
    /// All messages, ours and the model's.
    public var transcript: [ChatMessage]
    /// Why it failed; nil = it did not.
    public var error: ProviderError?
    /// Timings of its requests' last attempts, by turn.
    public var timings: [TurnTiming]

    /// A record.
    public init(
        key: TrialKey, outcome: TrialOutcome, scores: [NamedScore] = [], started: Duration, ended: Duration,
        turns: Int = 0, toolCalls: Int = 0, finish: FinishReason? = nil, answer: TrialAnswer = TrialAnswer(),
        transcript: [ChatMessage] = [], error: ProviderError? = nil, timings: [TurnTiming] = []
    ) {
        self.key = key
        self.outcome = outcome
        self.scores = scores
        self.started = started
        self.ended = ended
        self.turns = turns
        self.toolCalls = toolCalls
        self.finish = finish
        self.answer = answer
        self.transcript = transcript
        self.error = error
        self.timings = timings
    }
}

extension TrialRecord {
    /// Whether the answer is here and its judge could not be asked: it is scored later, without asking the model again.
    public var awaitsScore: Bool { !outcome.isSettled && scores.contains { $0.score == nil } }
}

/// What of an answer is scored.
public struct TrialAnswer: Sendable, Hashable {
    /// The text of the last answer.
    public var text: String
    /// Its refusal; nil = none.
    public var refusal: String?
    /// All calls of the trial, in order.
    public var calls: [ToolCall]

    /// An answer.
    public init(text: String = "", refusal: String? = nil, calls: [ToolCall] = []) {
        self.text = text
        self.refusal = refusal
        self.calls = calls
    }
}

/// When the parts of a turn's last attempt happened.
public struct TurnTiming: Sendable, Hashable {
    /// The turn, from 1.
    public var turn: Int
    /// When it was sent, when it ended, and each event between.
    public var timing: RequestTiming

    /// A timing.
    public init(turn: Int, timing: RequestTiming) {
        self.turn = turn
        self.timing = timing
    }
}
