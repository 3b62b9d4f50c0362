public import ProviderCore
import Synchronization

/// A provider whose answer to each request is made by a closure, which gets the request and its number from 1.
public final class ClosureProvider: AIProvider {
    /// What a request is answered with: batches, then an end or an error.
    public struct Answer: Sendable {
        /// Events, batch by batch; none of them empty.
        public var batches: [[StreamEvent]]
        /// How it ends; nil = well.
        public var error: ProviderError?
        /// Whether the error comes before the request is accepted.
        public var isRefused: Bool

        /// An answer.
        public init(_ batches: [[StreamEvent]], error: ProviderError? = nil, isRefused: Bool = false) {
            self.batches = batches
            self.error = error
            self.isRefused = isRefused
        }

        /// An answer of one word.
        public static let good = Answer([
            [.responseStarted(ResponseMetadata(id: "r", model: "m"))],
            [
                .textDelta("ok", choice: 0), .finished(.stop, choice: 0),
                .usage(TokenUsage(inputTokens: 10, outputTokens: 2)),
            ],
        ])

        /// A refusal.
        public static func refusing(_ error: ProviderError) -> Answer { Answer([], error: error, isRefused: true) }
    }

    private let requests = Mutex<[ChatRequest]>([])
    private let make: @Sendable (ChatRequest, Int) async throws -> Answer

    /// A provider that answers by `make`.
    public init(_ make: @escaping @Sendable (ChatRequest, Int) async throws -> Answer) { self.make = make }

    /// `closure`.
    public var id: ProviderID { "closure" }

    /// What was asked so far.
    public var asked: [ChatRequest] { requests.withLock { $0 } }

    /// How often it was asked.
    public var count: Int { requests.withLock { $0.count } }

    /// Answers.
    public func stream(_ request: ChatRequest) async throws -> ChatStream {
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        let answer = try await make(request, number)
        if answer.isRefused, let error = answer.error { throw error }
        return ChatStream { Batches(batches: answer.batches[...], error: answer.error) }
    }

    /// None.
    public func models() async throws -> [ModelListing] { [] }

    private struct Batches: StreamEventBatches {
        var batches: ArraySlice<[StreamEvent]>
        let error: ProviderError?

        mutating func nextBatch() async throws -> [StreamEvent]? {
            try Task.checkCancellation()
            if let next = batches.popFirst() { return next }
            if let error { throw error }
            return nil
        }
    }
}
