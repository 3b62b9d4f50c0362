import ProviderCore

/// Names close to a mistyped one.
enum NearName {
    /// The candidates at the smallest edit distance, if that is small for the length of the name; sorted, at most three.
    static func candidates(for name: String, among names: some Sequence<String>) -> [String] {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
        let limit = max(1, min(3, wanted.count / 3))
        var best = limit + 1
        var found: [String] = []
        for candidate in names {
            let distance = EditDistance.between(wanted, Array(candidate.lowercased().unicodeScalars.prefix(64)))
            guard distance <= limit, distance <= best else { continue }
            if distance < best { found = [] }
            best = distance
            found.append(candidate)
        }
        return Array(found.sorted().prefix(3))
    }

    /// `, did you mean X?`, or nothing when no name is close.
    static func hint(for name: String, among names: some Sequence<String>) -> String {
        let close = candidates(for: name, among: names)
        return close.isEmpty ? "" : ", did you mean \(close.joined(separator: " or "))?"
    }
}
