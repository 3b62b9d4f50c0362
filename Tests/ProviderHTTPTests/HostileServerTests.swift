import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Servers that lie, drip, flood or break the rules: each exchange ends, in time, as the table says.
@Suite(.timeLimit(.minutes(1)))
struct HostileServerTests {
    enum Outcome: Sendable {
        /// The body that is taken for the answer.
        case answer(String)
        case failure(TransportError.Kind, String)
        case late(TransportError.TimeLimit)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [LoopbackStep]
        var outcome: Outcome

        init(_ name: String, _ steps: [LoopbackStep], _ outcome: Outcome) {
            self.name = name
            self.steps = steps
            self.outcome = outcome
        }

        var testDescription: String { name }
    }

    static func head(_ lines: String...) -> LoopbackStep {
        .text((["HTTP/1.1 200 OK"] + lines).map { $0 + "\r\n" }.joined() + "\r\n")
    }

    static func repeated(_ text: String, _ count: Int) -> LoopbackStep { .text(String(repeating: text, count: count)) }

    static let chunked = head("Transfer-Encoding: chunked")

    static let lengths = [
        Case("length says less", [head("Content-Length: 3"), .text("12345"), .awaitClose], .answer("123")),
        Case(
            "length says more", [head("Content-Length: 9"), .text("12345"), .close],
            .failure(.lost, "lost after 5 bytes")),
        Case("length of -1", [head("Content-Length: -1"), .text("12345"), .close], .failure(.malformed, "")),
        Case("length that is no number", [head("Content-Length: 5x"), .text("12345"), .close], .answer("12345")),
        Case(
            "length beyond all numbers", [head("Content-Length: 99999999999999999999"), .text("12345"), .close],
            .answer("12345")),
        Case(
            "two lengths", [head("Content-Length: 5", "Content-Length: 3"), .text("12345"), .awaitClose],
            .answer("123")),
        Case(
            "length and chunks",
            [head("Content-Length: 3", "Transfer-Encoding: chunked"), .text("5\r\n12345\r\n0\r\n\r\n")],
            .answer("12345")),
    ]

    static let chunks = [
        Case("chunk size beyond all numbers", [chunked, .text("fffffffffffffffff\r\nx"), .awaitClose], chunkError),
        Case("chunk of -1", [chunked, .text("-1\r\nx\r\n"), .awaitClose], chunkError),
        Case("chunk without an end", [chunked, .text("3\r\nabcdef\r\n0\r\n\r\n"), .awaitClose], chunkError),
        Case("chunk size that never ends", [chunked, repeated("0", 100_000), .awaitClose], chunkError),
        Case("no chunk size", [chunked, .text("\r\nabc\r\n0\r\n\r\n"), .awaitClose], chunkError),
        Case("cut chunk", [chunked, .text("9\r\nabc"), .close], .failure(.lost, "lost after 3 bytes")),
        Case("trailers", [chunked, .text("3\r\nabc\r\n0\r\nA: b\r\nContent-Length: 7\r\n\r\n")], .answer("abc")),
        Case(
            "100,000 trailers", [chunked, .text("3\r\nabc\r\n0\r\n"), repeated("A: b\r\n", 100_000), .awaitClose],
            .failure(.tooLarge, "header")),
    ]
    static let chunkError = Outcome.failure(.malformed, "chunk")

    static let heads = [
        Case(
            "HTTP/0.9", [.text("hello, this is the answer\n"), .close], .failure(.malformed, "does not answer in HTTP")),
        Case("HTTP/3.7", [.text("HTTP/3.7 200 OK\r\n\r\n"), .close], .failure(.malformed, "does not answer in HTTP")),
        Case(
            "two status lines",
            [.text("HTTP/1.1 200 OK\r\nHTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nok"), .awaitClose],
            .failure(.malformed, "does not answer in HTTP")),
        Case(
            "NUL in a header", [.text("HTTP/1.1 200 OK\r\nX-A: a\u{0}b\r\nContent-Length: 2\r\n\r\nok"), .awaitClose],
            .failure(.malformed, "")),
        Case("status of letters", [.text("HTTP/1.1 abc OK\r\n\r\n"), .close], .failure(.malformed, "")),
        Case(
            "10,000 short headers", [.text("HTTP/1.1 200 OK\r\n"), repeated("a:b\r\n", 10_000), .awaitClose],
            .failure(.tooLarge, "more than 100 header fields")),
        Case(
            "64 KiB of headers",
            [
                .text("HTTP/1.1 200 OK\r\n"), repeated("a: " + String(repeating: "b", count: 900) + "\r\n", 99),
                .awaitClose,
            ],
            .failure(.tooLarge, "larger than 65536 bytes")),
        Case(
            "a header of 10 MB", [.text("HTTP/1.1 200 OK\r\na: "), .flood(10 << 20), .awaitClose],
            .failure(.tooLarge, "header")),
        Case(
            "a status line of 10 MB", [.text("HTTP/1.1 200 "), .flood(10 << 20), .awaitClose],
            .failure(.tooLarge, "header")),
        Case(
            "only line ends", [repeated("\r\n", 1_000_000), .awaitClose],
            .failure(.malformed, "does not answer in HTTP")),
        Case(
            "1xx without an end", [repeated("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 100_000), .awaitClose],
            .failure(.tooLarge, "header")),
        Case(
            "101 Switching Protocols",
            [.text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), .awaitClose],
            .late(.stall)),
        Case(
            "100 header fields",
            [.text("HTTP/1.1 200 OK\r\n"), repeated("a:b\r\n", 99), .text("Content-Length: 2\r\n\r\nok")], .answer("ok")
        ),
    ]

    static let pace = [
        Case("silence", [.awaitClose], .late(.firstByte)),
        Case("silence within the head", [.text("HTTP/1.1 200 OK\r\n"), .awaitClose], .late(.stall)),
        Case("silence after the head", [head("Content-Length: 9"), .awaitClose], .late(.stall)),
        Case("a byte at a time", [head("Content-Length: 99999"), .drip([0x78], every: 10)], .late(.event)),
        Case(
            "a header a time", [.text("HTTP/1.1 200 OK\r\n"), .drip(Array("a:b\r\n".utf8), every: 60)], .late(.total)),
    ]

    static let bodies = [
        Case(
            "six encodings", [head("Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip"), .text("xxxx"), .close],
            .failure(.malformed, "compression")),
        Case(
            "a line without an end", [head("Connection: close"), .flood(1 << 30)], .failure(.tooLarge, "body is larger")
        ),
    ]

    @Test(arguments: lengths + chunks + heads + pace + bodies)
    func ends(_ hostile: Case) async throws {
        let server = try #require(LoopbackServer { _, _ in hostile.steps })
        let timeouts = Self.timeouts(for: hostile.outcome)
        let request = get(server.url, timeouts: timeouts, limits: HTTPLimits(bodyBytes: 1 << 20))
        let (body, error) = await outcome(request)
        switch hostile.outcome {
        case .answer(let text):
            #expect(body == text)
            #expect(error == nil)
        case .failure(let kind, let message):
            #expect(error?.kind == kind, "\(error as Any)")
            #expect(error?.message.contains(message) == true, "\(error as Any)")
        case .late(let limit):
            #expect(error?.timeLimit == limit, "\(error as Any)")
        }
        if let error { #expect(!error.message.contains { $0.isNewline }) }
    }

    /// Short where the limit is what the case is about; else long, for these tests run beside others on few cores.
    private static func timeouts(for outcome: Outcome) -> HTTPTimeouts {
        var timeouts = HTTPTimeouts(
            connect: nil, firstByte: .seconds(40), stall: .seconds(40), event: .seconds(40), total: .seconds(50))
        guard case .late(let limit) = outcome else { return timeouts }
        switch limit {
        case .firstByte: timeouts.firstByte = .milliseconds(300)
        case .stall: timeouts.stall = .milliseconds(300)
        case .event: timeouts.event = .milliseconds(500)
        case .connect, .total: timeouts.total = .seconds(1)
        }
        return timeouts
    }

    private func outcome(_ request: HTTPRequest) async -> (String, TransportError?) {
        var bytes: [UInt8] = []
        do {
            let body = try await plainTransport().send(request).body
            while let slice = try await body.read() { bytes += slice }
        } catch {
            return (String(decoding: bytes, as: UTF8.self), error as? TransportError)
        }
        return (String(decoding: bytes, as: UTF8.self), nil)
    }

    /// In a process of its own, because memory is the process's.
    @Test func aLineOfAGigabyteStaysSmall() async {
        await #expect(processExitsWith: .success) {
            let line = LoopbackStep.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ")
            let server = try #require(LoopbackServer { _, _ in [line, .flood(1 << 30)] })
            let transport = plainTransport()
            let before = residentKilobytes()
            // As the providers do: the splitter gives up at 16 MiB, and nothing more is read.
            let body = try await transport.send(get(server.url)).body
            var splitter = SSEDecoder()
            var isTooLarge = false
            while !isTooLarge, let slice = try await body.read() {
                isTooLarge = !slice.withUnsafeBytes { (try? splitter.feed($0) { _ in true }) ?? false }
            }
            #expect(isTooLarge)
            // Without a splitter the transport's own limit ends it.
            let (error, bytes) = try await failure(transport, get(server.url))
            #expect(error.kind == .tooLarge)
            #expect(bytes == 64 << 20)
            // A header of a gigabyte.
            let header = try #require(
                LoopbackServer { _, _ in [.text("HTTP/1.1 200 OK\r\nX: "), .flood(1 << 30)] })
            let (tooLong, _) = try await failure(transport, get(header.url))
            #expect(tooLong.kind == .tooLarge)
            // And one that is not read at all.
            let unread = try await transport.send(get(server.url)).body
            await server.journal.wait { !$0.blockedAt.isEmpty }
            #expect(residentKilobytes() - before < 64 << 10)
            withExtendedLifetime(unread) {}
        }
    }
}

/// The most memory this process has had so far, in KiB.
private func residentKilobytes() -> Int {
    var usage = rusage()
    #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    #else
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss / 1024
    #endif
}
