// guide:begin
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

// guide:end
/// The program of "Two minutes to a first answer".
func first(baseURL: String, model: String) async {
    // guide:begin
    do {
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: baseURL), transport: CurlTransport())
        let answer = try await provider.complete(
            ChatRequest(model: model, messages: [ChatMessage(.user, "hello")]))
        print(answer.text)
    } catch {
        print("no answer: \(error)")
    }
    // guide:end
}
