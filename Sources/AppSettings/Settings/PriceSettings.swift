public import ProviderCore

extension SettingType {
    /// The prices of a table, by name, as their shortest decimal text.
    static func prices(_ table: [String: TOMLNode]) throws(Mismatch) -> [String: String] {
        let names = ["input", "output", "cached_input", "cache_write"]
        var prices: [String: String] = [:]
        for (name, node) in table.sorted(by: { $0.key < $1.key }) {
            guard names.contains(name) else {
                throw Mismatch("has no \(quoted(name))" + NearName.hint(for: name, among: names), member: name)
            }
            prices[name] = try price(node, name).perMillion
        }
        guard prices["input"] != nil, prices["output"] != nil else { throw Mismatch("needs both input and output") }
        return prices
    }

    private static func price(_ node: TOMLNode, _ name: String) throws(Mismatch) -> Price {
        let spelt: String
        switch node {
        case .integer(let number): spelt = String(number)
        case .number(let number): spelt = String(number)
        case .string(let text): spelt = text
        default: throw Mismatch("\(name) takes a number, not \(node.kind)", member: name)
        }
        guard let price = Price(perMillion: spelt) else {
            throw Mismatch(
                "\(name) takes US dollars per million tokens from 0 to \(Price.maximumPerMillion), "
                    + "with at most six decimals, not \(printable(spelt))", member: name)
        }
        return price
    }
}

extension ModelPrices {
    /// The prices of a setting, for the standard tier; nil when it is none.
    init?(_ setting: SettingTable.Entry?) {
        guard let setting, case .pairs(let pairs) = setting.value else { return nil }
        func price(_ name: String) -> Price? { pairs[name].flatMap { Price(perMillion: $0) } }
        guard let input = price("input"), let output = price("output") else { return nil }
        let set = PriceSet(
            input: input, output: output, cachedInput: price("cached_input"), cacheWrite: price("cache_write"))
        self.init(tiers: [.standard: set], source: .settings(place: setting.origin.place))
    }
}

extension SettingOrigin {
    /// `FILE:LINE` for a setting of a file; empty when there is no file to name.
    var place: String {
        guard case .file(let file, _) = self, !file.isEmpty else { return "" }
        return description
    }
}

extension Settings {
    /// Prices by model id, each with its place; they hold in place of the catalog's, in the standard tier only.
    public var prices: [String: ModelPrices] { priceTables.compactMapValues { ModelPrices($0) } }

    mutating func takePrices(_ document: TOMLDocument, _ report: inout SettingsReport) {
        guard let node = document.root["prices"] else { return }
        guard case .table(let members) = node else {
            report.errors.append(document.problem(["prices"], "prices is a table of tables, [prices.\"MODEL\"]"))
            return
        }
        for (model, node) in members.sorted(by: { $0.key < $1.key }) {
            do throws(SettingType.Mismatch) {
                let value = try Self.prices(of: model, node)
                let line = document.position(["prices", model])?.line
                priceTables[model] = SettingTable.Entry(value: value, origin: .file(document.file ?? "", line: line))
            } catch {
                let place = ["prices", model] + (error.member.map { [$0] } ?? [])
                report.errors.append(document.problem(place, "prices.\(quoted(model)) \(error.message)"))
            }
        }
    }

    private static func prices(of model: String, _ node: TOMLNode) throws(SettingType.Mismatch) -> SettingValue {
        do throws(SettingType.Mismatch) {
            _ = try SettingType.line.read(.string(model))
        } catch {
            throw SettingType.Mismatch("is no model id: it \(error.message)")
        }
        // TOML reads [prices.gpt-4.1] as a table "1" inside of "gpt-4".
        if case .table(let members) = node, let inner = members.filter({ $0.value.isTable }).keys.min() {
            throw SettingType.Mismatch(
                "holds the table \(quoted(inner)); a model id with a dot stands in quotes: "
                    + "[prices.\(quoted(model + "." + inner))]", member: inner)
        }
        return try SettingType.prices.read(node)
    }
}

extension TOMLNode {
    fileprivate var isTable: Bool { if case .table = self { true } else { false } }
}
