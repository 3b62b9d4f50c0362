// guide:begin
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// Asks once, waits for the whole answer, and says what it used and cost.
func complete(at endpoint: ProviderEndpoint, model: String) async throws {
    let catalog = try ModelCatalog.builtIn()
    let provider = try OpenAIProvider(endpoint: endpoint, transport: CurlTransport(), catalog: catalog)
    let request = ChatRequest(
        model: model,
        messages: [
            ChatMessage(.system, "Answer in one sentence."),
            ChatMessage(.user, "What is a ticker tape?"),
        ],
        parameters: ModelParameters(maxOutputTokens: 400))
    let answer = try await provider.complete(request)
    print(answer.text)
    if answer.finishReason == .length { print("(the limit of tokens ended it)") }

    let usage = answer.usage
    print("input \(shown(usage.inputTokens)), of it cached \(shown(usage.cachedInputTokens))")
    print("output \(shown(usage.outputTokens)), of it reasoning \(shown(usage.reasoningTokens))")

    // The model that answered and the tier that served it have the price, not what was asked for.
    let answered = answer.metadata.model ?? model
    let cost = CostCalculator.cost(
        of: usage, model: catalog.model(answered), tier: answer.metadata.serviceTier)
    switch (cost.state, cost.amount) {
    case (.exact, let amount?): print("cost \(amount.exact) USD, prices of \(catalog.asOf)")
    case (.estimate, let amount?): print("cost about \(amount.display)")
    default: print("cost unknown")
    }
}

/// A count that nobody told is not zero.
private func shown(_ count: Int?) -> String { count.map(String.init) ?? "not told" }
// guide:end
