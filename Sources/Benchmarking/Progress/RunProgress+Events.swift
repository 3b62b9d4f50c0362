public import ProviderCore

extension RunProgress {
    /// Takes what happened in a run of this process.
    public mutating func take(_ event: RunEvent) {
        switch event {
        case .started(let trial, let now):
            slots[trial] = TrialSlot(trial: trial, at: now)
            // One that begins when another gave its money back does not mean that there is enough for all.
            if slots.count >= limit { waitsForMoney = false }
        case .streamed(let trial, let turn, let events, let now): take(events, turn: turn, of: trial, now)
        case .tools(let trial, let names, let now): slots[trial]?.become(.tools(names), now)
        case .scoring(let trial, let now): slots[trial]?.become(.scoring, now)
        case .ended(let record, let now):
            slots[record.key.index] = nil
            pace.end(at: now, running: max(limit, 1))
            take(record, at: now)
        case .postponed(let trial):
            slots[trial] = nil
            waitsForMoney = true
        case .concurrency(let change, _):
            limit = change.to
            lastChange = change
        case .paused(let isPaused, let now):
            phase = isPaused ? .paused : .running
            if !isPaused { pace.begin(at: now) }
        case .stopping(let why, let reason): phase = .stopping(why, reason)
        }
    }

    private mutating func take(
        _ events: [StreamEvent], turn: Int, of trial: Int, _ now: ContinuousClock.Instant
    ) {
        guard endpointOf.indices.contains(trial) else { return }
        let bytes = slots[trial]?.take(events, turn: turn, at: now) ?? 0
        if bytes > 0 { outputBytes.add(bytes, at: now) }
        if endpoints[Int(endpointOf[trial])].take(events, at: now) { retries += 1 }
    }

    /// Takes a trial that was settled before this process began. It says nothing of the pace.
    public mutating func take(earlier record: TrialRecord) {
        guard take(record, at: nil) else { return }
        resumed += 1
    }

    /// Takes a trial that is over. One that is taken as a result already is not taken again.
    @discardableResult
    mutating func take(_ record: TrialRecord, at now: ContinuousClock.Instant?) -> Bool {
        let trial = record.key.index
        guard outcomes.indices.contains(trial) else { return false }
        let old = outcome(of: trial)
        guard old?.isSettled != true, old != record.outcome else { return false }
        if let old { counts[Self.code(old)] -= 1 }
        counts[Self.code(record.outcome)] += 1
        outcomes[trial] = UInt8(Self.code(record.outcome))
        cells[Int(cellOf[trial])].take(record, before: old, options.definition)
        if record.outcome.isScored { credits[trial] = Float(record.credit) }
        let ended = EndedTrial(record, change: change(trial, record.outcome))
        latest.append(ended)
        if ended.isFailure || ended.change != nil { failures.append(ended) }
        if let now {
            let count = record.timings.reduce(0) {
                $0 + ($1.timing.usage.inputTokens ?? 0) + ($1.timing.usage.outputTokens ?? 0)
            }
            endpoints[Int(endpointOf[trial])].took(tokens: count, at: now)
        }
        return true
    }

    private func change(_ trial: Int, _ outcome: TrialOutcome) -> EndedTrial.Change? {
        guard before[trial] >= 0, outcome.isScored else { return nil }
        let wasRight = before[trial] >= 1
        guard wasRight != (outcome == .right) else { return nil }
        return wasRight ? .regressed : .fixed
    }

    /// Takes what requests cost so far.
    public mutating func take(_ money: RunMoney, costs: [RunCosts]) {
        self.money = money
        for cost in costs {
            guard let index = cells.firstIndex(where: { $0.task == cost.task && $0.subject == cost.subject }) else {
                continue
            }
            cells[index].money = cost.money
        }
    }

    /// Takes another cap on what may be spent; nil = none.
    public mutating func take(cap: Money?) {
        self.cap = cap
        waitsForMoney = false
    }

    /// Takes other rate limits of its own.
    public mutating func take(caps: RateCaps) { self.caps = caps }

    /// Takes how this program does.
    public mutating func take(_ client: ClientHealth) { self.client = client }

    /// The run of this process is over.
    public mutating func end(_ result: RunResult, at now: ContinuousClock.Instant) {
        phase = .ended(result.state, result.stop, reason: result.reason)
        slots = [:]
        endedAt = now
    }
}
