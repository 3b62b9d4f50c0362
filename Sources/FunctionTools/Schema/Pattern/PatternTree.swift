/// A pattern as read.
indirect enum PatternTree: Sendable {
    case empty
    case scalars(ScalarSet)
    case sequence([PatternTree])
    case choice([PatternTree])
    /// At least `minimum` times, at most `maximum` times; nil for no limit. A lazy one would rather end.
    case repeated(PatternTree, minimum: Int, maximum: Int?, isLazy: Bool)
    /// The pattern's first group that keeps what it matched.
    case group(PatternTree)
    case assertion(Assertion)
    /// Whether the look-around of this number holds, or does not.
    case look(Int, isNegated: Bool)

    enum Assertion: Sendable {
        case start
        case end
        case boundary
        case noBoundary
    }

    /// How many steps its program has, without the last one; at most a little over `limit`.
    func size(limit: Int) -> Int {
        switch self {
        case .empty: return 0
        case .scalars, .assertion, .look: return 1
        case .sequence(let parts): return parts.reduce(0) { min(limit, $0 + $1.size(limit: limit)) }
        case .choice(let parts): return parts.reduce(0) { min(limit, $0 + $1.size(limit: limit) + 2) }
        case .group(let body): return body.size(limit: limit)
        case .repeated(let body, let minimum, let maximum, _):
            let size = body.size(limit: limit)
            guard size > 0 else { return 0 }
            let optional = maximum.map { ($0 - minimum, size + 1) } ?? (minimum == 0 ? (1, size + 2) : (1, 1))
            let (required, isTooLarge) = size.multipliedReportingOverflow(by: minimum)
            let (rest, isRestTooLarge) = optional.0.multipliedReportingOverflow(by: optional.1)
            return isTooLarge || isRestTooLarge ? limit : min(limit, min(limit, required) + min(limit, rest))
        }
    }

    /// Whether it can match only at the start of the text.
    var isAnchored: Bool {
        switch self {
        case .assertion(.start): true
        case .sequence(let parts): parts.first?.isAnchored ?? false
        case .choice(let parts): parts.allSatisfy(\.isAnchored)
        case .repeated(let body, let minimum, _, _): minimum > 0 && body.isAnchored
        case .group(let body): body.isAnchored
        default: false
        }
    }
}

/// A look-around: what has to match beside a place.
struct PatternLook: Sendable {
    var tree: PatternTree
    /// Whether it looks back, at what ends at the place.
    var isBehind: Bool
}
