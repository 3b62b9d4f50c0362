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
    /// there is none, and what the factory throws.
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
