public import ProviderCore

/// Tries an endpoint step by step, as a person setting it up wants to know it: is the host found, does it answer, is the
/// key taken, which models are there, does a tiny answer stream.
///
/// The last step sends one request of a few tokens, which costs what it costs.
public struct EndpointCheck: Sendable {
    /// A step, in order.
    public enum Step: String, Sendable, Hashable, CaseIterable {
        /// The host's name has an address.
        case name
        /// A connection, encrypted where the URL says so.
        case connection
        /// The key.
        case key
        /// The list of models.
        case models
        /// A tiny streamed answer.
        case stream
    }

    /// How a step went.
    public enum Outcome: String, Sendable, Hashable {
        /// As it should be.
        case ok
        /// It works, but something should be known.
        case warning
        /// It does not work.
        case failed
        /// Not tried, as an earlier step failed or nothing is there to try.
        case skipped
    }

    /// What came of a step.
    public struct Report: Sendable, Hashable {
        /// The step.
        public var step: Step
        /// How it went.
        public var outcome: Outcome
        /// What was found, in one line.
        public var detail: String
        /// What to do; nil when there is nothing to do.
        public var advice: String?
        /// The kind of failure, where the provider told one.
        public var kind: ProviderError.Kind?
        /// The models that were listed.
        public var models: [ModelListing] = []

        init(_ step: Step, _ outcome: Outcome, _ detail: String, advice: String? = nil, kind: ProviderError.Kind? = nil)
        {
            self.step = step
            self.outcome = outcome
            self.detail = detail
            self.advice = advice
            self.kind = kind
        }
    }

    private let url: BaseURL
    private let provider: any AIProvider
    private let key: Secret?
    private let model: String?
    private let caps: [BudgetScope: SpendingCap]
    private let usesProxy: Bool
    private let resolve: NameLookup.Resolver

    /// A check. `provider` asks the endpoint, `key` is what it sends, nil = none; `model` is asked in the last step, nil = the
    /// first that the endpoint lists; `caps` is what it may cost. Behind a proxy the name is not looked up here, since the proxy does that.
    public init(
        url: BaseURL, provider: any AIProvider, key: Secret?, model: String?,
        caps: [BudgetScope: SpendingCap] = [:], usesProxy: Bool = false,
        resolve: @escaping @Sendable (_ host: String) async -> Result<[String], EndpointError> = NameLookup.ofSystem
    ) {
        self.url = url
        self.provider = provider
        self.key = key
        self.model = model
        self.caps = caps
        self.usesProxy = usesProxy
        self.resolve = resolve
    }

    /// Takes all steps and tells each as soon as it is done; every step is told, also those that are skipped. Cancelling the
    /// task ends it early. Secrets stand in no report. Returns all reports.
    @discardableResult
    public func run(_ tell: (Report) async -> Void = { _ in }) async -> [Report] {
        var reports: [Report] = []
        func done(_ report: Report) async {
            let safe = redacted(report)
            reports.append(safe)
            await tell(safe)
        }
        await done(await checkName())
        guard reports.last?.outcome != .failed else {
            await skip([.connection, .key, .models, .stream], done)
            return reports
        }
        let listed: Result<[ModelListing], ProviderError>
        do { listed = .success(try await provider.models()) } catch {
            guard let failure = Self.failure(error) else { return reports }
            listed = .failure(failure)
        }
        let list = listReports(listed)
        for report in list { await done(report) }
        guard !list.contains(where: { $0.outcome == .failed }), !Task.isCancelled else {
            await skip(Step.allCases.filter { step in !reports.contains { $0.step == step } }, done)
            return reports
        }
        let first = try? listed.get().first?.id
        for report in await streamReports(model ?? first, isKeyOpen: (try? listed.get()) == nil) { await done(report) }
        return reports
    }

    private func skip(_ steps: [Step], _ done: (Report) async -> Void) async {
        for step in steps { await done(Report(step, .skipped, "not tried")) }
    }

    private func redacted(_ report: Report) -> Report {
        var report = report
        for secret in [key].compactMap(\.self) + url.credentials {
            report.detail = secret.redacted(report.detail)
            report.advice = report.advice.map(secret.redacted)
        }
        return report
    }

    /// The provider's failure; nil when the task was cancelled.
    private static func failure(_ error: any Error) -> ProviderError? {
        if error is CancellationError { return nil }
        return error as? ProviderError ?? ProviderError(kind: .connection, message: "\(error)")
    }
}

// MARK: The steps

extension EndpointCheck {
    private func checkName() async -> Report {
        if usesProxy { return Report(.name, .ok, "\(url.host) is looked up by the proxy") }
        switch await resolve(url.host) {
        case .success(let addresses):
            return Report(.name, .ok, "\(url.host) is " + addresses.prefix(3).joined(separator: ", "))
        case .failure(let error):
            return Report(
                .name, .failed, "\(url.host) is not found: \(error.message)",
                advice: "is the name spelt right, and is this machine on the network, or the VPN, that knows it?",
                kind: .connection)
        }
    }

    /// What asking for the models says of connection, key and list.
    private func listReports(_ listed: Result<[ModelListing], ProviderError>) -> [Report] {
        let target = url.displayName + (url.isEncrypted ? ", encrypted" : ", not encrypted")
        let connected = Report(.connection, .ok, "connected to \(target)")
        switch listed {
        case .success(let models):
            var list = Report(
                .models, models.isEmpty ? .warning : .ok, models.isEmpty ? "none is listed" : Self.told(models),
                advice: models.isEmpty ? "name the model yourself: default_model in the profile" : nil)
            list.models = models
            return [connected, keyReport, list]
        case .failure(let error) where error.status == nil && error.kind != .invalidResponse:
            return [
                Report(
                    .connection, .failed, printable(error.message), advice: connectionAdvice(error), kind: error.kind)
            ]
        case .failure(let error) where error.kind == .authentication || error.kind == .permission:
            return [
                connected,
                Report(.key, .failed, printable(error.message), advice: keyAdvice, kind: error.kind),
            ]
        case .failure(let error):
            let isBare = error.status == 404 && url.path.allSatisfy { $0 == "/" }
            let advice =
                isBare
                ? "most servers have their API under /v1: is it \(printable(url.origin))/v1?"
                : "when the next step works, name the model yourself: default_model in the profile"
            return [
                connected,
                Report(.models, .warning, "no list: " + printable(error.message), advice: advice, kind: error.kind),
            ]
        }
    }

    private var keyReport: Report {
        guard let key else { return Report(.key, .ok, "none is sent, and none is asked for so far") }
        return Report(.key, .ok, "\(key) is taken")
    }

    private var keyAdvice: String {
        key == nil
            ? "give the profile a key_env, key_file or key_command, or set OPENAI_API_KEY"
            : "is it the key of this server, whole, and not withdrawn?"
    }

    private func connectionAdvice(_ error: ProviderError) -> String {
        if error.message.contains("certificate") || error.message.contains("TLS") {
            return "behind a company's proxy name its certificate file in SSL_CERT_FILE; does the URL begin rightly?"
        }
        if url.isLoopback { return "is the server started, and is \(url.port) its port?" }
        return "is the port right, and does a firewall or a proxy (HTTPS_PROXY) stand in between?"
    }

    private static func told(_ models: [ModelListing]) -> String {
        let names = models.prefix(3).map { printable($0.id) }.joined(separator: ", ")
        return "\(models.count) listed: \(names)" + (models.count > 3 ? ", …" : "")
    }

    /// What a tiny answer says; and of the key, where no list did.
    private func streamReports(_ model: String?, isKeyOpen: Bool) async -> [Report] {
        guard let model else {
            let advice = "name a model: default_model in the profile"
            return [Report(.stream, .skipped, "no model to ask", advice: advice)]
        }
        let request = ChatRequest(
            model: model, messages: [ChatMessage(.user, "Reply with the word OK.")],
            parameters: ModelParameters(maxOutputTokens: 16), accounting: Accounting(purpose: .ask, caps: caps))
        var pieces = 0
        var usage: TokenUsage?
        do {
            for try await event in try await provider.stream(request) {
                if event.isContent { pieces += 1 }
                if case .usage(let told) = event { usage = told }
            }
        } catch {
            guard let failure = Self.failure(error) else { return [] }
            return streamFailure(failure, model, isKeyOpen)
        }
        let key = isKeyOpen ? [keyReport] : []
        guard pieces > 0 else {
            return key + [Report(.stream, .failed, "\(printable(model)) answered nothing", kind: .invalidResponse)]
        }
        guard usage != nil else {
            let advice = "the server tells no token counts; they are estimated here"
            return key + [Report(.stream, .warning, "\(printable(model)) answered", advice: advice)]
        }
        return key + [Report(.stream, .ok, "\(printable(model)) answered")]
    }

    private func streamFailure(_ error: ProviderError, _ model: String, _ isKeyOpen: Bool) -> [Report] {
        let message = "\(printable(model)): " + printable(error.message)
        switch error.kind {
        case .authentication, .permission:
            return [
                Report(.key, .failed, printable(error.message), advice: keyAdvice, kind: error.kind),
                Report(.stream, .skipped, "not tried"),
            ]
        case .rateLimited, .quotaExceeded:
            let advice = error.kind == .rateLimited ? "it works; wait a little" : "the account has no credit left"
            return [Report(.stream, .warning, message, advice: advice, kind: error.kind)]
        case .budgetExceeded:
            return [
                Report(.stream, .warning, message, advice: "a cap of yours stops it; see [budget]", kind: error.kind)
            ]
        case .notFound:
            let advice = "is \(printable(model)) a model of this server, and is the path of the URL right (/v1)?"
            return [Report(.stream, .failed, message, advice: advice, kind: error.kind)]
        default:
            return [Report(.stream, .failed, message, advice: nil, kind: error.kind)]
        }
    }
}
