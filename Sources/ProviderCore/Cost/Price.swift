/// What one token costs: US dollars per million tokens, exact to six decimals, 0...10,000.
public struct Price: Sendable, Hashable, Comparable {
    /// Pico-dollars a token, which is the same number as millionths of a dollar per million tokens.
    public let picodollarsPerToken: Int

    /// The most that is believed to be a price, in dollars per million tokens.
    public static let maximumPerMillion = 10_000

    /// A price from decimal text in dollars per million tokens, such as `0.075`; nil when the text is no JSON number, is
    /// negative, has more than six decimals or is more than 10,000.
    public init?(perMillion text: some StringProtocol) {
        guard let value = DecimalText.scaled(text, by: 6), value >= 0,
            value <= Int128(Self.maximumPerMillion) * 1_000_000
        else { return nil }
        picodollarsPerToken = Int(value)
    }

    /// Dollars per million tokens as the shortest decimal text: `0.075`, `10`.
    public var perMillion: String { DecimalText.text(Int128(picodollarsPerToken), scale: 6, minimum: 0) }

    /// What so many tokens cost; exact.
    public func callAsFunction(_ tokens: Int) -> Money {
        Money(picodollars: Int128(picodollarsPerToken) * Int128(tokens))
    }

    /// Whether `left` is cheaper.
    public static func < (left: Price, right: Price) -> Bool { left.picodollarsPerToken < right.picodollarsPerToken }
}

/// What the tokens of one request cost in one service tier.
public struct PriceSet: Sendable, Hashable {
    /// Tokens of the request.
    public var input: Price
    /// Tokens of the answer, reasoning included.
    public var output: Price
    /// Input tokens that came from the provider's cache; nil = the full price of input.
    public var cachedInput: Price?
    /// Input tokens written into the cache for 30 minutes; nil = the full price of input.
    public var cacheWrite: Price?
    /// Input tokens written into the cache for 12 hours. Usage does not yet tell the two kinds apart.
    public var cacheWrite12h: Price?

    /// Prices of a tier.
    public init(
        input: Price, output: Price, cachedInput: Price? = nil, cacheWrite: Price? = nil, cacheWrite12h: Price? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.cacheWrite12h = cacheWrite12h
    }
}

/// A way of being served that has prices of its own.
public enum PriceTier: String, Sendable, Hashable, CaseIterable {
    /// The usual one.
    case standard
    /// The Batch API.
    case batch
    /// Slower and cheaper.
    case flex
    /// Faster and dearer.
    case priority
    /// Fastest and dearest.
    case ultrafast

    /// The tier that an answer's `service_tier` names: none and `default` are standard. Nil for a word not known.
    public init?(serviceTier: String?) {
        switch serviceTier {
        case nil, "default": self = .standard
        case let name?: self.init(rawValue: name)
        }
    }
}

/// Where prices are from.
public enum PriceSource: Sendable, Hashable, CustomStringConvertible {
    /// The catalog, as of a day, `YYYY-MM-DD`.
    case catalog(asOf: String)
    /// Settings of the user; the place is `FILE:LINE`, or the file alone where the line is not known.
    case settings(place: String)

    /// Whether the user set them.
    public var isSettings: Bool { if case .settings = self { true } else { false } }

    /// `catalog 2026-11-22`, `settings config.toml:12`.
    public var description: String {
        switch self {
        case .catalog(let day): "catalog \(day)"
        case .settings(let place): place.isEmpty ? "settings" : "settings \(place)"
        }
    }
}

/// The prices of a model.
public struct ModelPrices: Sendable, Hashable {
    /// Prices by tier; a tier that is absent is not listed by the source and its price is unknown.
    public var tiers: [PriceTier: PriceSet]
    /// Input tokens above which the whole request is charged at `longContextTiers`; nil = no such limit.
    public var longContextThreshold: Int?
    /// Prices of requests with more input than the threshold.
    public var longContextTiers: [PriceTier: PriceSet]
    /// Audio heard, when priced apart.
    public var audioInput: Price?
    /// Audio spoken, when priced apart.
    public var audioOutput: Price?
    /// Where they are from; nil = nobody said.
    public var source: PriceSource?

    /// Prices by tier.
    public init(
        tiers: [PriceTier: PriceSet], longContextThreshold: Int? = nil, longContextTiers: [PriceTier: PriceSet] = [:],
        audioInput: Price? = nil, audioOutput: Price? = nil, source: PriceSource? = nil
    ) {
        self.tiers = tiers
        self.longContextThreshold = longContextThreshold
        self.longContextTiers = longContextTiers
        self.audioInput = audioInput
        self.audioOutput = audioOutput
        self.source = source
    }

    /// Whether the user set them.
    public var areOverridden: Bool { source?.isSettings ?? false }

    /// The prices of a request with so much input, in the tier that the answer names; nil when they are not known.
    public func prices(serviceTier: String?, inputTokens: Int) -> PriceSet? {
        guard let tier = PriceTier(serviceTier: serviceTier) else { return nil }
        guard let longContextThreshold, inputTokens > longContextThreshold else { return tiers[tier] }
        return longContextTiers[tier]
    }
}
