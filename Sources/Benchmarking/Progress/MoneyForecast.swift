public import ProviderCore
import Statistics

/// What a run will probably cost in all.
public struct MoneyForecast: Sendable, Hashable {
    /// The mean.
    public var expected: Money
    /// Nine times of ten it will be at most this.
    public var p90: Money
}

extension RunProgress {
    /// What the whole run will probably cost: what is spent, and for each trial that is left the mean of its row so far; for rows without
    /// any the mean of all. Their spread is taken from that of the output tokens. Nil before the first, and where prices are not known.
    public func forecast() -> MoneyForecast? {
        guard money.unpriced == 0, money.requests > 0 else { return nil }
        let known = cells.filter { $0.done > 0 }
        let count = known.reduce(0) { $0 + $1.done }
        let all = known.reduce(0.0) { $0 + Double($1.money.spent.picodollars) }
        guard count > 0 else { return nil }
        var (mean, variance) = (0.0, 0.0)
        for cell in cells where cell.left > 0 {
            let left = Double(cell.left)
            let done = Double(max(1, cell.done))
            let each = cell.done > 0 ? Double(cell.money.spent.picodollars) / done : all / Double(count)
            // One row of another may cost anything: its spread is that of its mean itself.
            let deviation = cell.done > 1 ? each * cell.variation : each
            mean += left * each
            variance += left * deviation * deviation + left * left * deviation * deviation / done
        }
        let spent = money.spent
        let far = mean + 1.2816 * variance.squareRoot()
        return MoneyForecast(
            expected: spent + Money(picodollars: Int128(min(mean, 1e30))),
            p90: spent + Money(picodollars: Int128(min(far, 1e30))))
    }
}

extension CellProgress {
    /// The standard deviation of output tokens by their mean; 1 where too few are known.
    var variation: Double {
        guard let mean = tokens.mean, mean > 0, let deviation = tokens.standardDeviation else { return 1 }
        return deviation / mean
    }
}
