// guide:begin
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// One round of a function call: the model asks, the program answers, the model goes on.
func toolCall(at endpoint: ProviderEndpoint, model: String) async throws {
    let weather = ToolDefinition(
        name: "get_weather", description: "The weather of a city now.",
        parameters: try JSONParser.parse(
            """
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
             "additionalProperties": false}
            """),
        strict: true)
    let provider = try OpenAIProvider(
        endpoint: endpoint, transport: CurlTransport(), catalog: ModelCatalog.builtIn())
    var request = ChatRequest(
        model: model, messages: [ChatMessage(.user, "How is the weather in Lisbon and Reykjavík?")], tools: [weather])

    let asking = try await provider.complete(request)
    // What the model said goes back as it came: text, calls, and the provider's own items.
    request.messages.append(asking.message)
    // Look at the calls, not at the finish reason: some servers say "stop". Every call gets its result.
    for call in asking.orderedCalls {
        print("\(call.name) \(call.arguments)")
        request.messages.append(.toolResult(callID: call.id, result(of: call)))
    }

    let answer = try await provider.complete(request)
    print(answer.text)
}

/// What a model wrote may be no JSON, or name things that are not there. Tell it so, and it tries again.
private func result(of call: ToolCall) -> String {
    guard call.name == "get_weather" else { return "error: there is no function \(call.name)" }
    guard let city = (try? JSONParser.parse(call.arguments))?["city"]?.stringValue else {
        return "error: the arguments need a text named city"
    }
    return JSONWriter.string(.object([JSONMember("city", .string(city)), JSONMember("celsius", .int(21))]))
}
// guide:end
