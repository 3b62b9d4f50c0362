import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// When and what the server's events were, where that is asked for.
@Suite struct ArrivalTests {
    private static func chunk(_ delta: String, _ more: String = "") -> String {
        #"data: {"id":"c1","model":"m","choices":[{"index":0,"delta":\#(delta)\#(more)}]}"# + "\n\n"
    }

    private static let answer = [
        chunk(#"{"role":"assistant","content":""}"#),
        chunk(#"{"reasoning_content":"hm"}"#),
        chunk(#"{"content":"A"}"#) + chunk(#"{"content":"B"}"#),
        chunk("{}", #","finish_reason":"stop""#),
        #"data: {"id":"c1","model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":10}}"# + "\n\n",
        "data: [DONE]\n\n",
    ]

    private func events(tellsArrivals: Bool, of answer: [String] = Self.answer) async throws -> [StreamEvent] {
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "http://127.0.0.1:1/v1"),
            transport: ScriptedTransport([.events(answer)]))
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hello")])
        request.tellsArrivals = tellsArrivals
        var events: [StreamEvent] = []
        do { for try await event in try await provider.stream(request) { events.append(event) } } catch {
            guard error is ProviderError else { throw error }
        }
        return events
    }

    private func arrivals(_ events: [StreamEvent]) -> [StreamArrivals] {
        events.compactMap { if case .arrived(let told) = $0 { told } else { nil } }
    }

    @Test func everyEventOfTheServerHasItsKind() async throws {
        let told = arrivals(try await events(tellsArrivals: true))
        #expect(
            told.map { $0.marks.map(\.kind) } == [[.role], [.reasoning], [.text, .text], [.finish], [.usage], [.done]])
        #expect(told.flatMap(\.marks).compactMap(\.outputTokens) == [10])
        #expect(told.flatMap(\.marks).allSatisfy { $0.bytes > 5 })
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.at <= $1.at })
        #expect(told.allSatisfy { $0.sent <= $0.headers && $0.headers <= $0.at })
    }

    @Test func nothingElseChanges() async throws {
        let plain = try await events(tellsArrivals: false)
        #expect(arrivals(plain).isEmpty)
        let told = try await events(tellsArrivals: true)
        #expect(told.filter { if case .arrived = $0 { false } else { true } } == plain)
    }

    @Test func anErrorInsideOfTheStreamIsMarked() async throws {
        let answer = [Self.answer[2], #"data: {"error":{"message":"overloaded","type":"server_error"}}"# + "\n\n"]
        let told = arrivals(try await events(tellsArrivals: true, of: answer))
        #expect(told.map { $0.marks.map(\.kind) } == [[.text, .text], [.error]])
    }
}
