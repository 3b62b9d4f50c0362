import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// The model list of each kind of server.
@Suite struct ModelListTests {
    @Test(
        arguments: [
            (
                "OpenAI",
                #"""
                {"object":"list","data":[
                {"id":"gpt-a","object":"model","created":1686935002,"owned_by":"openai","shutdown_date":null},
                {"id":"gpt-b","object":"model","created":1686935003,"owned_by":"system","shutdown_date":"2026-10-23"},
                {"id":"gpt-c","shutdown_date":"2026-10-23T00:00:00Z"},{"id":"gpt-d","shutdown_date":"soon"}]}
                """#,
                [
                    ModelListing(id: "gpt-a", ownedBy: "openai", created: 1_686_935_002),
                    ModelListing(id: "gpt-b", ownedBy: "system", created: 1_686_935_003, shutdownDate: "2026-10-23"),
                    ModelListing(id: "gpt-c", shutdownDate: "2026-10-23"), ModelListing(id: "gpt-d"),
                ]
            ),
            (
                "Azure",
                #"""
                {"data":[{"status":"succeeded","capabilities":{"chat_completion":true},"lifecycle_status":"generally-available",
                "deprecation":{"fine_tune":1677662127,"inference":1709284527},"id":"gpt-4","created_at":1646126127,
                "object":"model"}],"object":"list"}
                """#,
                [ModelListing(id: "gpt-4", created: 1_646_126_127, shutdownDate: "2024-03-01")]
            ),
            (
                "vLLM",
                #"""
                {"object":"list","data":[{"id":"meta-llama/Llama-3","object":"model","created":1,"owned_by":"vllm",
                "root":"meta-llama/Llama-3","parent":null,"max_model_len":4096,"permission":[{"id":"modelperm-1"}]}]}
                """#,
                [ModelListing(id: "meta-llama/Llama-3", ownedBy: "vllm", contextWindow: 4096, created: 1)]
            ),
            (
                "Ollama",
                #"{"object":"list","data":[{"id":"llama3:8b","object":"model","created":1721160000,"owned_by":"library"}]}"#,
                [ModelListing(id: "llama3:8b", ownedBy: "library", created: 1_721_160_000)]
            ),
            (
                "Ollama, its own API",
                #"{"models":[{"name":"llama3:8b","model":"llama3:8b","modified_at":"2024-07-16T20:00:00Z"}]}"#,
                [ModelListing(id: "llama3:8b")]
            ),
            (
                "llama.cpp",
                #"""
                {"models":[{"name":"m.gguf","model":"m.gguf"}],"object":"list","data":[{"id":"m.gguf","object":"model",
                "created":1721160000,"owned_by":"llamacpp","meta":{"n_ctx_train":131072,"n_vocab":128256}}]}
                """#,
                [ModelListing(id: "m.gguf", ownedBy: "llamacpp", contextWindow: 131_072, created: 1_721_160_000)]
            ),
            (
                "OpenRouter",
                #"{"data":[{"id":"a/b","created":1.7e9,"context_length":1e5,"pricing":{"prompt":"0.1"},"name":"A: B"}]}"#,
                [ModelListing(id: "a/b", contextWindow: 100_000, created: 1_700_000_000)]
            ),
            (
                "bare", #"[{"id":"a"},"b",{"id":""},{},null,7,{"id":"c","created":-1,"max_model_len":0}]"#,
                [ModelListing(id: "a"), ModelListing(id: "b"), ModelListing(id: "c")]
            ),
            (
                "hostile", #"{"data":[{"id":"a","created":1e300,"shutdown_date":9e15,"deprecation":"x"}]}"#,
                [ModelListing(id: "a")]
            ),
            ("empty", #"{"data":[],"models":[{"name":"x"}]}"#, []),
        ] as [(String, String, [ModelListing])])
    func shapes(server: String, body: String, expected: [ModelListing]) async throws {
        let transport = ScriptedTransport([.text(body, type: "application/json")])
        let provider = try OpenAIProvider(endpoint: ProviderEndpoint(baseURL: "https://h/v1"), transport: transport)
        let models = try await provider.models()
        #expect(models == expected, "\(server)")
    }
}
