import Synchronization

/// Why a catalog cannot be read.
public struct ModelCatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// What is wrong.
    public let message: String
    /// Line and message.
    public var description: String { "line \(line): \(message)" }
}

/// Models by name: limits, prices, what they take.
///
/// Reads JSON Lines: first an object with `as_of` and `source`, then one model a line whose first members are `id` and
/// `aliases`. Opening it only finds the names (some 2 ms); a model's line is decoded when it is asked for first (some
/// 0.02 ms), and kept. Keep the catalog. A value that never changes; `overriding(_:)` makes one with other prices.
public struct ModelCatalog: Sendable {
    /// The model asked at OpenAI when nobody names one.
    public static let defaultModelID = "gpt-5.4-mini"

    /// The day the facts were gathered, `YYYY-MM-DD`.
    public let asOf: String
    private let bytes: [UInt8]
    private let lines: [Range<Int>]
    private let byName: [String: Int]
    private var overrides = PriceOverrides()
    /// What was decoded so far: copies share it, since it only says what the lines say.
    private let decoded = DecodedModels()

    /// The catalog that is compiled in. Throws `ModelCatalogError`, which only a broken build can cause.
    public static func builtIn() throws(ModelCatalogError) -> ModelCatalog {
        guard let text = embeddedFiles["models.jsonl"] else {
            throw ModelCatalogError(line: 0, message: "models.jsonl is not compiled in")
        }
        return try ModelCatalog(jsonLines: text.withUTF8Buffer { Array($0) })
    }

    /// A catalog from JSON Lines. Throws `ModelCatalogError` when a line does not begin as described or names a model
    /// twice. What else is wrong with a line shows when its model is asked for, which is then not found.
    public init(jsonLines bytes: [UInt8]) throws(ModelCatalogError) {
        var ranges = Self.split(bytes)
        guard let first = ranges.first, let asOf = Self.parse(bytes[first])?["as_of"]?.stringValue else {
            throw ModelCatalogError(line: 1, message: "no header with as_of")
        }
        ranges.removeFirst()
        var names: [String: Int] = [:]
        var aliases: [(String, Int)] = []
        for (index, range) in ranges.enumerated() {
            guard let head = LineHead(bytes[range]) else {
                throw ModelCatalogError(line: index + 2, message: "does not begin with id and aliases")
            }
            guard names.updateValue(index, forKey: head.id) == nil else {
                throw ModelCatalogError(line: index + 2, message: "\(head.id) is there twice")
            }
            aliases += head.aliases.map { ($0, index) }
        }
        for (alias, index) in aliases where names[alias] == nil { names[alias] = index }
        self.asOf = asOf
        lines = ranges
        byName = names
        self.bytes = bytes
    }

    /// The same catalog with prices of one's own, by model name, in place of all that is listed for these models.
    ///
    /// They hold for the model of that name and for every name that stands for it: its other names, the dated model that it stands
    /// for, a name with a date that is not listed itself. Not for models made from it by fine-tuning. A name that nothing is known of
    /// gives a model with only these prices. A later override of the same name replaces an earlier one.
    public func overriding(_ prices: [String: ModelPrices]) -> ModelCatalog {
        var catalog = self
        catalog.overrides.add(prices)
        return catalog
    }

    /// The model of this name: an id, an alias, an id with a date added (`-YYYY-MM-DD`) or a fine-tuned one
    /// (`ft:gpt-4o:org::id`). Nil when there is none. Case matters. A dated or fine-tuned name that is not listed itself
    /// gives the model it is made from, under that model's id; prices of fine-tuned models are not known unless they are
    /// overridden.
    public func model(_ name: String) -> ModelInfo? {
        guard name.hasPrefix("ft:") else { return overrides.applied(to: listed(name), named: name) }
        let base = name.dropFirst(3).prefix { $0 != ":" }
        var info = listed(String(base))
        info?.prices = nil
        return overrides.applied(toFineTuned: info, named: name)
    }

    /// What is known of a model at an endpoint that has prices of its own for every model; they beat all others. As
    /// `model(_:)` when it has none.
    public func model(_ name: String, prices: ModelPrices?) -> ModelInfo? {
        guard let prices else { return model(name) }
        var info = model(name) ?? ModelInfo(id: name)
        info.prices = prices
        return info
    }

    /// All models in the catalog's order, then those that have only overridden prices, by name. Decodes every line: some
    /// 2 ms.
    public var models: [ModelInfo] {
        let listed = lines.compactMap(decode).compactMap { overrides.applied(to: $0, named: $0.id) }
        let others = overrides.names.filter { byName[$0] == nil }.compactMap { name in
            var info = model(name)
            info?.id = name
            return info
        }
        return listed + others
    }

    private func listed(_ name: String) -> ModelInfo? {
        if let index = byName[name] { return model(at: index) }
        guard let undated = Self.withoutDate(name), let index = byName[undated] else { return nil }
        return model(at: index)
    }

    private func model(at index: Int) -> ModelInfo? {
        decoded.model(at: index) { decode(lines[index]) }
    }

    private func decode(_ range: Range<Int>) -> ModelInfo? {
        var info = Self.parse(bytes[range]).flatMap(ModelInfo.init(catalogLine:))
        info?.prices?.source = .catalog(asOf: asOf)
        return info
    }

    private static func parse(_ line: ArraySlice<UInt8>) -> JSONValue? {
        line.withUnsafeBytes { try? JSONParser.parse($0) }
    }

    /// The lines that are not empty.
    private static func split(_ bytes: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            if end > start { ranges.append(start..<end) }
            start = end + 1
        }
        return ranges
    }

    /// The name without `-YYYY-MM-DD` at its end; nil when it has none.
    private static func withoutDate(_ name: String) -> String? {
        let tail = Array(name.utf8.suffix(11))
        guard tail.count == 11, name.utf8.count > 11 else { return nil }
        for (index, byte) in tail.enumerated() {
            let isDash = [0, 5, 8].contains(index)
            guard isDash ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte) else { return nil }
        }
        return String(name.dropLast(11))
    }
}

/// Models that were asked for, by their lines.
private final class DecodedModels: Sendable {
    private let models = Mutex<[Int: ModelInfo?]>([:])

    func model(at line: Int, decode: () -> ModelInfo?) -> ModelInfo? {
        if let known = models.withLock({ $0[line] }) { return known }
        let model = decode()
        models.withLock { $0[line] = .some(model) }
        return model
    }
}

/// The names at the beginning of a model's line, read without decoding the rest. Names hold no quotes and no backslashes.
private struct LineHead {
    var id = ""
    var aliases: [String] = []

    init?(_ line: ArraySlice<UInt8>) {
        var rest = line
        guard Self.take(#"{"id":""#, &rest), let id = Self.name(&rest), Self.take(#","aliases":["#, &rest) else {
            return nil
        }
        self.id = id
        while Self.take("\"", &rest) {
            guard let alias = Self.name(&rest) else { return nil }
            aliases.append(alias)
            _ = Self.take(",", &rest)
        }
        guard Self.take("]", &rest) else { return nil }
    }

    private static func take(_ text: StaticString, _ rest: inout ArraySlice<UInt8>) -> Bool {
        text.withUTF8Buffer { expected in
            guard rest.starts(with: expected) else { return false }
            rest.removeFirst(expected.count)
            return true
        }
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")), !rest[..<end].contains(UInt8(ascii: "\\")) else {
            return nil
        }
        defer { rest = rest[(end + 1)...] }
        return end > rest.startIndex ? String(decoding: rest[..<end], as: UTF8.self) : nil
    }
}
