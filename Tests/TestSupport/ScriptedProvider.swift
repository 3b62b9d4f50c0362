public import ProviderCore
import Synchronization

/// A provider that plays event batches from a list, one script for each request in turn; the last one repeats.
public final class ScriptedProvider: AIProvider {
    /// What happens when the next batch is asked for.
    public enum Step: Sendable {
        /// These events come together.
        case events([StreamEvent])
        /// The provider waits on the script's clock.
        case pause(Duration)
        /// The stream fails.
        case fail(ProviderError)
    }

    /// What happens to one request.
    public enum Script: Sendable {
        /// The request is accepted and this is streamed.
        case answer([Step])
        /// The request is refused.
        case refusal(ProviderError)
    }

    private struct State {
        var scripts: [Script]
        var requests: [ChatRequest] = []
    }

    private let state: Mutex<State>
    private let clock: any MonotonicClock
    private let listing: [ModelListing]

    /// A provider that plays these scripts. Pauses run on `clock`; `models` is what it lists.
    public init(_ scripts: [Script], clock: any MonotonicClock = TestClock(), models: [ModelListing] = []) {
        state = Mutex(State(scripts: scripts))
        self.clock = clock
        listing = models
    }

    /// A provider that answers every request with this text, a batch for each word, and a finish.
    public convenience init(text: String, usage: TokenUsage? = nil) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        var steps: [Step] = [.events([.responseStarted(ResponseMetadata(id: "scripted", model: "scripted-model"))])]
        for (position, word) in words.enumerated() where position > 0 || !word.isEmpty {
            steps.append(.events([.textDelta((position > 0 ? " " : "") + word, choice: 0)]))
        }
        steps.append(.events([.finished(.stop, choice: 0)] + (usage.map { [.usage($0)] } ?? [])))
        self.init([.answer(steps)])
    }

    /// `scripted`.
    public var id: ProviderID { "scripted" }

    /// What was asked so far.
    public var requests: [ChatRequest] { state.withLock { $0.requests } }

    /// Plays the next script.
    public func stream(_ request: ChatRequest) async throws -> ChatStream {
        try Task.checkCancellation()
        let script = state.withLock { state in
            state.requests.append(request)
            return state.scripts.count > 1 ? state.scripts.removeFirst() : state.scripts.first
        }
        switch script {
        case .refusal(let error): throw error
        case .answer(let steps):
            let clock = clock
            return ChatStream { Batches(steps: steps[...], clock: clock) }
        case nil: throw ProviderError(kind: .invalidRequest, message: "the script is empty")
        }
    }

    /// The listing it was made with.
    public func models() async throws -> [ModelListing] { listing }

    private struct Batches: StreamEventBatches {
        var steps: ArraySlice<Step>
        let clock: any MonotonicClock

        mutating func nextBatch() async throws -> [StreamEvent]? {
            while let step = steps.popFirst() {
                try Task.checkCancellation()
                switch step {
                case .events(let events): if !events.isEmpty { return events }
                case .pause(let duration): try await clock.sleep(for: duration)
                case .fail(let error):
                    steps = []
                    throw error
                }
            }
            return nil
        }
    }
}
