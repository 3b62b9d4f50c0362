import Synchronization

/// Remembers what an endpoint refused, by model, so that it is asked in its own way from the next request on.
final class ConcessionMemory: Sendable {
    private let known = Mutex<[String: Concessions]>([:])

    /// What is known of a model here.
    func concessions(for model: String) -> Concessions { known.withLock { $0[model] } ?? Concessions() }

    /// Notes what was learned of a model.
    func note(_ concessions: Concessions, for model: String) { known.withLock { $0[model] = concessions } }
}
