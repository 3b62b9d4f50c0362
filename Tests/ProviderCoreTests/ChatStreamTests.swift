import ProviderCore
import TestSupport
import Testing

private struct Batches: StreamEventBatches, Sendable {
    var left: [[StreamEvent]]

    mutating func nextBatch() async throws -> [StreamEvent]? { left.isEmpty ? nil : left.removeFirst() }
}

@Suite struct ChatStreamTests {
    static let events: [[StreamEvent]] = [
        [.textDelta("a", choice: 0), .textDelta("b", choice: 0)], [.finished(.stop, choice: 0)],
    ]

    @Test func eventsComeOneByOneInOrder() async throws {
        var seen: [StreamEvent] = []
        for try await event in ChatStream(holding: Batches(left: Self.events)) { seen.append(event) }
        #expect(seen == Self.events.flatMap { $0 })
    }

    @MainActor @Test func onAnActorToo() async throws {
        var seen: [StreamEvent] = []
        for try await event in ChatStream({ Batches(left: Self.events) }) { seen.append(event) }
        #expect(seen == Self.events.flatMap { $0 })
    }

    @Test(arguments: [true, false]) func isReadOnce(_ isHeld: Bool) async throws {
        let stream =
            isHeld ? ChatStream(holding: Batches(left: Self.events)) : ChatStream { Batches(left: Self.events) }
        for try await _ in stream {}
        var again = stream.batches()
        let error = await #expect(throws: ProviderError.self) { try await again.nextBatch() }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message.contains("only once") == true)
    }

    /// A second reading behind policies would be paid for again.
    @Test func policiesSendOnce() async throws {
        let inner = ScriptedProvider(text: "once")
        let provider = PolicyProvider(inner, policies: [RetryPolicy(), RateLimiter(), CircuitBreaker()])
        let stream = try await provider.stream(PolicyFixture.request)
        for try await _ in stream {}
        await #expect(throws: ProviderError.self) { for try await _ in stream {} }
        #expect(inner.requests.count == 1)
    }
}

@Suite struct ResponseFoldTests {
    /// What a failed attempt told of itself is not the next one's.
    @Test func anAttemptBeginsAnew() {
        var response = ChatResponse()
        response.apply(.policy(.attemptStarted(AttemptNotice(number: 1, limit: 3, isResumed: false, waited: .zero))))
        response.apply(.usage(TokenUsage(inputTokens: 777, outputTokens: 5)))
        response.apply(.policy(.attemptStarted(AttemptNotice(number: 2, limit: 3, isResumed: true, waited: .zero))))
        #expect(response.usage.inputTokens == 777)
        response.apply(.policy(.attemptStarted(AttemptNotice(number: 3, limit: 3, isResumed: false, waited: .zero))))
        response.apply(.textDelta("ok", choice: 0))
        #expect(response == ChatResponse(text: "ok"))
    }
}

@Suite struct ResponseMessageTests {
    private static let call = ToolCall(id: "c", name: "f", arguments: "{}")
    private static let item = JSONValue.object([JSONMember("type", .string("reasoning"))])

    @Test func wholeAnswer() {
        let response = ChatResponse(
            text: "hi", reasoning: "hm", toolCalls: [Self.call], finishReason: .toolCalls, opaqueItems: [Self.item])
        #expect(
            response.message
                == ChatMessage(
                    role: .assistant, content: [.text("hi")], toolCalls: [Self.call], opaqueItems: [Self.item]))
    }

    @Test func cutAnswerKeepsItsTextOnly() {
        let response = ChatResponse(text: "hi", toolCalls: [Self.call], opaqueItems: [Self.item])
        #expect(response.message == ChatMessage(.assistant, "hi"))
    }

    @Test func withoutText() {
        let response = ChatResponse(refusal: "no", toolCalls: [Self.call], finishReason: .stop)
        #expect(
            response.message == ChatMessage(role: .assistant, content: [], toolCalls: [Self.call], refusal: "no"))
    }
}
