import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thousand streams at once in one process. They use more descriptors than many systems allow at first, and threads of
/// the server's, so one after the other.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ManyStreamsTests {
    private static let count = 1000

    /// An answer of three chunks around a gate, so that none is finished before all have begun.
    private func echo(_ gate: LoopbackGate) throws -> LoopbackServer {
        try #require(
            LoopbackServer { _, request in
                let name = String(decoding: request.body, as: UTF8.self)
                return [
                    .text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n\(name)\r\n"), .wait(gate),
                    .text("8\r\n\(name)\r\n"), .text("0\r\n\r\n"),
                ]
            })
    }

    @Test func allComplete() async throws {
        let gate = LoopbackGate()
        let server = try echo(gate)
        let transport = plainTransport()
        let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<Self.count {
                group.addTask {
                    let name = "task" + String(1000 + index)
                    return try await text(transport.send(post(server.url, name)).body) != name + name
                }
            }
            await server.journal.wait { $0.requests.count == Self.count }
            for _ in 0..<Self.count { gate.open() }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wrong == 0)
        #expect(server.journal.log.connections == Self.count)
    }

    @Test func allCancelledAtOnce() async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"), .awaitClose)
        let transport = plainTransport()
        let cancelled = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<Self.count {
                group.addTask {
                    do {
                        let body = try await transport.send(post(server.url)).body
                        while try await body.read() != nil {}
                    } catch is CancellationError {
                        return true
                    } catch {
                        Issue.record(error)
                    }
                    return false
                }
            }
            await server.journal.wait { $0.requests.count == Self.count }
            group.cancelAll()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(cancelled == Self.count)
        await server.journal.wait { $0.closedByClient == Self.count }
        // The loop is as good as before.
        let other = try #require(LoopbackServer { _, _ in [answer("ok")] })
        #expect(try await text(transport.send(get(other.url)).body) == "ok")
    }

    /// A stream that never stops must not keep the others from their bytes.
    @Test(arguments: [LoopStyle.events, .portable])
    func oneFloodsWhileOthersDrip(_ style: LoopStyle) async throws {
        let total = 1 << 40
        let flood = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n"), .flood(total))
        let pieces = Array(String(repeating: "data: word\n\n", count: 40).utf8)
        let drip = try server(
            .text("HTTP/1.1 200 OK\r\nContent-Length: \(pieces.count)\r\n\r\n"), .pieces(pieces, size: 12))
        let transport = plainTransport(style)
        let flooding = Task {
            let body = try await transport.send(
                get(flood.url, limits: HTTPLimits(bodyBytes: .max))
            ).body
            while try await body.read() != nil {}
        }
        await flood.journal.wait { $0.requests.count == 1 }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask { try await text(transport.send(get(drip.url)).body).utf8.count }
            }
            for try await count in group { #expect(count == pieces.count) }
        }
        flooding.cancel()
        await #expect(throws: CancellationError.self) { try await flooding.value }
    }

    /// In a process of its own, as the next one, because the limit is the process's.
    @Test func theDescriptorLimitIsRaised() async {
        await #expect(processExitsWith: .success) {
            let most = try #require(openFiles()).rlim_max
            allowOpenFiles(rlimit(rlim_cur: 200, rlim_max: most))
            let server = try #require(LoopbackServer { _, _ in [answer("ok")] })
            #expect(try await text(plainTransport().send(get(server.url)).body) == "ok")
            let now = try #require(openFiles()).rlim_cur
            #expect(now >= min(most, 10_240))
            // Never lowered.
            allowOpenFiles(rlimit(rlim_cur: most, rlim_max: most))
            #expect(try await text(plainTransport().send(get(server.url)).body) == "ok")
            #expect(openFiles()?.rlim_cur == most)
        }
    }

    @Test func withoutDescriptors() async {
        await #expect(processExitsWith: .success) {
            allowOpenFiles(rlimit(rlim_cur: 100, rlim_max: 100))
            let server = try #require(SilentServer())
            let transport = plainTransport()
            let errors = await withTaskGroup(of: TransportError?.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        var request = post("http://127.0.0.1:\(server.port)/")
                        request.timeouts = HTTPTimeouts(firstByte: .milliseconds(500))
                        return await transportError(transport, request)
                    }
                }
                return await group.reduce(into: [TransportError]()) { if let error = $1 { $0.append(error) } }
            }
            let lacking = errors.filter { $0.kind == .connect }
            #expect(lacking.count >= 100)
            #expect(errors.count == 200)
            #expect(errors.allSatisfy { $0.kind == .connect || $0.timeLimit == .firstByte })
            #expect(lacking.allSatisfy { $0.progress == .notSent })
            #expect(
                lacking.first?.message
                    == "too many open files and connections: this process may have 100 (see ulimit -n); raise that limit "
                    + "or send fewer requests at once")
            // And when there are some again, all is well.
            let other = try #require(LoopbackServer { _, _ in [answer("ok")] })
            #expect(try await text(transport.send(get(other.url)).body) == "ok")
        }
    }
}

/// How many files this process may have open.
private func openFiles() -> rlimit? {
    var limit = rlimit()
    #if canImport(Glibc)
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit : nil
    #else
        return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit : nil
    #endif
}

private func allowOpenFiles(_ limit: rlimit) {
    var limit = limit
    #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #else
        setrlimit(RLIMIT_NOFILE, &limit)
    #endif
}

/// The error of an exchange; nil if it answered.
private func transportError(_ transport: CurlTransport, _ request: HTTPRequest) async -> TransportError? {
    do {
        _ = try await transport.send(request)
    } catch {
        return error as? TransportError
    }
    return nil
}
