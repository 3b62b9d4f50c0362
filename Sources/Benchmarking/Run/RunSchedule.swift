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
    /// Trials that were tried and are not settled.
    private(set) var unsettled = 0

    private var waiting: [Int]
    private var next = 0
    /// Trials that did not fit into what was left of the money; they go first.
    private var postponed: [Int] = []
    private var waitsForMoney = false
    private var noMoney = ""
    /// Trials that the endpoint failed since the last one that it answered.
    private var failuresInARow = 0

    /// So many trials that the endpoint fails one after the other, and at least all that run at once, end a run.
    static let mostFailures = 8

    init(waiting: [Int], concurrency: ConcurrencyRules) {
        self.waiting = waiting
        rules = concurrency
    }

    /// Trials that have not begun.
    var left: Int { waiting.count - next + postponed.count }

    /// Whether nothing runs and nothing will.
    var isOver: Bool { running.isEmpty && (left == 0 || stop != nil) }

    /// The trials that begin now.
    mutating func begin() -> [Int] {
        guard stop == nil, !isPaused, !waitsForMoney else { return [] }
        var begun: [Int] = []
        while running.count < rules.limit, let trial = take() {
            running.insert(trial)
            begun.append(trial)
        }
        return begun
    }

    private mutating func take() -> Int? {
        if !postponed.isEmpty { return postponed.removeFirst() }
        guard next < waiting.count else { return nil }
        defer { next += 1 }
        return waiting[next]
    }

    /// A trial came back.
    mutating func take(_ end: TrialEnd, of trial: Int, at now: ContinuousClock.Instant) -> ConcurrencyRules.Change? {
        let count = running.count
        running.remove(trial)
        switch end {
        case .cut: return nil
        case .noMoney(let reason):
            postponed.append(trial)
            noMoney = reason
            waitsForMoney = true
            stopWithoutMoney()
            return nil
        case .over(let record, let ended):
            // What it held is free again.
            waitsForMoney = false
            if !record.outcome.isSettled { unsettled += 1 }
            note(record)
            return rules.note(ended, running: count, at: now)
        }
    }

    private mutating func stopWithoutMoney() {
        guard running.isEmpty, waitsForMoney else { return }
        end(.budget, noMoney)
    }

    private mutating func note(_ record: TrialRecord) {
        guard let error = record.error, record.outcome == .infraError || record.outcome == .budget else {
            failuresInARow = 0
            return
        }
        switch error.kind {
        case .authentication, .permission, .notFound, .quotaExceeded: end(.endpoint, error.message, error)
        case .budgetExceeded: end(.budget, error.message, error)
        case .cancelled where error.isStorageFailure: end(.storage, error.message, error)
        default:
            failuresInARow += 1
            guard failuresInARow >= max(Self.mostFailures, rules.limit) else { return }
            end(.endpoint, "\(failuresInARow) trials in a row failed: \(error.message)", error)
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
