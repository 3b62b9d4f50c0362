/// An accuracy together with what it does not know: trials that were planned and have no score.
public struct AccuracyBand: Sendable, Hashable {
    /// The sum of the scores, each in 0...1: the number right when there are no partial ones.
    public let credit: Double
    /// Trials that have a score.
    public let scored: Int
    /// Trials that were planned.
    public let planned: Int

    /// Nil unless 0 <= credit <= scored <= planned.
    public init?(credit: Double, scored: Int, planned: Int) {
        guard scored >= 0, scored <= planned, credit >= 0, credit <= Double(scored) else { return nil }
        self.credit = credit
        self.scored = scored
        self.planned = planned
    }

    /// Credit by scored trials; nil when there are none.
    public var accuracy: Double? { scored > 0 ? credit / Double(scored) : nil }

    /// Scored by planned trials; nil when none were planned.
    public var coverage: Double? { planned > 0 ? Double(scored) / Double(planned) : nil }

    /// From the accuracy if all without a score were wrong to the one if all were right; nil when none were planned.
    public var band: Interval? {
        guard planned > 0 else { return nil }
        return Interval(credit / Double(planned), (credit + Double(planned - scored)) / Double(planned))
    }
}
