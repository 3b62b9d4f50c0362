public import ProviderCore

/// Finds the endpoint and its key from arguments, environment and settings, in this order of precedence.
///
/// A key belongs to one origin (scheme, host and port) and goes nowhere else: the key of the environment to
/// `OPENAI_BASE_URL`, or to OpenAI when that is unset; everything of a profile but its model (key, headers, organization,
/// project, limits) to the profile's base URL. White space around values of the environment is trimmed and blank is unset.
public struct EndpointResolver: Sendable {
    /// Reads a key from a file or a command.
    public typealias KeyReader = @Sendable (KeySource) -> Result<Secret, EndpointError>

    private let environment: [String: String]
    private let settings: Settings
    let readKey: KeyReader

    /// A resolver. `readKey` is asked for keys that are not in the environment, and only for the endpoint that is chosen.
    public init(environment: [String: String], settings: Settings, readKey: KeyReader? = nil) {
        self.environment = environment
        self.settings = settings
        if let readKey {
            self.readKey = readKey
        } else {
            let home = AppPaths(environment: environment, executablePath: "").home
            let named = Set(settings.profiles.values.compactMap(\.keyVariable))
            let store = KeyStore(home: home, environment: environment.filter { !named.contains($0.key) })
            self.readKey = { source in Result { () throws(EndpointError) in try store.key(from: source) } }
        }
    }

    /// Resolves `--base-url`, `--profile` and `--demo`. Throws `EndpointError` for a wrong URL, an unknown profile, a key
    /// that cannot be read, values that no header takes, and credentials that would travel unencrypted to another machine.
    public func resolve(baseURL: String?, profile: String?, demo: Bool) throws(EndpointError) -> EndpointResolution {
        if demo { return .demo }
        let named = try profile.map { (name) throws(EndpointError) in try find(name, "--profile") }
        let standard = try standardProfile(needed: baseURL == nil && named == nil && variable("OPENAI_BASE_URL") == nil)
        let target = try target(baseURL: baseURL, named: named, standard: standard)
        var endpoint = ResolvedEndpoint(target)
        let owner = environmentOwner
        let mine = try belonging(named, to: target)
        let fallback = try named == nil ? belonging(standard, to: target) : nil
        if let profile = mine ?? fallback { apply(profile, to: &endpoint) }
        if mine == nil, named != nil { endpoint.defaultModel = named?.defaultModel }
        let isOwn = owner?.origin == target.origin
        if isOwn { try applyEnvironment(to: &endpoint, beatenBy: mine) }
        try takeKey(to: &endpoint, target, mine: mine, fallback: fallback, isOwn: isOwn)
        let hasCredentials = endpoint.carriesCredentials(to: target)
        let isFree = target.isLoopback || hasCredentials
        // Over plain http no key may travel, so a server that is asked so must do without.
        let needsNone =
            (mine ?? fallback).map { $0.keySource == nil && !target.isOpenAI }
            ?? (!target.isEncrypted && variable("OPENAI_API_KEY") == nil)
        let isElsewhere = baseURL != nil && !isOwn && mine == nil && fallback == nil && !target.isOpenAI
        guard isFree || needsNone || isElsewhere else { return .noKey(noKeyMessage(target, mine ?? fallback)) }
        if !hasCredentials { endpoint.unauthorizedAdvice = advice(target, mine ?? fallback) }
        if hasCredentials { try checkTransport(&endpoint, target, mine ?? fallback) }
        return .endpoint(endpoint)
    }

    func variable(_ name: String) -> String? {
        guard let value = environment[name] else { return nil }
        var scalars = value.unicodeScalars.drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }

    /// The server that the environment's key belongs to; nil when `OPENAI_BASE_URL` is no URL.
    private var environmentOwner: BaseURL? {
        guard let text = variable("OPENAI_BASE_URL") else { return .openAI }
        return try? BaseURL(text)
    }
    private var ownerName: String { environmentOwner?.displayName ?? "OPENAI_BASE_URL" }

    private func find(_ name: String, _ place: String) throws(EndpointError) -> Profile {
        if let profile = settings.profiles[name] { return profile }
        let known = settings.profiles.keys.sorted()
        let file = settings.file.map { " in \(printable($0))" } ?? ""
        let list = known.isEmpty ? "; there is none: add [profiles.NAME]" : " (known: \(known.joined(separator: ", ")))"
        let hint = NearName.hint(for: name, among: known)
        throw EndpointError("\(place): no profile \(quoted(name))\(file)\(hint)\(list)")
    }

    private func standardProfile(needed: Bool) throws(EndpointError) -> Profile? {
        guard let name = settings.defaultProfile else { return nil }
        if !needed, settings.profiles[name] == nil { return nil }
        return try find(name, "default_profile")
    }

    /// The profile, if its things may go to the target.
    private func belonging(_ profile: Profile?, to target: BaseURL) throws(EndpointError) -> Profile? {
        guard let profile, try url(of: profile).origin == target.origin else { return nil }
        return profile
    }

    private func target(baseURL: String?, named: Profile?, standard: Profile?) throws(EndpointError) -> BaseURL {
        if let baseURL { return try url(baseURL, "--base-url", isUsage: true) }
        if let named { return try url(of: named) }
        if let text = variable("OPENAI_BASE_URL") { return try url(text, "OPENAI_BASE_URL") }
        return try standard.map { (profile) throws(EndpointError) in try url(of: profile) } ?? .openAI
    }

    private func url(of profile: Profile) throws(EndpointError) -> BaseURL {
        guard let text = profile.baseURL else { return .openAI }
        return try url(text, "profile \(profile.name)")
    }

    private func url(_ text: String, _ place: String, isUsage: Bool = false) throws(EndpointError) -> BaseURL {
        do throws(BaseURLError) { return try BaseURL(text) } catch {
            throw EndpointError("\(place): \(EndpointError(error).message)", isUsage: isUsage)
        }
    }
}

extension EndpointResolver {
    private func noKeyMessage(_ target: BaseURL, _ profile: Profile?) -> String {
        let whose = target.isOpenAI ? "OpenAI" : target.displayName
        if let profile {
            return "no key for \(whose): give profile \(profile.name) a key_env, key_file or key_command, or set "
                + "OPENAI_API_KEY (with OPENAI_BASE_URL for another server than OpenAI), or use --demo"
        }
        if variable("OPENAI_API_KEY") != nil {
            return
                "no key for \(whose): OPENAI_API_KEY belongs to \(ownerName); unset OPENAI_BASE_URL, or use a "
                + "profile with a key of its own, or --demo"
        }
        return
            "no key for \(whose): set OPENAI_API_KEY, or use --demo (no key, no network), or set OPENAI_BASE_URL to a "
            + "server on this machine, which needs none"
    }

    private func advice(_ target: BaseURL, _ profile: Profile?) -> String {
        if let profile {
            return "no key was sent: give profile \(profile.name) a key_env, key_file or key_command"
        }
        if environmentOwner?.origin == target.origin, variable("OPENAI_API_KEY") == nil {
            return "no key was sent: set OPENAI_API_KEY, or use a profile with a key of its own"
        }
        return
            "no key was sent, for OPENAI_API_KEY belongs to \(ownerName): set OPENAI_BASE_URL to \(target), or add "
            + "[profiles.NAME] with base_url and key_env to the settings and use --profile NAME"
    }

    private func checkTransport(
        _ endpoint: inout ResolvedEndpoint, _ target: BaseURL, _ profile: Profile?
    ) throws(EndpointError) {
        guard !target.isEncrypted, !target.isLoopback else { return }
        guard let profile, profile.allowsPlainHTTP else {
            throw EndpointError(
                "\(target) is not encrypted and the key would be readable on the way: use https, or unset the key if the "
                    + "server needs none, or allow it by plain_http = true in a profile of the settings")
        }
        endpoint.isPlainHTTP = true
        endpoint.warnings.append(
            "the key travels unencrypted to \(target.displayName), as profile \(profile.name) allows")
    }
}
