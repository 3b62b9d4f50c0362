#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
}

/// A base URL, taken apart far enough to know whose it is.
struct EndpointURL: Sendable, Hashable {
    /// OpenAI's own.
    static let openAI = "https://api.openai.com/v1"

    /// The URL as given, without white space around it and slashes at its end.
    let text: String
    /// `http` or `https`.
    let scheme: String
    /// The host in lower case; an IPv6 address in brackets.
    let host: String
    /// The port, the scheme's own when none is given.
    let port: Int

    /// Scheme, host and port: what a key belongs to.
    var origin: String { "\(scheme)://\(host):\(port)" }
    /// Host, and port unless it is the scheme's own.
    var displayName: String { port == Self.standardPort(scheme) ? host : "\(host):\(port)" }
    /// Whether the server is OpenAI's.
    var isOpenAI: Bool {
        scheme == "https" && port == 443 && (host == "api.openai.com" || host.hasSuffix(".api.openai.com"))
    }

    /// Whether the server is on this machine: `localhost`, 127.0.0.0/8, ::1.
    var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        var six = in6_addr()
        guard host.hasPrefix("["), inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &six) == 1 else {
            return false
        }
        return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }

    /// Takes a URL apart. Throws `EndpointError` when it is no http or https URL with a host, or carries a password or a
    /// fragment.
    init(_ given: String) throws(EndpointError) {
        var scalars = given.unicodeScalars[...]
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        scalars = scalars.drop { $0.properties.isWhitespace }
        var text = String(scalars)
        func wrong(_ why: String) -> EndpointError { EndpointError("\(quoted(text)) is no base URL: \(why)") }
        guard !text.isEmpty else { throw wrong("it is empty") }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            throw wrong("it holds blanks, control or non-ASCII characters")
        }
        guard let mark = text.firstRange(of: "://"), ["http", "https"].contains(text[..<mark.lowerBound].lowercased())
        else {
            throw wrong("it does not begin with http:// or https://, as in http://localhost:11434/v1")
        }
        scheme = text[..<mark.lowerBound].lowercased()
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !rest.contains("#") else { throw wrong("it has a fragment (#)") }
        guard !authority.contains("@") else {
            text = "\(scheme)://…"
            throw wrong("it holds a user name or password; name a key by OPENAI_API_KEY or a profile")
        }
        (host, port) = try Self.hostAndPort(authority, standard: Self.standardPort(scheme), wrong)
        while text.hasSuffix("/"), !text.contains("?") { text.removeLast() }
        self.text = text
    }

    private static func standardPort(_ scheme: String) -> Int { scheme == "https" ? 443 : 80 }

    private static func hostAndPort(
        _ authority: Substring, standard: Int, _ wrong: (String) -> EndpointError
    ) throws(EndpointError) -> (String, Int) {
        let isBracketed = authority.hasPrefix("[")
        let end =
            isBracketed ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        let host = authority[..<(end ?? authority.endIndex)]
        let tail = authority[(end ?? authority.endIndex)...]
        let isHost =
            isBracketed
            ? end != nil && host.count > 2
                && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || ":.".contains($0) }
            : !host.isEmpty && host.allSatisfy { $0.isLetter || $0.isNumber || "-._".contains($0) }
        guard isHost else { throw wrong("it has no host, or one that cannot be") }
        guard !tail.isEmpty else { return (host.lowercased(), standard) }
        guard tail.hasPrefix(":"), tail.dropFirst().allSatisfy(\.isNumber), let port = Int(tail.dropFirst()),
            (1...65_535).contains(port)
        else { throw wrong("its port is no number from 1 to 65535") }
        return (host.lowercased(), port)
    }
}
