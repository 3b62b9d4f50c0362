/// In which header the key is sent. Raw values are the words of the settings file.
public enum AuthenticationStyle: String, Sendable, Hashable, CaseIterable {
    /// `Authorization: Bearer KEY`.
    case bearer
    /// `api-key: KEY`, as Azure wants it.
    case apiKey = "api-key"
    /// `x-api-key: KEY`.
    case xAPIKey = "x-api-key"
}

/// Where a provider finds its server and how it proves itself there.
public struct ProviderEndpoint: Sendable {
    /// Base URL including the version prefix, for example `https://api.openai.com/v1`. Checked by the provider that is made
    /// with it (see `BaseURL`).
    public var baseURL: String
    /// The key; nil for servers that need none. Belongs to `baseURL`'s origin and goes nowhere else.
    public var key: Secret?
    /// How the key is sent; nil = as the host wants it.
    public var authentication: AuthenticationStyle?
    /// OpenAI organization id.
    public var organization: String?
    /// OpenAI project id.
    public var project: String?
    /// Further headers for every request. One of the same name replaces ours, whatever the case of its letters, and with
    /// an empty value it takes ours away. Credentials among them belong to `baseURL`'s origin like the key.
    public var extraHeaders: [HTTPHeader]
    /// Azure's `api-version`; nil = the one that the base URL carries, if any.
    public var apiVersion: String?
    /// The name of an Azure deployment; nil = the one in the base URL, else the model's id.
    public var deployment: String?
    /// The API to ask; nil = what the model needs.
    public var api: ModelAPI?
    /// Whether credentials may travel unencrypted to another machine.
    public var allowsPlainHTTP: Bool
    /// Time limits of every exchange, that is of every attempt.
    public var timeouts: HTTPTimeouts

    /// An endpoint.
    public init(
        baseURL: String, key: Secret? = nil, authentication: AuthenticationStyle? = nil, organization: String? = nil,
        project: String? = nil, extraHeaders: [HTTPHeader] = [], apiVersion: String? = nil, deployment: String? = nil,
        api: ModelAPI? = nil, allowsPlainHTTP: Bool = false, timeouts: HTTPTimeouts = HTTPTimeouts()
    ) {
        self.baseURL = baseURL
        self.key = key
        self.authentication = authentication
        self.organization = organization
        self.project = project
        self.extraHeaders = extraHeaders
        self.apiVersion = apiVersion
        self.deployment = deployment
        self.api = api
        self.allowsPlainHTTP = allowsPlainHTTP
        self.timeouts = timeouts
    }
}
