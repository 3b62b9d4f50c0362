/// A confidence interval, ends included.
public struct Interval: Sendable, Hashable {
    /// The lower end; may be -infinity.
    public var lower: Double
    /// The upper end; may be infinity.
    public var upper: Double

    /// An interval between these ends.
    public init(_ lower: Double, _ upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// The distance of the ends.
    public var width: Double { upper - lower }

    /// Whether a value lies inside or on an end.
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

    /// Around a centre.
    init(_ centre: Double, plusMinus half: Double) { self.init(centre - half, centre + half) }
}

/// A confidence of 0.95 leaves 0.025 on each side; nil unless it is between 0 and 1.
func sideOf(_ confidence: Double) -> Double? { confidence > 0 && confidence < 1 ? (1 - confidence) / 2 : nil }
