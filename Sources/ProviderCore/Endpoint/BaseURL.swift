/// The URL that all requests to an endpoint begin with, taken apart far enough to know whose server it is.
///
/// Requests are made of the parts that were checked, never of the text that was given: scheme and host are in lower case, an
/// IPv6 address has its shortest spelling, the scheme's own port is left out, and slashes at the end of the path are gone.
/// The query stays and goes out with every request.
public struct BaseURL: Sendable, Hashable {
    /// OpenAI's own, `https://api.openai.com/v1`.
    public static let openAI = BaseURL(scheme: "https", host: "api.openai.com", port: 443, path: "/v1", query: "")

    /// `http` or `https`.
    public let scheme: String
    /// The host; an IPv6 address in brackets.
    public let host: String
    /// The port, 1 to 65535; the scheme's own when none was given.
    public let port: Int
    /// The path as given, without slashes at its end; empty or beginning with a slash.
    public let path: String
    /// The query as given, without its question mark; empty when there is none.
    public let query: String

    init(scheme: String, host: String, port: Int, path: String, query: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Scheme, host and port: what a key belongs to.
    public var origin: String { "\(scheme)://\(host):\(port)" }
    /// Host, and port unless it is the scheme's own: how messages name the server.
    public var displayName: String { port == Self.standardPort(scheme) ? host : "\(host):\(port)" }
    /// The whole URL in its one spelling. May hold a key in its query; messages take `description`.
    public var text: String { "\(scheme)://\(displayName)\(path)" + (query.isEmpty ? "" : "?" + query) }
    /// Whether nobody on the way can read what is sent.
    public var isEncrypted: Bool { scheme == "https" }

    /// The same server with another path, which begins with a slash or is empty.
    public func replacing(path: String) -> BaseURL {
        BaseURL(scheme: scheme, host: host, port: port, path: Self.withoutTrailingSlashes(path), query: query)
    }

    /// The URL of a path below the base, with exactly one slash between them.
    ///
    /// `path` is encoded already (see `percentEncoded`); `query` is encoded here. An item of `query` replaces items of the
    /// base's query of the same name, whatever the case of its letters; the others stay in front, as given.
    public func url(_ path: String, query items: [QueryItem] = []) -> String {
        let tail = path.drop { $0 == "/" }
        let named = Set(items.map { $0.name.lowercased() })
        let kept = queryParts.filter { !named.contains(QueryItem(encoded: $0).name.lowercased()) }.map(String.init)
        let all = kept + items.map(\.encoded)
        return "\(scheme)://\(displayName)\(self.path)" + (tail.isEmpty ? "" : "/" + tail)
            + (all.isEmpty ? "" : "?" + all.joined(separator: "&"))
    }

    /// The value of the first query item of this name, whatever the case of its letters; nil when there is none or it is
    /// empty.
    public func queryValue(_ name: String) -> String? {
        let items = queryParts.lazy.map { QueryItem(encoded: $0) }
        return items.first { $0.name.lowercased() == name.lowercased() && !$0.value.isEmpty }?.value
    }

    private var queryParts: [Substring] { query.split(separator: "&") }

    static func standardPort(_ scheme: String) -> Int { scheme == "https" ? 443 : 80 }

    static func withoutTrailingSlashes(_ path: some StringProtocol) -> String {
        var path = path[...]
        while path.last == "/" { path.removeLast() }
        return String(path)
    }
}

extension BaseURL: CustomStringConvertible {
    /// The URL with the values of credentials in its query masked.
    public var description: String {
        guard carriesCredentials else { return text }
        let parts = queryParts.map { part -> String in
            let item = QueryItem(encoded: part)
            return item.isCredential ? "\(item.name)=••••" : String(part)
        }
        return "\(scheme)://\(displayName)\(path)?" + parts.joined(separator: "&")
    }

    /// Whether the query holds a credential (`key`, `code`, `access_token`…).
    public var carriesCredentials: Bool { queryParts.contains { QueryItem(encoded: $0).isCredential } }

    /// The credentials of the query: what no message may quote.
    public var credentials: [Secret] {
        queryParts.map { QueryItem(encoded: $0) }.filter(\.isCredential).compactMap { Secret($0.value) }
    }
}

extension BaseURL {
    /// Whether the server is OpenAI's: `api.openai.com` or one of its named regions, by https on the usual port.
    public var isOpenAI: Bool {
        let regions = ["us", "eu", "ae", "au", "in", "jp"]
        return scheme == "https" && port == 443
            && (host == "api.openai.com" || regions.contains { host == "\($0).api.openai.com" })
    }

    /// Whether the server is a resource of Azure that serves OpenAI's models.
    public var isAzure: Bool {
        [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"].contains { host.hasSuffix($0) }
    }

    /// Whether the server is on this machine: `localhost` and names below it, 127.0.0.0/8, ::1, and 127.0.0.0/8 written
    /// as an IPv6 address (::ffff:127.0.0.1).
    public var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || IPAddress(host: host)?.isLoopback == true
    }
}
