#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A numeric address that stands where a URL has its host.
struct IPAddress: Sendable, Hashable {
    /// Four or sixteen bytes, in network order.
    private let bytes: [UInt8]

    /// `127.0.0.1` or `[::1]`; nil for anything else, also for the short and octal spellings that resolvers accept.
    init?(host: String) {
        if host.hasPrefix("["), host.hasSuffix("]") {
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else { return nil }
            bytes = withUnsafeBytes(of: address) { Array($0) }
        } else {
            var address = in_addr()
            guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
            bytes = withUnsafeBytes(of: address) { Array($0) }
        }
    }

    /// The shortest spelling, in brackets when it is an IPv6 address.
    var host: String {
        let isOld = bytes.count == 4
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isOld ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        let spelt = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return isOld ? spelt : "[\(spelt)]"
    }

    /// 127.0.0.0/8, also as `::ffff:127.0.0.1`, and ::1.
    var isLoopback: Bool {
        if bytes.count == 4 { return bytes[0] == 127 }
        if bytes.starts(with: Self.mappedPrefix) { return bytes[12] == 127 }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    private static let mappedPrefix: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
}
