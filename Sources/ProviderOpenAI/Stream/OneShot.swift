import ProviderCore
import Synchronization

/// Holds an answer until its consumption begins, and only until then: after that the consumer's iterator is the one
/// owner of the connection, and dropping it closes the connection.
final class OneShot<Batches: StreamEventBatches & Sendable>: Sendable {
    private let held: Mutex<Batches?>

    init(_ batches: Batches) { held = Mutex(batches) }

    /// The answer, the first time; afterwards batches that only throw.
    func take() -> any StreamEventBatches {
        held.withLock { held in
            defer { held = nil }
            return held
        } ?? Spent()
    }

}

private struct Spent: StreamEventBatches {
    mutating func nextBatch() async throws -> [StreamEvent]? {
        throw ProviderError(kind: .invalidRequest, message: "a streamed answer can be read only once")
    }
}
