import ProviderCore

/// The parts of a base URL that decide where requests go and what may be sent there.
struct EndpointURL: Sendable, Hashable {
    /// `http` or `https`.
    let scheme: String
    /// Host and port as written.
    let authority: String
    /// The host alone, lower case, without brackets.
    let host: String
    /// The path without trailing slashes; may be empty.
    let path: String
    /// The query without its question mark; empty when there is none.
    let query: String

    /// Reads a base URL. Throws `ProviderError` of kind `invalidRequest` that says what is wrong with it.
    init(_ text: String) throws {
        guard let colon = text.firstRange(of: "://") else {
            throw Self.wrong(text, "it must begin with http:// or https://")
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw Self.wrong(text, "it must begin with http:// or https://")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.wrong(text, "it may hold visible ASCII characters only")
        }
        let rest = text[colon.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.scheme = scheme
        self.authority = String(authority)
        guard let host = Self.host(of: authority) else { throw Self.wrong(text, "the host or port is malformed") }
        self.host = host
        self.path = String(path.reversed().drop { $0 == "/" }.reversed())
        query = String(target[path.endIndex...].dropFirst())
    }

    /// The URL of an endpoint, for example `models`. Path and query of the base are kept.
    func appending(_ endpoint: String) -> String {
        "\(scheme)://\(authority)\(path)/\(endpoint)" + (query.isEmpty ? "" : "?\(query)")
    }

    /// Whether requests stay on this machine: `localhost`, 127.0.0.0/8 written as four numbers, `::1`.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether others on the way could read what is sent.
    var isPlain: Bool { scheme == "http" }

    /// The member that limits the answer. OpenAI and Azure want the newer name and refuse the older one for their
    /// reasoning models; of the compatible servers many know only the older one.
    var outputLimitField: String {
        for domain in ["openai.com", "azure.com"] where host == domain || host.hasSuffix("." + domain) {
            return "max_completion_tokens"
        }
        return "max_tokens"
    }

    /// The host of `host:port`, or nil. User names are refused: a password there would show up in messages.
    private static func host(of authority: Substring) -> String? {
        var host = authority
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
            return isPort(authority[authority.index(after: end)...]) ? host.lowercased() : nil
        }
        if let colon = authority.firstIndex(of: ":") {
            guard isPort(authority[colon...]) else { return nil }
            host = authority[..<colon]
        }
        guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || ".-_".contains($0) }) else { return nil }
        return host.lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        guard text.first == ":", let port = UInt16(text.dropFirst()) else { return false }
        return port > 0
    }

    private static func wrong(_ text: String, _ reason: String) -> ProviderError {
        ProviderError(
            kind: .invalidRequest, message: "the base URL \"\(Quote.line(text, limit: 80))\" cannot be used: \(reason)")
    }
}
