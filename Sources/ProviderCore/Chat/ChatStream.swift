import Synchronization

/// Pulls the next batch of events. Lives in one consumer and need not be `Sendable`; implementers keep their decoding
/// state in it.
///
/// To write one: return all events that can be told without waiting, never an empty array, and nil at the end. Dropping
/// the iterator must release whatever feeds it. To fake one: return batches from an array.
public protocol StreamEventBatches {
    /// The next events; nil at the end of a complete answer. Throws `ProviderError` when the stream failed or was cut
    /// (after the events that did arrive), and `CancellationError` when the task was cancelled.
    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]?
}

/// A streamed answer: a lazy sequence of events, pulled by its consumer.
///
/// No task runs inside: cancelling the consuming task, or dropping the iterator, closes the connection. It is consumed once: a
/// second consumption throws, for it would send, and cost, the request again. The end without an error means that the answer
/// is whole.
///
/// Events come in batches, all that one read of the network held; `batches()` gives them whole, which spares one suspension
/// per event.
public struct ChatStream: AsyncSequence, Sendable {
    /// What the sequence yields.
    public typealias Element = StreamEvent

    /// Ends waits of the policies around the provider early, from any task or thread; nil = there are none.
    public var control: CallControl?
    private let source: Held<@Sendable () -> any StreamEventBatches>

    /// A stream over what `make` returns; `make` is called once, when consumption begins, and let go of then.
    public init(_ make: @escaping @Sendable () -> any StreamEventBatches) {
        source = Held(make)
    }

    /// A stream over batches that are there already, such as a connection that is open. Once consumption begins the consumer
    /// alone has them, so that dropping its iterator releases them.
    public init(holding batches: some StreamEventBatches & Sendable) {
        self.init { batches }
    }

    /// Begins consumption of the events in the batches in which they arrived.
    public func batches() -> any StreamEventBatches { source.take()?() ?? SpentBatches() }

    /// Begins consumption, event by event.
    public func makeAsyncIterator() -> Iterator { Iterator(source: batches()) }

    /// Gives events one at a time; suspends only between batches.
    public struct Iterator: AsyncIteratorProtocol {
        private var source: any StreamEventBatches
        private var batch: [StreamEvent] = []
        private var position = 0

        init(source: any StreamEventBatches) { self.source = source }

        /// The next event, or nil at the end. Errors as `StreamEventBatches.nextBatch()`.
        public nonisolated(nonsending) mutating func next() async throws -> StreamEvent? {
            while position == batch.count {
                guard let next = try await source.nextBatch() else { return nil }
                batch = next
                position = 0
            }
            defer { position += 1 }
            return batch[position]
        }

        /// As `next()`, where its caller runs.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> StreamEvent? {
            while position == batch.count {
                guard let next = try await source.nextBatch() else { return nil }
                batch = next
                position = 0
            }
            defer { position += 1 }
            return batch[position]
        }
    }
}

/// Holds a value until it is taken.
private final class Held<Value: Sendable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: Value) { self.value = Mutex(value) }

    func take() -> Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}

/// A second consumption.
private struct SpentBatches: StreamEventBatches {
    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        throw ProviderError(kind: .invalidRequest, message: "a streamed answer can be read only once")
    }
}
