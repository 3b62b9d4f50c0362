public import ProviderCore
import Synchronization

/// Counts a token for every letter, space and mark; ready when it was prepared.
public final class LetterCounting: TokenCounting {
    private struct Letters: RunningTokenCount {
        var tokens = 0
        mutating func append(_ text: String) { tokens += text.unicodeScalars.count }
        mutating func reset() { tokens = 0 }
    }

    private let isReady: Mutex<Bool>

    /// Ready at once, or only after `prepare`.
    public init(isReady: Bool = true) { self.isReady = Mutex(isReady) }

    /// A count, if it is ready.
    public func count(for model: ModelInfo) -> (any RunningTokenCount)? { isReady.withLock { $0 } ? Letters() : nil }

    /// Makes it ready.
    public func prepare(for model: ModelInfo) async -> Bool {
        isReady.withLock { $0 = true }
        return true
    }
}
