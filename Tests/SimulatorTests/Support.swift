import Foundation
import Testing

@testable import Simulator

/// Runs a test against a server that plays a script, and stops the server afterwards.
func withServer<Value>(
    _ script: String, limits: ServerLimits = ServerLimits(), _ body: (SimulatorServer) async throws -> Value
) async throws -> Value {
    try await withServer(ScenarioSet(parsing: script, file: "test.scenario"), limits: limits, body)
}

func withServer<Value>(
    _ scenarios: ScenarioSet, limits: ServerLimits = ServerLimits(), _ body: (SimulatorServer) async throws -> Value
) async throws -> Value {
    let server = try await SimulatorServer.start(scenarios: scenarios, limits: limits)
    do {
        let value = try await body(server)
        await server.stop()
        return value
    } catch {
        await server.stop()
        throw error
    }
}

/// The body of a request with one user message.
func chat(_ prompt: String = "hello", stream: Bool = true, _ extra: String = "") -> String {
    #"{"model":"gpt-5.4-mini","stream":\#(stream),"messages":[{"role":"user","content":"\#(prompt)"}]\#(extra)}"#
}

/// The answer of a server to one request on a connection of its own.
func ask(_ server: SimulatorServer, _ body: String = chat()) throws -> RawClient.Response {
    let client = try RawClient(port: server.port)
    client.post(body)
    return client.response()
}

/// The body of a request to the Responses API with one user message.
func respond(_ prompt: String = "hello", stream: Bool = true, _ extra: String = "") -> String {
    #"{"model":"gpt-5.4-mini","stream":\#(stream),"input":"\#(prompt)"\#(extra)}"#
}

/// The answer of the Responses API to one request on a connection of its own.
func ask(responses server: SimulatorServer, _ body: String = respond()) throws -> RawClient.Response {
    let client = try RawClient(port: server.port)
    client.post(body, path: "/v1/responses")
    return client.response()
}

/// The answer to one request without a body.
func get(_ server: SimulatorServer, _ path: String, method: String = "GET") throws -> RawClient.Response {
    let client = try RawClient(port: server.port)
    client.get(path, method: method)
    return client.response()
}

func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// What a client makes of the chunks of a stream.
struct Assembled {
    var texts: [String: String] = [:]
    var calls: [Int: (id: String, name: String, arguments: String)] = [:]
    var argumentPieces = 0
    var finish: String?
    var usage: [String: Any]?
    var logprobs: [[String: Any]] = []
    var models: Set<String> = []
    var isDone = false

    init(_ response: RawClient.Response) throws {
        for event in response.events {
            if event == "[DONE]" {
                isDone = true
                continue
            }
            let chunk = try json(event)
            if let model = chunk["model"] as? String { models.insert(model) }
            usage = chunk["usage"] as? [String: Any] ?? usage
            guard let choice = (chunk["choices"] as? [[String: Any]])?.first else { continue }
            finish = choice["finish_reason"] as? String ?? finish
            logprobs += (choice["logprobs"] as? [String: Any])?["content"] as? [[String: Any]] ?? []
            try add(#require(choice["delta"] as? [String: Any]))
        }
    }

    private mutating func add(_ delta: [String: Any]) throws {
        for key in ["content", "refusal", "reasoning_content"] {
            if let text = delta[key] as? String { texts[key, default: ""] += text }
        }
        for call in delta["tool_calls"] as? [[String: Any]] ?? [] {
            let index = try #require(call["index"] as? Int)
            let function = try #require(call["function"] as? [String: Any])
            if let id = call["id"] as? String { calls[index] = (id, function["name"] as? String ?? "", "") }
            let arguments = function["arguments"] as? String ?? ""
            calls[index]?.arguments += arguments
            argumentPieces += arguments.isEmpty ? 0 : 1
        }
    }
}
