import AppSettings
import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The endpoint: which, with which key, and whether it answers.
struct DoctorEndpoint {
    let global: GlobalOptions
    let settings: Settings
    let environment: [String: String]

    /// Looks, and tells each line as soon as it is known.
    func run(isOffline: Bool, _ tell: (DoctorLine) -> Void) async {
        let resolution: EndpointResolution
        do {
            resolution = try EndpointResolver(environment: environment, settings: settings)
                .resolve(baseURL: nil, profile: global.profile, demo: global.demo)
        } catch {
            return tell(DoctorLine("endpoint", "settings", .failed, error.message))
        }
        switch resolution {
        case .demo: tell(DoctorLine("endpoint", "settings", .ok, "the built-in simulator; nothing is sent anywhere"))
        case .noKey(let message): return tell(DoctorLine("endpoint", "key source", .failed, message))
        case .endpoint(let endpoint):
            let name = endpoint.profile.map { "profile \($0), " } ?? ""
            tell(DoctorLine("endpoint", "settings", .ok, name + endpoint.shownURL))
            tell(source(endpoint))
            for warning in endpoint.warnings { tell(DoctorLine("endpoint", "settings", .warning, warning)) }
        }
        guard !isOffline else {
            return tell(DoctorLine("endpoint", "connection", .skipped, "--offline"))
        }
        await check(tell)
    }

    /// Where the key comes from, and its last four characters.
    private func source(_ endpoint: ResolvedEndpoint) -> DoctorLine {
        guard let key = endpoint.key else { return DoctorLine("endpoint", "key source", .ok, "no key is sent") }
        return DoctorLine("endpoint", "key source", .ok, "\(endpoint.keySource ?? "settings"), \(key)")
    }

    private func check(_ tell: (DoctorLine) -> Void) async {
        var patience = Patience()
        patience.maxAttempts = 1
        patience.timeouts = { limits in
            var limits = limits
            limits.firstByte = min(limits.firstByte ?? .seconds(30), .seconds(30))
            limits.total = min(limits.total ?? .seconds(60), .seconds(60))
            return limits
        }
        do {
            let wiring = try await Wiring(global: global, baseURL: nil, patience: patience)
            let endpoint = wiring.endpoint
            let check = EndpointCheck(
                url: try BaseURL(endpoint.baseURL), provider: wiring.provider, key: endpoint.key,
                model: endpoint.defaultModel ?? settings.defaultModel ?? wiring.knownModel, caps: settings.caps,
                usesProxy: usesProxy && !endpoint.isLoopback)
            await check.run { tell($0.line) }
            await wiring.close()
        } catch let failure as Failure {
            tell(DoctorLine("endpoint", "connection", .failed, failure.message, code: failure.code))
        } catch {
            tell(DoctorLine("endpoint", "connection", .failed, "\(error)", code: Exit.unusableEndpoint))
        }
    }

    private var usesProxy: Bool {
        ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"].contains { name in
            environment[name].map { !$0.isEmpty } ?? false
        }
    }
}
