import ProviderCore

extension EndpointResolver {
    /// Takes over what belongs to a profile, apart from its key.
    func apply(_ profile: Profile, to endpoint: inout ResolvedEndpoint) {
        endpoint.profile = profile.name
        endpoint.displayName = profile.name
        endpoint.authentication = profile.authentication
        endpoint.organization = profile.organization
        endpoint.project = profile.project
        endpoint.headers = profile.headers
        endpoint.api = profile.api
        endpoint.apiVersion = profile.apiVersion
        endpoint.deployment = profile.deployment
        endpoint.timeouts = profile.timeouts(over: endpoint.timeouts)
        endpoint.maxAttempts = profile.maxAttempts
        endpoint.asksInBackground = profile.asksInBackground
        endpoint.allowsPlainHTTP = profile.allowsPlainHTTP
        endpoint.defaultModel = profile.defaultModel
        endpoint.prices = profile.prices
    }

    /// Organization and project of the environment, which only a profile named by an argument beats.
    func applyEnvironment(to endpoint: inout ResolvedEndpoint, beatenBy named: Profile?) throws(EndpointError) {
        if named?.organization == nil, let id = try headerValue("OPENAI_ORG_ID") { endpoint.organization = id }
        if named?.project == nil, let id = try headerValue("OPENAI_PROJECT_ID") { endpoint.project = id }
    }

    private func headerValue(_ name: String) throws(EndpointError) -> String? {
        guard let text = variable(name) else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw EndpointError("\(name) holds a control character; set it again")
        }
        return text
    }

    /// The key of the profile that an argument named, else of the environment, else of the default profile; only where
    /// it belongs to the target.
    func takeKey(
        to endpoint: inout ResolvedEndpoint, _ target: BaseURL, mine: Profile?, fallback: Profile?, isOwn: Bool
    ) throws(EndpointError) {
        if let mine, let source = mine.keySource {
            return try take(source, of: mine, to: &endpoint, target)
        }
        if isOwn, let text = variable("OPENAI_API_KEY") {
            guard let key = Secret(text) else {
                throw EndpointError("OPENAI_API_KEY holds a control character; set it again")
            }
            endpoint.key = key
            endpoint.keySource = "OPENAI_API_KEY"
        } else if let fallback, let source = fallback.keySource {
            try take(source, of: fallback, to: &endpoint, target)
        }
    }

    private func take(
        _ source: KeySource, of profile: Profile, to endpoint: inout ResolvedEndpoint, _ target: BaseURL
    ) throws(EndpointError) {
        do throws(EndpointError) {
            endpoint.key = try key(from: source)
            endpoint.keySource = "profile \(profile.name), \(source)"
        } catch {
            let message = "the key of profile \(profile.name): \(error.message)"
            guard target.isLoopback else {
                throw EndpointError((profile.keyPlace.map { $0 + ": " } ?? "") + message)
            }
            endpoint.warnings.append(message + "; asking without a key")
        }
    }

    private func key(from source: KeySource) throws(EndpointError) -> Secret {
        guard case .environment(let name) = source else { return try readKey(source).get() }
        guard let text = variable(name) else { throw EndpointError("\(printable(name)) is not set") }
        guard let key = Secret(text) else { throw EndpointError("\(printable(name)) holds a control character") }
        return key
    }
}

extension ResolvedEndpoint {
    /// Whether requests prove who we are: by a key, a header of the profile, or the query of the base URL.
    func carriesCredentials(to target: BaseURL) -> Bool {
        key != nil || target.carriesCredentials || headers.contains { $0.isCredential && !$0.value.isEmpty }
    }
}
