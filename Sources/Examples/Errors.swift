// guide:begin
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// Makes calls that fail, and says of each what can be done about it.
func errors(at endpoint: ProviderEndpoint, model: String) async throws {
    var nobody = endpoint
    nobody.baseURL = "http://127.0.0.1:1/v1"
    nobody.key = nil
    await tell(endpoint, ChatRequest(model: "no-such-model", messages: [ChatMessage(.user, "hello")]))
    await tell(nobody, ChatRequest(model: model, messages: [ChatMessage(.user, "hello")]))
    let endless = ModelParameters(maxOutputTokens: 100_000_000)
    await tell(endpoint, ChatRequest(model: model, messages: [ChatMessage(.user, "hello")], parameters: endless))
    // The simulator tears the answer to this one.
    await tell(endpoint, ChatRequest(model: model, messages: [ChatMessage(.user, "Is it cut?")]))
}

private func tell(_ endpoint: ProviderEndpoint, _ request: ChatRequest) async {
    var answer = ChatResponse()
    do {
        let provider = try OpenAIProvider(
            endpoint: endpoint, transport: CurlTransport(), catalog: ModelCatalog.builtIn())
        for try await event in try await provider.stream(request) { answer.apply(event) }
        print("answered: \(answer.text)")
    } catch let error as ProviderError {
        print("\(error.kind.rawValue), \(error.fate.rawValue): \(advice(error))")
        if !answer.text.isEmpty { print("kept: \(answer.text)") }
    } catch {
        print("not a failure of the call: \(error)")
    }
}

private func advice(_ error: ProviderError) -> String {
    switch error.kind {
    case .authentication, .permission: return "look after the key"
    case .quotaExceeded, .budgetExceeded: return "look after the money; asking again does not help"
    case .notFound: return "look after the names of model and server"
    case .invalidRequest: return "change the request" + (error.param.map { ": \($0)" } ?? "")
    case .contextTooLong: return "shorten the conversation"
    case .contentFiltered: return "say it differently"
    case .invalidResponse: return "this is no server of the kind that was expected"
    case .cancelled: return "nothing: somebody wanted it so"
    case .rateLimited, .overloaded, .server, .timeout, .connection, .circuitOpen:
        guard error.isRetryable else { return "leave it: it will fail again" }
        switch error.fate {
        case .notSent, .refused: return "ask again" + (error.retryAfter.map { " in \($0.spoken)" } ?? " later")
        case .unknown: return "ask again if paying twice is no harm"
        case .interrupted: return "keep what came; asking again starts from the beginning"
        }
    }
}
// guide:end
