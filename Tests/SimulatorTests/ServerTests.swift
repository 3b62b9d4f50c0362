import Foundation
import Testing

@testable import Simulator

@Suite struct ServerTests {
    static let simple = "scenario s\nreply 'Hello, world'"

    @Test func reportsAPortInUse() async throws {
        try await withServer(Self.simple) { server in
            #expect(server.baseURL == "http://127.0.0.1:\(server.port)/v1")
            let scenarios = try ScenarioSet(parsing: Self.simple, file: "f")
            let error = await #expect(throws: SimulatorError.self) {
                _ = try await SimulatorServer.start(port: server.port, scenarios: scenarios)
            }
            #expect(error?.message.hasPrefix("port \(server.port) is in use; ") == true)
            await #expect(throws: SimulatorError.self) {
                _ = try await SimulatorServer.start(port: 70_000, scenarios: scenarios)
            }
        }
    }

    @Test func logsRequestsWithoutKeys() async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            client.post(chat("é"), headers: "Authorization: Bearer sk-secret\r\nX-Api-Key: sk-secret\r\nX-A: b\r\n")
            let request = try #require(await server.request(number: 1))
            #expect(request.method == "POST" && request.path == "/v1/chat/completions" && request.body == chat("é"))
            #expect(request.header("authorization") == "(hidden)" && request.header("x-a") == "b")
            #expect(!"\(request)".contains("sk-secret"))
            #expect(await server.ending(ofRequest: 1) == .finished)
            #expect(await server.request(number: 0) == nil)
        }
    }

    @Test func letsWaitForARequestToCome() async throws {
        try await withServer(Self.simple) { server in
            async let second = server.request(number: 2)
            async let ending = server.ending(ofRequest: 2)
            _ = try ask(server, chat("first"))
            _ = try ask(server, chat("second"))
            #expect(await second?.body == chat("second"))
            #expect(await ending == .finished)
        }
    }

    @Test func endsWaitingWhenStoppedOrCancelled() async throws {
        let server = try await SimulatorServer.start(scenarios: ScenarioSet(parsing: Self.simple, file: "f"))
        let cancelled = Task { await server.request(number: 9) }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        async let request = server.request(number: 1)
        await server.stop()
        #expect(await request == nil)
        #expect(await server.ending(ofRequest: 1) == nil)
        await server.stop()
    }

    @Test func stopEndsAnswersThatArePlayed() async throws {
        let server = try await SimulatorServer.start(
            scenarios: ScenarioSet(parsing: "scenario s\nheaders\nwait forever", file: "f"))
        let client = try RawClient(port: server.port)
        client.post(chat())
        _ = await server.request(number: 1)
        await server.stop()
        #expect(client.end() != .timedOut)
    }

    @Test func keepsALimitedLog() {
        let log = RequestLog(limit: 3, byteLimit: 10)
        for body in ["aaaa", "bbbb", "cccc", "d"] {
            _ = log.add {
                RecordedRequest(number: $0, method: "GET", path: "/", headers: [], body: body, scenario: nil)
            }
        }
        #expect(log.all.map(\.number) == [2, 3, 4])
        _ = log.add {
            RecordedRequest(
                number: $0, method: "GET", path: "/", headers: [], body: String(repeating: "x", count: 50),
                scenario: nil)
        }
        #expect(log.all.map(\.number) == [5])
    }

    @Test func answersRequestsSentAheadInOrder() async throws {
        try await withServer("scenario s\nreply '{{model}}'") { server in
            let client = try RawClient(port: server.port)
            for name in ["a", "b", "c"] {
                client.post(#"{"model":"\#(name)","messages":[{"role":"user","content":"x"}]}"#)
            }
            for name in ["a", "b", "c"] { #expect(client.response().body.contains("\"content\":\"\(name)\"")) }
        }
    }

    @Test func servesOldHTTP() async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            let body = chat()
            client.send("POST /v1/chat/completions HTTP/1.0\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let response = client.response()
            #expect(response.ending == .closed && response.header("Transfer-Encoding") == nil)
            #expect(response.body.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test func closesWhenAskedTo() async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            client.post(chat(stream: false), headers: "Connection: close\r\n")
            #expect(client.response().header("Connection") == "close")
            #expect(client.end() == .closed)
        }
    }

    @Test func invitesLargeBodies() async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            let body = chat(stream: false)
            client.send("POST /v1/chat/completions HTTP/1.1\r\nExpect: 100-continue\r\n")
            client.send("Content-Length: \(body.utf8.count)\r\n\r\n")
            #expect(client.response(withoutBody: true).status == 100)
            client.send(body)
            #expect(client.response().status == 200)
        }
    }
}
