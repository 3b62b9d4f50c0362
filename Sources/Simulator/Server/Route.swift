/// Where a request goes.
struct Route: Equatable {
    enum Place: Equatable {
        case chat
        case responses
        case response(String)
        case cancellation(String)
        case models
        case model(String)
        case nowhere
    }

    /// The path as it came, without the query.
    var path: String
    var place: Place
    var query: [String: String]
    /// One of Azure's paths that need an `api-version`.
    var isVersioned = false
    /// The deployment that Azure's path names.
    var deployment: String?

    /// - Parameter target: path and query.
    init(_ target: String) {
        path = String(target.prefix { $0 != "?" })
        query = Self.query(target.dropFirst(path.count + 1))
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(Self.decoded)
        if parts.starts(with: ["openai", "v1"]) { parts.removeFirst() }
        if parts.first == "v1" {
            place = Self.place(parts.dropFirst().map { $0 })
        } else if parts.first == "openai" {
            isVersioned = true
            place = .nowhere
            parts.removeFirst()
            if parts.count == 4, parts[0] == "deployments", parts[2...] == ["chat", "completions"] {
                (place, deployment) = (.chat, parts[1])
            } else if parts.first == "models" {
                place = Self.place(parts)
            }
        } else {
            place = .nowhere
        }
    }

    private static func place(_ parts: [String]) -> Place {
        switch (parts.first, parts.count) {
        case ("chat", 2) where parts[1] == "completions": .chat
        case ("responses", 1): .responses
        case ("responses", 2) where !parts[1].isEmpty: .response(parts[1])
        case ("responses", 3) where parts[2] == "cancel": .cancellation(parts[1])
        case ("models", 1): .models
        // An id may have slashes, escaped or not.
        case ("models", 2...): .model(parts.dropFirst().joined(separator: "/"))
        default: .nowhere
        }
    }

    private static func query(_ text: some StringProtocol) -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[decoded(parts[0])] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        return query
    }

    /// The text without its percent escapes; what is no escape stays.
    private static func decoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(0x25) else { return String(text) }
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == 0x25, position + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[position + 1...position + 2], as: UTF8.self), radix: 16)
            {
                plain.append(byte)
                position += 3
            } else {
                plain.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
