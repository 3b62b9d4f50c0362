import AppSettings
import ArgumentParser
import Logging
import ProviderCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much is logged.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

/// Writes log lines to a file: time, level, message, metadata. Nothing is logged unless a file is named.
struct LogFile: LogHandler {
    private let descriptor: Int32
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    /// Opens the file for appending, readable by its owner only.
    init(path: String, level: Logger.Level) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        logLevel = level
        guard descriptor >= 0 else {
            throw Failure("--log-file \(path): \(String(cString: strerror(errno)))", code: Exit.storage)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(Self.timestamp()) \(event.level) \(event.message)\(pairs)".replacing("\n", with: " ")
        _ = Terminal.write((line + "\n").utf8, to: descriptor)
    }

    private static func timestamp() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    /// The provider, logged when a log file is asked for.
    static func wrap(
        _ provider: any AIProvider, global: GlobalOptions, settings: Settings, endpoint: ResolvedEndpoint
    ) throws -> any AIProvider {
        guard let path = global.logFile else { return provider }
        let handler = try LogFile(
            path: path, level: (global.logLevel ?? LogLevel(rawValue: settings.logLevel) ?? .info).level)
        var logger = Logger(label: "tickertape") { _ in handler }
        logger[metadataKey: "endpoint"] = "\(endpoint.shownURL)"
        return LoggedProvider(provider: provider, logger: logger)
    }
}

/// A provider whose requests are logged: model, duration to the headers, error. Never texts, never keys.
struct LoggedProvider: AIProvider {
    let provider: any AIProvider
    let logger: Logger

    var id: ProviderID { provider.id }

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        try await logged("stream", request.model) { try await provider.stream(request) }
    }

    func models() async throws -> [ModelListing] {
        try await logged("models", "") { try await provider.models() }
    }

    private func logged<Value>(_ what: String, _ model: String, _ work: () async throws -> Value) async throws -> Value
    {
        let start = ContinuousClock.now
        do {
            let value = try await work()
            logger.info("request accepted", metadata: metadata(what, model, since: start))
            return value
        } catch {
            var metadata = metadata(what, model, since: start)
            if let error = error as? ProviderError {
                metadata["error"] = "\(error.kind.rawValue)"
                metadata["status"] = "\(error.status.map(String.init) ?? "none")"
                metadata["request_id"] = "\(error.requestID ?? "none")"
            }
            logger.warning("request failed", metadata: metadata)
            throw error
        }
    }

    private func metadata(_ what: String, _ model: String, since start: ContinuousClock.Instant) -> Logger.Metadata {
        ["request": "\(what)", "model": "\(model)", "ms": "\(Int((ContinuousClock.now - start).milliseconds))"]
    }
}
