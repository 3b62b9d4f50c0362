/// Why a text is no base URL.
public struct BaseURLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Reason: Sendable, Hashable, CaseIterable {
        /// Nothing but white space.
        case empty
        /// A blank, a control character or one beyond ASCII.
        case characters
        /// Neither `http://` nor `https://` at its beginning.
        case scheme
        /// A `#`.
        case fragment
        /// A user name or password before the host.
        case credentials
        /// No host, or one that cannot be.
        case host
        /// A port that is no number from 1 to 65535.
        case port
    }

    /// What is wrong with it.
    public let reason: Reason
    /// What was given, as far as it may be shown: never a user name or password, a query or a fragment. Not gated.
    public let given: String

    init(_ reason: Reason, given: String) {
        self.reason = reason
        let scheme = given.firstRange(of: "://").map { String(given[..<$0.upperBound]) } ?? ""
        let open = given.prefix { $0 != "?" && $0 != "#" }
        self.given = given.contains("@") ? scheme + "…" : open + (open.endIndex == given.endIndex ? "" : "…")
    }

    /// The reason in words, as the end of a sentence; does not repeat what was given.
    public var description: String {
        switch reason {
        case .empty: "it is empty"
        case .characters: "it holds blanks, control or non-ASCII characters"
        case .scheme: "it does not begin with http:// or https://, as in http://localhost:11434/v1"
        case .fragment: "it has a fragment (#)"
        case .credentials: "it holds a user name or password"
        case .host: "it has no host, or one that cannot be"
        case .port: "its port is no number from 1 to 65535"
        }
    }
}

extension BaseURL {
    /// Takes a URL apart; white space around it is trimmed. Throws `BaseURLError`, whose words repeat nothing secret.
    public init(_ given: String) throws(BaseURLError) {
        let text = Self.trimmed(given)
        func wrong(_ reason: BaseURLError.Reason) -> BaseURLError { BaseURLError(reason, given: text) }
        guard !text.isEmpty else { throw wrong(.empty) }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw wrong(.characters) }
        guard let mark = text.firstRange(of: "://") else { throw wrong(.scheme) }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw wrong(.scheme) }
        let rest = text[mark.upperBound...]
        guard !rest.contains("#") else { throw wrong(.fragment) }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw wrong(.credentials) }
        let (name, tail) = Self.split(authority)
        guard let host = Self.host(name) else { throw wrong(.host) }
        guard let port = tail.isEmpty ? Self.standardPort(scheme) : Self.port(tail) else { throw wrong(.port) }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.init(
            scheme: scheme, host: host, port: port, path: Self.withoutTrailingSlashes(path),
            query: String(target[path.endIndex...].dropFirst()))
    }

    private static func trimmed(_ given: String) -> String {
        var scalars = given.unicodeScalars.drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// The host, and the colon and port behind it.
    private static func split(_ authority: Substring) -> (host: Substring, tail: Substring) {
        let end =
            authority.hasPrefix("[")
            ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        return (authority[..<(end ?? authority.endIndex)], authority[(end ?? authority.endIndex)...])
    }

    /// The host in its one spelling; nil when it cannot be one.
    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), let address = IPAddress(host: String(text)) else { return nil }
            return address.host
        }
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)
        // One dot at the end is the root of all names.
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        let areLabels = labels.allSatisfy { label in
            !label.isEmpty && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        }
        return areLabels ? text.lowercased() : nil
    }

    private static func port(_ tail: Substring) -> Int? {
        let digits = tail.dropFirst()
        guard tail.first == ":", digits.allSatisfy(\.isNumber), let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
