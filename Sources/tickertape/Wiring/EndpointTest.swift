import AppSettings
import AppUI
import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tries endpoints that are being set up.
struct EndpointTest {
    let wiring: Wiring

    /// A pasted key is handed to the resolver under this name: it stands in no file while it is tried.
    private static let pastedVariable = "TICKERTAPE_PASTED_KEY"

    /// Takes the steps and tells each.
    func check(_ draft: EndpointDraft, id: Int, send: @escaping @Sendable (ConfigurationEvent) -> Void) async {
        func tell(_ step: EndpointStep, _ outcome: EndpointOutcome) { send(.endpointStep(id: id, step, outcome)) }
        func fail(_ message: String, _ fix: String, at failed: EndpointStep = .name) {
            for step in EndpointStep.allCases {
                tell(step, step == failed ? .failed(message, fix: fix) : .skipped("not tried"))
            }
        }
        if let variable = draft.unsetVariable(in: ProcessInfo.processInfo.environment) {
            return fail(
                "\(variable) is not set", "set it where tickertape is started, or take another source", at: .key)
        }
        tell(.name, .running)
        do {
            let ledger = wiring.isDemo ? LedgerChoice.ledger(isDemo: false) : wiring.ledger
            let (check, endpoint) = try prepared(draft, ledger)
            for warning in endpoint.warnings { tell(.name, .passed(warning)) }
            var open = EndpointStep.allCases
            await check.run { report in
                guard let step = EndpointStep(rawValue: report.step.rawValue) else { return }
                if !report.models.isEmpty { send(.endpointModels(id: id, report.models.map(\.id))) }
                tell(step, report.shown)
                open.removeAll { $0 == step }
                if report.outcome != .failed, let next = open.first { tell(next, .running) }
            }
            for step in open where !Task.isCancelled { tell(step, .skipped("not tried")) }
            if wiring.isDemo { try await ledger.flush() }
        } catch {
            fail("\(error)", "look at the address and at where the key comes from")
        }
    }

    /// A check of the endpoint as it would be after saving, booked in the ledger like every request.
    private func prepared(_ draft: EndpointDraft, _ ledger: any UsageLedger) throws -> (EndpointCheck, ResolvedEndpoint)
    {
        var environment = ProcessInfo.processInfo.environment
        var edit = try TOMLEdit("")
        var key = draft.key
        if case .pasted(let secret) = key {
            environment[Self.pastedVariable] = secret.exposed()
            key = .environment(Self.pastedVariable)
        }
        try draft.write(into: &edit, key: key)
        let settings = try Settings.parse(edit.text).settings
        let resolver = EndpointResolver(environment: environment, settings: settings)
        let endpoint: ResolvedEndpoint
        switch try resolver.resolve(baseURL: nil, profile: draft.name, demo: false) {
        case .endpoint(let found): endpoint = found
        case .noKey(let message): throw EndpointError(message)
        case .demo: throw EndpointError("the demo is no endpoint")
        }
        let provider = try wiring.booked(endpoint, in: ledger)
        let usesProxy = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"].contains {
            environment[$0].map { !$0.isEmpty } ?? false
        }
        let check = EndpointCheck(
            url: try BaseURL(endpoint.baseURL), provider: provider, key: endpoint.key,
            model: endpoint.defaultModel ?? (endpoint.isOpenAI ? ModelCatalog.defaultModelID : nil),
            caps: wiring.settings.caps, usesProxy: usesProxy && !endpoint.isLoopback)
        return (check, endpoint)
    }
}

extension EndpointCheck.Report {
    /// The report as the form shows it.
    fileprivate var shown: EndpointOutcome {
        switch outcome {
        case .ok: .passed(detail)
        // Without a list of models the address may be wrong.
        case .warning where step == .models: .warned(detail, fix: advice ?? "")
        case .warning: .passed(detail + (advice.map { "; " + $0 } ?? ""))
        case .failed: .failed(detail, fix: advice ?? "")
        case .skipped: .skipped(detail)
        }
    }
}
