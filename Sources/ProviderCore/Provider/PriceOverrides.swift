/// Prices that hold in place of the catalog's, by model name.
struct PriceOverrides: Sendable {
    private var byName: [String: ModelPrices] = [:]

    /// The names, sorted.
    var names: [String] { byName.keys.sorted() }

    mutating func add(_ prices: [String: ModelPrices]) { byName.merge(prices) { $1 } }

    /// A model as it was found under a name, with the prices that were set for that name, else for a name that means the
    /// same model. A model with only prices when nothing was found; nil when there are none either.
    func applied(to found: ModelInfo?, named name: String) -> ModelInfo? {
        guard !byName.isEmpty else { return found }
        guard let found else { return applied(toFineTuned: nil, named: name) }
        // The nearest name first: what somebody asked for, what it is, what else it is called.
        let names = [name, found.id] + found.aliases + [found.snapshot].compactMap(\.self)
        return with(names.lazy.compactMap { byName[$0] }.first, found)
    }

    /// As `applied(to:named:)`, with prices of exactly this name only.
    func applied(toFineTuned found: ModelInfo?, named name: String) -> ModelInfo? {
        guard let prices = byName[name] else { return found }
        return with(prices, found ?? ModelInfo(id: name))
    }

    private func with(_ prices: ModelPrices?, _ model: ModelInfo) -> ModelInfo {
        guard let prices else { return model }
        var model = model
        model.prices = prices
        return model
    }
}
