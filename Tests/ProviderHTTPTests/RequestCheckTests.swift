import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

@Suite(.timeLimit(.minutes(1)))
struct RequestCheckTests {
    @Test(arguments: [
        "", "x", "/v1", "example.com/v1", "ftp://example.com/", "file:///etc/passwd", "http://", "http:///v1",
        "https://:80/",
        "http://user@127.0.0.1/", "http://user:pw@127.0.0.1/", "http://:pw@127.0.0.1/", "http://127.0.0.1/a b",
        "http://127.0.0.1/\n", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/\u{0}", "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/", "http://[::1/", "HTTP//127.0.0.1", "gopher://127.0.0.1/", "http://127.0.0.1/\u{7F}",
    ])
    func badURLs(_ url: String) async throws {
        let (error, _) = try await failure(plainTransport(), get(url))
        #expect(error.kind == .invalidRequest)
        #expect(!error.requestMayHaveBeenSent)
        #expect(!error.message.contains("pw"))
    }

    @Test(arguments: [
        HTTPHeader("", "v"), HTTPHeader("A B", "v"), HTTPHeader("A:", "v"), HTTPHeader("A\r\nB", "v"),
        HTTPHeader("Ä", "v"), HTTPHeader("X-Key", "secret\r\nX: y"), HTTPHeader("X-Key", "secret\n"),
        HTTPHeader("X-Key", "secret\u{0}"), HTTPHeader("X-Key", "secret\u{7F}"), HTTPHeader("Content-Length", "3"),
        HTTPHeader("transfer-encoding", "chunked"),
    ])
    func badHeaders(_ header: HTTPHeader) async throws {
        let server = try server(answer("never"))
        var request = post(server.url)
        request.headers = [header]
        let (error, _) = try await failure(plainTransport(), request)
        #expect(error.kind == .invalidRequest)
        #expect(!error.message.contains("secret"))
        #expect(server.journal.log.connections == 0)
    }

    @Test(arguments: ["", "get", "GET /x", "PO\r\nST"])
    func badMethods(_ method: String) async throws {
        let (error, _) = try await failure(plainTransport(), HTTPRequest(method: method, url: "http://127.0.0.1:1/"))
        #expect(error.kind == .invalidRequest)
    }

    @Test(arguments: [
        ("localhost", true), ("LocalHost.", true), ("a.localhost", true), ("127.0.0.1", true), ("127.255.0.9", true),
        ("[::1]", true), ("::1", true), ("[::ffff:127.0.0.1]", true), ("128.0.0.1", false), ("localhost.com", false),
        ("notlocalhost", false), ("10.0.0.1", false), ("[::2]", false), ("0.0.0.0", false), ("", false),
    ])
    func loopbackHosts(_ host: String, _ expected: Bool) {
        #expect(isLoopback(host) == expected)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
    @Test(arguments: ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
    func plainRequestsGoThroughTheProxy(_ variable: String) async throws {
        let proxy = try server(answer("from the proxy"))
        let transport = CurlTransport(environment: [variable: proxy.url])
        #expect(try await text(transport.send(get("http://model.invalid/v1")).body) == "from the proxy")
        #expect(proxy.journal.log.requests.first?.line == "GET http://model.invalid/v1 HTTP/1.1")
    }

    @Test(arguments: ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
    func secureRequestsNeedATunnel(_ variable: String) async throws {
        let proxy = try server(answer("no", status: "407 Proxy Authentication Required"))
        let transport = CurlTransport(environment: [variable: proxy.url])
        let request = post("https://model.invalid/v1", headers: [HTTPHeader("Authorization", "Bearer secret")])
        let (error, _) = try await failure(transport, request)
        #expect(error == TransportError(.proxy, "the proxy answered 407"))
        let seen = try #require(proxy.journal.log.requests.first)
        #expect(seen.line == "CONNECT model.invalid:443 HTTP/1.1")
        #expect(!seen.head.contains("secret"))
    }

    @Test func theTunnelsOwnReplyIsNotTheAnswer() async throws {
        let proxy = try server(.text("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n"), .close)
        let transport = CurlTransport(environment: ["https_proxy": proxy.url])
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(post("https://model.invalid/v1"))
        }
        #expect(error?.kind == .tls)
        #expect(error?.requestMayHaveBeenSent == false)
    }

    @Test func proxyThatRefuses() async throws {
        let port = try #require(refusedLoopbackPort())
        let transport = CurlTransport(environment: ["http_proxy": "http://127.0.0.1:\(port)"])
        let (error, _) = try await failure(transport, get("http://model.invalid/"))
        #expect(error == TransportError(.proxy, "connection refused by the proxy"))
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func neverForLoopback(_ host: String) async throws {
        let proxy = try server(answer("from the proxy"))
        let server = try server(answer("direct"))
        let transport = CurlTransport(environment: ["http_proxy": proxy.url, "ALL_PROXY": proxy.url])
        #expect(try await text(transport.send(get("http://\(host):\(server.port)/")).body) == "direct")
        #expect(proxy.journal.log.connections == 0)
    }

    @Test func choiceOfProxy() {
        let both = TransportEnvironment([
            "http_proxy": "low", "HTTP_PROXY": "up", "HTTPS_PROXY": "s", "ALL_PROXY": "any", "no_proxy": "",
            "NO_PROXY": "n",
        ])
        #expect(both.proxy(scheme: "http", host: "h") == "low")
        #expect(both.proxy(scheme: "https", host: "h") == "s")
        #expect(both.proxy(scheme: "https", host: "127.0.0.1") == nil)
        #expect(both.direct == "n")
        let underCGI = TransportEnvironment(["HTTP_PROXY": "up", "REQUEST_METHOD": "GET"])
        #expect(underCGI.proxy(scheme: "http", host: "h") == nil)
        #expect(TransportEnvironment(["all_proxy": "a"]).proxy(scheme: "https", host: "h") == "a")
    }
}
