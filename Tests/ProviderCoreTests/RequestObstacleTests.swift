import ProviderCore
import Testing

@Suite struct RequestObstacleTests {
    private let catalog = try? ModelCatalog.builtIn()
    private let tool = ToolDefinition(name: "f")

    private func names(
        _ model: String, _ parameters: ModelParameters = ModelParameters(), api: ModelAPI = .chat,
        isOpenAI: Bool = true,
        _ change: (inout ChatRequest) -> Void = { _ in }
    ) -> [String] {
        var request = ChatRequest(
            model: model, messages: [ChatMessage(.user, "hi")], parameters: parameters, api: api)
        change(&request)
        return (catalog?.model(model)).obstacles(to: request, api: api, isOpenAI: isOpenAI).map(\.parameter)
    }

    @Test func samplingOfReasoningModels() {
        let all = ModelParameters(
            temperature: 0.2, topP: 0.5, stop: ["x"], frequencyPenalty: 1, presencePenalty: 1, topLogprobs: 2)
        #expect(
            names("o3", all) == [
                "temperature", "top_p", "frequency_penalty", "presence_penalty", "logprobs", "stop",
            ])
        #expect(names("gpt-4", all).isEmpty)
        #expect(names("unknown-model", all).isEmpty)
        // The default itself is taken by every model.
        #expect(names("o3", ModelParameters(temperature: 1, topP: 1, frequencyPenalty: 0)).isEmpty)
    }

    @Test func someTakeTemperatureWithoutReasoning() {
        let warm = ModelParameters(temperature: 0.2)
        #expect(names("gpt-5.4", warm).isEmpty)
        #expect(names("gpt-5.4", ModelParameters(temperature: 0.2, reasoningEffort: "high")) == ["temperature"])
        #expect(names("gpt-6.1-terra", warm) == ["temperature"])
        #expect(names("gpt-6.1-terra", ModelParameters(temperature: 0.2, reasoningEffort: "none")).isEmpty)
    }

    @Test func effortsByAPI() {
        let most = ModelParameters(reasoningEffort: "max")
        #expect(names("gpt-6.1-terra", most) == ["reasoning_effort max"])
        #expect(names("gpt-6.1-terra", most, api: .responses).isEmpty)
        #expect(names("gpt-4o", ModelParameters(reasoningEffort: "low")) == ["reasoning_effort low"])
    }

    @Test func limits() {
        #expect(names("gpt-4o", ModelParameters(maxOutputTokens: 16_384)).isEmpty)
        #expect(names("gpt-4o", ModelParameters(maxOutputTokens: 16_385)) == ["max_completion_tokens 16385"])
        #expect(names("unknown", ModelParameters(maxOutputTokens: 15), api: .responses) == ["max_output_tokens 15"])
        #expect(names("unknown", ModelParameters(maxOutputTokens: 16), api: .responses).isEmpty)
    }

    @Test func whatResponsesHasNot() {
        let old = ModelParameters(seed: 1, stop: ["x"], frequencyPenalty: 1, presencePenalty: -1)
        #expect(
            names("gpt-4o", old, api: .responses) == ["stop", "seed", "frequency_penalty", "presence_penalty"])
    }

    @Test func whatChatHasNot() {
        #expect(names("gpt-5.4", ModelParameters(reasoningSummary: "auto")) == ["reasoning.summary"])
        #expect(names("unknown") { $0.isBackground = true } == ["background"])
        #expect(names("gpt-5.4", ModelParameters(reasoningSummary: "auto"), api: .responses).isEmpty)
    }

    @Test func routes() {
        #expect(names("gpt-5.4-pro") == ["api chat"])
        #expect(names("gpt-5.4-pro", isOpenAI: false).isEmpty, "elsewhere it is the server's affair")
        #expect(
            names("gpt-6.1-terra") { $0.tools = [tool] } == ["tools"])
        #expect(names("gpt-6.1-terra", api: .responses) { $0.tools = [tool] }.isEmpty)
        #expect(names("gpt-3.5-turbo-instruct-0914") == ["api chat"])
    }

    @Test func forms() {
        let schema = ResponseFormat.jsonSchema(name: "a", schema: .object([]), strict: nil)
        #expect(names("gpt-3.5-turbo") { $0.responseFormat = schema } == ["response_format json_schema"])
        #expect(names("gpt-4o") { $0.responseFormat = schema }.isEmpty)
        let picture = ChatMessage(role: .user, content: [.image(url: "https://x/y.png", detail: nil)])
        #expect(names("gpt-3.5-turbo") { $0.messages = [picture] } == ["image_url"])
    }

    @Test func tooManyTools() throws {
        let most = (1...128).map { ToolDefinition(name: "f\($0)") }
        let more = most + [tool]
        for (model, api) in [("gpt-4o", ModelAPI.chat), ("gpt-6.1-terra", .responses), ("unknown", .chat)] {
            #expect(names(model, api: api) { $0.tools = most }.isEmpty)
            #expect(names(model, api: api) { $0.tools = more } == ["tools"])
            #expect(names(model, api: api, isOpenAI: false) { $0.tools = more }.isEmpty, "only OpenAI counts them")
        }
        let request = ChatRequest(model: "gpt-4o", messages: [], tools: more)
        let obstacle = try #require(catalog?.model("gpt-4o")?.obstacles(to: request, api: .chat, isOpenAI: true).first)
        #expect(obstacle.reason == "129 functions are offered, and OpenAI takes at most 128")
        #expect(!obstacle.isRemovable)
        // A model that calls none refuses them whatever their number, and can do without.
        #expect(names("gpt-4") { $0.tools = more } == ["tools"])
        for model in try #require(catalog).models where model.supports.tools == .no {
            let found = model.obstacles(to: request, api: .chat, isOpenAI: true).filter { $0.parameter == "tools" }
            #expect(found.map(\.isRemovable) == [true], "\(model.id)")
        }
    }

    @Test func removingThemLeavesNone() throws {
        let model = try #require(catalog?.model("o3"))
        var request = ChatRequest(
            model: "o3", messages: [],
            parameters: ModelParameters(
                temperature: 0, topP: 0, maxOutputTokens: 10_000_000, seed: 1, stop: ["x"], frequencyPenalty: 2,
                presencePenalty: 2, reasoningEffort: "max", topLogprobs: 1))
        for obstacle in model.obstacles(to: request, api: .responses, isOpenAI: true) {
            #expect(obstacle.isRemovable)
            obstacle.remove(from: &request)
        }
        #expect(request.parameters == ModelParameters())
        #expect(model.obstacles(to: request, api: .responses, isOpenAI: true).isEmpty)
    }

    /// Every text model of the catalog can be asked: a plain request meets no obstacle by the API chosen for it.
    @Test func everyModelCanBeAsked() throws {
        for model in try #require(catalog).models where model.supports(.legacyCompletions) != .yes {
            let request = ChatRequest(model: model.id, messages: [ChatMessage(.user, "hi")])
            let obstacles = model.obstacles(to: request, api: model.api(for: request), isOpenAI: true)
            #expect(obstacles.isEmpty, "\(model.id): \(obstacles.map(\.parameter))")
        }
    }

    @Test func retirementIsTold() throws {
        let old = try #require(catalog?.model("gpt-4-32k"))
        #expect(old.retirement?.hasPrefix("gpt-4-32k was shut down at OpenAI on ") == true)
        #expect(try #require(catalog?.model("gpt-5.4-mini")).retirement == nil)
    }
}
