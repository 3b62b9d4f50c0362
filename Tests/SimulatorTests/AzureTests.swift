import Foundation
import Testing

@testable import Simulator

@Suite struct AzureTests {
    static let simple = "scenario s\nreply '{{model}}'"
    private static let version = "?api-version=2024-10-21"

    private func post(_ server: SimulatorServer, _ path: String, _ body: String = chat()) throws -> RawClient.Response {
        let client = try RawClient(port: server.port)
        client.post(body, path: path, headers: "api-key: secret\r\nX-A: b\r\n")
        return client.response()
    }

    @Test func answersADeploymentLikeChat() async throws {
        try await withServer(Self.simple) { server in
            let path = "/openai/deployments/my%20dep/chat/completions" + Self.version
            let named = try Assembled(post(server, path))
            #expect(named.texts["content"] == "gpt-5.4-mini" && named.isDone)
            let unnamed = try json(post(server, path, #"{"messages":[{"role":"user","content":"x"}]}"#).body)
            #expect(unnamed["model"] as? String == "my dep")
            #expect(try post(server, path, "{}").status == 400)
            let request = try #require(await server.request(number: 1))
            #expect(request.path == path && request.header("api-key") == "(hidden)" && request.header("x-a") == "b")
            #expect(request.scenario == "s")
        }
    }

    @Test(arguments: [
        ("/openai/deployments/missing/chat/completions" + version, "DeploymentNotFound"),
        ("/openai/deployments/missing/chat/completions", "404"),
        ("/openai/deployments/x/chat/completions", "404"),
        ("/openai/deployments/x/chat/completions?api-version=", "404"),
        ("/openai/deployments/x/completions" + version, "404"), ("/openai/chat/completions" + version, "404"),
        ("/openai/", "404"),
    ])
    func refusesInAzuresForm(_ path: String, _ code: String) async throws {
        try await withServer(Self.simple) { server in
            let response = try post(server, path)
            #expect(response.status == 404)
            let error = try #require(json(response.body)["error"] as? [String: String])
            #expect(error.keys.sorted() == ["code", "message"] && error["code"] == code)
            if code == "404" { #expect(error["message"] == "Resource not found") }
        }
    }

    @Test func listsModels() async throws {
        try await withServer(Self.simple) { server in
            let list = try get(server, "/v1/models").body
            #expect(try get(server, "/openai/models" + Self.version).body == list)
            #expect(try get(server, "/openai/models").status == 404)
            #expect(try get(server, "/openai/models/gpt-5.2" + Self.version).status == 200)
            #expect(try get(server, "/openai/deployments/x/chat/completions" + Self.version).status == 405)
        }
    }

    @Test func hasTheNewPathsToo() async throws {
        try await withServer(Self.simple) { server in
            let list = try get(server, "/v1/models").body
            #expect(try get(server, "/openai/v1/models").body == list)
            #expect(try post(server, "/openai/v1/chat/completions").status == 200)
            let response = try post(server, "/openai/v1/responses?api-version=preview", respond())
            #expect(try AssembledResponse(response).text == "gpt-5.4-mini")
            #expect(try get(server, "/openai/v1/responses/resp_demo_000004").status == 200)
        }
    }

    @Test(arguments: [
        ("/v1/models/a%2Fb", Route.Place.model("a/b")), ("/v1/models/a/b", .model("a/b")),
        ("/v1/models/%zz", .model("%zz")),
        ("/v1/responses/r%5F1?stream=true&a%20b=c%26d&e", .response("r_1")),
        ("/v1/responses/x/cancel", .cancellation("x")),
        ("/v1/responses/x/", .nowhere), ("", .nowhere), ("/", .nowhere), ("?", .nowhere), ("/%", .nowhere),
        ("/v1%2Fmodels", .nowhere),
    ])
    func readsTargets(_ target: String, _ place: Route.Place) {
        let route = Route(target)
        #expect(route.place == place)
        if target.contains("stream") { #expect(route.query == ["stream": "true", "a b": "c&d", "e": ""]) }
    }
}
