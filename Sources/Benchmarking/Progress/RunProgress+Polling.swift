import ProviderCore

/// What who watches a run of another process read of its database.
public struct RunNews: Sendable {
    /// The run.
    public var run: StoredRun
    /// Trials that got a record since the last news, without their texts.
    public var trials: [TrialRecord]
    /// Requests and money.
    public var money: RunMoney
    /// The same by task and subject.
    public var costs: [RunCosts]
    /// What happened besides, oldest first.
    public var notes: [RunNote]
    /// Requests that are open now.
    public var open: [RequestRecord]
    /// Milliseconds since 1970, when this was read.
    public var read: Int64

    /// News.
    public init(
        run: StoredRun, trials: [TrialRecord] = [], money: RunMoney = RunMoney(), costs: [RunCosts] = [],
        notes: [RunNote] = [], open: [RequestRecord] = [], read: Int64
    ) {
        self.run = run
        self.trials = trials
        self.money = money
        self.costs = costs
        self.notes = notes
        self.open = open
        self.read = read
    }
}

extension RunProgress {
    /// Why a run ended whose process died.
    public static let diedReason = "its process is gone"

    /// Takes what was read of the run's database. The first time tells of what was done before; `isFirst`.
    public mutating func take(_ news: RunNews, isFirst: Bool, at now: ContinuousClock.Instant) {
        for record in news.trials {
            if isFirst {
                take(earlier: record)
            } else if take(record, at: now) {
                pace.end(at: now, running: max(1, limit))
            }
        }
        take(news.money, costs: news.costs)
        take(news.open, read: news.read, at: now)
        worked = news.run.worked - (now - began)
        cap = news.run.header.budget
        if news.run.isHeld {
            endedAt = nil
            phase = .running
            lastStarted = news.trials.reduce(lastStarted) { max($0, $1.started) }
            take(news.notes)
        } else {
            // A process that died leaves a run that says that it runs.
            let state = news.run.state == .running ? RunState.incomplete : news.run.state
            let died = news.run.hasDied ? Self.diedReason : ""
            phase = .ended(state, news.run.stop, reason: died)
            slots = [:]
            endedAt = now
        }
    }

    private mutating func take(_ open: [RequestRecord], read: Int64, at now: ContinuousClock.Instant) {
        var fresh: [Int: TrialSlot] = [:]
        for request in open {
            let start = request.start
            let age = Duration.milliseconds(max(0, read - start.sent))
            var slot = TrialSlot(
                trial: start.purpose.trial, turn: start.purpose.turn, attempt: start.attempt, since: now - age)
            if start.purpose.role == .judge { slot.become(.scoring, now - age) }
            // It began when it was seen first, as far as is known here.
            if let known = slots[slot.trial], known.turn == slot.turn, known.attempt == slot.attempt { slot = known }
            fresh[slot.trial] = slot
        }
        slots = fresh.filter { keys.indices.contains($0.key) }
    }

    /// What the notes say of the present: how many at once, and whether it is paused or stops.
    private mutating func take(_ notes: [RunNote]) {
        for note in notes {
            // A process that came later did not take over what one before it was told.
            if note.kind != "concurrency", note.at < lastStarted { continue }
            switch note.kind {
            case "concurrency":
                let words = note.text.split(separator: ":", maxSplits: 1).map(String.init)
                let numbers = (words.first ?? "").split(separator: " ").compactMap { Int($0) }
                guard numbers.count == 2 else { continue }
                limit = numbers[1]
                guard numbers[0] != numbers[1] else { continue }
                let reason = words.count > 1 ? String(words[1].drop { $0 == " " }) : ""
                lastChange = ConcurrencyRules.Change(from: numbers[0], to: numbers[1], reason: reason)
            case "paused": phase = .paused
            case "resumed": phase = .running
            case "stopping": phase = .stopping(.interrupted, note.text)
            default: break
            }
        }
    }
}
