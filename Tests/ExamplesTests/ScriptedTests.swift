// guide:begin
import ProviderCore
import Synchronization
import Testing

/// Plays the same batches for every request, and then the end or an error.
struct Scripted: AIProvider {
    let id: ProviderID = "scripted"
    let batches: [[StreamEvent]]
    var ending: ProviderError?

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        ChatStream { Played(left: batches[...], ending: ending) }
    }

    func models() async throws -> [ModelListing] { [] }

    private struct Played: StreamEventBatches {
        var left: ArraySlice<[StreamEvent]>
        let ending: ProviderError?

        mutating func nextBatch() async throws -> [StreamEvent]? {
            try Task.checkCancellation()
            if let batch = left.popFirst() { return batch }
            if let ending { throw ending }
            return nil
        }
    }
}

/// A clock on which every wait is over at once.
final class JumpingClock: MonotonicClock {
    private let instant = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { instant.withLock { $0 } }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        instant.withLock { $0 = max($0, deadline) }
    }
}

@Test func aCutAnswerKeepsWhatCame() async throws {
    let cut = ProviderError(kind: .connection, message: "cut", fate: .interrupted)
    let provider = Scripted(batches: [[.textDelta("half", choice: 0)]], ending: cut)
    var answer = ChatResponse()
    await #expect(throws: cut) {
        for try await event in try await provider.stream(ChatRequest(model: "m", messages: [])) { answer.apply(event) }
    }
    #expect(answer.text == "half")
}

@Test func aBusyServerIsAskedThreeTimes() async throws {
    let busy = ProviderError(kind: .overloaded, status: 503, message: "busy", retryAfter: .seconds(60))
    let clock = JumpingClock()
    let provider = PolicyProvider(
        Scripted(batches: [], ending: busy), policies: [RetryPolicy(clock: clock)], clock: clock)
    var log = AttemptLog()
    await #expect(throws: busy) {
        for try await event in try await provider.stream(ChatRequest(model: "m", messages: [])) {
            if case .policy(let event) = event { log.apply(event) }
        }
    }
    #expect(log.attempts(endingWith: busy, status: nil).map(\.waited) == [.seconds(60), .seconds(60), .zero])
}
// guide:end
