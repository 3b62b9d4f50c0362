import ProviderCore
import TestSupport
import Testing

/// A provider written here, without touching the library: it answers with what it was asked.
private struct EchoProvider: AIProvider {
    let endpoint: ProviderEndpoint
    let id: ProviderID = "echo"

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        let text = request.messages.last?.text ?? ""
        return ChatStream { Batches(left: [[.textDelta(text, choice: 0)], [.finished(.stop, choice: 0)]]) }
    }

    func models() async throws -> [ModelListing] { [ModelListing(id: "echo-1")] }

    private struct Batches: StreamEventBatches {
        var left: ArraySlice<[StreamEvent]>
        mutating func nextBatch() async throws -> [StreamEvent]? { left.popFirst() }
    }
}

@Suite struct RegistryTests {
    @Test func takesAProviderOfAnyTarget() async throws {
        var registry = ProviderRegistry()
        registry.register("echo") { endpoint, _ in EchoProvider(endpoint: endpoint) }
        let made = try registry.make(
            "echo", endpoint: ProviderEndpoint(baseURL: "http://localhost"), transport: ScriptedTransport([]))
        // With the policies of every other provider around it.
        let provider = PolicyProvider(
            made, policies: [TimeoutPolicy(total: .seconds(9)), RetryPolicy(), CircuitBreaker()])
        let answer = try await provider.complete(ChatRequest(model: "echo-1", messages: [ChatMessage(.user, "hello")]))
        #expect(answer.text == "hello")
        #expect(answer.finishReason == .stop)
        #expect(try await provider.models().map(\.id) == ["echo-1"])
    }

    @Test func unknownOnesAreNamed() throws {
        var registry = ProviderRegistry()
        registry.register("echo") { endpoint, _ in EchoProvider(endpoint: endpoint) }
        let error = #expect(throws: ProviderError.self) {
            try registry.make(
                "ech0", endpoint: ProviderEndpoint(baseURL: "http://localhost"), transport: ScriptedTransport([]))
        }
        #expect(error?.message.contains("echo") == true)
    }
}
