/// Pulls the next batch of events. Lives in one consumer and need not be `Sendable`; implementers keep their decoding
/// state in it.
///
/// To write one: return all events that can be told without waiting, never an empty array, and nil at the end. Dropping
/// the iterator must release whatever feeds it. To fake one: return batches from an array.
public protocol StreamEventBatches {
    /// The next events; nil at the end of a complete answer. Throws `ProviderError` when the stream failed or was cut
    /// (after the events that did arrive), and `CancellationError` when the task was cancelled.
    mutating func nextBatch() async throws -> [StreamEvent]?
}

/// A streamed answer: a lazy sequence of events, pulled by its consumer.
///
/// No task runs inside: cancelling the consuming task, or dropping the iterator, closes the connection. Consume it once: what
/// a second consumption does, asking again or throwing, is its maker's affair. The end without an error means that the
/// answer is whole.
///
/// Events come in batches, all that one read of the network held; `batches()` gives them whole, which spares one suspension
/// per event.
public struct ChatStream: AsyncSequence, Sendable {
    /// What the sequence yields.
    public typealias Element = StreamEvent

    /// Ends waits of the policies around the provider early, from any task or thread; nil = there are none.
    public var control: CallControl?
    private let make: @Sendable () -> any StreamEventBatches

    /// A stream over what `make` returns; `make` is called when consumption begins, once for each consumption. What can be
    /// told only once has to throw the second time.
    public init(_ make: @escaping @Sendable () -> any StreamEventBatches) {
        self.make = make
    }

    /// Begins consumption of the events in the batches in which they arrived.
    public func batches() -> any StreamEventBatches { make() }

    /// Begins consumption, event by event.
    public func makeAsyncIterator() -> Iterator { Iterator(source: make()) }

    /// Gives events one at a time; suspends only between batches.
    public struct Iterator: AsyncIteratorProtocol {
        private var source: any StreamEventBatches
        private var batch: [StreamEvent] = []
        private var position = 0

        init(source: any StreamEventBatches) { self.source = source }

        /// The next event, or nil at the end. Errors as `StreamEventBatches.nextBatch()`.
        public mutating func next() async throws -> StreamEvent? {
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
