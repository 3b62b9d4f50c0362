import AppSettings
import ProviderCore
import ProviderOpenAI
import TestSupport
import Testing

@Suite struct ProfileTests {
    private static let everything = """
        [profiles.azure]
        base_url = "https://r.openai.azure.com"
        key_env = "AZURE_KEY"
        auth = "bearer"
        api = "chat"
        api_version = "2024-10-21"
        deployment = "my-gpt"
        headers = { "X-Team" = "tools", "User-Agent" = "" }
        connect_timeout = 1.5
        first_byte_timeout = 2
        stall_timeout = 3
        event_timeout = 4
        timeout = 86400
        max_attempts = 5
        plain_http = true
        [profiles.plain]
        base_url = "https://plain.example"
        """

    private func resolve(_ text: String, _ profile: String, _ environment: [String: String] = [:], base: String? = nil)
        throws -> ResolvedEndpoint?
    {
        let settings = try Settings.parse(text, file: "config.toml").settings
        let resolver = EndpointResolver(environment: environment, settings: settings)
        guard case .endpoint(let found) = try resolver.resolve(baseURL: base, profile: profile, demo: false) else {
            return nil
        }
        return found
    }

    @Test func everythingReachesTheProvider() throws {
        let found = try #require(try resolve(Self.everything, "azure", ["AZURE_KEY": "0123456789abcdef"]))
        #expect(found.maxAttempts == 5)
        let endpoint = found.providerEndpoint()
        #expect(endpoint.baseURL == "https://r.openai.azure.com")
        #expect(endpoint.authentication == .bearer)
        #expect(endpoint.api == .chat)
        #expect(endpoint.apiVersion == "2024-10-21")
        #expect(endpoint.deployment == "my-gpt")
        #expect(endpoint.extraHeaders == [HTTPHeader("User-Agent", ""), HTTPHeader("X-Team", "tools")])
        #expect(endpoint.allowsPlainHTTP)
        #expect(
            endpoint.timeouts
                == HTTPTimeouts(
                    connect: .seconds(1.5), firstByte: .seconds(2), stall: .seconds(3), event: .seconds(4),
                    total: .seconds(86_400)))
        #expect(found.providerEndpoint(timeouts: HTTPTimeouts(total: nil)).timeouts == HTTPTimeouts(total: nil))
    }

    @Test func whatIsNotSetIsStandard() throws {
        let found = try #require(try resolve(Self.everything, "plain"))
        let endpoint = found.providerEndpoint()
        #expect(found.maxAttempts == nil)
        #expect(endpoint.authentication == nil)
        #expect(endpoint.api == nil)
        #expect(endpoint.apiVersion == nil)
        #expect(endpoint.deployment == nil)
        #expect(!endpoint.allowsPlainHTTP)
        #expect(endpoint.timeouts == HTTPTimeouts())
        #expect(HTTPTimeouts().event == .seconds(300))
    }

    @Test func nothingOfAProfileGoesElsewhere() throws {
        let environment = ["AZURE_KEY": "0123456789abcdef", "OPENAI_API_KEY": "sk-environment"]
        let text = Self.everything.replacing("\"X-Team\" = \"tools\"", with: "\"api-key\" = \"hunter22\"")
        let there = try #require(try resolve(text, "azure", environment, base: "https://r.openai.azure.com/openai"))
        #expect(there.headers.contains(HTTPHeader("api-key", "hunter22")))
        for base in ["https://elsewhere.example/v1", "http://r.openai.azure.com", "https://r.openai.azure.com:8443"] {
            let found = try #require(try resolve(text, "azure", environment, base: base))
            let endpoint = found.providerEndpoint()
            #expect(endpoint.key == nil)
            #expect(endpoint.extraHeaders.isEmpty)
            #expect(endpoint.apiVersion == nil)
            #expect(!endpoint.allowsPlainHTTP)
            #expect(!"\(endpoint)".contains("hunter22"))
        }
    }

    /// Setting, value, and what is said of it. The settings stand on line 3, behind two columns.
    @Test(
        arguments: [
            ("connect_timeout", "0", "takes seconds above 0 and up to 86400, not 0"),
            ("first_byte_timeout", "-1", "not -1"), ("stall_timeout", "86400.5", "not 86400.5"),
            ("event_timeout", "\"5\"", "takes seconds above 0 and up to 86400, not text"),
            ("timeout", "nan", "not nan"), ("timeout", "inf", "not inf"), ("timeout", "1e300", "not 1e+300"),
            ("timeout", "true", "not true or false"), ("timeout", "-0.0", "not 0"),
            ("max_attempts", "0", "takes a whole number from 1 to 20, not 0"), ("max_attempts", "21", "not 21"),
            ("max_attempts", "1.0", "not a number"), ("max_attempts", "\"3\"", "not text"),
            ("api", "\"completions\"", "takes one of chat, responses, not \"completions\""),
            ("api", "\"Chat\"", "did you mean chat?"), ("auth", "\"api_key\"", "did you mean api-key?"),
            ("auth", "\"basic\"", "takes one of bearer, api-key, x-api-key"), ("auth", "1", "not a whole number"),
            ("api_version", "2024-10-21", "takes text of one line, not a date"),
            ("api_version", "\"\"", "is empty"), ("api_version", "\"1\\r\\nX: hunter22\"", "holds a control character"),
            ("deployment", "\"a\\u0000b\"", "zero character"),
            ("deployment", "\"a\\nhunter22\"", "holds a control character"),
            ("deployment", "\"a\\u009Bb\"", "holds a control character"), ("deployment", "[]", "not a list"),
            ("organization", "\"o\\r\\nX: hunter22\"", "holds a control character"),
            ("project", "\"o\\u007Fhunter22\"", "holds a control character"),
            ("default_model", "\"m\\nhunter22\"", "holds a control character"),
            ("key_env", "\"A\\nB\"", "holds a control character"),
            ("key_file", "\"/a\\nb\"", "holds a control character"),
            ("base_url", "\"https://me:hunter22@h\"", "\"https://…\" is no base URL: it holds a user name or password"),
            ("base_url", "\"https://h\\r\\nhunter22\"", "control"), ("base_url", "\"https://h:99999\"", "its port"),
            ("base_url", "\"https://h/#a\"", "has a fragment (#)"),
            ("base_url", "\"https://h/v1?k=1#hunter22\"", "fragment"),
        ])
    func mistakesHaveTheirPlace(name: String, value: String, expected: String) {
        let error = #expect(throws: SettingsError.self) {
            try Settings.parse("[profiles.x]\n\n  \(name) = \(value)\n", file: "config.toml")
        }
        let description = error?.description ?? ""
        let isAboutTheText = expected == "zero character"
        #expect(
            description.hasPrefix(isAboutTheText ? "config.toml:3:1: " : "config.toml:3:3: \(name) "), "\(description)")
        #expect(description.contains(expected), "\(description)")
        if name != "base_url" || !value.contains("\\r\\n") {
            #expect(!description.contains("hunter22"), "\(description)")
        }
    }

    /// Headers, and the line and the words of the mistake; the table begins on line 2.
    @Test(
        arguments: [
            ("X-Good = '1'\nX-Bad = \"hunter22\\r\\nX: y\"", "4:1: headers X-Bad holds a control character"),
            ("X-Bad = \"hunter22\\u0007\"", "3:1: headers X-Bad holds a control character"),
            ("X-Good = '1'\n\n\"X Bad\" = 'hunter22'", "5:1: headers \"X Bad\" is no header name"),
            ("\"X-Bad:\" = 'hunter22'", "3:1: headers \"X-Bad:\" is no header name"),
            ("\"X-B\\r\\nad\" = 'hunter22'", "is no header name"), ("\"\" = 'hunter22'", "is no header name"),
            ("\"ä\" = 'hunter22'", "3:1: headers \"ä\" is no header name"),
            ("X-Bad = 1", "3:1: headers X-Bad takes text, not a whole number"),
            ("AUTHORIZATION = 'hunter22'", "3:1: headers AUTHORIZATION is set by the program; name the key by"),
            ("content-length = '1'", "3:1: headers content-length is set by the program"),
        ])
    func headersHaveTheirPlace(headers: String, expected: String) {
        let error = #expect(throws: SettingsError.self) {
            try Settings.parse("[profiles.x]\n[profiles.x.headers]\n\(headers)\n", file: "config.toml")
        }
        let description = error?.description ?? ""
        #expect(description.hasPrefix("config.toml:"))
        #expect(description.contains(expected), "\(description)")
        #expect(!description.contains("hunter22"))
    }

    @Test func configShowMasksCredentials() throws {
        let text = "[profiles.x]\nbase_url = 'https://h/v1?code=hunter22&a=1'\nheaders = { api-key = 'hunter22' }"
        let lines = try Settings.parse(text, file: "c").settings.described().joined(separator: "\n")
        #expect(!lines.contains("hunter22"))
        #expect(lines.contains("https://h/v1?code=••••&a=1"))
        let found = try #require(try resolve(text, "x"))
        #expect(found.baseURL == "https://h/v1?code=hunter22&a=1")
        #expect(found.shownURL == "https://h/v1?code=••••&a=1")
        #expect(found.unauthorizedAdvice == nil)
    }
}

/// The settings' opt-in, through resolver and provider.
@Suite struct PlainHTTPTests {
    /// Base URL, what proves who we are, opt-in; whether the resolver lets it pass, and whether the badge shows.
    @Test(
        arguments: [
            ("http://10.0.0.5/v1", "key_env = 'K'", true, true, true),
            ("http://10.0.0.5/v1", "key_env = 'K'", false, false, false),
            ("http://10.0.0.5/v1", "headers = { api-key = 'hunter22' }", true, true, true),
            ("http://10.0.0.5/v1", "headers = { api-key = 'hunter22' }", false, false, false),
            ("http://10.0.0.5/v1?key=hunter22", "", false, false, false),
            ("http://10.0.0.5/v1?key=hunter22", "", true, true, true),
            ("http://10.0.0.5/v1", "headers = { X-Team = 'tools' }", false, true, false),
            ("http://10.0.0.5/v1", "", false, true, false), ("http://10.0.0.5/v1", "", true, true, false),
            ("http://127.0.0.1:1/v1", "key_env = 'K'", false, true, false),
            ("http://[::ffff:127.0.0.1]:1/v1", "key_env = 'K'", false, true, false),
            ("https://10.0.0.5/v1", "key_env = 'K'", false, true, false),
        ])
    func throughResolverAndProvider(
        base: String, credential: String, isAllowed: Bool, passes: Bool, isMarked: Bool
    ) async throws {
        let text = "[profiles.p]\nbase_url = '\(base)'\n\(credential)\nplain_http = \(isAllowed)"
        let settings = try Settings.parse(text, file: "config.toml").settings
        let resolver = EndpointResolver(environment: ["K": "sk-hunter22"], settings: settings)
        guard passes else {
            let error = #expect(throws: EndpointError.self) {
                try resolver.resolve(baseURL: nil, profile: "p", demo: false)
            }
            #expect(error?.description.contains("plain_http = true") == true)
            #expect(error?.description.contains("hunter22") == false)
            return
        }
        guard case .endpoint(let found) = try resolver.resolve(baseURL: nil, profile: "p", demo: false) else {
            Issue.record("no endpoint")
            return
        }
        #expect(found.isPlainHTTP == isMarked)
        #expect(found.warnings.count == (isMarked ? 1 : 0))
        let transport = ScriptedTransport([.text("[]", type: "application/json")])
        _ = try await OpenAIProvider(endpoint: found.providerEndpoint(), transport: transport).models()
        #expect(transport.requests.count == 1)
    }
}
