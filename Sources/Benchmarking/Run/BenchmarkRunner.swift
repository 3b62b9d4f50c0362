public import ProviderCore
import Synchronization

/// Runs what is left of a run: every trial once, so many at a time as the endpoint bears, each kept before the next takes its place.
///
/// The store has to be claimed. What stops a run (no money, no time, a person, a key that is refused) leaves it so that it can be
/// resumed. Cancelling the task of `run` cuts what runs, as `RunCommand.cut` does.
public final class BenchmarkRunner: Sendable {
    /// How a run is made.
    public struct Plan: Sendable {
        /// Its id.
        public var runID: String
        /// Trials that are left, in their order.
        public var trials: [Int]
        /// How many at once.
        public var concurrency: RunSettings.Concurrency
        /// What it may spend, and how long it may take from now on.
        public var budget: RunSettings.Budget
        /// Caps of every request besides.
        public var caps: [BudgetScope: SpendingCap]
        /// How long earlier processes ran it.
        public var worked: Duration
        /// What it has cost that the ledger does not know; counts to its cap.
        public var unbooked: Money

        /// A plan.
        public init(
            runID: String, trials: [Int], concurrency: RunSettings.Concurrency = .init(),
            budget: RunSettings.Budget = .init(), caps: [BudgetScope: SpendingCap] = [:], worked: Duration = .zero,
            unbooked: Money = .zero
        ) {
            self.runID = runID
            self.trials = trials
            self.concurrency = concurrency
            self.budget = budget
            self.caps = caps
            self.worked = worked
            self.unbooked = unbooked
        }
    }

    private enum Input: Sendable {
        case ended(Int, TrialEnd)
        case circuit(Int, CircuitNotice, ProviderError?)
        case command(RunCommand)
        case timeIsOver
        case storeFailed(RunStoreError)
    }

    private let source: any TrialSource
    private let store: any RunStore
    private let plan: Plan
    private let clock: any MonotonicClock
    private let observe: @Sendable (RunEvent) -> Void
    private let inputs: AsyncStream<Input>
    private let inbox: AsyncStream<Input>.Continuation

    /// A runner. `observe` is called from any task and must return at once.
    public init(
        _ plan: Plan, source: any TrialSource, store: any RunStore, clock: any MonotonicClock = ContinuousClock(),
        observe: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.plan = plan
        self.source = source
        self.store = store
        self.clock = clock
        self.observe = observe
        (inputs, inbox) = AsyncStream.makeStream(of: Input.self)
    }

    /// Asks something of the run; from any task, also before it begins.
    public func send(_ command: RunCommand) { inbox.yield(.command(command)) }

    /// Runs it to its end. Call it once.
    public func run() async -> RunResult {
        let began = clock.now
        let epoch = began.advanced(by: .zero - plan.worked)
        let waits = TrialWaits()
        let runner = TrialRunner(
            source: source, runID: plan.runID, clock: clock, epoch: epoch, waits: waits, observe: observe
        ) { [inbox] trial, notice, error in inbox.yield(.circuit(trial, notice, error)) }
        var work = Work(plan, runner, epoch: epoch)
        work.answered = await answered()
        await withDiscardingTaskGroup { group in
            if let time = plan.budget.time {
                group.addTask { [clock, inbox] in
                    try? await clock.sleep(for: time)
                    inbox.yield(.timeIsOver)
                }
            }
            start(&work, &group)
            if !work.schedule.isOver {
                for await input in inputs {
                    if take(input, &work) { group.cancelAll() }
                    if work.schedule.isOver { break }
                    start(&work, &group)
                }
            }
            // The stream also ends when this task is cancelled: what runs is cut with it.
            if !work.schedule.isOver { work.schedule.end(.interrupted, "cut") }
            group.cancelAll()
        }
        await keepUnscored(work)
        return result(work.schedule, worked: clock.now - began)
    }

    /// Numbers of trials whose answers wait for their judge since an earlier process. One that cannot be read is asked again.
    private func answered() async -> Set<Int> {
        var (answered, next): (Set<Int>, Int) = ([], 0)
        while let records = try? await store.trials(from: next, limit: 500, withTexts: false), let last = records.last {
            answered.formUnion(records.lazy.filter(\.awaitsScore).map(\.key.index))
            next = last.key.index + 1
        }
        return answered
    }

    /// Keeps the answers of trials that still wait for money for their judge: they are paid. Where that fails they are asked again.
    private func keepUnscored(_ work: Work) async {
        let records = work.begun.values.compactMap { work.runner.waiting($0) }
        if !records.isEmpty { try? await store.settle(records) }
    }

    /// What changes while it runs.
    private struct Work {
        var schedule: RunSchedule
        var money: TrialMoney
        /// Trials that wait for money with a part of their conversation behind them.
        var begun: [Int: RunningTrial] = [:]
        /// Trials that an earlier process asked, and that are to be scored only.
        var answered: Set<Int> = []
        let runner: TrialRunner
        let epoch: ContinuousClock.Instant

        init(_ plan: Plan, _ runner: TrialRunner, epoch: ContinuousClock.Instant) {
            let settings = plan.concurrency
            schedule = RunSchedule(
                waiting: plan.trials,
                concurrency: ConcurrencyRules(start: settings.start, most: settings.most, adapts: settings.adapts))
            money = TrialMoney(
                caps: plan.caps, run: LiveCap(plan.budget.run), before: plan.unbooked, trial: plan.budget.trial)
            self.runner = runner
            self.epoch = epoch
        }
    }

    private func start(_ work: inout Work, _ group: inout DiscardingTaskGroup) {
        let trials = work.schedule.begin()
        work.money.takesLess = work.schedule.isAlone
        for trial in trials {
            var begun = work.begun.removeValue(forKey: trial)
            let isAnswered = work.answered.remove(trial) != nil
            group.addTask { [store, inbox, runner = work.runner, money = work.money] in
                if isAnswered, let record = try? await store.trials(from: trial, limit: 1, withTexts: true).first,
                    record.key.index == trial
                {
                    begun = runner.taken(up: record)
                }
                let end = await runner.run(trial, from: begun, within: money)
                if case .over(let record, _) = end {
                    do throws(RunStoreError) { try await store.settle([record]) } catch {
                        inbox.yield(.storeFailed(error))
                        inbox.yield(.ended(trial, .cut))
                        return
                    }
                }
                inbox.yield(.ended(trial, end))
            }
        }
    }

    /// Takes what came in; true = what runs is to be cut.
    private func take(_ input: Input, _ work: inout Work) -> Bool {
        let now = clock.now
        let wasStopping = work.schedule.stop != nil
        var cuts = false
        switch input {
        case .ended(let trial, let end): take(end, of: trial, &work, now)
        case .circuit(let trial, let notice, let error):
            work.schedule.take(notice, endpoint: source.endpoint(of: trial), error: error)
        case .command(let command): cuts = take(command, &work, now)
        case .timeIsOver: work.schedule.end(.time, "the time that the run may take is over")
        case .storeFailed(let error):
            work.schedule.end(.storage, error.description)
            cuts = true
        }
        if !wasStopping, let stop = work.schedule.stop { begin(stop, work, now) }
        return cuts
    }

    private func take(_ end: TrialEnd, of trial: Int, _ work: inout Work, _ now: ContinuousClock.Instant) {
        let endpoint = source.endpoint(of: trial)
        if let change = work.schedule.take(end, of: trial, endpoint: endpoint, at: now) {
            tell(change, work.epoch, now)
        }
        switch end {
        case .over(let record, _): observe(.ended(record, at: now))
        case .noMoney(let begun, _):
            work.begun[trial] = begun
            observe(.postponed(trial))
        case .cut: break
        }
    }

    private func take(_ command: RunCommand, _ work: inout Work, _ now: ContinuousClock.Instant) -> Bool {
        switch command {
        case .pause, .resume:
            let pauses = command == .pause
            guard pauses != work.schedule.isPaused else { return false }
            work.schedule.pause(pauses)
            observe(.paused(pauses, at: now))
            store.note(RunNote(at: now - work.epoch, kind: pauses ? "paused" : "resumed", text: "by hand"))
        case .concurrency(let limit):
            if let change = work.schedule.setConcurrency(limit) { tell(change, work.epoch, now) }
        case .budget(let cap):
            work.money.run.set(cap)
            work.schedule.raiseBudget()
            store.keep(cap: cap, at: now - work.epoch)
        case .limits(let caps):
            source.hold(to: caps)
            store.note(RunNote(at: now - work.epoch, kind: "limits", text: caps.words))
        case .stop: work.schedule.end(.interrupted, "stopped by hand")
        case .cut:
            work.schedule.end(.interrupted, "stopped by hand")
            return true
        }
        return false
    }

    /// The run stops: says so, and lets nobody wait for what will not come.
    private func begin(_ stop: RunSchedule.Stop, _ work: Work, _ now: ContinuousClock.Instant) {
        observe(.stopping(stop.why, stop.reason))
        store.note(RunNote(at: now - work.epoch, kind: "stopping", text: stop.reason))
        switch stop.why {
        case .endpoint, .time: work.runner.waits.giveUp()
        case .budget, .interrupted, .storage: break
        }
    }

    private func tell(
        _ change: ConcurrencyRules.Change, _ epoch: ContinuousClock.Instant, _ now: ContinuousClock.Instant
    ) {
        observe(.concurrency(change, at: now))
        store.note(
            RunNote(at: now - epoch, kind: "concurrency", text: "\(change.from) to \(change.to): \(change.reason)"))
    }

    private func result(_ schedule: RunSchedule, worked: Duration) -> RunResult {
        // What stopped it came too late where every trial has its result.
        guard !schedule.isComplete else { return RunResult(state: .complete, worked: worked) }
        if let stop = schedule.stop {
            return RunResult(
                state: .incomplete, stop: stop.why, reason: stop.reason, error: stop.error, worked: worked)
        }
        let count = schedule.unsettled
        return RunResult(
            state: .incomplete, stop: .endpoint,
            reason: "\(count) trial\(count == 1 ? "" : "s") failed and can be tried again; the first: "
                + schedule.unsettledReason,
            worked: worked)
    }
}

extension RateCaps {
    /// In words, for a note of a run.
    fileprivate var words: String {
        let parts = [
            requestsPerMinute.map { "\($0) requests a minute" }, tokensPerMinute.map { "\($0) tokens a minute" },
        ].compactMap(\.self)
        return parts.isEmpty ? "no limits of its own now" : "at most \(parts.joined(separator: " and ")) now"
    }
}
