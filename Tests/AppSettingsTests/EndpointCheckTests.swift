import AppSettings
import ProviderCore
import TestSupport
import Testing

@Suite struct EndpointCheckTests {
    /// An endpoint that answers as told.
    private struct Endpoint: AIProvider {
        var id: ProviderID { "test" }
        var list: Result<[ModelListing], ProviderError> = .success([ModelListing(id: "m-1"), ModelListing(id: "m-2")])
        var events: [StreamEvent] = [
            .textDelta("OK", choice: 0), .usage(TokenUsage(inputTokens: 3, outputTokens: 1)),
            .finished(.stop, choice: 0),
        ]
        var failure: ProviderError?

        func stream(_ request: ChatRequest) async throws -> ChatStream {
            if let failure { throw failure }
            return try await ScriptedProvider([.answer([.events(events)])]).stream(request)
        }

        func models() async throws -> [ModelListing] { try list.get() }
    }

    private static let secret = "sk-0123456789abcdef"

    private func steps(
        _ endpoint: Endpoint, url: String = "https://api.example/v1", model: String? = nil, isFound: Bool = true,
        hasKey: Bool = true
    ) async throws -> [String] {
        let check = EndpointCheck(
            url: try BaseURL(url), provider: endpoint, key: hasKey ? Secret(Self.secret) : nil, model: model,
            resolve: { _ in isFound ? .success(["192.0.2.1"]) : .failure(EndpointError("unknown host")) })
        let told = Told()
        let reports = await check.run { await told.add($0) }
        #expect(await told.reports == reports)
        #expect(reports.map(\.step).count == Set(reports.map(\.step)).count)
        #expect(reports.allSatisfy { !$0.detail.contains(Self.secret) && $0.advice?.contains(Self.secret) != true })
        #expect(reports.allSatisfy { $0.outcome != .failed || $0.kind != nil })
        return reports.map { "\($0.step) \($0.outcome)" }
    }

    private actor Told {
        var reports: [EndpointCheck.Report] = []
        func add(_ report: EndpointCheck.Report) { reports.append(report) }
    }

    @Test func allIsWell() async throws {
        #expect(try await steps(Endpoint()) == ["name ok", "connection ok", "key ok", "models ok", "stream ok"])
    }

    @Test func aNameThatIsNotFound() async throws {
        #expect(
            try await steps(Endpoint(), isFound: false) == [
                "name failed", "connection skipped", "key skipped", "models skipped", "stream skipped",
            ])
    }

    @Test func noConnection() async throws {
        let refused = ProviderError(kind: .connection, message: "connection refused by api.example")
        #expect(
            try await steps(Endpoint(list: .failure(refused))) == [
                "name ok", "connection failed", "key skipped", "models skipped", "stream skipped",
            ])
    }

    @Test func aKeyThatIsNotTaken() async throws {
        let wrong = ProviderError(kind: .authentication, status: 401, message: "Incorrect API key: \(Self.secret)")
        #expect(
            try await steps(Endpoint(list: .failure(wrong))) == [
                "name ok", "connection ok", "key failed", "models skipped", "stream skipped",
            ])
    }

    @Test func noListOfModels() async throws {
        let none = ProviderError(kind: .notFound, status: 404, message: "no such path")
        #expect(
            try await steps(Endpoint(list: .failure(none)), model: "m") == [
                "name ok", "connection ok", "models warning", "key ok", "stream ok",
            ])
        #expect(
            try await steps(Endpoint(list: .failure(none))) == [
                "name ok", "connection ok", "models warning", "stream skipped",
            ])
    }

    @Test(arguments: [
        (ProviderError.Kind.notFound, "stream failed"), (.rateLimited, "stream warning"),
        (.quotaExceeded, "stream warning"),
        (.server, "stream failed"), (.budgetExceeded, "stream warning"),
    ])
    func whatTheStreamSays(kind: ProviderError.Kind, last: String) async throws {
        let failure = ProviderError(kind: kind, status: 400, message: "no")
        #expect(try await steps(Endpoint(failure: failure)).last == last)
    }

    @Test func answersWithoutCountsOrContent() async throws {
        let bare = Endpoint(events: [.textDelta("OK", choice: 0), .finished(.stop, choice: 0)])
        #expect(try await steps(bare).last == "stream warning")
        #expect(try await steps(Endpoint(events: [])).last == "stream failed")
    }

    @Test func loopbackNeedsNoKey() async throws {
        #expect(try await steps(Endpoint(), url: "http://127.0.0.1:11434/v1", hasKey: false).contains("key ok"))
    }

    @Test func theSystemKnowsThisMachine() async throws {
        #expect(try await NameLookup.ofSystem("127.0.0.1").get() == ["127.0.0.1"])
        #expect(try await NameLookup.ofSystem("[::1]").get() == ["::1"])
        guard case .failure = await NameLookup.ofSystem("no such host.invalid") else { return #expect(Bool(false)) }
    }

    @Test(arguments: [("https://api.example", true), ("https://api.example/v1", false)])
    func anAddressWithoutAPathIsAskedAbout(url: String, isAsked: Bool) async throws {
        let none = ProviderError(kind: .notFound, status: 404, message: "There is nothing at GET /models")
        let check = EndpointCheck(
            url: try BaseURL(url), provider: Endpoint(list: .failure(none)), key: nil, model: "m",
            resolve: { _ in .success(["192.0.2.1"]) })
        let report = await check.run().first { $0.step == .models }
        #expect(report?.outcome == .warning)
        #expect((report?.advice?.contains("/v1") ?? false) == isAsked, "\(report?.advice ?? "")")
    }
}
