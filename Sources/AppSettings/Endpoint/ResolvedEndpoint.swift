public import ProviderCore

/// The endpoint that requests go to, and what goes there with them.
public struct ResolvedEndpoint: Sendable, Hashable {
    /// The base URL including the version prefix. May hold a key in its query.
    public let baseURL: String
    /// The base URL as messages, results and logs may show it: credentials in its query are masked.
    public let shownURL: String
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
    /// The header that the key is sent in; nil = as the host wants it.
    public var authentication: AuthenticationStyle?
    /// Headers of the profile.
    public var headers: [HTTPHeader] = []
    /// The API that the profile asks; nil = what the model needs.
    public var api: ModelAPI?
    /// Azure's `api-version`, from the profile.
    public var apiVersion: String?
    /// Azure's deployment, from the profile.
    public var deployment: String?
    /// Time limits: those of the profile, the others standard.
    public var timeouts = HTTPTimeouts()
    /// Most attempts at a request, 1 to 20, from the profile; nil = not set.
    public var maxAttempts: Int?
    /// Whether Responses are asked for in the background, from the profile.
    public var asksInBackground = false
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
    /// Whether the profile allows credentials to travel unencrypted to another machine.
    public var allowsPlainHTTP = false
    /// Whether credentials do travel unencrypted to another machine.
    public var isPlainHTTP = false
    /// Why no key is sent and how to send one, to be shown when the server answers 401; nil with a key.
    public var unauthorizedAdvice: String?
    /// What the user should know, one line each.
    public var warnings: [String] = []

    init(_ url: BaseURL) {
        baseURL = url.text
        shownURL = url.description
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
        shownURL = baseURL
        displayName = "simulator"
        isLoopback = true
        isOpenAI = false
        self.defaultModel = defaultModel
    }

    /// What a provider needs to reach it; with other time limits than its own when some are given.
    public func providerEndpoint(timeouts: HTTPTimeouts? = nil) -> ProviderEndpoint {
        ProviderEndpoint(
            baseURL: baseURL, key: key, authentication: authentication, organization: organization, project: project,
            extraHeaders: headers, apiVersion: apiVersion, deployment: deployment, api: api,
            allowsPlainHTTP: allowsPlainHTTP, timeouts: timeouts ?? self.timeouts)
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
