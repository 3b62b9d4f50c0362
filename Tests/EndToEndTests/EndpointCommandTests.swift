import Foundation
import TestSupport
import Testing

/// Where requests of the built program go, and what goes with them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EndpointCommandTests {
    private static func answer(_ body: String, status: String = "200 OK", _ headers: String = "") -> [LoopbackStep] {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\(headers)\r\n"
        return [.text(head + body), .close]
    }

    private func server(_ steps: [LoopbackStep]) throws -> LoopbackServer {
        try #require(LoopbackServer { _, _ in steps })
    }

    /// A settings file that goes away with the test.
    private func withSettings<Value>(_ text: String, _ work: (String) async throws -> Value) async throws -> Value {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).toml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await work(file.path)
    }

    private static let chat = #"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}"#
    private static let ask = ["ask", "--no-stream", "-m", "m", "hello"]

    @Test func keysAndHeadersStayAtTheirOrigin() async throws {
        let (own, other) = try (server(Self.answer(Self.chat)), server(Self.answer(Self.chat)))
        let settings = """
            [profiles.own]
            base_url = "\(own.url)/v1"
            key_env = "OWN_KEY"
            organization = "org-own"
            headers = { "X-Secret" = "hunter22-header" }
            """
        let environment = [
            "OWN_KEY": "hunter22-own", "OPENAI_API_KEY": "hunter22-environment", "OPENAI_ORG_ID": "org-env",
        ]
        try await withSettings(settings) { file in
            let profile = ["--config", file, "--profile", "own"]
            let elsewhere = ["--base-url", other.url + "/v1"]
            for arguments in [profile, profile + elsewhere, elsewhere] {
                let result = try await Program.run(Self.ask + arguments, environment)
                #expect(result.code == 0, "\(result.errors)")
            }
        }
        let request = try #require(own.journal.log.requests.first)
        #expect(request.header("authorization") == "Bearer hunter22-own")
        #expect(request.header("x-secret") == "hunter22-header")
        #expect(request.header("openai-organization") == "org-own")
        #expect(other.journal.log.requests.count == 2)
        for request in other.journal.log.requests {
            #expect(!request.head.contains("hunter22"))
            #expect(!request.head.contains("org-"))
            #expect(!String(decoding: request.body, as: UTF8.self).contains("hunter22"))
        }
    }

    @Test func nothingFollowsARedirect() async throws {
        let target = try server(Self.answer(Self.chat))
        for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
            let source = try server(Self.answer("", status: status, "Location: \(target.url)/v1?k=hunter22-key\r\n"))
            let environment = ["OPENAI_BASE_URL": source.url + "/v1", "OPENAI_API_KEY": "hunter22-key"]
            let result = try await Program.run(Self.ask, environment)
            #expect(result.code == 76)
            #expect(result.errors.contains(target.url))
            #expect(!result.errors.contains("hunter22"))
        }
        #expect(target.journal.log.connections == 0)
    }

    @Test func azureDeploymentsGetTheirURLsAndTheirHeader() async throws {
        let azure = try server(Self.answer(Self.chat))
        let settings = """
            [profiles.azure]
            base_url = "\(azure.url)"
            key_env = "AZURE_KEY"
            auth = "api-key"
            api_version = "2024-10-21"
            """
        try await withSettings(settings) { file in
            let result = try await Program.run(
                Self.ask + ["--config", file, "--profile", "azure"], ["AZURE_KEY": "0123456789abcdef"])
            #expect(result.code == 0, "\(result.errors)")
        }
        let request = try #require(azure.journal.log.requests.first)
        #expect(request.line == "POST /openai/deployments/m/chat/completions?api-version=2024-10-21 HTTP/1.1")
        #expect(request.header("api-key") == "0123456789abcdef")
        #expect(request.header("authorization") == nil)
    }

    @Test func remoteModelsTellTheirEnd() async throws {
        let list = """
            {"data":[{"id":"new-model","shutdown_date":"2031-01-02","max_model_len":4096},{"id":"gpt-4o"},
            {"id":"azure-model","deprecation":{"inference":1709284527}}]}
            """
        let server = try server(Self.answer(list))
        let environment = ["OPENAI_BASE_URL": server.url + "/v1"]
        let table = try await Program.run(["models", "--remote"], environment).output.split(separator: "\n")
        #expect(table.first?.hasSuffix("STATUS") == true)
        #expect(table.contains { $0.hasPrefix("new-model") && $0.hasSuffix("not in the catalog until 2031-01-02") })
        #expect(table.contains { $0.hasPrefix("azure-model") && $0.hasSuffix("until 2024-03-01") })
        let text = try await Program.run(["models", "--remote", "-o", "json"], environment).output
        let models = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(models.map { $0["id"] as? String } == ["new-model", "gpt-4o", "azure-model"])
        #expect(models.first?["shutdown_date"] as? String == "2031-01-02")
        #expect(models.first?["context_window"] as? Int == 4096)
        #expect(models.first?["supports"] is NSNull)
        #expect(Set(models.map(\.keys.count)) == [8])
    }

    /// The server never answers: which limit ends the wait, and in whose words.
    @Test(arguments: [
        ("first_byte_timeout = 0.05", [], "50 ms"),
        ("first_byte_timeout = 3600", ["--first-byte-timeout", "0.06"], "60 ms"),
        ("timeout = 0.05\nfirst_byte_timeout = 3600", [], "50 ms"),
        ("timeout = 3600", ["--timeout", "0.06"], "60 ms"),
    ])
    func argumentsBeatTheProfilesLimits(limits: String, arguments: [String], words: String) async throws {
        let server = try server([.awaitClose])
        let settings = "[profiles.p]\nbase_url = \"\(server.url)/v1\"\n\(limits)\n"
        try await withSettings(settings) { file in
            let result = try await Program.run(Self.ask + ["--config", file, "--profile", "p"] + arguments)
            #expect(result.code == 69)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    @Test func mistakesOfTheSettingsHaveTheirLine() async throws {
        try await withSettings("[profiles.p]\nproject = \"a\\nhunter22\"\n") { file in
            let result = try await Program.run(Self.ask + ["--config", file, "--profile", "p"])
            #expect(result.code == 78)
            #expect(result.errors.contains("\(file):2:1: project holds a control character"), "\(result.errors)")
            #expect(!result.errors.contains("hunter22"))
        }
    }

    /// What the settings name has to be there.
    @Test(arguments: [
        ("default_profile = \"x\"", 78, "default_profile names \"x\", and there is no [profiles.x]"),
        ("theme = \"nosuch\"", 78, "there is no theme \"nosuch\""),
        ("theme = \"dark\"\ndefault_profile = \"x\"\n[profiles.x]\nbase_url = \"http://127.0.0.1:9\"", 0, "ok"),
    ]) func configCheckLooksAtNames(settings: String, code: Int32, words: String) async throws {
        let result = try await withSettings(settings) { try await Program.run(["config", "check", "--config", $0]) }
        #expect(result.code == code)
        #expect((result.output + result.errors).contains(words), "\(result.output)\(result.errors)")
    }

    /// A server that was busy for a moment is asked for its models again.
    @Test func theFirstModelIsAskedForAgain() async throws {
        let server = try #require(
            LoopbackServer { number, request in
                guard number > 0 else { return Self.answer("{}", status: "503 Busy", "retry-after-ms: 1\r\n") }
                return Self.answer(number == 1 ? #"{"data":[{"id":"only"}]}"# : Self.chat)
            })
        let result = try await Program.run(["ask", "--no-stream", "--base-url", server.url + "/v1", "hello"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "hi")
    }
}
