// guide:begin
import Foundation
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// Asks through policies, shows what they decide, and lets a person end a wait: Enter tries again now, q gives up.
func retries(at endpoint: ProviderEndpoint, model: String) async throws {
    let provider = PolicyProvider(
        try OpenAIProvider(endpoint: endpoint, transport: CurlTransport()),
        policies: [
            TimeoutPolicy(total: .seconds(300)),
            RetryPolicy(RetryRules(maxAttempts: 3)),
            RateLimiter(),
            CircuitBreaker(),
        ])
    let stream = try await provider.stream(ChatRequest(model: model, messages: [ChatMessage(.user, "Are you busy?")]))
    if let control = stream.control { Thread { listen(for: control) }.start() }
    do {
        for try await event in stream {
            switch event {
            case .policy(let event): tell(event)
            case .textDelta(let text, choice: _): print(text, terminator: "")
            case .finished: print()
            default: break
            }
        }
    } catch let error as ProviderError {
        print("failed: \(error)")
    }
}

/// The words are for a call that waits now; "give up" holds for the rest of the call.
private func listen(for control: CallControl) {
    while let line = readLine() {
        if line == "q" { control.giveUp() } else { control.retryNow() }
    }
}

private func tell(_ event: PolicyEvent) {
    switch event {
    case .attemptStarted(let notice):
        print("attempt \(notice.number) of \(notice.limit)")
    case .retryScheduled(let notice):
        print("\(notice.error.kind.rawValue): again \(notice.wait.map { "in \($0.spoken)" } ?? "when you say so")")
    case .held(let notice):
        print("held back (\(notice.cause.rawValue)), \(notice.ahead) before it")
    case .circuit(.opened(let time, let failures)):
        print("\(failures) failures: nothing is sent for \(time.spoken)")
    case .circuit(.probing): print("looking whether the server is back")
    case .circuit(.closed): print("the server is back")
    case .budget(let notice): print(notice.sentence)
    }
    fflush(nil)
}
// guide:end
