/// An amount of US dollars, exact to a pico-dollar (10^-12 USD).
///
/// The cheapest price known, $0.005 per million tokens, is 5,000 pico-dollars a token, so every cost of whole tokens is
/// a whole number of them. Sums stop at the largest amount (about 10^26 USD) instead of overflowing.
public struct Money: Sendable, Hashable, Comparable {
    /// The amount in pico-dollars.
    public let picodollars: Int128

    /// An amount of so many pico-dollars.
    public init(picodollars: Int128) { self.picodollars = picodollars }

    /// An amount from decimal text in dollars, such as `0.25` or `1e-3`; nil when it is no JSON number or has more than
    /// 12 decimals.
    public init?(_ dollars: some StringProtocol) {
        guard let value = DecimalText.scaled(dollars, by: 12) else { return nil }
        picodollars = value
    }

    /// Nothing.
    public static let zero = Money(picodollars: 0)

    /// The sum.
    public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.picodollars.addingReportingOverflow(right.picodollars)
        return Money(picodollars: overflow ? (left.picodollars < 0 ? .min : .max) : sum)
    }

    /// The difference; stops at the smallest and largest amount.
    public static func - (left: Money, right: Money) -> Money {
        let (difference, overflow) = left.picodollars.subtractingReportingOverflow(right.picodollars)
        return Money(picodollars: overflow ? (right.picodollars < 0 ? .max : .min) : difference)
    }

    /// Adds.
    public static func += (left: inout Money, right: Money) { left = left + right }

    /// Whether `left` is the smaller amount.
    public static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }

    /// The exact amount as a decimal number of dollars: 6 to 12 decimals, `0.000080`, `1.500000`, `0.0000000375`.
    public var exact: String { DecimalText.text(picodollars, scale: 12, minimum: 6) }

    /// The exact amount as a person types it, without needless zeros: `10`, `0.5`, `0.00008`.
    public var plain: String { DecimalText.text(picodollars, scale: 12, minimum: 0) }

    /// The amount for a meter, rounded half up: `$1.23`, below one cent four decimals, `$0.0034`, and `<$0.0001` for what
    /// would read as nothing. Zero is `$0.00`.
    public var display: String {
        let size = picodollars.magnitude
        let sign = picodollars < 0 ? "-" : ""
        guard size > 0 else { return "$0.00" }
        let decimals = size < 10_000_000_000 ? 4 : 2
        let unit: UInt128 = decimals == 4 ? 100_000_000 : 10_000_000_000
        let rounded = size / unit + (size % unit >= unit / 2 ? 1 : 0)
        guard rounded > 0 else { return sign.isEmpty ? "<$0.0001" : "$0.00" }
        return sign + "$" + DecimalText.text(Int128(rounded), scale: decimals, minimum: decimals)
    }
}

extension Money: CustomStringConvertible {
    /// As `exact`.
    public var description: String { exact }
}
