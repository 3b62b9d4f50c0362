/// Where a provider finds its server and how it proves itself there.
public struct ProviderEndpoint: Sendable {
    /// Base URL including the version prefix, for example `https://api.openai.com/v1`.
    public var baseURL: String
    /// The key; nil for servers that need none. Belongs to `baseURL`'s origin and goes nowhere else.
    public var key: Secret?
    /// OpenAI organization id.
    public var organization: String?
    /// OpenAI project id.
    public var project: String?
    /// Further headers for every request.
    public var extraHeaders: [HTTPHeader]
    /// Time limits of every request.
    public var timeouts: HTTPTimeouts

    /// An endpoint.
    public init(
        baseURL: String, key: Secret? = nil, organization: String? = nil, project: String? = nil,
        extraHeaders: [HTTPHeader] = [], timeouts: HTTPTimeouts = HTTPTimeouts()
    ) {
        self.baseURL = baseURL
        self.key = key
        self.organization = organization
        self.project = project
        self.extraHeaders = extraHeaders
        self.timeouts = timeouts
    }
}

/// Makes a provider for an endpoint. Throws `ProviderError` of kind `invalidRequest` when the endpoint is unusable.
public typealias ProviderFactory = @Sendable (ProviderEndpoint, any HTTPTransport) throws -> any AIProvider

/// Providers by id. A value: built at start, replaced whole when settings change. The built-in providers register
/// themselves by the same call as anyone's.
public struct ProviderRegistry: Sendable {
    private var factories: [ProviderID: ProviderFactory] = [:]

    /// An empty registry.
    public init() {}

    /// Registers a provider; a later registration of the same id replaces the earlier one.
    public mutating func register(_ id: ProviderID, _ factory: @escaping ProviderFactory) {
        factories[id] = factory
    }

    /// The registered ids, sorted.
    public var ids: [ProviderID] { factories.keys.sorted { $0.rawValue < $1.rawValue } }

    /// Makes the provider registered under `id`. Throws `ProviderError` of kind `notFound`, naming the known ids, when
    /// there is none.
    public func make(_ id: ProviderID, endpoint: ProviderEndpoint, transport: any HTTPTransport) throws
        -> any AIProvider
    {
        guard let factory = factories[id] else {
            let known = ids.map(\.rawValue).joined(separator: ", ")
            throw ProviderError(kind: .notFound, message: "no provider \"\(id)\" is registered (known: \(known))")
        }
        return try factory(endpoint, transport)
    }
}
