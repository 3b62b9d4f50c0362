/// Count, mean and spread of values that come one by one, without keeping them.
///
/// Source: B. P. Welford, Note on a Method for Calculating Corrected Sums of Squares, Technometrics 4 (1962); `merge`
/// by T. F. Chan et al. (1983). Values that are all equal have a spread of exactly 0.
public struct RunningSummary: Sendable, Hashable {
    /// How many values came.
    public private(set) var count = 0
    /// The smallest value; nil when there is none.
    public private(set) var minimum: Double?
    /// The largest value; nil when there is none.
    public private(set) var maximum: Double?
    private var centre = 0.0
    private var squares = 0.0

    /// No values.
    public init() {}

    /// These values. Throws `notFinite` for the first that is infinite or no number.
    public init(_ values: some Sequence<Double>) throws(StatisticsError) {
        for value in values { try add(value) }
    }

    /// Takes the next value. Throws `notFinite`, and stays as it is, when it is infinite or no number.
    public mutating func add(_ value: Double) throws(StatisticsError) {
        guard value.isFinite else { throw .notFinite(at: count) }
        count += 1
        let before = value - centre
        centre += before / Double(count)
        squares += before * (value - centre)
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
    }

    /// Takes all values of another summary.
    public mutating func merge(_ other: RunningSummary) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let total = Double(count + other.count)
        let apart = other.centre - centre
        squares += other.squares + apart * apart * (Double(count) * Double(other.count) / total)
        centre += apart * (Double(other.count) / total)
        count += other.count
        minimum = [minimum, other.minimum].compactMap(\.self).min()
        maximum = [maximum, other.maximum].compactMap(\.self).max()
    }

    /// The mean; nil when there is no value.
    public var mean: Double? { count > 0 ? centre : nil }

    /// The sample variance, by n - 1; nil below two values.
    public var variance: Double? { count > 1 ? max(0, squares) / Double(count - 1) : nil }

    /// The sample standard deviation; nil below two values.
    public var standardDeviation: Double? { variance?.squareRoot() }

    /// The standard error of the mean; nil below two values.
    public var standardError: Double? { variance.map { ($0 / Double(count)).squareRoot() } }

    /// Student's interval of the mean. Nil below two values, and for a confidence not between 0 and 1; of no width when
    /// all values are equal.
    public func interval(confidence: Double = 0.95) -> Interval? {
        guard let side = sideOf(confidence), let mean, let error = standardError,
            let student = StudentDistribution(degreesOfFreedom: Double(count - 1))
        else { return nil }
        return Interval(mean, plusMinus: error == 0 ? 0 : student.quantile(survival: side) * error)
    }
}
