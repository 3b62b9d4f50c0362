import ProviderCore

/// The headers an endpoint's requests carry.
struct RequestHeaders: Sendable {
    /// Header names whose values prove who we are.
    static let credentialNames: Set<String> = [
        "authorization", "api-key", "x-api-key", "proxy-authorization", "cookie",
    ]

    private let endpoint: ProviderEndpoint

    /// Headers for an endpoint. Throws `ProviderError` of kind `invalidRequest` when one of its headers cannot be sent.
    init(_ endpoint: ProviderEndpoint) throws {
        self.endpoint = endpoint
        let own = [
            HTTPHeader("OpenAI-Organization", endpoint.organization ?? ""),
            HTTPHeader("OpenAI-Project", endpoint.project ?? ""),
        ]
        for header in own + endpoint.extraHeaders where !Self.isSendable(header) {
            let name = Quote.line(header.name, limit: 60)
            throw ProviderError(
                kind: .invalidRequest,
                message:
                    "the header \"\(name)\" cannot be sent: its name or value has characters that headers may not have")
        }
    }

    /// All headers of one request. Extra headers come last and replace ours of the same name; an empty one removes it.
    func all(accept: String, hasBody: Bool) -> [HTTPHeader] {
        var headers = [HTTPHeader("User-Agent", Product.userAgent), HTTPHeader("Accept", accept)]
        if hasBody { headers.append(HTTPHeader("Content-Type", "application/json")) }
        if let key = endpoint.key { headers.append(HTTPHeader("Authorization", "Bearer " + key.exposed())) }
        if let id = endpoint.organization, !id.isEmpty { headers.append(HTTPHeader("OpenAI-Organization", id)) }
        if let id = endpoint.project, !id.isEmpty { headers.append(HTTPHeader("OpenAI-Project", id)) }
        for extra in endpoint.extraHeaders {
            headers.removeAll { $0.name.lowercased() == extra.name.lowercased() }
        }
        return headers + endpoint.extraHeaders.filter { !$0.value.isEmpty }
    }

    /// Whether requests carry a key, ours or one among the extra headers.
    var carryCredentials: Bool {
        all(accept: "", hasBody: false).contains { Self.credentialNames.contains($0.name.lowercased()) }
    }

    /// What must never be quoted.
    var secrets: [Secret] {
        let extra = endpoint.extraHeaders.filter { Self.credentialNames.contains($0.name.lowercased()) }
        return [endpoint.key].compactMap(\.self)
            + extra.compactMap { Secret($0.value.split(separator: " ").last ?? "") }
    }

    private static func isSendable(_ header: HTTPHeader) -> Bool {
        let token = header.name.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
        }
        return token && !header.name.isEmpty && header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
