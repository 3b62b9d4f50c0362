import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import Testing

@testable import Simulator

/// One of the ways in which an answer can be had.
struct AnswerWay: Sendable, CustomTestStringConvertible {
    let api: ModelAPI
    let delivery: AnswerDelivery

    var testDescription: String { "\(api.rawValue), \(delivery == .whole ? "whole" : "streamed")" }

    static let all = ModelAPI.allCases.flatMap { api in
        [AnswerDelivery.streamed, .whole].map { AnswerWay(api: api, delivery: $0) }
    }
}

/// A conversation with tools, through the real transport and decoder.
struct ToolTalk {
    private let provider: OpenAIProvider
    private let way: AnswerWay
    private(set) var messages: [ChatMessage]
    /// The events of the last answer.
    private(set) var events: [StreamEvent] = []
    /// The last answer, as far as it came.
    private(set) var answer = ChatResponse()
    /// Why the last answer did not come to its end.
    private(set) var failure: ProviderError?
    var responseFormat: ResponseFormat?

    init(_ server: SimulatorServer, _ way: AnswerWay, _ prompt: String) throws {
        provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: server.baseURL), transport: CurlTransport())
        self.way = way
        messages = [ChatMessage(.user, prompt)]
    }

    /// Asks for an answer.
    mutating func ask() async throws {
        (events, answer, failure) = ([], ChatResponse(), nil)
        let tools = ["get_weather", "add", "multiply"].map { ToolDefinition(name: $0) }
        let request = ChatRequest(
            model: "m", messages: messages, tools: tools, responseFormat: responseFormat, api: way.api,
            delivery: way.delivery)
        do {
            for try await event in try await provider.stream(request) {
                events.append(event)
                answer.apply(event)
            }
        } catch let error as ProviderError {
            failure = error
        }
    }

    /// Sends the answer back with the result of each call, and asks again.
    mutating func goOn(_ result: (ToolCall) -> String) async throws {
        messages.append(answer.message)
        messages += answer.orderedCalls.map { .toolResult(callID: $0.id, result($0)) }
        try await ask()
    }

    /// The slots whose arguments grew, in order.
    var turns: [Int] {
        events.compactMap {
            if case .toolCallDelta(let delta) = $0, !delta.argumentsDelta.isEmpty { delta.index } else { nil }
        }
    }
}
