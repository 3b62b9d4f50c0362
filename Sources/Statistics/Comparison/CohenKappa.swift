/// The agreement of two raters beyond what chance would give: a judge and a person, say.
///
/// Source: J. Cohen, A Coefficient of Agreement for Nominal Scales (1960).
public struct CohenKappa: Sendable, Hashable {
    /// How many things were rated by both.
    public let count: Int
    /// The share on which both agree; nil without things.
    public let observed: Double?
    /// The share on which both would agree by chance, each keeping its own frequencies; nil without things.
    public let expected: Double?

    /// The labels of both raters, in the same order of things. Throws `unequalCounts`.
    public init<Label: Hashable>(_ first: [Label], _ second: [Label]) throws(StatisticsError) {
        guard first.count == second.count else { throw .unequalCounts(first.count, second.count) }
        count = first.count
        guard count > 0 else {
            observed = nil
            expected = nil
            return
        }
        var ours: [Label: Int] = [:]
        var theirs: [Label: Int] = [:]
        for label in first { ours[label, default: 0] += 1 }
        for label in second { theirs[label, default: 0] += 1 }
        let total = Double(count)
        observed = Double(zip(first, second).count { $0 == $1 }) / total
        // Whole numbers are summed, so that the order of a hash does not show.
        let matches = ours.reduce(0.0) { $0 + Double($1.value) * Double(theirs[$1.key] ?? 0) }
        expected = matches / (total * total)
    }

    /// (observed - expected) / (1 - expected): 1 = agree always, 0 = as by chance, below 0 = less. Nil without things, and when both
    /// gave one and the same label to everything, where chance explains it all.
    public var kappa: Double? {
        guard let observed, let expected, expected < 1 else { return nil }
        return (observed - expected) / (1 - expected)
    }
}
