import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

/// A transport whose environment names nothing.
func plainTransport(_ style: LoopStyle = .best) -> CurlTransport {
    CurlTransport(environment: [:], style: style)
}

/// A server that answers every request by the same steps.
func server(_ steps: LoopbackStep...) throws -> LoopbackServer {
    try #require(LoopbackServer { _, _ in steps })
}

func get(_ url: String, timeouts: HTTPTimeouts = HTTPTimeouts(), limits: HTTPLimits = HTTPLimits()) -> HTTPRequest {
    HTTPRequest(method: "GET", url: url, timeouts: timeouts, limits: limits)
}

func post(_ url: String, _ body: String = "{}", headers: [HTTPHeader] = []) -> HTTPRequest {
    HTTPRequest(method: "POST", url: url, headers: headers, body: Array(body.utf8))
}

/// The whole body as text.
func text(_ body: any HTTPBody) async throws -> String {
    var bytes: [UInt8] = []
    while let slice = try await body.read() {
        #expect(!slice.isEmpty)
        bytes += slice
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The error of an exchange that has to fail, wherever it fails, and the body bytes before it.
func failure(
    _ transport: CurlTransport, _ request: HTTPRequest, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> (error: TransportError, bytes: Int) {
    var count = 0
    do {
        let body = try await transport.send(request).body
        while let slice = try await body.read() { count += slice.count }
    } catch let error as TransportError {
        return (error, count)
    }
    Issue.record("the exchange did not fail", sourceLocation: sourceLocation)
    return (TransportError(.malformed, "no error"), count)
}

/// An answer with a Content-Length.
func answer(_ body: String, status: String = "200 OK", headers: String = "") -> LoopbackStep {
    .text("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
}
