import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    struct Cut: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [LoopbackStep]
        var kind: TransportError.Kind
        var message: String
        var bytes = 0

        var testDescription: String { name }
    }

    static let cuts = [
        Cut(
            name: "length says more",
            steps: [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"), .close], kind: .lost,
            message: "lost after 5 bytes", bytes: 5),
        Cut(
            name: "no last chunk",
            steps: [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), .close], kind: .lost,
            message: "lost after 3 bytes", bytes: 3),
        Cut(
            name: "within a chunk",
            steps: [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"), .close], kind: .lost,
            message: "lost after 3 bytes", bytes: 3),
        Cut(name: "no answer", steps: [.close], kind: .lost, message: "without an answer"),
        Cut(name: "reset before the answer", steps: [.reset], kind: .lost, message: "lost after 0 bytes"),
        Cut(
            name: "within the headers", steps: [.text("HTTP/1.1 200 OK\r\nContent-"), .close], kind: .lost,
            message: "header"),
        Cut(
            name: "between the headers", steps: [.text("HTTP/1.1 200 OK\r\nA: b\r\n"), .close], kind: .lost,
            message: "header"),
        Cut(
            name: "after 100", steps: [.text("HTTP/1.1 100 Continue\r\n\r\n"), .close], kind: .lost,
            message: "without an answer"),
        Cut(
            name: "garbage", steps: [.text("\u{0}\u{1}\u{2} complete rubbish\r\n\r\n"), .close], kind: .malformed,
            message: "does not answer in HTTP"),
        Cut(
            name: "another protocol", steps: [.text("SSH-2.0-OpenSSH_9.2\r\n"), .close], kind: .malformed,
            message: "does not answer in HTTP"),
        Cut(
            name: "bad chunk size",
            steps: [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"), .awaitClose],
            kind: .malformed, message: "chunk"),
    ]

    @Test(arguments: cuts)
    func cutAnswers(_ cut: Cut) async throws {
        let server = try #require(LoopbackServer { _, _ in cut.steps })
        let (error, bytes) = try await failure(plainTransport(), post(server.url))
        #expect(error.kind == cut.kind, "\(error)")
        #expect(error.message.contains(cut.message), "\(error)")
        #expect(error.requestMayHaveBeenSent)
        #expect(bytes == cut.bytes)
        #expect(server.journal.log.requests.count == 1)
    }

    @Test(arguments: [LoopStyle.events, .portable])
    func resetWithinTheBody(_ style: LoopStyle) async throws {
        let gate = LoopbackGate()
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"), .wait(gate), .reset)
        let response = try await plainTransport(style).send(get(server.url))
        #expect(try await response.body.read() == Array("12345".utf8))
        gate.open()
        for _ in 0..<2 {
            let error = await #expect(throws: TransportError.self) { try await response.body.read() }
            #expect(error?.kind == .lost)
            #expect(error?.message.contains("lost after 5 bytes") == true)
        }
    }

    @Test func refusedPort() async throws {
        let port = try #require(refusedLoopbackPort())
        let (error, _) = try await failure(plainTransport(), post("http://127.0.0.1:\(port)/"))
        #expect(error == TransportError(.connect, "connection refused by 127.0.0.1:\(port)"))
    }

    @Test func notTLS() async throws {
        let server = try #require(LoopbackServer { _, _ in [] })
        // The first TLS record holds no blank line, so the server never answers: the limit of the connection ends it.
        var request = post("https://127.0.0.1:\(server.port)/")
        request.timeouts.connect = .milliseconds(100)
        let (error, _) = try await failure(plainTransport(), request)
        #expect(
            error
                == TransportError(
                    .timeout, "no connection to 127.0.0.1:\(server.port) within 100 ms", timeLimit: .connect))
    }

    enum Bomb: CaseIterable {
        case manyHeaders
        case oneHeader
        case manyInformationalAnswers

        var head: String {
            switch self {
            case .manyHeaders: "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Bomb: \(filler(90))\r\n", count: 2000)
            case .oneHeader: "HTTP/1.1 200 OK\r\nX-Bomb: " + filler(1 << 20)
            case .manyInformationalAnswers: String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5000)
            }
        }

        private func filler(_ count: Int) -> String { String(repeating: "b", count: count) }
    }

    @Test(arguments: Bomb.allCases)
    func headerBomb(_ bomb: Bomb) async throws {
        let server = try server(.text(bomb.head), .awaitClose)
        let (error, _) = try await failure(plainTransport(), get(server.url))
        #expect(error.kind == .tooLarge)
        #expect(error.requestMayHaveBeenSent)
        await server.journal.wait { $0.closed == 1 }
    }

    @Test func bodyCap() async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), .flood(1 << 30))
        let (error, bytes) = try await failure(
            plainTransport(), get(server.url, limits: HTTPLimits(bodyBytes: 100_000)))
        #expect(error.kind == .tooLarge)
        #expect(error.message == "the answer's body is larger than 100000 bytes")
        #expect(bytes == 100_000)
        await server.journal.wait { $0.closed == 1 }
    }

    @Test func bodyOfExactlyTheCap() async throws {
        let server = try server(answer("12345"))
        let response = try await plainTransport().send(get(server.url, limits: HTTPLimits(bodyBytes: 5)))
        #expect(try await text(response.body) == "12345")
    }

    @Test func keptConnectionThatDiedIsReplaced() async throws {
        let server = try server(answer("ok"), .close)
        let transport = plainTransport()
        for round in 1...3 {
            #expect(try await text(transport.send(post(server.url)).body) == "ok")
            await server.journal.wait { $0.closed == round }
        }
        #expect(server.journal.log.connections == 3)
    }

    /// A POST that reached the server over a kept connection may have been executed, so it is not sent again.
    @Test(arguments: [LoopbackStep.close, .reset])
    func requestIsNotSentTwice(_ end: LoopbackStep) async throws {
        let server = try #require(LoopbackServer { number, _ in number == 0 ? [answer("ok")] : [end] })
        let transport = plainTransport()
        #expect(try await text(transport.send(post(server.url)).body) == "ok")
        let (error, _) = try await failure(transport, post(server.url))
        #expect(error.kind == .lost)
        #expect(error.requestMayHaveBeenSent)
        #expect(server.journal.log.requests.count == 2)
    }
}
