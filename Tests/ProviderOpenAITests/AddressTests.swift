import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

private let azure = "https://r.openai.azure.com"
private let classic = azure + "/openai?api-version=2024-10-21"

@Suite struct AddressTests {
    @Test(
        arguments: [
            (.chatCompletions(model: "m/1"), "POST", "https://h/v1/chat/completions"),
            (.responses, "POST", "https://h/v1/responses"),
            (
                .response(id: "resp_1", startingAfter: 42), "GET",
                "https://h/v1/responses/resp_1?stream=true&starting_after=42"
            ),
            (.response(id: "resp_1", startingAfter: nil), "GET", "https://h/v1/responses/resp_1?stream=true"),
            (.responseStatus(id: "a/b"), "GET", "https://h/v1/responses/a%2Fb"),
            (.cancelResponse(id: "resp_1"), "POST", "https://h/v1/responses/resp_1/cancel"),
            (.models, "GET", "https://h/v1/models"), (.model(id: "gpt"), "GET", "https://h/v1/models/gpt"),
            (.model(id: "ft:gpt-4o:org::id"), "GET", "https://h/v1/models/ft%3Agpt-4o%3Aorg%3A%3Aid"),
            (.model(id: "meta-llama/Llama-3"), "GET", "https://h/v1/models/meta-llama%2FLlama-3"),
            (.model(id: "../admin?x#y"), "GET", "https://h/v1/models/..%2Fadmin%3Fx%23y"),
            (.model(id: "..."), "GET", "https://h/v1/models/..."),
        ] as [(Route, String, String)])
    func standardRoutes(route: Route, method: String, url: String) throws {
        let address = try EndpointAddress(ProviderEndpoint(baseURL: "https://h/v1/"))
        #expect(address.style == .standard)
        #expect(route.method == method)
        #expect(try address.url(for: route) == url)
    }

    /// Base URL, version and deployment of the profile; where a chat request to model `gpt 4` and the model list go.
    @Test(
        arguments: [
            // Classic, recognised by the profile's version.
            (
                azure, "V", nil, azure + "/openai/deployments/gpt%204/chat/completions?api-version=V",
                azure + "/openai/models?api-version=V"
            ),
            (
                azure + "/openai/", "V", nil, azure + "/openai/deployments/gpt%204/chat/completions?api-version=V",
                azure + "/openai/models?api-version=V"
            ),
            (
                azure + "/openai/deployments", "V", "d", azure + "/openai/deployments/d/chat/completions?api-version=V",
                azure + "/openai/models?api-version=V"
            ),
            (
                azure, "V", "my/d", azure + "/openai/deployments/my%2Fd/chat/completions?api-version=V",
                azure + "/openai/models?api-version=V"
            ),
            (
                "http://127.0.0.1:1", "V", nil,
                "http://127.0.0.1:1/openai/deployments/gpt%204/chat/completions?api-version=V",
                "http://127.0.0.1:1/openai/models?api-version=V"
            ),
            // By the version in the base URL.
            (
                classic, nil, nil, azure + "/openai/deployments/gpt%204/chat/completions?api-version=2024-10-21",
                azure + "/openai/models?api-version=2024-10-21"
            ),
            (
                "https://gw/azure?api-version=1&x=2", nil, nil,
                "https://gw/azure/openai/deployments/gpt%204/chat/completions?api-version=1&x=2",
                "https://gw/azure/openai/models?api-version=1&x=2"
            ),
            // The profile's version replaces it.
            (
                classic, "V", nil, azure + "/openai/deployments/gpt%204/chat/completions?api-version=V",
                azure + "/openai/models?api-version=V"
            ),
            // By the deployment in the path, also when a whole request URL was pasted.
            (
                azure + "/openai/deployments/D%201?api-version=1", nil, nil,
                azure + "/openai/deployments/D%201/chat/completions?api-version=1",
                azure + "/openai/models?api-version=1"
            ),
            (
                azure + "/openai/deployments/D/chat/completions?api-version=1", nil, nil,
                azure + "/openai/deployments/D/chat/completions?api-version=1", azure + "/openai/models?api-version=1"
            ),
            (
                "https://gw/x/openai/deployments/v1", nil, nil, "https://gw/x/openai/deployments/v1/chat/completions",
                "https://gw/x/openai/models"
            ),
            (
                azure + "/openai/deployments/D?api-version=1", nil, "E",
                azure + "/openai/deployments/E/chat/completions?api-version=1", azure + "/openai/models?api-version=1"
            ),
            // By the deployment of the profile.
            ("https://gw", nil, "d", "https://gw/openai/deployments/d/chat/completions", "https://gw/openai/models"),
            // Version 1 works like OpenAI, with and without a version.
            (azure + "/openai/v1", nil, nil, azure + "/openai/v1/chat/completions", azure + "/openai/v1/models"),
            (
                azure + "/openai/v1/?api-version=preview", nil, nil,
                azure + "/openai/v1/chat/completions?api-version=preview",
                azure + "/openai/v1/models?api-version=preview"
            ),
            (
                azure + "/openai/v1", "preview", nil, azure + "/openai/v1/chat/completions?api-version=preview",
                azure + "/openai/v1/models?api-version=preview"
            ),
            // A version in the query of a base that has its own version in the path.
            (
                "https://gw/custom/v1?api-version=1", nil, nil, "https://gw/custom/v1/chat/completions?api-version=1",
                "https://gw/custom/v1/models?api-version=1"
            ),
            ("https://h/v1", "  ", " ", "https://h/v1/chat/completions", "https://h/v1/models"),
        ] as [(String, String?, String?, String, String)])
    func azureRoutes(base: String, version: String?, deployment: String?, chat: String, models: String) throws {
        let endpoint = ProviderEndpoint(baseURL: base, apiVersion: version, deployment: deployment)
        let address = try EndpointAddress(endpoint)
        #expect(try address.url(for: .chatCompletions(model: "gpt 4")) == chat)
        #expect(try address.url(for: .models) == models)
        #expect(try address.url(for: .model(id: "a/b")) == models.replacing("/models", with: "/models/a%2Fb"))
    }

    @Test(arguments: [
        Route.responses, .response(id: "r", startingAfter: 1), .responseStatus(id: "r"), .cancelResponse(id: "r"),
    ]) func responsesAreNotOfferedByDeployments(route: Route) throws {
        let address = try EndpointAddress(ProviderEndpoint(baseURL: classic))
        let error = #expect(throws: ProviderError.self) { try address.url(for: route) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message.contains("Responses API") == true)
        let first = try EndpointAddress(ProviderEndpoint(baseURL: azure + "/openai/v1"))
        #expect(try first.url(for: route).hasPrefix(azure + "/openai/v1/responses"))
    }

    @Test(
        arguments: [
            (azure + "/openai/deployments/d", nil, nil, "api_version"), (azure, nil, "d", "api_version"),
            (azure + "/openai/v1", nil, "d", "deployment"), (classic, nil, "..", "dots only"),
            (classic, "a\r\nX: y", nil, "API version"), (classic, nil, "a\nhunter22", "deployment"),
            (classic, nil, "a\u{0}", "control character"), (classic, nil, "a\u{9B}", "control character"),
        ] as [(String, String?, String?, String)])
    func unusableAzureEndpoints(base: String, version: String?, deployment: String?, words: String) {
        let endpoint = ProviderEndpoint(baseURL: base, apiVersion: version, deployment: deployment)
        let error = #expect(throws: ProviderError.self) { try EndpointAddress(endpoint) }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("hunter22") == false)
    }

    @Test(arguments: ["", ".", "..", "a\r\nb", "a\nhunter22", "\u{0}", "a\u{7F}", "a\u{85}b"])
    func idsThatCannotStandInAPath(id: String) throws {
        let plain = try EndpointAddress(ProviderEndpoint(baseURL: "https://h/v1"))
        let deployments = try EndpointAddress(ProviderEndpoint(baseURL: classic))
        let routes: [(EndpointAddress, Route)] = [
            (plain, .model(id: id)), (plain, .responseStatus(id: id)), (plain, .cancelResponse(id: id)),
            (plain, .response(id: id, startingAfter: nil)), (deployments, .chatCompletions(model: id)),
        ]
        for (address, route) in routes {
            let error = #expect(throws: ProviderError.self) { try address.url(for: route) }
            #expect(error?.kind == .invalidRequest)
            #expect(error?.message.contains("hunter22") == false)
        }
        // Elsewhere the id stands in the body, where it is escaped.
        #expect(try plain.url(for: .chatCompletions(model: id)) == "https://h/v1/chat/completions")
    }

    @Test(arguments: [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://eu.API.OpenAI.com/v1/", "max_completion_tokens"),
        ("https://r.openai.azure.com/openai/v1//", "max_completion_tokens"), (classic, "max_completion_tokens"),
        ("https://gw/openai?api-version=1", "max_completion_tokens"),
        ("http://host/custom/v1?api-version=1", "max_tokens"),
        ("http://localhost:11434", "max_tokens"), ("https://notopenai.com/v1", "max_tokens"),
        ("https://openai.com.evil.example/v1", "max_tokens"),
    ]) func theLimitIsNamedAsTheServerKnowsIt(base: String, name: String) throws {
        #expect(try EndpointAddress(ProviderEndpoint(baseURL: base)).outputLimitField == name)
    }

    @Test func anEndpointOfAzureFromEndToEnd() async throws {
        let transport = ScriptedTransport([
            .text(#"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}"#, type: "application/json"),
            .text(#"{"data":[]}"#, type: "application/json"),
        ])
        let endpoint = ProviderEndpoint(baseURL: azure, key: Secret("0123456789abcdef"), apiVersion: "2024-10-21")
        let provider = try OpenAIProvider(endpoint: endpoint, transport: transport)
        let answer = try await provider.complete(hello)
        #expect(answer.text == "hi")
        _ = try await provider.models()
        #expect(
            transport.requests.map(\.url) == [
                azure + "/openai/deployments/m-1/chat/completions?api-version=2024-10-21",
                azure + "/openai/models?api-version=2024-10-21",
            ])
        for request in transport.requests {
            #expect(request.headers.contains(HTTPHeader("api-key", "0123456789abcdef")))
            #expect(!request.headers.contains { $0.name == "Authorization" })
        }
    }
}
