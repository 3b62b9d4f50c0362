import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

@Suite(.timeLimit(.minutes(1)))
struct FlowTests {
    static let styles = [LoopStyle.events, .portable]

    @Test(arguments: styles)
    func firstByteLimit(_ style: LoopStyle) async throws {
        let server = try server(.awaitClose)
        let request = get(server.url, timeouts: HTTPTimeouts(firstByte: .milliseconds(100)))
        let (error, _) = try await failure(plainTransport(style), request)
        #expect(error == TransportError(.timeout, "no answer within 100 ms", progress: .sent, timeLimit: .firstByte))
        await server.journal.wait { $0.closedByClient == 1 }
    }

    /// A head that drips is no answer.
    @Test(arguments: styles)
    func headLimit(_ style: LoopStyle) async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\n"), .drip(Array("A: b\r\n".utf8), every: 10))
        let request = get(server.url, timeouts: HTTPTimeouts(firstByte: .milliseconds(200), stall: .seconds(50)))
        let (error, _) = try await failure(plainTransport(style), request)
        #expect(error == TransportError(.timeout, "no answer within 200 ms", progress: .sent, timeLimit: .firstByte))
    }

    @Test(arguments: styles)
    func stallLimit(_ style: LoopStyle) async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"), .awaitClose)
        let request = get(server.url, timeouts: HTTPTimeouts(firstByte: .seconds(50), stall: .milliseconds(100)))
        let (error, bytes) = try await failure(plainTransport(style), request)
        #expect(error == TransportError(.timeout, "no byte for 100 ms", progress: .answering, timeLimit: .stall))
        #expect(bytes == 3)
        await server.journal.wait { $0.closedByClient == 1 }
    }

    @Test(arguments: styles)
    func totalLimit(_ style: LoopStyle) async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), .awaitClose)
        let (error, _) = try await failure(
            plainTransport(style), get(server.url, timeouts: HTTPTimeouts(total: .milliseconds(900))))
        #expect(
            error
                == TransportError(
                    .timeout, "the exchange took longer than 900 ms", progress: .answering, timeLimit: .total))
    }

    @Test func unreadBytesAreNotAStall() async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 33554432\r\n\r\n"), .flood(32 << 20))
        let request = get(server.url, timeouts: HTTPTimeouts(stall: .milliseconds(250)))
        let response = try await plainTransport().send(request)
        // Two stalls of the server's (300 ms each) are longer than the limit.
        await server.journal.wait { $0.blockedAt.count >= 2 }
        var count = 0
        while let slice = try await response.body.read() { count += slice.count }
        #expect(count == 32 << 20)
    }

    @Test(arguments: styles)
    func backPressure(_ style: LoopStyle) async throws {
        let size = 64 << 20
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"), .flood(size))
        let response = try await plainTransport(style).send(get(server.url))
        let log = await server.journal.wait { !$0.blockedAt.isEmpty }
        // What the reader's side holds, and the sockets' buffers on both ends.
        #expect(try #require(log.blockedAt.first) < 24 << 20)
        let first = try #require(try await response.body.read())
        #expect(first.count < 3 << 20)
        var count = first.count
        while let slice = try await response.body.read() { count += slice.count }
        #expect(count == size)
    }

    @Test(arguments: styles)
    func cancelWhileWaitingForHeaders(_ style: LoopStyle) async throws {
        let server = try server(.awaitClose)
        let transport = plainTransport(style)
        let task = Task { try await transport.send(get(server.url)) }
        await server.journal.wait { $0.requests.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.journal.wait { $0.closedByClient == 1 }
    }

    @Test(arguments: styles)
    func cancelWithinTheBody(_ style: LoopStyle) async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"), .awaitClose)
        let response = try await plainTransport(style).send(get(server.url))
        let body = response.body
        #expect(try await body.read() == Array("123".utf8))
        let task = Task { try await body.read() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.journal.wait { $0.closedByClient == 1 }
        await #expect(throws: CancellationError.self) { try await body.read() }
    }

    @Test func cancelledBeforeItBegan() async throws {
        let server = try server(answer("never"))
        let transport = plainTransport()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await transport.send(get(server.url))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.journal.log.connections == 0)
    }

    @Test(arguments: styles)
    func droppingTheBodyCloses(_ style: LoopStyle) async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"), .awaitClose)
        let transport = plainTransport(style)
        #expect(try await transport.send(get(server.url)).status == 200)
        await server.journal.wait { $0.closedByClient == 1 }
    }

    @Test func droppingAPausedBodyCloses() async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n"), .flood(256 << 20))
        let transport = plainTransport()
        do {
            let response = try await transport.send(get(server.url))
            await server.journal.wait { !$0.blockedAt.isEmpty }
            #expect(response.status == 200)
        }
        await server.journal.wait { $0.closedByClient == 1 }
    }

    @Test func bodyOutlivesTheTransport() async throws {
        let gate = LoopbackGate()
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"), .wait(gate), .text("cd"))
        let response = try await plainTransport().send(get(server.url))
        gate.open()
        #expect(try await text(response.body) == "abcd")
        // Neither transport nor body is left: the thread ends and takes the kept connection with it.
    }

    @Test func idleConnectionsGoWithTheTransport() async throws {
        let server = try server(answer("ok"))
        do {
            let transport = plainTransport()
            #expect(try await text(transport.send(get(server.url)).body) == "ok")
            #expect(server.journal.log.closedByClient == 0)
        }
        await server.journal.wait { $0.closedByClient == 1 }
    }

    @Test(arguments: styles)
    func manyAtOnce(_ style: LoopStyle) async throws {
        let gate = LoopbackGate()
        let count = 100
        let server = try #require(
            LoopbackServer { _, request in
                let name = String(decoding: request.body, as: UTF8.self)
                return [.text("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"), .wait(gate), .text(name)]
            })
        let transport = plainTransport(style)
        await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                group.addTask {
                    let name = "task" + String(1000 + index)
                    let response = try await transport.send(post(server.url, name))
                    #expect(try await text(response.body) == name)
                }
            }
            // No answer is finished before all have begun.
            await server.journal.wait { $0.requests.count == count }
            for _ in 0..<count { gate.open() }
        }
        #expect(server.journal.log.connections == count)
    }

    @Test(arguments: styles)
    func connectionIsReused(_ style: LoopStyle) async throws {
        let server = try server(answer("ok"))
        let transport = plainTransport(style)
        for _ in 0..<300 {
            #expect(try await text(transport.send(post(server.url)).body) == "ok")
        }
        #expect(server.journal.log.connections == 1)
    }

    @Test func twoReadersEndBoth() async throws {
        let gate = LoopbackGate()
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), .wait(gate), .text("ab"))
        let body = try await plainTransport().send(get(server.url)).body
        async let one = text(body)
        async let two = text(body)
        gate.open()
        #expect(try await one + two == "ab")
    }
}
