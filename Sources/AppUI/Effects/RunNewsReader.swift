public import Benchmarking
public import ProviderCore
import Synchronization

/// Reads of a run's database what is new since it was read last, and nothing when it was not changed.
public final class RunNewsReader: Sendable {
    private struct Known {
        /// Trials that were read as settled.
        var settled: Set<Int> = []
        var changes: Int64?
        var isHeld = false
    }

    private let store: any RunStore
    private let wallClock: WallClock
    private let known = Mutex(Known())
    /// Records that are read at once.
    private static let window = 500

    /// Nothing was read yet.
    public init(_ store: any RunStore, wallClock: WallClock = WallClock()) {
        self.store = store
        self.wallClock = wallClock
    }

    /// What is new; nil = nothing. Throws as the store.
    public func read() async throws(RunStoreError) -> RunNews? {
        let changes = try await store.changes()
        let run = try await store.run()
        let before = known.withLock { $0 }
        if before.changes == changes, before.isHeld == run.isHeld { return nil }
        // While it runs, failures that no later trial follows are left for later: the whole is read when it has ended.
        let isWhole = before.changes == nil || (!run.isHeld && before.isHeld)
        let trials = try await self.trials(but: before.settled, isWhole: isWhole)
        known.withLock { known in
            known.changes = changes
            known.isHeld = run.isHeld
            known.settled.formUnion(trials.lazy.filter(\.outcome.isSettled).map(\.key.index))
        }
        return RunNews(
            run: run, trials: trials, money: try await store.money(), costs: try await store.costs(),
            notes: try await store.notes(), open: try await store.openRequests(), read: wallClock.now)
    }

    /// Records of trials that were not read as settled.
    private func trials(but known: Set<Int>, isWhole: Bool) async throws(RunStoreError) -> [TrialRecord] {
        var (next, last) = (0, Int.max)
        if !isWhole {
            let fresh = try await store.settledTrials().subtracting(known)
            guard let first = fresh.min(), let end = fresh.max() else { return [] }
            (next, last) = (first, end)
        }
        var records: [TrialRecord] = []
        while next <= last {
            let found = try await store.trials(from: next, limit: Self.window, withTexts: false)
            records += found.filter { $0.key.index <= last && !known.contains($0.key.index) }
            guard let end = found.last, found.count == Self.window else { break }
            next = end.key.index + 1
        }
        return records
    }
}
