import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

@Suite(.timeLimit(.minutes(1)))
struct AnswerTests {
    @Test(arguments: [LoopStyle.events, .portable])
    func wholeAnswer(_ style: LoopStyle) async throws {
        let server = try server(
            answer("hello", headers: "Content-Type: text/plain\r\nX-Request-ID:  abc \r\nEmpty:\r\n"))
        let response = try await plainTransport(style).send(post(server.url + "/v1/chat?x=1", "{\"a\":1}"))
        #expect(response.status == 200)
        #expect(
            response.headers == [
                HTTPHeader("content-type", "text/plain"), HTTPHeader("x-request-id", "abc"), HTTPHeader("empty", ""),
                HTTPHeader("content-length", "5"),
            ])
        #expect(try await text(response.body) == "hello")
        #expect(try await response.body.read() == nil)
        let request = try #require(server.journal.log.requests.first)
        #expect(request.line == "POST /v1/chat?x=1 HTTP/1.1")
        #expect(request.body == Array("{\"a\":1}".utf8))
    }

    @Test func sendsNoHeaderOfItsOwn() async throws {
        let server = try server(answer(""))
        let big = String(repeating: "x", count: 3 << 20)
        let headers = [HTTPHeader("Authorization", "Bearer k"), HTTPHeader("X-Empty", "")]
        _ = try await plainTransport().send(post(server.url, big, headers: headers))
        let request = try #require(server.journal.log.requests.first)
        #expect(
            request.headerLines.sorted() == [
                "Accept-Encoding: gzip, deflate", "Authorization: Bearer k", "Content-Length: \(big.utf8.count)",
                "Host: 127.0.0.1:\(server.port)", "X-Empty:",
            ])
        #expect(request.body.count == big.utf8.count)
    }

    @Test(
        arguments: [
            ("GET", nil, nil), ("DELETE", nil, nil), ("POST", nil, "0"), ("PUT", "ab", "2"), ("GET", "abc", "3"),
            ("POST", "", "0"),
        ] as [(String, String?, String?)])
    func methods(_ method: String, _ body: String?, _ length: String?) async throws {
        let server = try server(answer("ok"))
        let request = HTTPRequest(method: method, url: server.url + "/p", body: body.map { Array($0.utf8) })
        #expect(try await text(plainTransport().send(request).body) == "ok")
        let seen = try #require(server.journal.log.requests.first)
        #expect(seen.line == "\(method) /p HTTP/1.1")
        #expect(seen.header("content-length") == length)
        #expect(seen.body == Array((body ?? "").utf8))
    }

    @Test func headHasNoBody() async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"))
        let response = try await plainTransport().send(HTTPRequest(method: "HEAD", url: server.url))
        #expect(try await response.body.read() == nil)
        #expect(response.header("content-length") == "500")
    }

    @Test func informationalAnswersArePassedOver() async throws {
        let server = try server(
            .text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
            answer("body", status: "429 Too Many Requests"))
        let response = try await plainTransport().send(post(server.url))
        #expect(response.status == 429)
        #expect(response.headers.map(\.name) == ["content-length"])
        #expect(try await text(response.body) == "body")
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectsAreTheAnswer(_ status: Int) async throws {
        let target = try server(answer("never"))
        let source = try server(answer("moved", status: "\(status) Moved", headers: "Location: \(target.url)/x\r\n"))
        let response = try await plainTransport().send(post(source.url))
        #expect(response.status == status)
        #expect(response.header("location") == target.url + "/x")
        #expect(try await text(response.body) == "moved")
        #expect(target.journal.log.connections == 0)
    }

    static let chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\n00A\r\nworld data\r\n"
        + "0\r\nTrailer: t\r\n\r\n"

    @Test func chunkedSplitAtEveryByte() async throws {
        let bytes = Array(Self.chunked.utf8)
        let server = try #require(
            LoopbackServer { number, _ in
                [.send(Array(bytes[..<number])), .send(Array(bytes[number...]))]
            })
        let transport = plainTransport()
        for _ in 0..<bytes.count {
            let response = try await transport.send(post(server.url))
            #expect(response.headers.map(\.name) == ["transfer-encoding"])
            #expect(try await text(response.body) == "hello world data")
        }
        #expect(server.journal.log.connections == 1)
    }

    @Test(arguments: [1, 2, 3, 7])
    func chunkedInSmallPieces(_ size: Int) async throws {
        let server = try server(.pieces(Array(Self.chunked.utf8), size: size))
        #expect(try await text(plainTransport().send(post(server.url)).body) == "hello world data")
    }

    @Test func bodyEndsWithTheConnection() async throws {
        let server = try server(.text("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it"), .close)
        #expect(try await text(plainTransport().send(get(server.url)).body) == "all of it")
    }

    @Test func headersArriveBeforeTheBody() async throws {
        let gate = LoopbackGate()
        let server = try server(
            .text("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"), .wait(gate), .text("ab"), .wait(gate), .text("cd"))
        let response = try await plainTransport().send(get(server.url))
        gate.open()
        #expect(try await response.body.read() == Array("ab".utf8))
        gate.open()
        #expect(try await response.body.read() == Array("cd".utf8))
        #expect(try await response.body.read() == nil)
    }

    @Test func collectStopsAtItsLimit() async throws {
        let server = try server(answer("0123456789"))
        let response = try await plainTransport().send(get(server.url))
        #expect(try await response.body.collect(upTo: 4) == Array("0123".utf8))
    }
}
