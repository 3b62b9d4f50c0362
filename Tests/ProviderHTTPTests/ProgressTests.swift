import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

/// How far a request had come when it failed: whoever sends it again has to know.
@Suite(.timeLimit(.minutes(1)))
struct ProgressTests {
    struct Way: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [LoopbackStep]
        var kind: TransportError.Kind
        var progress: TransportError.Progress
        var limit: TransportError.TimeLimit?
        var timeouts = HTTPTimeouts()

        var testDescription: String { name }
    }

    static let head = LoopbackStep.text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")

    static let ways = [
        Way(name: "reset after the request", steps: [.reset], kind: .lost, progress: .sent),
        Way(name: "closed after the request", steps: [.close], kind: .lost, progress: .sent),
        Way(
            name: "closed within the head", steps: [.text("HTTP/1.1 200 OK\r\nA: b\r\n"), .close], kind: .lost,
            progress: .sent),
        Way(
            name: "closed after 103", steps: [.text("HTTP/1.1 103 Early Hints\r\n\r\n"), .close], kind: .lost,
            progress: .sent),
        Way(name: "closed after the head", steps: [head, .close], kind: .lost, progress: .answering),
        Way(name: "closed within the body", steps: [head, .text("1234"), .close], kind: .lost, progress: .answering),
        Way(
            name: "no answer", steps: [.awaitClose], kind: .timeout, progress: .sent, limit: .firstByte,
            timeouts: HTTPTimeouts(firstByte: .milliseconds(80))),
        Way(
            name: "no end of the head", steps: [.text("HTTP/1.1 200 OK\r\n"), .awaitClose], kind: .timeout,
            progress: .sent, limit: .stall, timeouts: HTTPTimeouts(stall: .milliseconds(80))),
        Way(
            name: "no body", steps: [head, .awaitClose], kind: .timeout, progress: .answering, limit: .stall,
            timeouts: HTTPTimeouts(stall: .milliseconds(80))),
        Way(
            name: "too long in all", steps: [head, .drip([], every: 10)], kind: .timeout, progress: .answering,
            limit: .total, timeouts: HTTPTimeouts(total: .milliseconds(900))),
        Way(name: "not HTTP", steps: [.text("SSH-2.0-x\r\n"), .awaitClose], kind: .malformed, progress: .sent),
    ]

    @Test(arguments: ways)
    func ofARequest(_ way: Way) async throws {
        let server = try #require(LoopbackServer { _, _ in way.steps })
        var request = post(server.url)
        request.timeouts = way.timeouts
        // So that no other limit ends what the one in question should have ended.
        request.timeouts.connect = nil
        let (error, _) = try await failure(plainTransport(), request)
        #expect(error.kind == way.kind, "\(error)")
        #expect(error.progress == way.progress, "\(error)")
        #expect(error.timeLimit == way.limit, "\(error)")
        #expect(error.requestMayHaveBeenSent == (way.progress != .notSent))
    }

    @Test func refused() async throws {
        let port = try #require(refusedLoopbackPort())
        let (error, _) = try await failure(plainTransport(), post("http://127.0.0.1:\(port)/"))
        #expect(error.progress == .notSent)
        #expect(error.timeLimit == nil)
    }

    /// A body too large for the socket's buffer and a server that never reads: part of it left, so it is not "not sent".
    @Test func stuckInTheBody() async throws {
        let server = try #require(SilentServer())
        var request = post("http://127.0.0.1:\(server.port)/", String(repeating: "x", count: 32 << 20))
        request.timeouts = HTTPTimeouts(firstByte: .milliseconds(200))
        let (error, _) = try await failure(plainTransport(), request)
        #expect(
            error == TransportError(.timeout, "no answer within 200 ms", progress: .sent, timeLimit: .firstByte))
    }

    /// Both sizes of body, since small ones leave with the headers and large ones by pieces.
    @Test(arguments: [2, 200_000], [LoopbackStep.close, .reset])
    func onAKeptConnectionThatDies(_ size: Int, _ end: LoopbackStep) async throws {
        let server = try #require(LoopbackServer { number, _ in number == 0 ? [answer("ok")] : [end] })
        let transport = plainTransport()
        let body = String(repeating: "x", count: size)
        #expect(try await text(transport.send(post(server.url, body)).body) == "ok")
        let (error, _) = try await failure(transport, post(server.url, body))
        #expect(error.kind == .lost)
        #expect(error.progress == .sent)
        #expect(server.journal.log.requests.count == 2)
    }

    /// What has no body and only asks may be asked again.
    @Test func onlyQuestionsAreRepeated() async throws {
        let server = try #require(LoopbackServer { number, _ in number == 1 ? [.close] : [answer("ok")] })
        let transport = plainTransport()
        #expect(try await text(transport.send(get(server.url)).body) == "ok")
        #expect(try await text(transport.send(get(server.url)).body) == "ok")
        #expect(server.journal.log.requests.count == 3)
    }

    @Test func halvesOfTheOldFlag() {
        #expect(TransportError(.lost, "x", requestMayHaveBeenSent: true).progress == .sent)
        #expect(TransportError(.lost, "x", requestMayHaveBeenSent: false).progress == .notSent)
        #expect(TransportError(.lost, "x", progress: .answering).requestMayHaveBeenSent)
    }
}
