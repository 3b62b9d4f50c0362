import ProviderCore

/// Decides which trial begins when, and when a run is over. Pure: time is an argument, and it starts nothing.
struct RunSchedule {
    /// Why no new trials begin any more.
    struct Stop {
        var why: RunStop
        var reason: String
        var error: ProviderError?
    }

    private(set) var rules: ConcurrencyRules
    private(set) var running: Set<Int> = []
    private(set) var isPaused = false
    private(set) var stop: Stop?
    /// Trials that were tried and have no result.
    private(set) var unsettled = 0
    /// Why the first of them has none.
    private(set) var unsettledReason = ""
    /// Trials that were cut, or could not be kept.
    private(set) var lost = 0

    private var waiting: [Int]
    private var next = 0
    /// Trials that did not fit into what was left of the money; they go first.
    private var postponed: [Int] = []
    private var waitsForMoney = false
    /// Whether the trial that began last did so with no other beside it: nobody holds money that will be free again.
    private(set) var isAlone = false
    /// Trials that the endpoint failed since the last one that it answered.
    private var failuresInARow = 0
    /// Trials that could not be scored since the last one that could.
    private var unscoredInARow = 0
    /// How often the breakers of endpoints opened since they answered last, and whether they ever did.
    private var openings: [String: Int] = [:]
    private var answered: Set<String> = []

    /// So many trials that the endpoint fails one after the other, and at least all that run at once, end a run. So do as many that
    /// cannot be scored: their answers are paid for nothing.
    static let mostFailures = 8
    /// So often may the breaker of an endpoint open without an answer between.
    static let mostOpenings = 3

    init(waiting: [Int], concurrency: ConcurrencyRules) {
        self.waiting = waiting
        rules = concurrency
    }

    /// Trials that have not begun.
    var left: Int { waiting.count - next + postponed.count }

    /// Whether nothing runs and nothing will.
    var isOver: Bool { running.isEmpty && (left == 0 || stop != nil) }

    /// Whether every trial has its result.
    var isComplete: Bool { running.isEmpty && left == 0 && unsettled == 0 && lost == 0 }

    /// The trials that begin now.
    mutating func begin() -> [Int] {
        guard stop == nil, !isPaused, !waitsForMoney || running.isEmpty else { return [] }
        // Nobody holds money any more, and it is too little for several: one trial may have all that is left.
        let most = waitsForMoney ? 1 : rules.limit
        var begun: [Int] = []
        while running.count < most, let trial = take() {
            running.insert(trial)
            begun.append(trial)
        }
        if !begun.isEmpty { isAlone = running.count == 1 }
        return begun
    }

    private mutating func take() -> Int? {
        if !postponed.isEmpty { return postponed.removeFirst() }
        guard next < waiting.count else { return nil }
        defer { next += 1 }
        return waiting[next]
    }

    /// A trial came back. `endpoint`: whom it asked.
    mutating func take(
        _ end: TrialEnd, of trial: Int, endpoint: String, at now: ContinuousClock.Instant
    ) -> ConcurrencyRules.Change? {
        let count = running.count
        running.remove(trial)
        switch end {
        case .cut:
            lost += 1
            return nil
        case .noMoney(_, let error):
            // In the order of the plan, whichever of them came back first.
            postponed.insert(trial, at: postponed.firstIndex { $0 > trial } ?? postponed.endIndex)
            waitsForMoney = true
            if running.isEmpty, isAlone { self.end(.budget, error.message, error) }
            return nil
        case .over(let record, let ended):
            // What it held is free again.
            waitsForMoney = false
            if !record.outcome.isSettled {
                unsettled += 1
                if unsettledReason.isEmpty { unsettledReason = record.error?.message ?? record.outcome.rawValue }
            }
            note(record, endpoint)
            return rules.note(ended, running: count, at: now)
        }
    }

    private mutating func note(_ record: TrialRecord, _ endpoint: String) {
        noteScore(record)
        guard let error = record.error, record.outcome == .infraError || record.outcome == .budget else {
            failuresInARow = 0
            openings[endpoint] = nil
            answered.insert(endpoint)
            return
        }
        switch error.kind {
        case .authentication, .permission, .notFound, .quotaExceeded: end(.endpoint, error.message, error)
        case .budgetExceeded: if !error.isOwnCap { end(.budget, error.message, error) }
        case .cancelled where error.isStorageFailure: end(.storage, error.message, error)
        // A sample from which no request can be made says nothing of the endpoint.
        case .invalidRequest where error.code == TrialRunner.suiteCode: break
        default:
            failuresInARow += 1
            guard failuresInARow >= max(Self.mostFailures, rules.limit) else { return }
            end(.endpoint, "\(failuresInARow) trials in a row failed: \(error.message)", error)
        }
    }

    private mutating func noteScore(_ record: TrialRecord) {
        guard record.outcome == .scorerError else {
            if record.outcome.isScored { unscoredInARow = 0 }
            return
        }
        unscoredInARow += 1
        guard unscoredInARow >= max(Self.mostFailures, rules.limit) else { return }
        let why = record.error?.message ?? "the scorer failed"
        end(.endpoint, "\(unscoredInARow) trials in a row could not be scored: \(why)")
    }

    /// The breaker of an endpoint changed. One that opens before the first answer ends the run; later it may open a few times, since
    /// servers come back.
    mutating func take(_ notice: CircuitNotice, endpoint: String, error: ProviderError?) {
        switch notice {
        case .probing: break
        case .closed:
            openings[endpoint] = nil
            answered.insert(endpoint)
        case .opened(_, let failures):
            openings[endpoint, default: 0] += 1
            let count = openings[endpoint] ?? 0
            guard !answered.contains(endpoint) || count >= Self.mostOpenings else { return }
            let why = error.map { ": \($0.message)" } ?? ""
            end(.endpoint, "the endpoint does not answer (\(failures) failures in a row)\(why)", error)
        }
    }

    /// No new trials begin; the first reason counts.
    mutating func end(_ why: RunStop, _ reason: String, _ error: ProviderError? = nil) {
        guard stop == nil else { return }
        stop = Stop(why: why, reason: reason, error: error)
    }

    mutating func pause(_ isPaused: Bool) { self.isPaused = isPaused }

    mutating func setConcurrency(_ limit: Int) -> ConcurrencyRules.Change? { rules.set(limit) }

    /// There may be money again.
    mutating func raiseBudget() { waitsForMoney = false }
}
