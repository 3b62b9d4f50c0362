import ProviderCore

/// Why no endpoint can be used. The message says what to do.
public struct EndpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let message: String
    /// Whether an argument is at fault (exit code 64), not settings or environment (78).
    public let isUsage: Bool
    /// The message.
    public var description: String { message }

    /// An error.
    public init(_ message: String, isUsage: Bool = false) {
        self.message = message
        self.isUsage = isUsage
    }

    /// The error of a text that is no base URL.
    init(_ error: BaseURLError) {
        let advice = error.reason == .credentials ? "; name a key by OPENAI_API_KEY or a profile" : ""
        self.init("\(quoted(error.given)) is no base URL: \(error)\(advice)")
    }
}
