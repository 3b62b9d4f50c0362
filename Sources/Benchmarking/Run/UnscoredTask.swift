internal import ProviderCore

/// A task of a run with trials that could not be scored: by a fault of the scorer, which no resumption mends.
public struct UnscoredTask: Sendable, Hashable {
    /// The task.
    public var task: String
    /// Trials of it that could not be scored.
    public var count: Int
    /// Why the first of them could not, in a sentence.
    public var reason: String
    /// Whether no trial of the task has a score.
    public var isWhole: Bool

    /// A task.
    public init(task: String, count: Int, reason: String, isWhole: Bool) {
        self.task = task
        self.count = count
        self.reason = reason
        self.isWhole = isWhole
    }

    /// The tasks of a run, in the order of the plan. Throws as the store.
    public static func all(in store: any RunStore) async throws(RunStoreError) -> [UnscoredTask] {
        guard try await store.outcomes()[.scorerError, default: 0] > 0 else { return [] }
        var tasks: [UnscoredTask] = []
        var scored: Set<String> = []
        var next = 0
        while true {
            let records = try await store.trials(from: next, limit: 500, withTexts: false)
            guard let last = records.last else { break }
            for record in records {
                if record.outcome.isScored { scored.insert(record.key.task) }
                if record.outcome == .scorerError { note(record, &tasks) }
            }
            next = last.key.index + 1
        }
        for index in tasks.indices { tasks[index].isWhole = !scored.contains(tasks[index].task) }
        return tasks
    }

    private static func note(_ record: TrialRecord, _ tasks: inout [UnscoredTask]) {
        let task = record.key.task
        if let index = tasks.firstIndex(where: { $0.task == task }) {
            tasks[index].count += 1
        } else {
            let reason = record.error?.message ?? "the scorer failed"
            tasks.append(UnscoredTask(task: task, count: 1, reason: reason, isWhole: false))
        }
    }
}
