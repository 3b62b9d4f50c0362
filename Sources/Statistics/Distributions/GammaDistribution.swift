/// The gamma distribution; NIST Handbook of Mathematical Functions, 8.2.
public struct GammaDistribution: ContinuousDistribution, Hashable {
    /// The shape.
    public let shape: Double
    /// The scale, above 0: the mean is `shape * scale`.
    public let scale: Double

    /// Nil unless the shape is from a millionth to a billion, the scale finite and above 0.
    public init?(shape: Double, scale: Double = 1) {
        guard shapes.contains(shape), scale.isFinite, scale > 0 else { return nil }
        self.shape = shape
        self.scale = scale
    }

    /// The chi-square distribution with these degrees of freedom; nil unless half of them is a possible shape.
    public static func chiSquare(degreesOfFreedom: Double) -> GammaDistribution? {
        GammaDistribution(shape: degreesOfFreedom / 2, scale: 2)
    }

    /// The density at a place; 0 below 0, infinite at 0 for shapes below 1.
    public func density(_ x: Double) -> Double {
        let x = x / scale
        guard x > 0, x < .infinity else {
            if x == 0, shape <= 1 { return shape < 1 ? .infinity : 1 / scale }
            return x.isNaN ? .nan : 0
        }
        return Deviance.poissonTerm(shape, x) * shape / x / scale
    }

    /// The probability of at most x.
    public func cumulative(_ x: Double) -> Double { x.isNaN ? .nan : IncompleteGamma.shares(shape, x / scale).lower }

    /// The probability of more than x.
    public func survival(_ x: Double) -> Double { x.isNaN ? .nan : IncompleteGamma.shares(shape, x / scale).upper }

    /// The place that this probability lies below.
    public func quantile(_ probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        return IncompleteGamma.point(shape, lower: probability) * scale
    }

    /// The place that this probability lies above.
    public func quantile(survival probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        return IncompleteGamma.point(shape, upper: probability) * scale
    }
}
