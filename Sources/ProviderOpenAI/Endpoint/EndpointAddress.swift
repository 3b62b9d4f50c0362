import ProviderCore

/// How an endpoint arranges its URLs.
enum EndpointStyle: Sendable, Hashable {
    /// The path behind the base URL, as OpenAI has it, compatible servers, and Azure below `/openai/v1`.
    case standard
    /// Azure's older form, in which the deployment is a part of the path: `…/openai/deployments/NAME/chat/completions`.
    /// `name` is encoded; nil = the model's id names the deployment.
    case azureDeployments(name: String?)
}

/// The URLs of one endpoint.
struct EndpointAddress: Sendable, Hashable {
    /// The base URL of the endpoint.
    let base: BaseURL
    let style: EndpointStyle
    /// Where the paths of the style begin.
    private let root: BaseURL
    private let version: [BaseURL.QueryItem]

    /// Reads the base URL, version and deployment of an endpoint. Throws `ProviderError` of kind `invalidRequest` when one
    /// of them is unusable.
    init(_ endpoint: ProviderEndpoint) throws(ProviderError) {
        let base = try Self.base(endpoint.baseURL)
        let version = try Self.given(endpoint.apiVersion, "the API version")
        let deployment = try Self.given(endpoint.deployment, "the deployment")
        let layout = AzureLayout(base)
        let isClassic = layout.isClassic(version: version, deployment: deployment)
        guard deployment == nil || isClassic else {
            throw Self.wrong(
                "the deployment has no place below \(base), where the model's id names it: leave it out, or take "
                    + "/openai/v1 out of the base URL and set the API version")
        }
        guard !isClassic || !base.isAzure || version != nil || base.queryValue(Self.versionName) != nil else {
            throw Self.wrong(
                "\(base) needs an API version: set api_version, or use the base URL "
                    + "https://\(base.displayName)/openai/v1, which needs none")
        }
        self.base = base
        self.version = version.map { [BaseURL.QueryItem(Self.versionName, $0)] } ?? []
        style = isClassic ? .azureDeployments(name: try Self.name(deployment, layout)) : .standard
        root = isClassic ? base.replacing(path: layout.root) : base
    }

    /// Where a request goes. Throws `ProviderError` of kind `invalidRequest` when the endpoint has no such route, or an
    /// id cannot stand in a URL.
    func url(for route: Route) throws(ProviderError) -> String {
        root.url(try path(of: route), query: route.query + version)
    }

    private func path(of route: Route) throws(ProviderError) -> String {
        guard case .azureDeployments(let name) = style else { return try route.path() }
        guard !route.isOfResponses else {
            throw Self.wrong(
                "Azure does not offer the Responses API below /openai/deployments: use the base URL "
                    + "https://RESOURCE.openai.azure.com/openai/v1 without an API version, or Chat Completions")
        }
        guard case .chatCompletions(let model) = route else { return try route.path() }
        let deployment: String
        if let name { deployment = name } else { deployment = try Route.part(model, "the model id") }
        return "deployments/\(deployment)/" + (try route.path())
    }

    /// The member that limits the answer. OpenAI and Azure want the newer name and refuse the older one for their
    /// reasoning models; of the compatible servers many know only the older one.
    var outputLimitField: String {
        if case .azureDeployments = style { return "max_completion_tokens" }
        for domain in ["openai.com", "azure.com"] where base.host == domain || base.host.hasSuffix("." + domain) {
            return "max_completion_tokens"
        }
        return "max_tokens"
    }

    static let versionName = "api-version"

    private static func base(_ text: String) throws(ProviderError) -> BaseURL {
        do throws(BaseURLError) { return try BaseURL(text) } catch {
            let given = Quote.line(error.given, limit: 80)
            throw wrong("the base URL \"\(given)\" cannot be used: \(error)")
        }
    }

    /// A setting that is not blank and can be sent.
    private static func given(_ text: String?, _ name: String) throws(ProviderError) -> String? {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
        guard !text.holdsControl else { throw wrong("\(name) cannot be sent: it holds a control character") }
        return text
    }

    private static func name(_ deployment: String?, _ layout: AzureLayout) throws(ProviderError) -> String? {
        guard let deployment else { return layout.deployment }
        return try Route.part(deployment, "the deployment")
    }

    private static func wrong(_ message: String) -> ProviderError {
        ProviderError(kind: .invalidRequest, message: message)
    }
}

/// What the path and the query of a base URL say about Azure's two forms.
private struct AzureLayout {
    /// The path up to and with `/openai`.
    let root: String
    /// The deployment that the path names, encoded.
    let deployment: String?
    private let endsInVersion: Bool
    private let isAzureV1: Bool
    private let carriesVersion: Bool

    init(_ base: BaseURL) {
        let parts = base.path.split(separator: "/")
        let named = parts.indices.first { index in
            parts[index] == "openai" && index + 2 < parts.count && parts[index + 1] == "deployments"
        }
        deployment = named.map { String(parts[$0 + 2]) }
        let end =
            named
            ?? parts.indices.first { parts[$0] == "openai" && parts[($0 + 1)...].allSatisfy { $0 == "deployments" } }
        root = end.map { "/" + parts[...$0].joined(separator: "/") } ?? base.path + "/openai"
        endsInVersion = parts.last == "v1"
        isAzureV1 = parts.suffix(2) == ["openai", "v1"]
        carriesVersion = base.queryValue(EndpointAddress.versionName) != nil
    }

    /// Whether the older form is meant: the path names a deployment, or the profile a version or a deployment, or the
    /// query a version while the path has none.
    func isClassic(version: String?, deployment given: String?) -> Bool {
        if deployment != nil { return true }
        if isAzureV1 { return false }
        return version != nil || given != nil || carriesVersion && !endsInVersion
    }
}
