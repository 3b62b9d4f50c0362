import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

private let key = "sk-0123456789"

private func headers(_ endpoint: ProviderEndpoint) throws -> [HTTPHeader] {
    try RequestHeaders(endpoint, base: BaseURL(endpoint.baseURL)).all(accept: "a", hasBody: false)
}

@Suite struct HeaderTests {
    @Test(
        arguments: [
            ("https://api.openai.com/v1", nil, "Authorization", "Bearer " + key),
            ("https://h/v1", nil, "Authorization", "Bearer " + key),
            ("https://r.openai.azure.com/openai/v1", nil, "api-key", key),
            ("https://r.services.ai.azure.com/openai/v1", nil, "api-key", key),
            ("https://r.cognitiveservices.azure.com/openai/v1", nil, "api-key", key),
            ("https://r.openai.azure.com/openai/v1", .bearer, "Authorization", "Bearer " + key),
            ("https://gw/openai?api-version=1", nil, "Authorization", "Bearer " + key),
            ("https://gw/openai?api-version=1", .apiKey, "api-key", key),
            ("https://h/v1", .xAPIKey, "x-api-key", key), ("https://h/v1", .apiKey, "api-key", key),
        ] as [(String, AuthenticationStyle?, String, String)])
    func keyTravelsAsTheServerWantsIt(base: String, style: AuthenticationStyle?, name: String, value: String) throws {
        let endpoint = ProviderEndpoint(baseURL: base, key: Secret(key), authentication: style)
        #expect(try headers(endpoint).filter(\.isCredential) == [HTTPHeader(name, value)])
        #expect(try headers(ProviderEndpoint(baseURL: base, authentication: style)).filter(\.isCredential) == [])
    }

    /// Headers of the caller, and which of ours and theirs go out.
    @Test(
        arguments: [
            (
                [],
                ["User-Agent", "Accept", "Authorization: Bearer " + key, "OpenAI-Organization: o", "OpenAI-Project: p"]
            ),
            (
                [HTTPHeader("AUTHORIZATION", "Bearer mine")],
                ["User-Agent", "Accept", "OpenAI-Organization: o", "OpenAI-Project: p", "AUTHORIZATION: Bearer mine"]
            ),
            (
                [HTTPHeader("authorization", "")],
                ["User-Agent", "Accept", "OpenAI-Organization: o", "OpenAI-Project: p"]
            ),
            (
                [HTTPHeader("openai-organization", ""), HTTPHeader("OpenAI-PROJECT", "q")],
                ["User-Agent", "Accept", "Authorization: Bearer " + key, "OpenAI-PROJECT: q"]
            ),
            (
                [HTTPHeader("User-agent", ""), HTTPHeader("accept", "b")],
                ["Authorization: Bearer " + key, "OpenAI-Organization: o", "OpenAI-Project: p", "accept: b"]
            ),
            (
                [HTTPHeader("X-A", "1"), HTTPHeader("x-a", "2"), HTTPHeader("X-B", "")],
                [
                    "User-Agent", "Accept", "Authorization: Bearer " + key, "OpenAI-Organization: o",
                    "OpenAI-Project: p", "X-A: 1", "x-a: 2",
                ]
            ),
        ] as [([HTTPHeader], [String])])
    func extraHeadersReplaceAndRemove(extra: [HTTPHeader], expected: [String]) throws {
        let endpoint = ProviderEndpoint(
            baseURL: "https://h", key: Secret(key), organization: "o", project: "p", extraHeaders: extra)
        let lines = try headers(endpoint).map {
            $0.name == "User-Agent" || $0.name == "Accept" ? $0.name : "\($0.name): \($0.value)"
        }
        #expect(lines == expected)
    }

    /// Every control character in every place, and what the message may name.
    @Test(arguments: ["\r", "\n", "\r\n", "\u{0}", "\t", "\u{1B}", "\u{7F}", "\u{85}", "\u{9F}"])
    func controlCharactersAreRefusedBeforeAnythingIsSent(control: String) async throws {
        let bad = "hunter22\(control)X-Evil: 1"
        let endpoints: [(ProviderEndpoint, String)] = [
            (ProviderEndpoint(baseURL: "https://h", organization: bad), "the organization"),
            (ProviderEndpoint(baseURL: "https://h", project: bad), "the project"),
            (ProviderEndpoint(baseURL: "https://h", extraHeaders: [HTTPHeader("X-Team", bad)]), "\"X-Team\""),
            (
                ProviderEndpoint(baseURL: "https://h", extraHeaders: [HTTPHeader("Authorization", bad)]),
                "\"Authorization\""
            ),
            (ProviderEndpoint(baseURL: "https://h", extraHeaders: [HTTPHeader("X\(control)" + bad, "1")]), "\"X…\""),
            (ProviderEndpoint(baseURL: "https://h", apiVersion: bad), "the API version"),
            (ProviderEndpoint(baseURL: "https://h", apiVersion: "1", deployment: bad), "the deployment"),
        ]
        for (endpoint, name) in endpoints {
            let error = #expect(throws: ProviderError.self) {
                try OpenAIProvider(endpoint: endpoint, transport: ScriptedTransport([]))
            }
            #expect(error?.kind == .invalidRequest)
            #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("hunter22") == false, "\(error?.message ?? "")")
        }
        let transport = ScriptedTransport([])
        let endpoint = ProviderEndpoint(baseURL: "https://h", apiVersion: "1")
        let provider = try OpenAIProvider(endpoint: endpoint, transport: transport)
        let error = await #expect(throws: ProviderError.self) {
            try await provider.stream(ChatRequest(model: bad, messages: []))
        }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message.contains("hunter22") == false)
        #expect(transport.requests.isEmpty)
    }

    /// The rest of what `Secret` lets through.
    @Test func aKeyWithAControlOfLatin1IsRefused() throws {
        let endpoint = ProviderEndpoint(baseURL: "https://h", key: Secret("hunter22\u{9B}31m"))
        #expect(endpoint.key != nil)
        let error = #expect(throws: ProviderError.self) { try headers(endpoint) }
        #expect(error?.message.contains("the key cannot be sent") == true)
        #expect(error?.message.contains("hunter22") == false)
    }

    @Test(arguments: [
        ("", "no name"), ("x y", "\"x…\""), ("x:", "\"x…\""), (":authority", "\"…\""), ("x\"", "\"x…\""),
        ("ä", "\"…\""),
        ("Authorization: Bearer hunter22", "\"Authorization…\""), ("x(y)", "\"x…\""),
    ]) func namesThatAreNoTokens(name: String, shown: String) {
        let endpoint = ProviderEndpoint(baseURL: "https://h", extraHeaders: [HTTPHeader(name, "1")])
        let error = #expect(throws: ProviderError.self) { try headers(endpoint) }
        #expect(error?.message.contains(shown) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("hunter22") == false)
    }

    /// Base URL, opt-in, credential: does it go out?
    @Test(
        arguments: [
            ("http://10.0.0.1", false, false), ("http://10.0.0.1", true, true), ("https://10.0.0.1", false, true),
            ("http://127.0.0.1", false, true), ("http://[::ffff:127.0.0.1]", false, true),
            ("http://x.localhost", false, true),
            ("http://[::2]", false, false), ("http://[::2]", true, true),
            ("http://localhost.example.com", false, false),
            ("http://0.0.0.0", false, false), ("http://127.1", false, false), ("http://example.com:443", false, false),
        ])
    func plainHTTP(base: String, isAllowed: Bool, goesOut: Bool) async throws {
        let endpoints = [
            ProviderEndpoint(baseURL: base, key: Secret(key), allowsPlainHTTP: isAllowed),
            ProviderEndpoint(
                baseURL: base, extraHeaders: [HTTPHeader("X-Auth-Token", "t")], allowsPlainHTTP: isAllowed),
            ProviderEndpoint(baseURL: base + "?key=hunter22", allowsPlainHTTP: isAllowed),
        ]
        for endpoint in endpoints {
            let transport = ScriptedTransport([.text("[]", type: "application/json")])
            let provider = try OpenAIProvider(endpoint: endpoint, transport: transport)
            if goesOut {
                _ = try await provider.models()
            } else {
                let error = await #expect(throws: ProviderError.self) { try await provider.models() }
                #expect(error?.kind == .invalidRequest)
                #expect(error?.message.contains("hunter22") == false)
            }
            #expect(transport.requests.count == (goesOut ? 1 : 0))
        }
        // What proves nothing may go anywhere.
        let free = ProviderEndpoint(
            baseURL: base, key: Secret(key),
            extraHeaders: [HTTPHeader("Authorization", ""), HTTPHeader("X-Team", "tools")])
        let transport = ScriptedTransport([.text("[]", type: "application/json")])
        _ = try await OpenAIProvider(endpoint: free, transport: transport).models()
        #expect(transport.requests.count == 1)
    }
}

@Suite struct RedactionTests {
    @Test(arguments: [
        ("sk/a+b=\"c\" 0123456789", "echo sk/a+b=\"c\" 0123456789."),
        ("sk/a+b=\"c\" 0123456789", "echo sk%2Fa%2Bb%3D%22c%22%200123456789."),
        ("sk/a+b=\"c\" 0123456789", #"echo sk/a+b=\"c\" 0123456789."#),
        ("sk/a+b=\"c\" 0123456789", #"echo sk\/a+b=\"c\" 0123456789."#),
        ("hunter22-0123456789", "echo aHVudGVyMjItMDEyMzQ1Njc4OQ==."),
    ]) func everySpellingIsMasked(secret: String, text: String) throws {
        let redacted = Redactor([try #require(Secret(secret))]).redacted(text)
        #expect(redacted.hasPrefix("echo ••••"), "\(redacted)")
        #expect(!redacted.contains("0123"), "\(redacted)")
        #expect(!redacted.contains("aHVudGVy"), "\(redacted)")
    }

    @Test(arguments: [
        ("a sk-abcdefghijklmnopqrst b", "a sk-•••• b"), ("sk-proj-abc_DEF-0123456789xyz", "sk-••••"),
        ("sk-short", "sk-short"), ("task-abcdefghijklmnopqrstuvw", "task-abcdefghijklmnopqrstuvw"),
        ("sk-abc***xyz", "sk-abc***xyz"), ("(sk-abcdefghijklmnopqrst)", "(sk-••••)"), ("", ""),
    ]) func othersKeysAreMaskedByTheirShape(text: String, expected: String) {
        #expect(Redactor([]).redacted(text) == expected)
    }

    @Test func theLongerSecretIsMaskedFirst() throws {
        let secrets = try ["hunter22", "hunter22hunter22-and-more"].map { try #require(Secret($0)) }
        #expect(Redactor(secrets).redacted("x hunter22hunter22-and-more y") == "x ••••more y")
    }

    /// Credentials in headers and in the base URL's query, whole or in part.
    @Test(arguments: [
        (HTTPHeader("Authorization", "Bearer hunter22secret"), "hunter22secret"),
        (HTTPHeader("Authorization", "Bearer hunter22secret"), "Bearer hunter22secret"),
        (HTTPHeader("X-Auth-Token", "hunter22secret"), "hunter22secret"),
        (HTTPHeader("Cookie", "a=1; session=hunter22secret; b=2"), "hunter22secret"),
        (HTTPHeader("Cookie", "session=hunter22secret"), "session=hunter22secret"),
        (HTTPHeader("X-Team", "tools"), "querysecret"),
    ]) func credentialsAmongHeadersAreMasked(header: HTTPHeader, quote: String) async throws {
        for (status, location) in [(401, ""), (500, ""), (307, "https://elsewhere/?\(quote)"), (200, "")] {
            let transport = ScriptedTransport([
                .text(
                    #"{"error":{"message":"\#(quote)"}}"#, status: status, type: "application/json",
                    [HTTPHeader("location", location)])
            ])
            let endpoint = ProviderEndpoint(baseURL: "https://h/v1?code=querysecret", extraHeaders: [header])
            let provider = try OpenAIProvider(endpoint: endpoint, transport: transport)
            let error = try await #require(throws: ProviderError.self) { try await provider.stream(hello) }
            #expect(!"\(error)".contains("secret"), "\(error)")
            #expect(transport.requests.count == 1)
        }
    }
}
