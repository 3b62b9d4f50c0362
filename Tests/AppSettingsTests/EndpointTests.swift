import AppSettings
import Foundation
import ProviderCore
import Testing

@Suite struct EndpointTests {
    private static let settings = """
        [profiles.gateway]
        base_url = "https://gateway.example.com/v1"
        key_env = "GATEWAY_KEY"
        organization = "org-g"
        headers = { "X-Team" = "tools" }
        default_model = "house-model"
        [profiles.openai]
        key_env = "SECOND_KEY"
        project = "proj-p"
        [profiles.lan]
        base_url = "https://192.168.1.20:8443/v1"
        [profiles.keyless]
        organization = "org-k"
        [profiles.plain]
        base_url = "http://10.0.0.5/v1"
        key_env = "GATEWAY_KEY"
        plain_http = true
        [profiles.local]
        base_url = "http://127.0.0.1:8000/v1"
        key_env = "LOCAL_KEY"
        """

    private func resolve(
        _ environment: [String: String], base: String? = nil, profile: String? = nil, standard: String? = nil,
        demo: Bool = false
    ) throws -> EndpointResolution {
        let head = standard.map { "default_profile = \"\($0)\"\n" } ?? ""
        let settings = try Settings.parse(head + Self.settings, file: "config.toml").settings
        return try EndpointResolver(environment: environment, settings: settings) { .failure(Self.unread($0)) }
            .resolve(baseURL: base, profile: profile, demo: demo)
    }

    private static func unread(_ source: KeySource) -> EndpointError {
        Issue.record("nothing but the environment should be read, not \(source)")
        return EndpointError("not read")
    }

    private func endpoint(_ resolution: EndpointResolution) throws -> ResolvedEndpoint {
        guard case .endpoint(let endpoint) = resolution else {
            Issue.record("no endpoint: \(resolution)")
            throw CancellationError()
        }
        return endpoint
    }

    private static let key = ["OPENAI_API_KEY": "sk-environment"]
    private static let gatewayKey = ["GATEWAY_KEY": "sk-gateway-key"]

    /// Environment, `--base-url`, `--profile`, `default_profile`; then base URL and key.
    @Test(
        arguments: [
            (key, nil, nil, nil, "https://api.openai.com/v1", "sk-environment"),
            (
                ["OPENAI_API_KEY": "  sk-x\n", "OPENAI_BASE_URL": " \t"], nil, nil, nil, "https://api.openai.com/v1",
                "sk-x"
            ),
            (
                key.merging(["OPENAI_BASE_URL": " https://g.example/v1/ "]) { $1 }, nil, nil, nil,
                "https://g.example/v1", "sk-environment"
            ),
            (["OPENAI_BASE_URL": "http://localhost:11434/v1"], nil, nil, nil, "http://localhost:11434/v1", nil),
            (
                key.merging(["OPENAI_BASE_URL": "http://localhost:1/v1"]) { $1 }, nil, nil, nil,
                "http://localhost:1/v1", "sk-environment"
            ),
            (["OPENAI_BASE_URL": "http://[::1]:8080"], nil, nil, nil, "http://[::1]:8080", nil),
            (["OPENAI_BASE_URL": "http://127.9.9.9"], nil, nil, nil, "http://127.9.9.9", nil),
            // Elsewhere: no key.
            (key, "https://elsewhere.example/v1", nil, nil, "https://elsewhere.example/v1", nil),
            (key, "https://api.openai.com:8443/v1", nil, nil, "https://api.openai.com:8443/v1", nil),
            (key, "http://localhost:9/v1", nil, nil, "http://localhost:9/v1", nil),
            (key, "https://api.openai.com.evil.example/v1", nil, nil, "https://api.openai.com.evil.example/v1", nil),
            // The same origin by another spelling: the key goes.
            (key, "HTTPS://API.OpenAI.com:443/v2/", nil, nil, "https://api.openai.com/v2", "sk-environment"),
            (
                key.merging(["OPENAI_BASE_URL": "http://[::1]:8080/v1"]) { $1 }, "http://[0:0::1]:8080/x", nil, nil,
                "http://[::1]:8080/x", "sk-environment"
            ),
            // The same host under another scheme or port is another origin.
            (key, "https://eu.example.com", nil, nil, "https://eu.example.com", nil),
            (gatewayKey, "http://gateway.example.com/v1", "gateway", nil, "http://gateway.example.com/v1", nil),
            (
                gatewayKey, "https://gateway.example.com:8443/v1", "gateway", nil,
                "https://gateway.example.com:8443/v1", nil
            ),
            (gatewayKey, "https://gateway.example.com./v1", "gateway", nil, "https://gateway.example.com./v1", nil),
            // Profiles.
            (gatewayKey, nil, "gateway", nil, "https://gateway.example.com/v1", "sk-gateway-key"),
            (gatewayKey.merging(key) { $1 }, nil, "gateway", nil, "https://gateway.example.com/v1", "sk-gateway-key"),
            (gatewayKey, nil, nil, "gateway", "https://gateway.example.com/v1", "sk-gateway-key"),
            (
                gatewayKey, "https://gateway.example.com/other", "gateway", nil, "https://gateway.example.com/other",
                "sk-gateway-key"
            ),
            (
                gatewayKey, "https://gateway.example.com/other", nil, "gateway", "https://gateway.example.com/other",
                "sk-gateway-key"
            ),
            (gatewayKey, "https://elsewhere.example", "gateway", nil, "https://elsewhere.example", nil),
            (
                ["SECOND_KEY": "sk-second"].merging(key) { $1 }, nil, "openai", nil, "https://api.openai.com/v1",
                "sk-second"
            ),
            // The environment beats the settings file.
            (
                ["SECOND_KEY": "sk-second"].merging(key) { $1 }, nil, nil, "openai", "https://api.openai.com/v1",
                "sk-environment"
            ),
            (["SECOND_KEY": "sk-second"], nil, nil, "openai", "https://api.openai.com/v1", "sk-second"),
            (
                key.merging(["OPENAI_BASE_URL": "http://localhost:1"]) { $1 }, nil, nil, "gateway",
                "http://localhost:1", "sk-environment"
            ),
            (key, nil, "keyless", nil, "https://api.openai.com/v1", "sk-environment"),
            (key, nil, "lan", nil, "https://192.168.1.20:8443/v1", nil),
            (gatewayKey, nil, "plain", nil, "http://10.0.0.5/v1", "sk-gateway-key"),
            // No key may travel there, so none is missed.
            (["OPENAI_BASE_URL": "http://10.0.0.5/v1"], nil, nil, nil, "http://10.0.0.5/v1", nil),
            (["LOCAL_KEY": ""], nil, "local", nil, "http://127.0.0.1:8000/v1", nil),
            (["LOCAL_KEY": "sk-local"], nil, "local", nil, "http://127.0.0.1:8000/v1", "sk-local"),
        ] as [([String: String], String?, String?, String?, String, String?)])
    func keysGoToTheirOwnOrigin(
        environment: [String: String], base: String?, profile: String?, standard: String?, url: String, key: String?
    ) throws {
        let found = try endpoint(try resolve(environment, base: base, profile: profile, standard: standard))
        #expect(found.baseURL == url)
        #expect(found.key?.exposed() == key)
        #expect((found.keySource == nil) == (key == nil))
        #expect((found.unauthorizedAdvice == nil) == (key != nil))
        #expect(!"\(found)".contains("sk-"))
    }

    /// Nobody is told to set what is set.
    @Test func adviceFitsWhatIsThere() throws {
        let set = try endpoint(try resolve(["OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]))
        #expect(set.unauthorizedAdvice == "no key was sent: set OPENAI_API_KEY, or use a profile with a key of its own")
        let other = try endpoint(try resolve(["OPENAI_API_KEY": "sk-x"], base: "http://127.0.0.1:9/v1"))
        #expect(other.unauthorizedAdvice?.contains("set OPENAI_BASE_URL to http://127.0.0.1:9/v1") == true)
    }

    @Test func whatElseBelongsToAProfile() throws {
        let gateway = try endpoint(try resolve(Self.gatewayKey, profile: "gateway"))
        #expect(gateway.displayName == "gateway")
        #expect(gateway.organization == "org-g")
        #expect(gateway.headers == [HTTPHeader("X-Team", "tools")])
        #expect(gateway.defaultModel == "house-model")
        #expect(gateway.keySource == "profile gateway, GATEWAY_KEY")
        let elsewhere = try endpoint(try resolve(Self.gatewayKey, base: "https://x.example:8/v1", profile: "gateway"))
        #expect(elsewhere.headers.isEmpty)
        #expect(elsewhere.organization == nil)
        #expect(elsewhere.displayName == "x.example:8")
        #expect(elsewhere.defaultModel == "house-model")
        let plain = try endpoint(try resolve(Self.gatewayKey, profile: "plain"))
        #expect(plain.isPlainHTTP)
        #expect(plain.warnings.count == 1)
        let local = try endpoint(try resolve([:], profile: "local"))
        #expect(local.isLoopback)
        #expect(local.warnings == ["the key of profile local: LOCAL_KEY is not set; asking without a key"])
    }

    @Test func organizationAndProjectOfTheEnvironment() throws {
        let environment = Self.key.merging(["OPENAI_ORG_ID": " org-e ", "OPENAI_PROJECT_ID": "proj-e"]) { $1 }
        let plain = try endpoint(try resolve(environment))
        #expect([plain.organization, plain.project] == ["org-e", "proj-e"])
        let named = try endpoint(try resolve(environment.merging(["SECOND_KEY": "sk-2"]) { $1 }, profile: "openai"))
        #expect([named.organization, named.project] == ["org-e", "proj-p"])
        let elsewhere = try endpoint(try resolve(environment, base: "https://x.example"))
        #expect([elsewhere.organization, elsewhere.project] == [nil, nil])
        #expect(plain.isOpenAI)
        #expect(plain.providerEndpoint().organization == "org-e")
    }

    @Test(
        arguments: [
            ([:], nil, nil), (["OPENAI_API_KEY": " \n"], nil, nil),
            (["OPENAI_BASE_URL": "https://g.example/v1"], nil, nil),
            ([:], "https://api.openai.com/v1", nil), ([:], "https://eu.api.openai.com/v1", nil), ([:], nil, "keyless"),
            (["OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://localhost:1"], "https://api.openai.com/v1", nil),
        ] as [([String: String], String?, String?)])
    func noKey(environment: [String: String], base: String?, profile: String?) throws {
        guard case .noKey(let message) = try resolve(environment, base: base, profile: profile) else {
            Issue.record("a key came from nowhere")
            return
        }
        for word in ["OPENAI_API_KEY", "--demo", "OPENAI_BASE_URL"] { #expect(message.contains(word), "\(message)") }
        #expect(!message.contains("\n"))
    }

    @Test func demoNeedsNothing() throws {
        #expect(try resolve([:], demo: true) == .demo)
        #expect(try resolve(["OPENAI_BASE_URL": "rubbish"], base: "rubbish", profile: "none", demo: true) == .demo)
        #expect(ResolvedEndpoint.demo(baseURL: "http://127.0.0.1:1/v1", defaultModel: "m").isLoopback)
    }

    @Test(
        arguments: [
            ([:], nil, "gatewy", nil, "no profile \"gatewy\" in config.toml, did you mean gateway?", false),
            ([:], nil, nil, "nowhere", "default_profile: no profile \"nowhere\"", false),
            ([:], nil, "gateway", nil, "config.toml:3: the key of profile gateway: GATEWAY_KEY is not set", false),
            (
                ["GATEWAY_KEY": "secret\nX: y"], nil, "gateway", nil,
                "config.toml:3: the key of profile gateway: GATEWAY_KEY holds a control character", false
            ),
            (["OPENAI_API_KEY": "a\nb"], nil, nil, nil, "OPENAI_API_KEY holds a control character", false),
            (
                ["OPENAI_API_KEY": "sk-x", "OPENAI_ORG_ID": "o\r\nX: secret"], nil, nil, nil,
                "OPENAI_ORG_ID holds a control character", false
            ),
            (
                ["OPENAI_API_KEY": "sk-x", "OPENAI_PROJECT_ID": "secret\u{0}x"], nil, nil, nil,
                "OPENAI_PROJECT_ID holds a control character", false
            ),
            (
                ["OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://10.0.0.5/v1"], nil, nil, nil, "is not encrypted",
                false
            ),
            (["OPENAI_BASE_URL": "localhost:11434"], nil, nil, nil, "OPENAI_BASE_URL: ", false),
            ([:], "ftp://x", nil, nil, "--base-url: \"ftp://x\" is no base URL", true),
            ([:], "https://user:sk-secret@x", nil, nil, "user name or password; name a key by", true),
            ([:], "https://user:sk-secret@x y", nil, nil, "\"https://…\" is no base URL", true),
            ([:], "https://x:0/?key=secret", nil, nil, "\"https://x:0/…\" is no base URL", true),
            ([:], "http://", nil, nil, "no host", true), ([:], "http://a:0", nil, nil, "port", true),
            ([:], "http://a:65536", nil, nil, "port", true), ([:], "http://a:1x", nil, nil, "port", true),
            ([:], "http://[::1", nil, nil, "no host", true), ([:], "http://a b", nil, nil, "blanks", true),
            ([:], "http://a/#x", nil, nil, "fragment", true), ([:], "http://ä", nil, nil, "non-ASCII", true),
            ([:], "http://a\r\nX: y", nil, nil, "blanks, control", true), ([:], " ", nil, nil, "it is empty", true),
        ] as [([String: String], String?, String?, String?, String, Bool)])
    func mistakes(
        environment: [String: String], base: String?, profile: String?, standard: String?, expected: String,
        isUsage: Bool
    ) {
        let error = #expect(throws: EndpointError.self) {
            try resolve(environment, base: base, profile: profile, standard: standard)
        }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        #expect(error?.isUsage == isUsage)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func anUnknownDefaultProfileMattersOnlyWhenItIsNeeded() throws {
        #expect(try endpoint(try resolve([:], base: "http://localhost:1", standard: "nowhere")).isLoopback)
        let environment = ["OPENAI_BASE_URL": "http://localhost:2"]
        #expect(try endpoint(try resolve(environment, standard: "nowhere")).isLoopback)
    }
}
