#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the environment says about proxies and trust.
struct TransportEnvironment: Sendable {
    /// Proxy for https URLs.
    let secureProxy: String?
    /// Proxy for http URLs.
    let plainProxy: String?
    /// Hosts that are reached directly, in libcurl's notation.
    let direct: String?
    /// File of trusted certificates (PEM).
    let certificateFile: String?
    /// Folder of trusted certificates.
    let certificateFolder: String?

    init(_ variables: [String: String]) {
        func first(_ names: String...) -> String? {
            names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
        }
        let any = first("all_proxy", "ALL_PROXY")
        secureProxy = first("https_proxy", "HTTPS_PROXY") ?? any
        // Under CGI a "Proxy:" header of a stranger's request arrives as HTTP_PROXY.
        let isCGI = first("REQUEST_METHOD") != nil
        plainProxy = (isCGI ? first("http_proxy") : first("http_proxy", "HTTP_PROXY")) ?? any
        direct = first("no_proxy", "NO_PROXY")
        certificateFile = first("SSL_CERT_FILE")
        certificateFolder = first("SSL_CERT_DIR")
    }

    /// The variables of this process.
    static func ofProcess() -> TransportEnvironment {
        let names = [
            "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY",
            "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUEST_METHOD",
        ]
        var variables: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return TransportEnvironment(variables)
    }

    /// The proxy of a URL; nil = go there directly. Loopback hosts never go through a proxy.
    func proxy(scheme: String, host: String) -> String? {
        if isLoopback(host) { return nil }
        return scheme == "https" ? secureProxy : plainProxy
    }
}

/// Whether a host, as a URL writes it, needs no look-up: an address of either family, or `localhost`, which libcurl knows.
func isAddress(_ host: String) -> Bool {
    var four = in_addr()
    return host.hasPrefix("[") || host.lowercased() == "localhost" || inet_pton(AF_INET, host, &four) == 1
}

/// Whether a host, as a URL writes it, is this machine: `localhost`, 127.0.0.0/8, `::1`.
func isLoopback(_ host: String) -> Bool {
    var name = host.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    if name == "localhost" || name.hasSuffix(".localhost") { return true }
    var four = in_addr()
    if inet_pton(AF_INET, name, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
    var six = in6_addr()
    guard inet_pton(AF_INET6, name, &six) == 1 else { return false }
    let bytes = withUnsafeBytes(of: six) { Array($0) }
    let loopback: [UInt8] = Array(repeating: 0, count: 15) + [1]
    let mapped: [UInt8] = Array(repeating: 0, count: 10) + [255, 255, 127]
    return bytes == loopback || bytes.starts(with: mapped)
}
