import Foundation
import Testing

@testable import Simulator

@Suite struct HostileClientTests {
    static let simple = "scenario s\nreply 'Hello, world'"

    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: String
        init(_ name: String, _ bytes: String) { (testDescription, self.bytes) = (name, bytes) }
    }

    static let attacks: [Attack] = [
        Attack("control characters", "\r\n\r\n\r\n\u{0}\u{1}\u{2}"), Attack("no path", "GET\r\n\r\n"),
        Attack("version 9.9", "GET /v1/models HTTP/9.9\r\n\r\n"), Attack("nonsense", "nonsense\r\n\r\n"),
        Attack("NUL in a name", "GET / HTTP/1.1\r\nA\u{0}: b\r\n\r\n"),
        Attack("negative length", "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"),
        Attack("endless length", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
        Attack("bad chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Attack("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Attack("both lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Attack("large header", "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n"),
        Attack("many headers", "GET / HTTP/1.1\r\n\(String(repeating: "X: y\r\n", count: 1_000))\r\n"),
        Attack("long path", "GET /\(String(repeating: "a", count: 300_000)) HTTP/1.1\r\n\r\n"),
    ]

    @Test(arguments: attacks) func refusesWhatIsNotHTTP(_ attack: Attack) async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            client.send(attack.bytes)
            let response = client.response()
            #expect(response.ending != .timedOut && response.status != 200)
            #expect(try ask(server).status == 200)
        }
    }

    @Test(arguments: [true, false]) func refusesLargeBodies(_ announced: Bool) async throws {
        var limits = ServerLimits()
        limits.bodyBytes = 1_000
        try await withServer(Self.simple, limits: limits) { server in
            let client = try RawClient(port: server.port)
            client.send("POST /v1/chat/completions HTTP/1.1\r\nExpect: 100-continue\r\n")
            if announced {
                client.send("Content-Length: 5000\r\n\r\n")
            } else {
                client.send("Transfer-Encoding: chunked\r\n\r\n")
                #expect(client.response(withoutBody: true).status == 100)
                client.send("1388\r\n")
            }
            client.send(String(repeating: "x", count: 5_000))
            let response = client.response()
            #expect(response.status == 413 && response.header("Connection") == "close")
            #expect(response.body.contains("request_too_large"))
            #expect(try ask(server).status == 200)
        }
    }

    @Test func takesALargeBodyWithinTheLimit() async throws {
        try await withServer(Self.simple) { server in
            let response = try ask(server, chat(String(repeating: "word ", count: 1_000_000), stream: false))
            #expect(response.status == 200)
            #expect(await server.request(number: 1)?.body.utf8.count == 1 << 20)
        }
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")]) func survivesDeepNesting(_ open: String, _ close: String)
        async throws
    {
        let depth = 100_000
        let deep = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        try await withServer(Self.simple) { server in
            #expect(try ask(server, deep).status == 400)
            let status = try ask(server, chat("x", ",\"metadata\":\(deep)")).status
            #expect(status == 400 || status == 200)
            #expect(try ask(server).status == 200)
        }
    }

    @Test func closesOnSlowClients() async throws {
        var limits = ServerLimits()
        limits.requestMilliseconds = 20
        try await withServer(Self.simple, limits: limits) { server in
            let client = try RawClient(port: server.port)
            client.send("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 50\r\n\r\n{")
            let response = client.response()
            #expect(response.status == 408)
            #expect(client.end() == .closed)
        }
        limits.idleMilliseconds = 20
        try await withServer(Self.simple, limits: limits) { server in
            let client = try RawClient(port: server.port)
            client.send("POST /v1/chat/comp")
            #expect(client.end() == .closed)
        }
    }

    @Test func closesConnectionsThatAreTooMany() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        try await withServer(Self.simple, limits: limits) { server in
            let first = try RawClient(port: server.port)
            let second = try RawClient(port: server.port)
            first.get("/v1/models")
            second.get("/v1/models")
            #expect(first.response().status == 200 && second.response().status == 200)
            let third = try RawClient(port: server.port)
            #expect(third.end() != .timedOut)
            #expect(server.openConnections >= 2)
        }
    }

    @Test func closesOnTooManyRequestsAhead() async throws {
        try await withServer("scenario s\nwait forever") { server in
            let client = try RawClient(port: server.port)
            for _ in 0..<40 { client.get("/v1/models") }
            // Read before the flood: closing with bytes unread resets the connection, and a reset takes away what was not read yet.
            for _ in 0..<40 { #expect(client.response().status == 200) }
            client.post(chat())
            for _ in 0..<100 { client.get("/v1/models") }
            #expect(client.end() != .timedOut)
        }
    }

    @Test func survivesClientsThatLeaveAtAnyByte() async throws {
        let body = chat()
        let request = "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try await withServer(Self.simple) { server in
            for count in stride(from: 0, through: request.utf8.count, by: 3) {
                let client = try RawClient(port: server.port)
                client.send(Array(request.utf8.prefix(count)))
                client.disconnect()
            }
            #expect(try ask(server).status == 200)
        }
    }
}
