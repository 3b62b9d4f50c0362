public import ProviderCore

/// Finds the endpoint and its key from arguments, environment and settings, in this order of precedence.
///
/// A key belongs to one origin (scheme, host and port) and goes nowhere else: the key of the environment to
/// `OPENAI_BASE_URL`, or to OpenAI when that is unset; a profile's key, headers, organization and project to the profile's
/// base URL. White space around values of the environment is trimmed and blank is unset.
public struct EndpointResolver: Sendable {
    /// Reads a key from a file or a command.
    public typealias KeyReader = @Sendable (KeySource) -> Result<Secret, EndpointError>

    private let environment: [String: String]
    private let settings: Settings
    private let readKey: KeyReader

    /// A resolver. `readKey` is asked for keys that are not in the environment, and only for the endpoint that is chosen.
    public init(environment: [String: String], settings: Settings, readKey: KeyReader? = nil) {
        self.environment = environment
        self.settings = settings
        if let readKey {
            self.readKey = readKey
        } else {
            let home = AppPaths(environment: environment, executablePath: "").home
            let store = KeyStore(home: home, environment: environment)
            self.readKey = { source in Result { () throws(EndpointError) in try store.key(from: source) } }
        }
    }

    /// Resolves `--base-url`, `--profile` and `--demo`. Throws `EndpointError` for a wrong URL, an unknown profile, a key
    /// that cannot be read, and a key that would travel unencrypted to another machine.
    public func resolve(baseURL: String?, profile: String?, demo: Bool) throws(EndpointError) -> EndpointResolution {
        if demo { return .demo }
        let named = try profile.map { (name) throws(EndpointError) in try find(name, "--profile") }
        let standard = try standardProfile(needed: baseURL == nil && named == nil && variable("OPENAI_BASE_URL") == nil)
        let target = try target(baseURL: baseURL, named: named, standard: standard)
        var endpoint = ResolvedEndpoint(target)
        let owner = environmentOrigin
        let mine = try belonging(named, to: target)
        let fallback = try named == nil ? belonging(standard, to: target) : nil
        if let profile = mine ?? fallback { apply(profile, to: &endpoint) }
        if mine == nil, named != nil { endpoint.defaultModel = named?.defaultModel }
        if owner == target.origin { applyEnvironment(to: &endpoint, beatenBy: mine) }
        try takeKey(to: &endpoint, target, mine: mine, fallback: fallback, isOwn: owner == target.origin)
        let isFree = target.isLoopback || endpoint.key != nil
        let needsNone = (mine ?? fallback).map { $0.keySource == nil && !target.isOpenAI } ?? false
        let isElsewhere = baseURL != nil && owner != target.origin && mine == nil && fallback == nil && !target.isOpenAI
        guard isFree || needsNone || isElsewhere else { return .noKey(noKeyMessage(target, mine ?? fallback)) }
        if endpoint.key == nil { endpoint.unauthorizedAdvice = advice(target, mine ?? fallback) }
        try checkTransport(&endpoint, target, mine ?? fallback)
        return .endpoint(endpoint)
    }

    private func variable(_ name: String) -> String? {
        guard let value = environment[name] else { return nil }
        var scalars = value.unicodeScalars.drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }

    /// The origin that the environment's key belongs to; nil when `OPENAI_BASE_URL` is no URL.
    private var environmentOrigin: String? { environmentURL?.origin }
    private var environmentOwner: String { environmentURL?.displayName ?? "OPENAI_BASE_URL" }
    private var environmentURL: EndpointURL? { try? EndpointURL(variable("OPENAI_BASE_URL") ?? EndpointURL.openAI) }

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
    private func belonging(_ profile: Profile?, to target: EndpointURL) throws(EndpointError) -> Profile? {
        guard let profile, try EndpointURL(profile.baseURL ?? EndpointURL.openAI).origin == target.origin else {
            return nil
        }
        return profile
    }

    private func target(baseURL: String?, named: Profile?, standard: Profile?) throws(EndpointError) -> EndpointURL {
        if let baseURL {
            do throws(EndpointError) {
                return try EndpointURL(baseURL)
            } catch {
                throw EndpointError("--base-url: \(error.message)", isUsage: true)
            }
        }
        if let named { return try EndpointURL(named.baseURL ?? EndpointURL.openAI) }
        if let text = variable("OPENAI_BASE_URL") {
            do throws(EndpointError) {
                return try EndpointURL(text)
            } catch {
                throw EndpointError("OPENAI_BASE_URL: \(error.message)")
            }
        }
        return try EndpointURL(standard?.baseURL ?? EndpointURL.openAI)
    }
}

extension EndpointResolver {
    private func apply(_ profile: Profile, to endpoint: inout ResolvedEndpoint) {
        endpoint.profile = profile.name
        endpoint.displayName = profile.name
        endpoint.organization = profile.organization
        endpoint.project = profile.project
        endpoint.headers = profile.headers
        endpoint.defaultModel = profile.defaultModel
        endpoint.prices = profile.prices
    }

    private func applyEnvironment(to endpoint: inout ResolvedEndpoint, beatenBy named: Profile?) {
        endpoint.organization = named?.organization ?? variable("OPENAI_ORG_ID") ?? endpoint.organization
        endpoint.project = named?.project ?? variable("OPENAI_PROJECT_ID") ?? endpoint.project
    }

    /// The key of the profile that an argument named, else of the environment, else of the default profile; only where
    /// it belongs to the target.
    private func takeKey(
        to endpoint: inout ResolvedEndpoint, _ target: EndpointURL, mine: Profile?, fallback: Profile?, isOwn: Bool
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
        _ source: KeySource, of profile: Profile, to endpoint: inout ResolvedEndpoint, _ target: EndpointURL
    ) throws(EndpointError) {
        do throws(EndpointError) {
            if case .environment(let name) = source {
                guard let text = variable(name) else { throw EndpointError("\(printable(name)) is not set") }
                guard let key = Secret(text) else {
                    throw EndpointError("\(printable(name)) holds a control character")
                }
                endpoint.key = key
            } else {
                endpoint.key = try readKey(source).get()
            }
            endpoint.keySource = "profile \(profile.name), \(source)"
        } catch {
            let message = "the key of profile \(profile.name): \(error.message)"
            guard target.isLoopback else { throw EndpointError(message) }
            endpoint.warnings.append(message + "; asking without a key")
        }
    }

    private func noKeyMessage(_ target: EndpointURL, _ profile: Profile?) -> String {
        let whose = target.isOpenAI ? "OpenAI" : target.displayName
        if let profile {
            return "no key for \(whose): give profile \(profile.name) a key_env, key_file or key_command, or set "
                + "OPENAI_API_KEY (with OPENAI_BASE_URL for another server than OpenAI), or use --demo"
        }
        if variable("OPENAI_API_KEY") != nil {
            return
                "no key for \(whose): OPENAI_API_KEY belongs to \(environmentOwner); unset OPENAI_BASE_URL, or use a "
                + "profile with a key of its own, or --demo"
        }
        return
            "no key for \(whose): set OPENAI_API_KEY, or use --demo (no key, no network), or set OPENAI_BASE_URL to a "
            + "server on this machine, which needs none"
    }

    private func advice(_ target: EndpointURL, _ profile: Profile?) -> String {
        if let profile {
            return "no key was sent: give profile \(profile.name) a key_env, key_file or key_command"
        }
        return
            "no key was sent, for OPENAI_API_KEY belongs to \(environmentOwner): set OPENAI_BASE_URL to \(target.text), or add "
            + "[profiles.NAME] with base_url and key_env to the settings and use --profile NAME"
    }

    private func checkTransport(
        _ endpoint: inout ResolvedEndpoint, _ target: EndpointURL, _ profile: Profile?
    ) throws(EndpointError) {
        guard endpoint.key != nil, target.scheme == "http", !target.isLoopback else { return }
        guard let profile, profile.allowsPlainHTTP else {
            throw EndpointError(
                "\(target.text) is not encrypted and the key would be readable on the way: use https, unset the key, or "
                    + "allow it by plain_http = true in a profile of the settings")
        }
        endpoint.isPlainHTTP = true
        endpoint.warnings.append(
            "the key travels unencrypted to \(target.displayName), as profile \(profile.name) allows")
    }
}
