import ProviderCore
import TestSupport

@testable import ProviderOpenAI

/// What the client made of an answer.
struct ConformanceOutcome: Sendable, Equatable {
    var response = ChatResponse()
    var choices: [Int: ChatResponse] = [:]
    var error: ProviderError?

    /// Whether the answer counts as whole.
    var isComplete: Bool { error == nil && response.finishReason != nil }

    mutating func take(_ events: [StreamEvent]) {
        for event in events {
            response.apply(event)
            switch event {
            case .textDelta(let text, let choice): choices[choice, default: ChatResponse()].text += text
            case .finished(let reason, let choice): choices[choice, default: ChatResponse()].finishReason = reason
            default: break
            }
        }
    }
}

extension ConformanceCase {
    /// Plays the case through the provider, as the program does.
    func playedByProvider() async -> ConformanceOutcome {
        var outcome = ConformanceOutcome()
        // Twice: some refusals are met with another spelling of the same request.
        let transport = ScriptedTransport([answer([body[...]]), answer([body[...]])])
        do {
            let endpoint = ProviderEndpoint(
                baseURL: "https://example.test/v1", key: hasKey ? Secret("sk-conformance-test-key") : nil)
            let provider = try OpenAIProvider(endpoint: endpoint, transport: transport, unixTime: { Self.now })
            var batches = try await provider.stream(request).batches()
            while let events = try await batches.nextBatch() { outcome.take(events) }
        } catch {
            outcome.error = error as? ProviderError
        }
        return outcome
    }

    /// Plays an answer of status 200 through the decoder, in slices.
    func played(_ slices: [ArraySlice<UInt8>], usesScanner: Bool = true) async -> ConformanceOutcome {
        var outcome = ConformanceOutcome()
        do {
            let response = try await ScriptedTransport([answer(slices)]).send(
                HTTPRequest(method: "POST", url: "https://example.test"))
            let errors = AnswerErrors(
                response, server: "example.test", sentKey: hasKey, secrets: Redactor([]), unixTime: { Self.now })
            switch api {
            case .chat:
                let decoder = ChatChunkDecoder(errors: errors, asksSeveral: asksSeveral, usesScanner: usesScanner)
                try await read(AnswerBatches(response, decoder: decoder, server: "example.test"), into: &outcome)
            case .responses:
                let decoder = ResponsesDecoder(errors: errors, usesScanner: usesScanner)
                try await read(AnswerBatches(response, decoder: decoder, server: "example.test"), into: &outcome)
            }
        } catch {
            outcome.error = error as? ProviderError
        }
        return outcome
    }

    private func read<Decoder: AnswerDecoder>(
        _ given: AnswerBatches<Decoder>, into outcome: inout ConformanceOutcome
    ) async throws {
        var batches = given
        while let events = try await batches.nextBatch() { outcome.take(events) }
    }

    private func answer(_ slices: [ArraySlice<UInt8>]) -> ScriptedTransport.Answer {
        ScriptedTransport.Answer(
            status: status, headers: allHeaders, steps: slices.filter { !$0.isEmpty }.map { .bytes(Array($0)) })
    }

    private var request: ChatRequest {
        ChatRequest(
            model: "some-model", messages: [ChatMessage(.user, "hello")],
            extraFields: asksSeveral ? [JSONMember("n", .int(2))] : [], api: api,
            delivery: isWhole ? .whole : .streamed)
    }

    /// 2026-11-22 10:00:00 UTC: the day on which the cases play.
    static let now = 1_795_341_600.0
}
