import ProviderCore

/// Has a name looked up once when many transfers to it start together: the first one asks, the others wait for it and
/// then find the answer in libcurl's cache. Otherwise 1,000 requests would be 1,000 threads with the same question.
struct NameLookups<ID: Hashable> {
    /// What became of a look-up.
    enum Outcome {
        case found
        case failed(TransportError)
        /// Whoever asked has gone without an answer.
        case gone
    }

    /// Who waits, by the name that is being looked up.
    private var waiting: [String: [ID]] = [:]
    /// The names that are being looked up, by who asks.
    private var names: [ID: String] = [:]
    private var outcomes: [(name: String, outcome: Outcome)] = []

    /// Whether nothing is being looked up.
    var isEmpty: Bool { waiting.isEmpty }

    /// True = go and ask. False = wait: `resolve` will tell.
    mutating func join(_ id: ID, _ name: String) -> Bool {
        if waiting[name]?.append(id) != nil { return false }
        waiting[name] = []
        names[id] = name
        return true
    }

    /// Notes the end of a look-up; nothing if `id` was not the one who asked.
    mutating func end(_ id: ID, _ outcome: Outcome) {
        guard let name = names.removeValue(forKey: id) else { return }
        outcomes.append((name, outcome))
    }

    /// Who may go on now, and who fails with the one who asked for all. `isWanted` tells whether anybody still wants a
    /// transfer; to be called after all cancellations at hand, so that they do not take turns at asking.
    mutating func resolve(_ isWanted: (ID) -> Bool) -> (start: [ID], fail: [(ID, TransportError)]) {
        var start: [ID] = []
        var fail: [(ID, TransportError)] = []
        for (name, outcome) in outcomes {
            let wanted = (waiting.removeValue(forKey: name) ?? []).filter(isWanted)
            switch outcome {
            case .found: start += wanted
            case .failed(let error): fail += wanted.map { ($0, error) }
            case .gone:
                guard let next = wanted.first else { continue }
                names[next] = name
                waiting[name] = Array(wanted.dropFirst())
                start.append(next)
            }
        }
        outcomes = []
        return (start, fail)
    }
}
