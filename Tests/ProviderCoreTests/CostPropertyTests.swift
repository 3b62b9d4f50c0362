import ProviderCore
import TestSupport
import Testing

/// A number of any length as decimal digits, the last one first: long addition and multiplication as on paper.
private struct LongNumber: Hashable {
    private(set) var digits: [Int]

    init(_ text: String) { self.init(digits: text.reversed().compactMap(\.wholeNumberValue)) }

    private init(digits: [Int]) {
        self.digits = digits
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    /// Millionths of a price in decimal text.
    init(millionthsOf price: String) {
        let parts = price.split(separator: ".")
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        self.init(parts[0] + fraction + String(repeating: "0", count: 6 - fraction.count))
    }

    static func + (left: LongNumber, right: LongNumber) -> LongNumber {
        var sum: [Int] = []
        var carry = 0
        for place in 0..<(max(left.digits.count, right.digits.count) + 1) {
            let column = left[place] + right[place] + carry
            sum.append(column % 10)
            carry = column / 10
        }
        return LongNumber(digits: sum)
    }

    static func * (left: LongNumber, right: LongNumber) -> LongNumber {
        var product = LongNumber("")
        for (place, digit) in right.digits.enumerated() {
            let row = LongNumber(digits: Array(repeating: 0, count: place) + left.digits)
            for _ in 0..<digit { product = product + row }
        }
        return product
    }

    private subscript(_ place: Int) -> Int { place < digits.count ? digits[place] : 0 }

    /// The text of a millionth of a millionth of it, with at least six decimals.
    var picosAsText: String {
        let padded = digits + Array(repeating: 0, count: max(0, 13 - digits.count))
        let text = padded.reversed().map(String.init)
        var fraction = text.suffix(12).joined()
        while fraction.count > 6, fraction.hasSuffix("0") { fraction.removeLast() }
        return text.dropLast(12).joined() + "." + fraction
    }
}

/// A price list as a page shows it: texts.
private struct PriceList {
    struct Row: Hashable {
        var input: String
        var output: String
        var cached: String?
        var written: String?
    }

    var rows: [String: Row] = [:]
    var threshold: Int?
    var longRows: [String: Row] = [:]

    static let tiers = ["standard", "flex", "priority", "batch"]

    init(_ random: SeededRandom) {
        rows = Self.rows(random)
        guard random.next(below: 2) == 0 else { return }
        threshold = 1 + random.next(below: 300_000)
        longRows = Self.rows(random)
    }

    private static func rows(_ random: SeededRandom) -> [String: Row] {
        var rows: [String: Row] = [:]
        for tier in tiers where tier == "standard" || random.next(below: 3) > 0 {
            let input = price(random)
            func other() -> String? {
                switch random.next(below: 4) {
                case 0: nil
                case 1: input
                default: price(random)
                }
            }
            rows[tier] = Row(input: input, output: price(random), cached: other(), written: other())
        }
        return rows
    }

    private static func price(_ random: SeededRandom) -> String {
        let whole = String(random.next(below: random.next(below: 2) == 0 ? 4 : 10_000))
        let decimals = random.next(below: 7)
        guard decimals > 0 else { return whole }
        return whole + "." + (0..<decimals).map { _ in String(random.next(below: 10)) }.joined()
    }

    /// As the program knows it.
    func prices() throws -> ModelPrices {
        func sets(_ rows: [String: Row]) throws -> [PriceTier: PriceSet] {
            var sets: [PriceTier: PriceSet] = [:]
            for (name, row) in rows {
                sets[try #require(PriceTier(rawValue: name))] = PriceSet(
                    input: try #require(Price(perMillion: row.input)),
                    output: try #require(Price(perMillion: row.output)),
                    cachedInput: row.cached.flatMap { Price(perMillion: $0) },
                    cacheWrite: row.written.flatMap { Price(perMillion: $0) })
            }
            return sets
        }
        return ModelPrices(
            tiers: try sets(rows), longContextThreshold: threshold, longContextTiers: try sets(longRows))
    }
}

/// An answer to be paid for.
private struct Bill {
    var tier: String?
    var usage = TokenUsage()
    var isOurCount: Bool

    init(_ random: SeededRandom, threshold: Int?) {
        let tiers = [nil, "default", "standard", "flex", "priority", "batch", "ultrafast", "scale"]
        tier = tiers[random.next(below: tiers.count)]
        isOurCount = random.next(below: 5) == 0
        let input = Self.input(random, threshold)
        let output = random.next(below: 1 << (1 + random.next(below: 29)))
        // Now and then a count is missing, or a part is larger than its whole.
        usage.inputTokens = random.next(below: 40) == 0 ? nil : input
        usage.outputTokens = random.next(below: 40) == 0 ? nil : output
        let excess = random.next(below: 30) == 0 ? 5 : 0
        let cached = random.next(below: input + 1 + excess)
        usage.cachedInputTokens = random.next(below: 3) == 0 ? nil : cached
        usage.cacheWriteTokens =
            random.next(below: 3) == 0 ? nil : random.next(below: max(1, input - cached + 1 + excess))
        usage.reasoningTokens = random.next(below: 2) == 0 ? nil : random.next(below: output + 1 + excess)
    }

    private static func input(_ random: SeededRandom, _ threshold: Int?) -> Int {
        switch random.next(below: 4) {
        case 0: (threshold ?? 1024) - 1 + random.next(below: 3)
        case 1: 1022 + random.next(below: 4)
        case 2: random.next(below: 2000)
        default: random.next(below: 1_000_000_001)
        }
    }

    /// The row that holds for it; nil when there is none.
    func row(of list: PriceList) -> PriceList.Row? {
        let name = tier == nil || tier == "default" ? "standard" : tier ?? ""
        guard let threshold = list.threshold, let input = usage.inputTokens, input > threshold else {
            return list.rows[name]
        }
        return list.longRows[name]
    }

    /// The cost in words: amount and state.
    func cost(by list: PriceList) -> String {
        guard let row = row(of: list), let input = usage.inputTokens, let output = usage.outputTokens else {
            return "unknown"
        }
        let parts = [(usage.cachedInputTokens, row.cached), (usage.cacheWriteTokens, row.written)]
        let plain = input - parts.reduce(0) { $0 + ($1.0 ?? 0) }
        guard plain >= 0, (usage.reasoningTokens ?? 0) <= output else { return "unknown" }
        var sum = Self.line(plain, row.input) + Self.line(output, row.output)
        var hides = false
        for (count, price) in parts {
            sum = sum + Self.line(count ?? 0, price ?? row.input)
            let differs = LongNumber(millionthsOf: price ?? row.input) != LongNumber(millionthsOf: row.input)
            if count == nil, differs, input >= 1024 { hides = true }
        }
        return sum.picosAsText + (hides || isOurCount ? " estimate" : " exact")
    }

    private static func line(_ count: Int, _ price: String) -> LongNumber {
        LongNumber(String(count)) * LongNumber(millionthsOf: price)
    }
}

/// Money to the last digit, whatever the prices and the counts.
@Suite struct CostPropertyTests {
    @Test func agreesWithLongMultiplication() throws {
        let random = SeededRandom(13)
        var seen: [String: Int] = [:]
        for round in 0..<1000 {
            let list = PriceList(random)
            let prices = try list.prices()
            for _ in 0..<5 {
                let bill = Bill(random, threshold: list.threshold)
                let cost = CostCalculator.cost(
                    of: bill.usage, prices: prices, tier: bill.tier, isEstimate: bill.isOurCount)
                let told = cost.amount.map { "\($0.exact) \(cost.state)" } ?? "\(cost.state)"
                #expect(told == bill.cost(by: list), "round \(round): \(list) \(bill)")
                seen["\(cost.state)", default: 0] += 1
                if list.threshold.map({ bill.usage.inputTokens ?? 0 > $0 }) == true { seen["long", default: 0] += 1 }
                if let amount = cost.amount { #expect(Money(amount.exact) == amount) }
            }
        }
        for kind in ["exact", "estimate", "unknown", "long"] { #expect(seen[kind, default: 0] > 400, "\(seen)") }
    }

    /// The check is checked: known products, and each part on its own.
    @Test(arguments: [
        ("0", "0", "0.000000"), ("12", "2.5", "0.000030"), ("1", "0.000001", "0.000000000001"),
        ("999999999", "9999.999999", "9999999.989000000001"), ("1000000", "0.15", "0.150000"),
        ("48", "0.123456", "0.000005925888"),
    ])
    func longMultiplication(count: String, price: String, text: String) throws {
        let product = LongNumber(count) * LongNumber(millionthsOf: price)
        #expect(product.picosAsText == text)
        let known = try #require(Price(perMillion: price))
        let tokens = try #require(Int(count))
        #expect(known(tokens).exact == text)
    }
}
