import ProviderCore
import Testing

@Suite struct BaseURLTests {
    /// Base, path, query of the request, and the URL they make.
    @Test(
        arguments: [
            // Slashes between base and path.
            ("https://h/v1", "models", [], "https://h/v1/models"),
            ("https://h/v1/", "models", [], "https://h/v1/models"),
            ("https://h/v1", "/models", [], "https://h/v1/models"),
            ("https://h/v1/", "/models", [], "https://h/v1/models"),
            ("https://h/v1///", "///models", [], "https://h/v1/models"),
            ("https://h", "models", [], "https://h/models"), ("https://h/", "models", [], "https://h/models"),
            ("https://h", "", [], "https://h"), ("https://h/v1/", "", [], "https://h/v1"),
            ("https://h/v1", "models/", [], "https://h/v1/models/"),
            ("https://h/v1", "chat/completions", [], "https://h/v1/chat/completions"),
            // The prefix stays, as it is.
            ("http://h/custom/v1", "models", [], "http://h/custom/v1/models"),
            ("http://h/custom//v1", "models", [], "http://h/custom//v1/models"),
            ("http://h/a%2Fb/v1", "models", [], "http://h/a%2Fb/v1/models"),
            ("http://h/a@b:c/v1", "models", [], "http://h/a@b:c/v1/models"),
            ("http://h/A/B", "models", [], "http://h/A/B/models"),
            // So does the query, and it is merged.
            ("https://h/v1?api-version=1", "models", [], "https://h/v1/models?api-version=1"),
            ("https://h/v1/?api-version=1", "models", [], "https://h/v1/models?api-version=1"),
            ("https://h?key=1", "models", [], "https://h/models?key=1"),
            ("https://h/?a=b/c/", "models", [], "https://h/models?a=b/c/"),
            ("https://h/v1?", "models", [], "https://h/v1/models"),
            ("https://h/v1?&&a=1&&b=2&", "models", [], "https://h/v1/models?a=1&b=2"),
            ("https://h/v1?a=%20&b", "models", [], "https://h/v1/models?a=%20&b"),
            ("https://h/v1?a=1?2", "models", [], "https://h/v1/models?a=1?2"),
            ("https://h/v1?a=1", "r", [("stream", "true")], "https://h/v1/r?a=1&stream=true"),
            ("https://h/v1", "r", [("stream", "true"), ("n", "7")], "https://h/v1/r?stream=true&n=7"),
            ("https://h/v1?a=1&b=2", "r", [("a", "3")], "https://h/v1/r?b=2&a=3"),
            ("https://h/v1?API-Version=1", "r", [("api-version", "2")], "https://h/v1/r?api-version=2"),
            ("https://h/v1?api%2Dversion=1", "r", [("api-version", "2")], "https://h/v1/r?api-version=2"),
            ("https://h/v1?a=1&a=2", "r", [("b", "")], "https://h/v1/r?a=1&a=2&b="),
            ("https://h/v1", "r", [("a b", "c&d=e")], "https://h/v1/r?a%20b=c%26d%3De"),
            ("https://h/v1?a+b=1", "r", [("a b", "2")], "https://h/v1/r?a+b=1&a%20b=2"),
            // One spelling for scheme, host and port.
            ("HTTPS://API.OpenAI.com/v1", "models", [], "https://api.openai.com/v1/models"),
            ("https://api.openai.com:443/v1", "models", [], "https://api.openai.com/v1/models"),
            ("http://h:80/v1", "models", [], "http://h/v1/models"),
            ("http://h:443/v1", "models", [], "http://h:443/v1/models"),
            ("http://h:08080/v1", "models", [], "http://h:8080/v1/models"),
            ("http://[::1]:8080/", "models", [], "http://[::1]:8080/models"),
            ("http://[0:0:0:0:0:0:0:1]", "models", [], "http://[::1]/models"),
            ("http://[2001:DB8::A]/v1", "models", [], "http://[2001:db8::a]/v1/models"),
            ("http://h.example./v1", "models", [], "http://h.example./v1/models"),
            (" \t https://h/v1 \r\n", "models", [], "https://h/v1/models"),
        ] as [(String, String, [(String, String)], String)])
    func join(base: String, path: String, query: [(String, String)], expected: String) throws {
        let url = try BaseURL(base)
        #expect(url.url(path, query: query.map { BaseURL.QueryItem($0, $1) }) == expected)
        // What was read once reads the same again.
        #expect(try BaseURL(url.text) == url)
        #expect(try BaseURL(url.text).text == url.text)
    }

    @Test(arguments: [
        ("gpt-5.4_mini~1", "gpt-5.4_mini~1"), ("ft:gpt-4o:org::id", "ft%3Agpt-4o%3Aorg%3A%3Aid"),
        ("meta-llama/Llama-3", "meta-llama%2FLlama-3"), ("a b", "a%20b"), ("ä", "%C3%A4"), ("a?b#c", "a%3Fb%23c"),
        ("100%", "100%25"), ("%2F", "%252F"), ("\u{1}", "%01"), ("a+b&c=d", "a%2Bb%26c%3Dd"), ("", ""),
        ("👍", "%F0%9F%91%8D"),
        ("../..", "..%2F.."),
    ]) func percentEncoding(text: String, encoded: String) { #expect(BaseURL.percentEncoded(text) == encoded) }

    @Test(
        arguments: [
            ("", .empty), (" \n", .empty), ("http://a b", .characters), ("http://a\r\nX: y", .characters),
            ("http://a/\u{0}", .characters), ("http://a/\u{7F}", .characters), ("http://ä", .characters),
            ("https://h/ü", .characters), ("http://a\u{200B}", .characters), ("http://a/\u{85}b", .characters),
            ("api.openai.com/v1", .scheme), ("localhost:11434/v1", .scheme), ("ftp://h", .scheme),
            ("file:///etc/passwd", .scheme), ("//h/v1", .scheme), ("http:/h", .scheme), ("https:h", .scheme),
            (" ://h", .scheme), ("javascript:alert(1)//http://x", .scheme), ("xhttp://h", .scheme),
            ("http://a/#x", .fragment), ("http://a#", .fragment), ("http://h/v1?a=1#b", .fragment),
            ("https://user:pw@h/v1", .credentials), ("https://sk-key@h", .credentials), ("https://@h", .credentials),
            ("http://127.0.0.1\\@evil.example/", .credentials), ("http://u:p@", .credentials),
            ("http://", .host), ("http:///v1", .host), ("http://?a=b", .host), ("http://:80", .host),
            ("http://h\\path", .host), ("http://a,b", .host), ("http://h%41", .host), ("http://a..b", .host),
            ("http://.a", .host), ("http://.", .host), ("http://..", .host), ("http://[::1", .host),
            ("http://[]/", .host), ("http://[:::]/", .host), ("http://[1.2.3.4]", .host),
            ("http://[fe80::1%25eth0]", .host),
            ("http://::1", .host), ("http://*", .host),
            ("http://[::1]x/", .port), ("http://h:/v1", .port), ("http://h:0/", .port), ("http://h:65536", .port),
            ("http://h:99999999999999999999", .port), ("http://h:1x", .port), ("http://h:+80", .port),
            ("http://h:-1", .port), ("http://h:80:80", .port), ("http://[::1]:", .port),
        ] as [(String, BaseURLError.Reason)])
    func refused(text: String, reason: BaseURLError.Reason) {
        let error = #expect(throws: BaseURLError.self) { try BaseURL(text) }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        ("https://me:hunter22@host/v1", "https://…"), ("https://me:hunter22@ho st/v1", "https://…"),
        ("me:hunter22@host", "…"), ("ftp://me:hunter22@host", "ftp://…"),
        ("https://h:x/v1?key=hunter22", "https://h:x/v1…"),
        ("https://h/v1#hunter22", "https://h/v1…"), ("ftp://h/v1", "ftp://h/v1"),
    ]) func errorsDoNotRepeatSecrets(text: String, shown: String) {
        let error = #expect(throws: BaseURLError.self) { try BaseURL(text) }
        #expect(error?.given == shown)
        #expect(error.map { "\($0)" }?.contains("hunter22") == false)
    }

    @Test func everyReasonHasItsOwnWords() {
        let words = ["", "a b", "a", "http://a#", "http://a@b", "http://", "http://a:0"].compactMap { text -> String? in
            do throws(BaseURLError) { _ = try BaseURL(text) } catch { return "\(error)" }
            return nil
        }
        #expect(Set(words).count == BaseURLError.Reason.allCases.count)
    }

    @Test(arguments: [
        ("http://localhost", true), ("http://LOCALHOST:8/v1", true), ("http://a.localhost", true),
        ("http://127.0.0.1", true), ("http://127.9.9.9:1", true), ("http://127.255.255.255", true),
        ("http://[::1]", true), ("http://[0::1]", true), ("http://[::ffff:127.0.0.1]", true),
        ("http://[::FFFF:7f00:1]", true), ("http://[::ffff:127.8.8.8]:80/x", true),
        ("http://localhost.example.com", false), ("http://notlocalhost", false),
        ("http://127.0.0.1.example.com", false),
        ("http://127.1", false), ("http://2130706433", false), ("http://0x7f000001", false), ("http://0.0.0.0", false),
        ("http://[::]", false), ("http://[::2]", false), ("http://[::ffff:10.0.0.1]", false),
        ("http://10.0.0.1", false),
        ("http://128.0.0.1", false), ("http://[1::1]", false), ("https://example.com", false),
    ]) func loopback(text: String, expected: Bool) throws { #expect(try BaseURL(text).isLoopback == expected) }

    @Test(arguments: [
        ("https://api.openai.com/v1", true), ("https://API.openai.com:443", true),
        ("https://us.api.openai.com/v1", true),
        ("https://eu.api.openai.com/v1", true), ("https://ae.api.openai.com", true),
        ("https://au.api.openai.com", true),
        ("https://in.api.openai.com", true), ("https://jp.api.openai.com", true),
        ("https://xx.api.openai.com", false), ("https://a.eu.api.openai.com", false), ("https://openai.com", false),
        ("http://api.openai.com/v1", false), ("https://api.openai.com:8443/v1", false),
        ("https://api.openai.com.evil.example", false), ("https://notapi.openai.com", false),
        ("https://r.openai.azure.com", false), ("https://eu-api.openai.com", false),
    ]) func openAI(text: String, expected: Bool) throws { #expect(try BaseURL(text).isOpenAI == expected) }

    @Test(arguments: [
        ("https://r.openai.azure.com/openai/v1", true), ("https://R.OpenAI.Azure.com", true),
        ("https://r.services.ai.azure.com", true), ("https://r.cognitiveservices.azure.com/openai", true),
        ("https://openai.azure.com", false), ("https://azure.com", false),
        ("https://r.openai.azure.com.evil.example", false),
        ("https://ropenai.azure.com", false), ("https://api.openai.com/v1", false), ("http://127.0.0.1", false),
    ]) func azure(text: String, expected: Bool) throws { #expect(try BaseURL(text).isAzure == expected) }

    @Test func parts() throws {
        let url = try BaseURL("HTTP://Host.Example:8080/a/b/?x=1&Y=%32")
        #expect(url.scheme == "http")
        #expect(url.host == "host.example")
        #expect(url.port == 8080)
        #expect(url.path == "/a/b")
        #expect(url.query == "x=1&Y=%32")
        #expect(url.origin == "http://host.example:8080")
        #expect(url.displayName == "host.example:8080")
        #expect(url.text == "http://host.example:8080/a/b?x=1&Y=%32")
        #expect(!url.isEncrypted)
        #expect(url.queryValue("y") == "2")
        #expect(url.queryValue("z") == nil)
        #expect(url.replacing(path: "/c/").text == "http://host.example:8080/c?x=1&Y=%32")
        #expect(BaseURL.openAI.text == "https://api.openai.com/v1")
        #expect(try BaseURL("https://h?a=&A=1").queryValue("a") == "1")
    }

    @Test(arguments: [
        ("https://h/v1", "https://h/v1", []),
        ("https://h/v1?api-version=2024-10-21", "https://h/v1?api-version=2024-10-21", []),
        ("https://h/v1?key=hunter22&x=1", "https://h/v1?key=••••&x=1", ["hunter22"]),
        ("https://h?x=1&CODE=hunter%32%32", "https://h?x=1&CODE=••••", ["hunter22"]),
        (
            "https://h?subscription-key=a&access_token=b&sig=c",
            "https://h?subscription-key=••••&access_token=••••&sig=••••", ["a", "b", "c"]
        ),
        ("https://h?key=", "https://h?key=", []), ("https://h?monkey=a", "https://h?monkey=a", []),
    ]) func credentialsOfTheQueryAreMasked(text: String, shown: String, credentials: [String]) throws {
        let url = try BaseURL(text)
        #expect("\(url)" == shown)
        #expect(url.carriesCredentials == !credentials.isEmpty)
        #expect(url.credentials.map { $0.exposed() } == credentials)
    }
}

@Suite struct CredentialTests {
    @Test(arguments: [
        ("Authorization", true), ("AUTHORIZATION", true), ("Proxy-Authorization", true), ("api-key", true),
        ("X-API-Key", true), ("x-goog-api-key", true), ("Ocp-Apim-Subscription-Key", true), ("Cookie", true),
        ("Set-Cookie", true), ("X-Auth-Token", true), ("cf-access-client-secret", true), ("apikey", true),
        ("X-Team", false), ("OpenAI-Organization", false), ("OpenAI-Project", false), ("X-Title", false),
        ("HTTP-Referer", false), ("Idempotency-Key", false), ("x-ratelimit-remaining-tokens", false),
        ("X-Monkey", false), ("Author", false), ("", false),
    ]) func headersThatAreCredentials(name: String, expected: Bool) {
        #expect(HTTPHeader(name, "x").isCredential == expected)
    }

    @Test func neverPrinted() {
        let headers = [HTTPHeader("Authorization", "Bearer hunter22"), HTTPHeader("X-Api-Key", "hunter22")]
        let endpoint = ProviderEndpoint(baseURL: "https://h", extraHeaders: headers)
        let request = HTTPRequest(method: "GET", url: "https://h", headers: headers + [HTTPHeader("X-Team", "tools")])
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(headers)", "\(endpoint)", "\(request)", String(reflecting: request), dumped] {
            #expect(!text.contains("hunter22"), "\(text)")
        }
        #expect(dumped.contains("tools"))
        #expect("\(HTTPHeader("X-Team", "tools"))" == "X-Team: tools")
        #expect("\(headers[0])" == "Authorization: ••••")
    }
}
