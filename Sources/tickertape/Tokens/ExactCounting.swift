import ProviderCore
import Synchronization
import Tokenization

/// Exact token counts for the workspace, by the vocabularies that are compiled in.
///
/// One counter for each encoding; its caches are guarded by a lock, since requests run on several threads.
final class ExactCounting: TokenCounting {
    private let counters = Mutex<[TokenEncoding: SharedCounter]>([:])

    func count(for model: ModelInfo) -> (any RunningTokenCount)? {
        guard let encoding = Self.encoding(of: model), let counter = counters.withLock({ $0[encoding] }) else {
            return nil
        }
        return ExactCount(counter)
    }

    func prepare(for model: ModelInfo) async -> Bool {
        guard let encoding = Self.encoding(of: model) else { return false }
        guard counters.withLock({ $0[encoding] }) == nil else { return true }
        // Built outside the lock: somebody types meanwhile, and asks.
        let counter = SharedCounter(encoding)
        counters.withLock { $0[encoding] = $0[encoding] ?? counter }
        return true
    }

    private static func encoding(of model: ModelInfo) -> TokenEncoding? {
        model.encoding.flatMap(TokenEncoding.init(name:)) ?? TokenEncoding(model: model.id)
    }
}

/// A counter whose caches one count at a time uses.
final class SharedCounter: Sendable {
    private let counter: Mutex<TokenCounter>

    init(_ encoding: TokenEncoding) { counter = Mutex(TokenCounter(encoding)) }

    func stream() -> StreamingTokenCounter { counter.withLock { StreamingTokenCounter($0) } }

    func use(_ body: () -> Void) { counter.withLock { _ in body() } }
}

/// A count of a text that grows.
///
/// Unchecked: what a stream shares with others are the caches of its counter, and it touches them under the counter's lock only.
struct ExactCount: RunningTokenCount, @unchecked Sendable {
    private let counter: SharedCounter
    private var stream: StreamingTokenCounter

    init(_ counter: SharedCounter) {
        self.counter = counter
        stream = counter.stream()
    }

    var tokens: Int { stream.count }

    mutating func append(_ text: String) { counter.use { stream.append(text) } }

    mutating func reset() { counter.use { stream.reset() } }
}
