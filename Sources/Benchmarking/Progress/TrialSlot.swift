public import ProviderCore

/// A trial that runs now, and what it is doing.
public struct TrialSlot: Sendable, Hashable {
    /// What a trial can be doing.
    public enum Activity: Sendable, Hashable {
        /// It began; nothing is known of its request yet.
        case starting
        /// The request is on its way; the first token has not come.
        case waiting
        /// The rate limiter holds it, probably until then.
        case held(HoldNotice.Cause, until: ContinuousClock.Instant?)
        /// An attempt failed; the next comes then. `isCircuit`: the circuit breaker is open.
        case backOff(reason: String, until: ContinuousClock.Instant?, isCircuit: Bool)
        /// Reasoning comes.
        case thinking
        /// The answer comes.
        case writing
        /// A call of this function comes.
        case calling(String)
        /// Its tools run.
        case tools([String])
        /// It is being scored.
        case scoring
        /// Another process runs it: its request is open, and more is not known.
        case open
    }

    /// The trial's number.
    public let trial: Int
    /// When it began.
    public let started: ContinuousClock.Instant
    /// Which answer it waits for or reads, from 1.
    public private(set) var turn = 1
    /// What it is doing.
    public private(set) var activity = Activity.starting
    /// Since when.
    public private(set) var since: ContinuousClock.Instant
    /// The attempt at its request, from 1, and the most there may be; 0 = not told.
    public private(set) var attempt = 0, attempts = 0
    /// The reasoning of this answer.
    public private(set) var reasoning = TailText()
    /// The text of this answer, or the arguments of its calls.
    public private(set) var text = TailText()

    /// A trial that begins.
    public init(trial: Int, at now: ContinuousClock.Instant) {
        self.trial = trial
        started = now
        since = now
    }

    /// A request that another process has open.
    init(trial: Int, turn: Int, attempt: Int, since: ContinuousClock.Instant) {
        self.init(trial: trial, at: since)
        self.turn = turn
        self.attempt = attempt
        activity = .open
    }

    /// Tokens of reasoning so far, counted as a quarter of the bytes: an estimate.
    public var reasoningTokens: Int { (reasoning.bytes + 3) / 4 }
    /// Tokens of the answer so far, counted the same way.
    public var textTokens: Int { (text.bytes + 3) / 4 }
    /// Whether something keeps it from being sent.
    public var isHeldBack: Bool {
        switch activity {
        case .held, .backOff: true
        default: false
        }
    }

    /// Takes what its stream brought; the bytes of content in it.
    mutating func take(_ events: [StreamEvent], turn: Int, at now: ContinuousClock.Instant) -> Int {
        if turn != self.turn {
            self.turn = turn
            (reasoning, text) = (TailText(), TailText())
            become(.waiting, now)
        }
        var bytes = 0
        for event in events {
            switch event {
            case .reasoningDelta(let piece, choice: 0):
                reasoning.append(piece)
                bytes += piece.utf8.count
                become(.thinking, now)
            case .textDelta(let piece, choice: 0), .refusalDelta(let piece, choice: 0):
                text.append(piece)
                bytes += piece.utf8.count
                become(.writing, now)
            case .toolCallDelta(let delta): bytes += take(delta, now)
            case .policy(let event): take(event, now)
            default: break
            }
        }
        return bytes
    }

    private mutating func take(_ delta: ToolCallDelta, _ now: ContinuousClock.Instant) -> Int {
        if let name = delta.name, !name.isEmpty {
            text.append((text.bytes == 0 ? "" : "\n") + name + " ")
            become(.calling(name), now)
        } else if case .calling = activity {
        } else {
            become(.calling(""), now)
        }
        text.append(delta.argumentsDelta)
        return delta.argumentsDelta.utf8.count + (delta.name?.utf8.count ?? 0)
    }

    private mutating func take(_ event: PolicyEvent, _ now: ContinuousClock.Instant) {
        switch event {
        case .attemptStarted(let notice):
            (attempt, attempts) = (notice.number, notice.limit)
            // Of a torn answer nothing is left.
            if notice.number > 1, !notice.isResumed { (reasoning, text) = (TailText(), TailText()) }
            become(.waiting, now)
        case .held(let notice): become(.held(notice.cause, until: notice.until), now)
        case .retryScheduled(let notice):
            let isCircuit = notice.basis == .circuit || notice.error.kind == .circuitOpen
            (attempt, attempts) = (notice.attempt, notice.limit)
            become(.backOff(reason: Self.reason(notice.error), until: notice.until, isCircuit: isCircuit), now)
        case .circuit, .budget: break
        }
    }

    private static func reason(_ error: ProviderError) -> String {
        let words = error.kind.rawValue.replacing("_", with: " ")
        return error.status.map { "\($0) \(words)" } ?? words
    }

    mutating func become(_ next: Activity, _ now: ContinuousClock.Instant) {
        guard next != activity else { return }
        activity = next
        since = now
    }
}
