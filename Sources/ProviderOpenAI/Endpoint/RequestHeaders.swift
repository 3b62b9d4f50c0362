import ProviderCore

/// The headers an endpoint's requests carry.
struct RequestHeaders: Sendable {
    /// Key, organization and project.
    private let own: [HTTPHeader]
    private let extra: [HTTPHeader]
    private let base: BaseURL

    /// Headers for an endpoint at its base URL. Throws `ProviderError` of kind `invalidRequest` when one of them cannot be
    /// sent; the message names it and never repeats its value.
    init(_ endpoint: ProviderEndpoint, base: BaseURL) throws(ProviderError) {
        self.base = base
        extra = endpoint.extraHeaders
        var own: [HTTPHeader] = []
        if let key = endpoint.key {
            try Self.check(key.exposed(), "the key")
            let style = endpoint.authentication ?? (base.isAzure ? .apiKey : .bearer)
            own.append(style.header(key))
        }
        if let id = endpoint.organization, !id.isEmpty {
            try Self.check(id, "the organization")
            own.append(HTTPHeader("OpenAI-Organization", id))
        }
        if let id = endpoint.project, !id.isEmpty {
            try Self.check(id, "the project")
            own.append(HTTPHeader("OpenAI-Project", id))
        }
        self.own = own
        for header in extra {
            try Self.checkName(header.name)
            try Self.check(header.value, "the header \"\(header.name)\"")
        }
    }

    /// All headers of one request. Extra headers come last and replace ours of the same name; an empty one removes it.
    func all(accept: String, hasBody: Bool) -> [HTTPHeader] {
        var headers = [HTTPHeader("User-Agent", Product.userAgent), HTTPHeader("Accept", accept)]
        if hasBody { headers.append(HTTPHeader("Content-Type", "application/json")) }
        let replaced = Set(extra.map { $0.name.lowercased() })
        return (headers + own).filter { !replaced.contains($0.name.lowercased()) } + extra.filter { !$0.value.isEmpty }
    }

    /// Whether requests carry a credential: the key, one among the extra headers, or one in the base URL's query.
    var carryCredentials: Bool {
        base.carriesCredentials || all(accept: "", hasBody: false).contains { $0.isCredential && !$0.value.isEmpty }
    }

    /// What must never be quoted.
    var secrets: [Secret] {
        base.credentials + (own + extra).filter(\.isCredential).flatMap { Self.secrets(in: $0.value) }
    }

    /// A value and what can be a secret of its own in it: what stands behind a scheme (`Bearer KEY`), and the values of
    /// cookies.
    private static func secrets(in value: String) -> [Secret] {
        let words = value.split { $0.isWhitespace || $0 == ";" || $0 == "," }
        let hasScheme = words.count > 1 && words.first?.contains("=") == false
        let parts = words.dropFirst(hasScheme ? 1 : 0).flatMap { word in
            [word] + (word.firstIndex(of: "=").map { [word[word.index(after: $0)...]] } ?? [])
        }
        return ([value[...]] + parts).compactMap { Secret($0) }
    }

    private static func check(_ value: String, _ name: String) throws(ProviderError) {
        guard value.holdsControl else { return }
        throw ProviderError(
            kind: .invalidRequest, message: "\(name) cannot be sent: it holds a line end or another control character")
    }

    /// A name is a token, RFC 9110 5.6.2. What is none may be a value in the wrong place, so only its beginning is told.
    private static func checkName(_ name: String) throws(ProviderError) {
        let good = name.utf8.prefix { byte in
            (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
        }
        guard good.isEmpty || good.count < name.utf8.count else { return }
        let shown = String(decoding: good.prefix(40), as: UTF8.self)
        throw ProviderError(
            kind: .invalidRequest,
            message: good.isEmpty && name.isEmpty
                ? "a header cannot be sent: it has no name"
                : "the header \"\(shown)…\" cannot be sent: its name has characters that names may not have")
    }
}

extension AuthenticationStyle {
    fileprivate func header(_ key: Secret) -> HTTPHeader {
        switch self {
        case .bearer: HTTPHeader("Authorization", "Bearer " + key.exposed())
        case .apiKey, .xAPIKey: HTTPHeader(rawValue, key.exposed())
        }
    }
}
