extension ModelInfo {
    /// One model as the catalog file spells it. Nil without an id, and when a price is no price (negative, absurd, no
    /// number): no model rather than a wrong cost.
    init?(catalogLine line: JSONValue) {
        guard let id = line["id"]?.stringValue else { return nil }
        self.init(id: id)
        isListed = true
        if let prices = line["price_per_1m_usd"], !prices.isNull {
            guard let known = ModelPrices(catalog: prices) else { return nil }
            self.prices = known
        }
        aliases = Self.texts(line["aliases"]) ?? []
        family = line["family"]?.stringValue
        status = line["status"]?.stringValue.flatMap(Status.init) ?? .unknown
        shutdownDate = line["shutdown_date"]?.stringValue
        snapshot = line["snapshot"]?.stringValue
        contextWindow = Self.count(line["context_window"])
        maxInputTokens = Self.count(line["max_input_tokens"])
        maxOutputTokens = Self.count(line["max_output_tokens"])
        encoding = line["encoding"]?.stringValue
        encodingIsAssumed = line["encoding_source"]?.stringValue ?? "assumed" == "assumed"
        supports = ModelSupports(catalog: line["supports"] ?? .null)
        notes = Self.texts(line["notes"]) ?? []
        sources = Self.texts(line["sources"]) ?? []
    }

    private static func count(_ value: JSONValue?) -> Int? { value?.intValue.flatMap { $0 > 0 ? $0 : nil } }
    fileprivate static func texts(_ value: JSONValue?) -> [String]? { value?.arrayValue?.compactMap(\.stringValue) }
}

extension ModelPrices {
    /// Prices by tier; nil when one of them is no price. Numbers are read from their spelling, never through `Double`.
    fileprivate init?(catalog value: JSONValue) {
        guard value.objectValue != nil, let tiers = Self.tiers(value) else { return nil }
        self.init(tiers: tiers)
        if let long = value["long_context"], !long.isNull {
            guard let threshold = long["threshold_input_tokens"]?.intValue, threshold > 0, let tiers = Self.tiers(long)
            else {
                return nil
            }
            longContextThreshold = threshold
            longContextTiers = tiers
        }
        do {
            audioInput = try Self.price(value["audio_input"])
            audioOutput = try Self.price(value["audio_output"])
        } catch {
            return nil
        }
    }

    private struct NoPrice: Error {}

    private static func tiers(_ value: JSONValue) -> [PriceTier: PriceSet]? {
        var tiers: [PriceTier: PriceSet] = [:]
        for tier in PriceTier.allCases {
            guard let listed = value[tier.rawValue], !listed.isNull else { continue }
            guard let set = try? set(listed) else { return nil }
            tiers[tier] = set
        }
        return tiers
    }

    private static func set(_ value: JSONValue) throws(NoPrice) -> PriceSet {
        guard let input = try price(value["input"]), let output = try price(value["output"]) else { throw NoPrice() }
        return PriceSet(
            input: input, output: output, cachedInput: try price(value["cached_input"]),
            cacheWrite: try price(value["cache_write"]), cacheWrite12h: try price(value["cache_write_12h"]))
    }

    private static func price(_ value: JSONValue?) throws(NoPrice) -> Price? {
        guard let value, !value.isNull else { return nil }
        guard case .number(let text) = value, let price = Price(perMillion: text) else { throw NoPrice() }
        return price
    }
}

extension ModelSupports {
    fileprivate init(catalog value: JSONValue) {
        self.init()
        for capability in ModelCapability.allCases {
            switch value[capability.rawValue] {
            case .bool(let isSupported): self[capability] = isSupported ? .yes : .no
            case .string(ModelSupport.onlyWithoutReasoningWord): self[capability] = .onlyWithoutReasoning
            default: break
            }
        }
        guard let efforts = value["reasoning_effort"], efforts.objectValue != nil else { return }
        reasoningEffort = ReasoningEfforts(
            chatCompletions: ModelInfo.texts(efforts["chat_completions"]),
            responses: ModelInfo.texts(efforts["responses"]),
            defaultEffort: efforts["default"]?.stringValue)
    }
}
