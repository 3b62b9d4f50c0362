/// What the catalog knows of a model.
public struct ModelInfo: Sendable, Hashable {
    /// Where a model is in its life, at the catalog's date.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Offered.
        case active
        /// Offered, with an end announced.
        case deprecated
        /// No longer offered.
        case shutdown
        /// Only the name is known.
        case unknown
        /// Cannot be used over the API.
        case unsupported
    }

    /// The name to ask for.
    public var id: String
    /// Other names of the same model.
    public var aliases: [String]
    /// Whether a catalog lists it; else only its name, and maybe prices that the user set, are known.
    public internal(set) var isListed: Bool
    /// The line of models it belongs to.
    public var family: String?
    /// Where it is in its life.
    public var status: Status
    /// The day it ends or ended, `YYYY-MM-DD`.
    public var shutdownDate: String?
    /// The dated model that this name stands for, as last known.
    public var snapshot: String?
    /// Tokens shared by input and output.
    public var contextWindow: Int?
    /// Most tokens of a request.
    public var maxInputTokens: Int?
    /// Most tokens of an answer, reasoning included.
    public var maxOutputTokens: Int?
    /// Name of the byte-pair encoding.
    public var encoding: String?
    /// Whether the encoding was told by nobody and is assumed.
    public var encodingIsAssumed: Bool
    /// Prices; nil = not known.
    public var prices: ModelPrices?
    /// What it can do and takes.
    public var supports: ModelSupports
    /// What else is to be said, in sentences.
    public var notes: [String]
    /// Where the facts are from.
    public var sources: [String]

    /// A model of which only the name is known, to be filled in.
    public init(id: String) {
        self.id = id
        aliases = []
        isListed = false
        status = .unknown
        encodingIsAssumed = true
        supports = ModelSupports()
        notes = []
        sources = []
    }

    /// Whether the model has a capability.
    public func supports(_ capability: ModelCapability) -> ModelSupport { supports[capability] }

    /// The prices of a short request in the tier that an answer's `service_tier` names (nil = standard); nil when they
    /// are not known.
    public func price(tier: String?) -> PriceSet? { prices?.prices(serviceTier: tier, inputTokens: 0) }

    /// Where its prices are from, in words; nil = it has none, or nobody told.
    public var priceSource: String? { prices?.source?.description }

    /// Whether the user set the prices.
    public var hasOverriddenPrices: Bool { prices?.areOverridden ?? false }

    /// The object that `models -o json` prints, but for the source of the prices. Prices are US dollars per million tokens
    /// by tier, as in the catalog.
    public var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func count(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        return .object([
            JSONMember("id", .string(id)), JSONMember("family", text(family)),
            JSONMember("context_window", count(contextWindow)), JSONMember("max_output_tokens", count(maxOutputTokens)),
            JSONMember("encoding", text(encoding)), JSONMember("prices", prices?.json ?? .null),
            JSONMember("supports", supports.json), JSONMember("shutdown_date", text(shutdownDate)),
        ])
    }
}

extension PriceSet {
    /// The listed prices by name.
    var json: JSONValue {
        let rows: [(String, Price?)] = [
            ("input", input), ("cached_input", cachedInput), ("cache_write", cacheWrite),
            ("cache_write_12h", cacheWrite12h), ("output", output),
        ]
        return .object(rows.compactMap { name, price in price.map { JSONMember(name, .number($0.perMillion)) } })
    }
}

extension ModelPrices {
    /// The listed tiers by name, long-context prices under `long_context`.
    public var json: JSONValue {
        func members(_ tiers: [PriceTier: PriceSet]) -> [JSONMember] {
            PriceTier.allCases.compactMap { tier in tiers[tier].map { JSONMember(tier.rawValue, $0.json) } }
        }
        var all = members(tiers)
        if let longContextThreshold {
            let head = [JSONMember("threshold_input_tokens", .int(longContextThreshold))]
            all.append(JSONMember("long_context", .object(head + members(longContextTiers))))
        }
        if let audioInput { all.append(JSONMember("audio_input", .number(audioInput.perMillion))) }
        if let audioOutput { all.append(JSONMember("audio_output", .number(audioOutput.perMillion))) }
        return .object(all)
    }
}
