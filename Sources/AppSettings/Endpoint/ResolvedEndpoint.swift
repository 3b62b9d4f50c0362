public import ProviderCore

/// The endpoint that requests go to, and what goes there with them.
public struct ResolvedEndpoint: Sendable, Hashable {
    /// The base URL including the version prefix.
    public var baseURL: String
    /// What the status line calls it: the profile's name, else host and port.
    public var displayName: String
    /// The key that belongs to this origin; nil = none is sent.
    public var key: Secret?
    /// Where the key comes from, in words; nil without a key.
    public var keySource: String?
    /// OpenAI organization id.
    public var organization: String?
    /// OpenAI project id.
    public var project: String?
    /// Headers of the profile.
    public var headers: [HTTPHeader] = []
    /// The model that the profile asks when none is named.
    public var defaultModel: String?
    /// Prices of the profile; nil = the catalog's.
    public var prices: ModelPrices?
    /// The profile that these things come from; nil = none.
    public var profile: String?
    /// Whether the server is on this machine.
    public var isLoopback: Bool
    /// Whether the server is OpenAI's own.
    public var isOpenAI: Bool
    /// Whether a key travels unencrypted to another machine, which a profile allowed.
    public var isPlainHTTP = false
    /// Why no key is sent and how to send one, to be shown when the server answers 401; nil with a key.
    public var unauthorizedAdvice: String?
    /// What the user should know, one line each.
    public var warnings: [String] = []

    init(_ url: EndpointURL) {
        baseURL = url.text
        displayName = url.displayName
        isLoopback = url.isLoopback
        isOpenAI = url.isOpenAI
    }

    /// The embedded simulator at its loopback URL: no key, nothing of the user's.
    public static func demo(baseURL: String, defaultModel: String?) -> ResolvedEndpoint {
        ResolvedEndpoint(demoAt: baseURL, defaultModel)
    }

    private init(demoAt baseURL: String, _ defaultModel: String?) {
        self.baseURL = baseURL
        displayName = "simulator"
        isLoopback = true
        isOpenAI = false
        self.defaultModel = defaultModel
    }

    /// What a provider needs to reach it.
    public func providerEndpoint(timeouts: HTTPTimeouts = HTTPTimeouts()) -> ProviderEndpoint {
        ProviderEndpoint(
            baseURL: baseURL, key: key, organization: organization, project: project, extraHeaders: headers,
            timeouts: timeouts)
    }
}

/// What comes of looking for an endpoint.
public enum EndpointResolution: Sendable, Hashable {
    /// Requests go here.
    case endpoint(ResolvedEndpoint)
    /// The embedded simulator was asked for.
    case demo
    /// An endpoint that needs a key, and there is none; the message says what to do.
    case noKey(String)
}
