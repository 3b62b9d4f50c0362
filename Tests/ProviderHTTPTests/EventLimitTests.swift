import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

/// The limit for streams that bring bytes and no event.
@Suite(.timeLimit(.minutes(1)))
struct EventLimitTests {
    static let styles = [LoopStyle.events, .portable]

    private func head(_ type: String?) -> LoopbackStep {
        .text("HTTP/1.1 200 OK\r\n" + (type.map { "Content-Type: \($0)\r\n" } ?? "") + "Connection: close\r\n\r\n")
    }

    private func limited(_ url: String, to limit: Duration?) -> HTTPRequest {
        get(url, timeouts: HTTPTimeouts(stall: .seconds(50), event: limit, total: .seconds(50)))
    }

    private let dripping = LoopbackStep.drip(Array(": still here\n\n".utf8), every: 10)

    @Test(arguments: styles)
    func commentsDoNotCount(_ style: LoopStyle) async throws {
        let server = try server(head("text/event-stream; charset=utf-8"), dripping)
        let (error, bytes) = try await failure(plainTransport(style), limited(server.url, to: .milliseconds(150)))
        #expect(
            error
                == TransportError(
                    .timeout, "no complete event for 150 ms", progress: .answering, timeLimit: .event))
        #expect(bytes > 0)
        await server.journal.wait { $0.closedByClient == 1 }
    }

    @Test func anAnswerWithoutAType() async throws {
        let server = try server(head(nil), dripping)
        let (error, _) = try await failure(plainTransport(), limited(server.url, to: .milliseconds(100)))
        #expect(error.timeLimit == .event)
    }

    /// Some servers keep a whole answer alive with blanks for minutes.
    @Test func aWholeAnswerHasNoEvents() async throws {
        let server = try server(head("application/json"), dripping)
        var request = limited(server.url, to: .milliseconds(20))
        request.timeouts.total = .milliseconds(300)
        let (error, _) = try await failure(plainTransport(), request)
        #expect(error.timeLimit == .total)
    }

    @Test(arguments: styles)
    func eventsRestartIt(_ style: LoopStyle) async throws {
        let server = try server(head("text/event-stream"), dripping)
        let body = try await plainTransport(style).send(limited(server.url, to: .milliseconds(600))).body
        let start = ContinuousClock.now
        while start.duration(to: .now) < .milliseconds(1400) {
            #expect(try await body.read() != nil)
            body.noteEvent()
        }
        // And without them it runs again.
        let error = await #expect(throws: TransportError.self) {
            while try await body.read() != nil {}
        }
        #expect(error?.timeLimit == .event)
        #expect(start.duration(to: .now) > .milliseconds(1900))
    }

    /// A first note is enough, whatever the server calls what it sends.
    @Test func aNoteStartsIt() async throws {
        let server = try server(head("text/plain"), dripping)
        let body = try await plainTransport().send(limited(server.url, to: .milliseconds(100))).body
        #expect(try await body.read() != nil)
        body.noteEvent()
        let error = await #expect(throws: TransportError.self) {
            while try await body.read() != nil {}
        }
        #expect(error?.timeLimit == .event)
    }

    @Test func neverWhileTheReaderIsBehind() async throws {
        let size = 32 << 20
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(size)\r\n\r\n"
        let server = try server(.text(head), .flood(size))
        let body = try await plainTransport().send(limited(server.url, to: .milliseconds(150))).body
        // Two stalls of the server's (300 ms each) are longer than the limit.
        await server.journal.wait { $0.blockedAt.count >= 2 }
        var count = 0
        while let slice = try await body.read() {
            count += slice.count
            body.noteEvent()
        }
        #expect(count == size)
    }

    /// Bytes that lie unread without being enough to pause for.
    @Test func neverWhileSomethingIsUnread() async throws {
        let gate = LoopbackGate()
        let quiet = try server(
            head("text/event-stream"), .text("data: x\n\n"), .wait(gate), .text("data: y\n\n"), .close)
        let transport = plainTransport()
        let body = try await transport.send(limited(quiet.url, to: .milliseconds(60))).body
        let other = try server(head("text/event-stream"), dripping)
        // The other exchange runs into its limit, so ours is far beyond it.
        _ = try await failure(transport, limited(other.url, to: .milliseconds(200)))
        gate.open()
        await quiet.journal.wait { $0.closed == 1 }
        #expect(try await text(body) == "data: x\n\ndata: y\n\n")
    }

    @Test func noLimit() async throws {
        let server = try server(head("text/event-stream"), dripping)
        var request = limited(server.url, to: nil)
        request.timeouts.total = .milliseconds(200)
        let (error, _) = try await failure(plainTransport(), request)
        #expect(error.timeLimit == .total)
        #expect(HTTPTimeouts().event == .seconds(300))
    }
}
