// guide:begin
import Foundation
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// Shows an answer as it comes: by event, by batch, and until somebody has read enough.
func stream(at endpoint: ProviderEndpoint, model: String) async throws {
    let provider = try OpenAIProvider(endpoint: endpoint, transport: CurlTransport())
    func request(_ prompt: String) -> ChatRequest {
        ChatRequest(model: model, messages: [ChatMessage(.user, prompt)])
    }

    // One event at a time.
    for try await event in try await provider.stream(request("Greet me.")) {
        switch event {
        case .textDelta(let text, choice: _): show(text)
        case .finished(let reason, choice: _): print("\nfinished: \(reason.wireName)")
        case .usage(let usage): print("output tokens: \(usage.outputTokens.map(String.init) ?? "not told")")
        default: break
        }
    }

    // All events of one read of the network together: one suspension and one write for all of them.
    var answer = ChatResponse()
    var batches = try await provider.stream(request("Greet me again.")).batches()
    while let events = try await batches.nextBatch() {
        for event in events { answer.apply(event) }
    }
    print("folded: \(answer.text)")

    // Leaving the loop drops the stream, and that closes the connection: nothing is left running.
    var seen = 0
    for try await event in try await provider.stream(request("Count for ever.")) {
        guard case .textDelta(let text, choice: _) = event else { continue }
        show(text)
        seen += text.count
        if seen >= 10 { break }
    }
    print("\nread enough")

    // Cancelling the task that reads ends the wait inside, too.
    let reader = Task {
        for try await _ in try await provider.stream(request("Count for ever.")) {}
    }
    try await Task.sleep(for: .milliseconds(100))
    reader.cancel()
    if case .failure(let error) = await reader.result { print("cancelled: \(error is CancellationError)") }
}

/// Standard output holds text back until the line ends, unless it is flushed.
private func show(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
}
// guide:end
