internal import Foundation
import ProviderCore
import Synchronization

/// Operations on their way to a thread of their own, and notices on their way back.
final class WorkQueue<Operation: Sendable>: Sendable {
    private let operations = Mutex<[Operation]>([])
    private let notices = Mutex<[String]>([])
    private let wake = DispatchSemaphore(value: 0)

    func add(_ operation: Operation) {
        let isFirst = operations.withLock { operations in
            operations.append(operation)
            return operations.count == 1
        }
        if isFirst { wake.signal() }
    }

    /// All that is there; waits for the first, or so long.
    func take(within time: Duration?) -> [Operation] {
        if let time {
            _ = wake.wait(timeout: .now() + .milliseconds(Int(time.milliseconds)))
        } else {
            wake.wait()
        }
        return operations.withLock { operations in
            defer { operations = [] }
            return operations
        }
    }

    func tell(_ notice: String) { notices.withLock { $0.append(notice) } }

    func takeNotices() -> [String] {
        notices.withLock { notices in
            defer { notices = [] }
            return notices
        }
    }
}
