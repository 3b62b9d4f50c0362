import ProviderCore

/// A trial while it runs.
struct RunningTrial {
    let key: TrialKey
    let started: ContinuousClock.Instant
    /// What is asked next; nil = the first turn's has not been made.
    var asked: ChatRequest?
    /// The last answer.
    var response = ChatResponse()
    /// Answers, and attempts at one.
    var turns = 0
    var calls: [ToolCall] = []
    var toolFault: String?
    var isTurnFailed = false
    var timings: [TurnTiming] = []
    var ended = ConcurrencyRules.Ended()
    /// Whether the model has said all: only the score is missing.
    var isAnswered = false
    /// Why the answer has no score yet; nil = it was not tried.
    var unscored: Unscored?
    /// The messages of a trial that another process asked; nil = this one did.
    var keptTranscript: [ChatMessage]?

    /// An answer whose judge could not be asked.
    struct Unscored {
        var score: NamedScore
        var error: ProviderError
    }

    var request: ChatRequest {
        get { asked ?? ChatRequest(model: "", messages: []) }
        set { asked = newValue }
    }

    init(key: TrialKey, started: ContinuousClock.Instant) {
        self.key = key
        self.started = started
    }

    /// A trial that has its answer and waits for a judge. `epoch`: when the run began.
    init(_ record: TrialRecord, epoch: ContinuousClock.Instant) {
        self.init(key: record.key, started: epoch.advanced(by: record.started))
        response.text = record.answer.text
        response.refusal = record.answer.refusal
        response.finishReason = record.finish
        (turns, calls, timings) = (record.turns, record.answer.calls, record.timings)
        keptTranscript = record.transcript
        isAnswered = true
    }

    /// Nothing of the turn was sent.
    mutating func takeTurnBack() {
        turns -= 1
        isTurnFailed = false
    }

    mutating func take(_ event: StreamEvent) {
        response.apply(event)
        switch event {
        case .policy(.held): ended.wasHeld = true
        case .policy(.retryScheduled(let notice)):
            switch notice.error.kind {
            case .rateLimited: ended.wasLimited = true
            case .circuitOpen: break
            default: ended.hasFailed = ended.hasFailed || notice.error.isProviderFault
            }
        default: break
        }
    }

    /// Keeps the timing of the turn that is over.
    mutating func note(_ recorder: TimelineRecorder, since epoch: ContinuousClock.Instant) {
        ended.outputTokens += response.usage.outputTokens ?? 0
        if turns == 1 { ended.timeToFirstToken = recorder.timeToFirstToken }
        guard let timing = recorder.timing(since: epoch, usage: response.usage, hasFailed: isTurnFailed) else { return }
        timings.append(TurnTiming(turn: turns, timing: timing))
    }
}
