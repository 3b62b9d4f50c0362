import Conversations
internal import Foundation
import FunctionTools
import ProviderCore
import Synchronization

/// Takes the result of an operation; called once, on the database's thread.
typealias StorageReply<Value: Sendable> = @Sendable (Result<Value, StorageError>) -> Void

/// What the thread of the conversations' database is asked.
enum ConversationOperation: Sendable {
    case write(ConversationWrite)
    case other(@Sendable (inout ConversationWorker) -> Void)
    case stop
}

/// Something to be kept, and who wants to know when it is.
struct ConversationWrite: Sendable {
    /// What is kept.
    enum What: Sendable {
        case changes([ConversationChange])
        case call(DecidedCall)
    }

    let what: What
    let reply: StorageReply<Void>
}

/// The way to a database of conversations that the tool log and the store share: one thread, which exists from the first operation
/// on and ends with the last of those who share it. It does not stand on Dispatch, whose monitor would wake once a second for ever.
final class ConversationWork: Sendable {
    private let queue = WorkQueue<ConversationOperation>()
    private let worker: Mutex<ConversationWorker?>

    init(_ file: DatabaseFile, clock: WallClock) {
        worker = Mutex(ConversationWorker(file: file, clock: clock))
    }

    deinit { queue.add(.stop) }

    func takeNotices() -> [String] { queue.takeNotices() }

    /// Keeps something; all that came meanwhile is written as one transaction.
    func write(_ what: ConversationWrite.What) async throws(StorageError) {
        try await ask { .write(ConversationWrite(what: what, reply: $0)) }
    }

    /// Does something else, in its turn.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (inout ConversationWorker) throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        try await ask { reply in
            .other { worker in reply(Result { () throws(StorageError) in try work(&worker) }) }
        }
    }

    /// Returns when all that was asked before is done.
    func flush() async {
        await withCheckedContinuation { continuation in add(.other { _ in continuation.resume() }) }
    }

    private func ask<Value: Sendable>(
        _ operation: (@escaping StorageReply<Value>) -> ConversationOperation
    ) async throws(StorageError) -> Value {
        let result = await withCheckedContinuation { continuation in
            add(operation { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    private func add(_ operation: ConversationOperation) {
        let first = worker.withLock { worker in
            defer { worker = nil }
            return worker
        }
        if let first { Self.start(queue, first) }
        queue.add(operation)
    }

    private static func start(_ queue: WorkQueue<ConversationOperation>, _ worker: ConversationWorker) {
        let thread = Thread {
            var worker = worker
            while worker.perform(queue.take(within: nil), telling: { queue.tell($0) }) {}
        }
        thread.name = "conversations"
        thread.start()
    }
}
