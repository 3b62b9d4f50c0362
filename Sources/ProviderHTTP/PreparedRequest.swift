import CCurl
import ProviderCore

/// A request that was found fit to be sent, and where it goes.
struct PreparedRequest: Sendable {
    var request: HTTPRequest
    /// Host and port as messages name them.
    let target: String
    let host: String
    /// The proxy; nil = none.
    let proxy: String?
    let environment: TransportEnvironment
    /// Whether libcurl asks for compressed answers and decodes them.
    let decodes: Bool
    /// The name that has to be looked up: the proxy's or the host's; nil = none, it is an address.
    let lookupName: String?

    /// Whether the request may be sent a second time when a kept connection dies: RFC 9110 9.2.2 allows more, but what is
    /// executed twice may be billed twice.
    let isRepeatable: Bool

    /// Throws `TransportError(.invalidRequest)` for what must not leave this machine.
    init(_ request: HTTPRequest, environment: TransportEnvironment) throws(TransportError) {
        try checkMethod(request.method)
        try checkHeaders(request.headers)
        let url = try TargetURL(request.url)
        isRepeatable = ["GET", "HEAD"].contains(request.method) && request.body == nil
        self.request = request
        self.environment = environment
        target = "\(url.host):\(url.port)"
        host = url.host
        proxy = environment.proxy(scheme: url.scheme, host: url.host)
        lookupName = proxy ?? (isAddress(url.host) ? nil : url.host)
        decodes = !request.headers.contains { $0.name.lowercased() == "accept-encoding" }
    }

    /// Gives up what libcurl has a copy of: an answer may last for an hour.
    mutating func forgetWhatLibcurlHas() {
        request.url = ""
        request.headers = []
    }
}

private func checkMethod(_ method: String) throws(TransportError) {
    guard !method.isEmpty, method.utf8.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }) else {
        throw TransportError(.invalidRequest, "the method is not a word in upper case")
    }
}

private func checkHeaders(_ headers: [HTTPHeader]) throws(TransportError) {
    for header in headers {
        guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
            throw TransportError(.invalidRequest, "a header's name is empty or has characters that are not allowed")
        }
        // The value may be a key, so only the name is told.
        guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw TransportError(.invalidRequest, "the value of header \(header.name) has control characters")
        }
        // A second length would let a body pass for two requests.
        if ["content-length", "transfer-encoding"].contains(header.name.lowercased()) {
            throw TransportError(.invalidRequest, "header \(header.name) is set by the transport")
        }
    }
}

/// A character of a token, RFC 9110 5.6.2.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

/// The parts of a URL that matter here, read by the same parser that will use it.
private struct TargetURL {
    let scheme: String
    let host: String
    let port: String

    init(_ url: String) throws(TransportError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw TransportError(.invalidRequest, "the URL has spaces or control characters")
        }
        guard let parts = curl_url() else { throw TransportError(.invalidRequest, "out of memory") }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK else {
            throw TransportError(.invalidRequest, "the URL is not an absolute http or https URL")
        }
        scheme = part(CURLUPART_SCHEME, of: parts) ?? ""
        host = part(CURLUPART_HOST, of: parts) ?? ""
        port = part(CURLUPART_PORT, of: parts) ?? ""
        // libcurl forgives "http:///x" and takes x for the host.
        let isPlain = url.lowercased().hasPrefix("\(scheme)://") && !url.dropFirst(scheme.count + 3).hasPrefix("/")
        guard scheme == "http" || scheme == "https", !host.isEmpty, isPlain else {
            throw TransportError(.invalidRequest, "the URL is not an absolute http or https URL with a host")
        }
        guard part(CURLUPART_USER, of: parts) == nil, part(CURLUPART_PASSWORD, of: parts) == nil else {
            throw TransportError(.invalidRequest, "the URL holds a user name or password")
        }
    }
}

private func part(_ which: CURLUPart, of url: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let flags = which == CURLUPART_PORT ? UInt32(CURLU_DEFAULT_PORT) : 0
    guard curl_url_get(url, which, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
}
