import Benchmarking
internal import Foundation
import ProviderCore
import Synchronization

/// What the thread of a run's database is asked.
enum RunOperation: Sendable {
    case write(RunWrite)
    case other(@Sendable (inout RunWorker) -> Void)
    case stop
}

/// Something to be kept.
struct RunWrite: Sendable {
    /// Does it, and gives a number to whoever asked. Throws `RunStoreError` where it may not be.
    let body: @Sendable (RunTables) throws -> Int64
    /// Told when it is on the disk, or cannot be. Nil = nobody waits: it is kept in memory until it can be written.
    let reply: (@Sendable (Result<Int64, RunStoreError>) -> Void)?

    var isPatient: Bool { reply == nil }
}

/// The way to a run's database: one thread, from the first operation on until nobody holds the store any more. All that comes while a
/// transaction is written goes into the next one.
final class RunWork: Sendable {
    private let queue = WorkQueue<RunOperation>()
    private let worker: Mutex<RunWorker?>

    init(_ worker: RunWorker) { self.worker = Mutex(worker) }

    deinit { queue.add(.stop) }

    /// Keeps something.
    func write(_ body: @escaping @Sendable (RunTables) throws -> Int64) async throws(RunStoreError) -> Int64 {
        let result = await withCheckedContinuation { continuation in
            add(.write(RunWrite(body: body) { continuation.resume(returning: $0) }))
        }
        return try result.get()
    }

    /// Keeps something that nobody waits for.
    func write(later body: @escaping @Sendable (RunTables) throws -> Void) {
        let write = RunWrite(
            body: { tables in
                try body(tables)
                return 0
            }, reply: nil)
        add(.write(write))
    }

    /// Does something else, in its turn.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (inout RunWorker) throws(RunStoreError) -> Value
    ) async throws(RunStoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            add(
                .other { worker in
                    continuation.resume(returning: Result { () throws(RunStoreError) in try work(&worker) })
                })
        }
        return try result.get()
    }

    private func add(_ operation: RunOperation) {
        let first = worker.withLock { worker in
            defer { worker = nil }
            return worker
        }
        if let first { Self.start(queue, first) }
        queue.add(operation)
    }

    /// How often what nobody waits for is tried again.
    private static let retryInterval = Duration.seconds(5)

    private static func start(_ queue: WorkQueue<RunOperation>, _ worker: RunWorker) {
        let thread = Thread {
            var worker = worker
            while worker.perform(queue.take(within: worker.hasUnwritten ? retryInterval : nil)) {}
        }
        thread.name = "run"
        thread.start()
    }

    /// Does something that waits for the disk once, on a thread of its own.
    static func once<Value: Sendable>(
        _ work: @escaping @Sendable () throws(RunStoreError) -> Value
    ) async throws(RunStoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: Result { () throws(RunStoreError) in try work() }) }.start()
        }
        return try result.get()
    }
}
