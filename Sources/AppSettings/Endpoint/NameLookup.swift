internal import TerminalKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks up the addresses of a host.
public enum NameLookup {
    /// Finds the addresses of a host, or says why there are none.
    public typealias Resolver = @Sendable (_ host: String) async -> Result<[String], EndpointError>

    /// Asks the system, on a thread of its own: it may take as long as the system likes.
    public static func ofSystem(_ host: String) async -> Result<[String], EndpointError> {
        await withCheckedContinuation { continuation in
            let isStarted = Thread.start { continuation.resume(returning: lookUp(host)) }
            if !isStarted { continuation.resume(returning: .failure(EndpointError("no thread is left"))) }
        }
    }

    private static func lookUp(_ host: String) -> Result<[String], EndpointError> {
        var bare = host
        if bare.hasPrefix("["), bare.hasSuffix("]") { bare = String(bare.dropFirst().dropLast()) }
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(bare, nil, nil, &list)
        guard code == 0 else { return .failure(EndpointError(String(cString: gai_strerror(code)))) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var entry = list
        while let current = entry {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let found = getnameinfo(
                current.pointee.ai_addr, current.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                NI_NUMERICHOST)
            let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if found == 0, !addresses.contains(address) { addresses.append(address) }
            entry = current.pointee.ai_next
        }
        return .success(addresses)
    }
}
