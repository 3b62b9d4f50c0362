import AppSettings
import AppUI
import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tries endpoints that are being set up, and writes them into the settings file.
struct EndpointFiles {
    let global: GlobalOptions
    let wiring: Wiring

    /// A pasted key is handed to the resolver under this name: it stands in no file while it is tried.
    private static let pastedVariable = "TICKERTAPE_PASTED_KEY"

    static var workingFolder: String { FileManager.default.currentDirectoryPath }

    private var file: String? { global.config ?? Wiring.paths().configFile }

    // MARK: Trying

    /// Takes the steps and tells each.
    func check(_ draft: EndpointDraft, id: Int, send: @escaping @Sendable (ConfigurationEvent) -> Void) async {
        func tell(_ step: EndpointStep, _ outcome: EndpointOutcome) { send(.endpointStep(id: id, step, outcome)) }
        func fail(_ message: String, _ fix: String) {
            tell(.name, .failed(message, fix: fix))
            for step in EndpointStep.allCases.dropFirst() { tell(step, .skipped("not tried")) }
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
        try Self.write(draft, into: &edit, keyFile: nil)
        if case .pasted(let secret) = draft.key { environment[Self.pastedVariable] = secret.exposed() }
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

    // MARK: Saving

    /// Writes the profile, and before it the pasted key into a file that only its owner can read.
    func save(_ draft: EndpointDraft, replaces: Bool) -> SaveOutcome {
        guard let file else { return .failed("there is no folder for settings") }
        do {
            let snapshot = try FileSnapshot(file)
            var edit = try TOMLEdit(snapshot.text, file: file)
            guard replaces || !edit.contains(["profiles", draft.name]) else { return .exists }
            let keyFile = try saveKey(draft, beside: file, replaces: replaces)
            try Self.write(draft, into: &edit, keyFile: keyFile)
            _ = try Settings.parse(edit.text, file: file)
            try snapshot.replace(with: edit.text)
            let key = keyFile.map { ", its key in \($0)" } ?? ""
            return .saved("[profiles.\(draft.name)] is in \(file)\(key). Use it: tickertape --profile \(draft.name)")
        } catch {
            return .failed("\(error)")
        }
    }

    /// The file of a pasted key; nil when none was pasted.
    private func saveKey(_ draft: EndpointDraft, beside file: String, replaces: Bool) throws -> String? {
        guard case .pasted(let secret) = draft.key else { return nil }
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let path = (folder.isEmpty ? Self.workingFolder : folder) + "/\(draft.name).key"
        let snapshot = try FileSnapshot(path)
        guard replaces || !snapshot.exists else {
            throw EndpointError("\(path) is there already; name the profile otherwise, or choose this file")
        }
        // A file that is there keeps its rights, which may be too wide: it is made anew.
        if snapshot.exists { try FileManager.default.removeItem(atPath: path) }
        try FileSnapshot(path).replace(with: secret.exposed() + "\n")
        return path
    }

    private static func write(_ draft: EndpointDraft, into edit: inout TOMLEdit, keyFile: String?) throws(FileProblem) {
        let table = ["profiles", draft.name]
        func set(_ name: String, _ value: String?) throws(FileProblem) {
            if let value, !value.isEmpty {
                try edit.set(table + [name], to: .text(value))
            } else {
                _ = try edit.remove(table + [name])
            }
        }
        var (variable, file): (String?, String?)
        var command: [String]?
        switch draft.key {
        case .none: break
        case .environment(let name): variable = name
        case .file(let path): file = path
        case .command(let line): command = line.split { $0.isWhitespace }.map(String.init)
        case .pasted: if let keyFile { file = keyFile } else { variable = pastedVariable }
        }
        try set("base_url", draft.baseURL)
        try set("key_env", variable)
        try set("key_file", file)
        try set("key_command", nil)
        if let command { try edit.set(table + ["key_command"], to: .texts(command)) }
        try set("default_model", draft.model)
    }
}

extension EndpointCheck.Report {
    /// The report as the form shows it.
    fileprivate var shown: EndpointOutcome {
        switch outcome {
        case .ok: .passed(detail)
        case .warning: .passed(detail + (advice.map { "; " + $0 } ?? ""))
        case .failed: .failed(detail, fix: advice ?? "")
        case .skipped: .skipped(detail)
        }
    }
}
