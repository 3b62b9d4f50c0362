import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

/// Certificates and versions of TLS, against a server that is not ours.
@Suite(.enabled(if: OpenSSL.isThere, "needs the openssl command"), .timeLimit(.minutes(1)))
struct TLSTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        var certificate = TestAuthority.Certificate()
        var options: [String] = []
        var message: String
        /// Whether the server's certificate is signed by an authority we name.
        var trusts = true

        var testDescription: String { name }
    }

    static let old = ["-cipher", "ALL:@SECLEVEL=0"]
    static let refusals = [
        Refusal(
            name: "expired", certificate: .init(days: -1), message: "the certificate of 127.0.0.1 has expired"),
        Refusal(
            name: "self-signed", certificate: .init(isSelfSigned: true),
            message: "the certificate of 127.0.0.1 is signed by nobody whom this machine trusts"),
        Refusal(
            name: "unknown authority",
            message: "the certificate of 127.0.0.1 is signed by nobody whom this machine trusts", trusts: false),
        Refusal(
            name: "another host's", certificate: .init(host: "DNS:other.example"),
            message: "the certificate is for another host than 127.0.0.1"),
        Refusal(
            name: "another address", certificate: .init(host: "IP:127.0.0.2"),
            message: "the certificate is for another host than 127.0.0.1"),
        Refusal(name: "TLS 1.0 only", options: ["-tls1"] + old, message: "offers no version of TLS later than 1.1"),
        Refusal(name: "TLS 1.1 only", options: ["-tls1_1"] + old, message: "offers no version of TLS later than 1.1"),
    ]

    private func transport(_ authority: TestAuthority?) -> CurlTransport {
        CurlTransport(environment: authority.map { ["SSL_CERT_FILE": $0.file] } ?? [:])
    }

    private func request(_ url: String) -> HTTPRequest {
        var request = post(url, headers: [HTTPHeader("Authorization", "Bearer sk-canary")])
        request.timeouts = HTTPTimeouts(firstByte: .seconds(20), stall: .seconds(20))
        return request
    }

    @Test(arguments: refusals)
    func isRefused(_ refusal: Refusal) async throws {
        let authority = try await blocking { try TestAuthority() }
        let server = try await blocking { try TLSServer(authority, refusal.certificate, options: refusal.options) }
        let (error, _) = try await failure(transport(refusal.trusts ? authority : nil), request(server.url))
        #expect(error.kind == .tls, "\(error)")
        #expect(error.message.contains(refusal.message), "\(error)")
        #expect(error.progress == .notSent)
        #expect(!error.message.contains("\n"))
        let seen = try await blocking { server.cut() }
        #expect(!seen.contains("sk-canary"))
    }

    static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    @Test(arguments: [[], ["-tls1_2"], ["-tls1_3"]])
    func isTrusted(_ options: [String]) async throws {
        let authority = try await blocking { try TestAuthority() }
        let server = try await blocking { try TLSServer(authority, options: options, answer: Self.answer) }
        let response = try await transport(authority).send(request(server.url))
        #expect(try await text(response.body) == "hello")
        // The control of the other tests: here the key arrives, and is seen.
        let isSeen = try await blocking { server.receives("Authorization: Bearer sk-canary") }
        #expect(isSeen)
        _ = try await blocking { server.cut() }
    }

    /// The connection ends without TLS's goodbye and before the end of the answer.
    @Test(arguments: ["Transfer-Encoding: chunked\r\n\r\n20\r\n", "Content-Length: 32\r\n\r\n"])
    func truncatedAnswer(_ framing: String) async throws {
        let authority = try await blocking { try TestAuthority() }
        let server = try await blocking {
            try TLSServer(authority, answer: "HTTP/1.1 200 OK\r\n\(framing)data: half an ans")
        }
        let body = try await transport(authority).send(request(server.url)).body
        #expect(try await body.read() == Array("data: half an ans".utf8))
        _ = try await blocking { server.cut() }
        let error = await #expect(throws: TransportError.self) { try await body.read() }
        #expect(error?.kind == .lost)
        #expect(error?.progress == .answering)
        #expect(error?.message.contains("lost after 17 bytes") == true)
    }

    /// The same cut is harmless where the answer said how long it is.
    @Test func wholeAnswerWithoutGoodbye() async throws {
        let authority = try await blocking { try TestAuthority() }
        let server = try await blocking { try TLSServer(authority, answer: Self.answer) }
        let body = try await transport(authority).send(request(server.url)).body
        #expect(try await body.read() == Array("hello".utf8))
        _ = try await blocking { server.cut() }
        #expect(try await body.read() == nil)
    }

    @Test func plainServer() async throws {
        // What a plain server says to a greeting it does not understand.
        let plain = try #require(LoopbackServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { _, _ in [] })
        let (error, _) = try await failure(plainTransport(), request("https://127.0.0.1:\(plain.port)/"))
        #expect(error.kind == .tls)
        #expect(error.message == "127.0.0.1:\(plain.port) does not speak TLS; should its URL begin with http://?")
        #expect(error.progress == .notSent)
    }
}
