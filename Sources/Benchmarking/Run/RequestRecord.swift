public import ProviderCore

/// For what a request of a run is made.
public struct RequestPurpose: Sendable, Hashable {
    /// Who is asked. Raw values are the words of databases.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// The subject.
        case subject
        /// A judge.
        case judge
    }

    /// The trial's number in the plan, from 0.
    public var trial: Int
    /// Who is asked.
    public var role: Role
    /// The turn, or the judge's vote, from 1.
    public var turn: Int

    /// A purpose.
    public init(trial: Int, role: Role = .subject, turn: Int) {
        self.trial = trial
        self.role = role
        self.turn = turn
    }

    /// As the ledger's entries name it: `17/1`, `17/judge2`.
    public var item: String { "\(trial)/\(role == .judge ? "judge" : "")\(turn)" }

    /// The purpose of an entry; nil when it was made by another program.
    public init?(item: String) {
        let parts = item.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let trial = Int(parts[0]) else { return nil }
        let isJudge = parts[1].hasPrefix("judge")
        guard let turn = Int(isJudge ? parts[1].dropFirst(5) : parts[1]), turn > 0, trial >= 0 else { return nil }
        self.init(trial: trial, role: isJudge ? .judge : .subject, turn: turn)
    }
}

/// An attempt at a request, as it is kept before its first byte leaves.
public struct RequestStart: Sendable, Hashable {
    /// For what it is made.
    public var purpose: RequestPurpose
    /// Its number among the attempts for this purpose, from 1; resumed runs count on. A store raises it where it was given before.
    public var attempt: Int
    /// The model asked.
    public var model: String
    /// Where it goes, as it is shown to people.
    public var endpoint: String
    /// Our count of its input.
    public var inputTokens: Int
    /// The most it can cost; nil = not known.
    public var worst: Money?
    /// When, in milliseconds since 1970.
    public var sent: Int64
    /// The answer's id at the server when it is read on instead of asked for anew; then the record of it goes on. Not kept.
    public var resumes: String?

    /// An attempt.
    public init(
        purpose: RequestPurpose, attempt: Int, model: String, endpoint: String, inputTokens: Int, worst: Money?,
        sent: Int64, resumes: String? = nil
    ) {
        self.purpose = purpose
        self.attempt = attempt
        self.model = model
        self.endpoint = endpoint
        self.inputTokens = inputTokens
        self.worst = worst
        self.sent = sent
        self.resumes = resumes
    }
}

/// An attempt at a request as it is kept.
public struct RequestRecord: Sendable, Hashable {
    /// As it began.
    public var start: RequestStart
    /// Where it is in its life; an open one of a dead process is unknown.
    public var state: LedgerState
    /// Token counts.
    public var usage: TokenUsage
    /// What it cost; nil = not known or nothing.
    public var cost: Money?
    /// Whether the cost is our estimate.
    public var isEstimate: Bool
    /// What the server told of itself, but its rate limits.
    public var metadata: ResponseMetadata
    /// Why it failed; nil = it did not.
    public var error: ProviderError.Kind?
    /// How long it took, in whole milliseconds.
    public var duration: Duration

    /// An attempt.
    public init(
        start: RequestStart, state: LedgerState, usage: TokenUsage = TokenUsage(), cost: Money? = nil,
        isEstimate: Bool = false, metadata: ResponseMetadata = ResponseMetadata(), error: ProviderError.Kind? = nil,
        duration: Duration = .zero
    ) {
        self.start = start
        self.state = state
        self.usage = usage
        self.cost = cost
        self.isEstimate = isEstimate
        self.metadata = metadata
        self.error = error
        self.duration = duration
    }
}

/// What a run has cost, and what it may have.
public struct RunMoney: Sendable, Hashable {
    /// Requests that were sent, whatever became of them.
    public var requests: Int
    /// Requests that go on in a living process.
    public var open: Int
    /// Requests of which nobody knows whether they were billed.
    public var unknown: Int
    /// What ended requests cost.
    public var spent: Money
    /// The most that requests which go on may cost.
    public var held: Money
    /// The most that requests of unknown fate may have cost.
    public var maybe: Money
    /// Requests that were, or may have been, billed and whose price is not known.
    public var unpriced: Int
    /// Whether one of the amounts is our estimate.
    public var isEstimated: Bool
    /// Token counts of all.
    public var usage: TokenUsage

    /// Nothing unless told.
    public init(
        requests: Int = 0, open: Int = 0, unknown: Int = 0, spent: Money = .zero, held: Money = .zero,
        maybe: Money = .zero, unpriced: Int = 0, isEstimated: Bool = false, usage: TokenUsage = TokenUsage()
    ) {
        self.requests = requests
        self.open = open
        self.unknown = unknown
        self.spent = spent
        self.held = held
        self.maybe = maybe
        self.unpriced = unpriced
        self.isEstimated = isEstimated
        self.usage = usage
    }

    /// What of it a ledger does not know: it is another one than the run began with, or was lost. All of it where it cannot be read, so
    /// that no cap is passed. `isDemo`: whether no real money is spent.
    public func unbooked(in ledger: any UsageLedger, run: String, isDemo: Bool) async -> Money {
        let own = spent + held + maybe
        guard own > .zero else { return .zero }
        var rows: [UsageRow] = []
        do throws(LedgerError) { rows = try await ledger.usage(UsageQuery(by: .run, isDemo: isDemo)) } catch {
            return own
        }
        let known = rows.first { $0.key == run }.map { $0.spent + $0.held } ?? .zero
        return max(.zero, own - known)
    }
}

/// Something that happened in a run and belongs to no request: a change of concurrency with its reason, a pause, a resumption.
public struct RunNote: Sendable, Hashable {
    /// When, since the run began.
    public var at: Duration
    /// What, in one word of the report: `concurrency`, `paused`, `resumed`, `breaker`, `limits`.
    public var kind: String
    /// In a sentence.
    public var text: String

    /// A note.
    public init(at: Duration, kind: String, text: String) {
        self.at = at
        self.kind = kind
        self.text = text
    }
}
