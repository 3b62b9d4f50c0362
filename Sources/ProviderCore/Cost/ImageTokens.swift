/// The input tokens that a picture takes. Pure.
///
/// Formulas as OpenAI publishes them ("Images and vision", calculating costs; read in November 2026). *Tiles*: the picture is shrunk,
/// never enlarged, to fit into 2,048 x 2,048 pixels and then to a shortest side of 768; each square of 512 pixels that it covers
/// takes a fixed number, and there is a base, which is all that detail `low` costs. *Patches*: squares of 32 pixels; a picture that
/// covers more than a budget of them is shrunk into it; the patches times a factor of the model, rounded up.
///
/// 1,024 x 1,024 pixels for gpt-4o: 4 tiles, 85 + 4 * 170 = 765 tokens. 2,048 x 4,096: 6 tiles, 1,105. Any, detail `low`: 85.
/// 1,800 x 2,400 in a budget of 1,536 patches: 33 x 44 = 1,452 of them.
public struct ImageTokens: Sendable, Hashable {
    /// The count.
    public let tokens: Int
    /// Whether the model's own count is this one; else it is an estimate: the size is not known and this is the most it can be, the
    /// detail is left to the model, or only users have measured its factor.
    public let isExact: Bool

    /// The tokens of a picture.
    ///
    /// `detail` is the one asked for: `low`, `high`, `original`, `auto`; nil is `auto`, which is counted as `high`. `size` nil = not
    /// known. Nil for a model or a detail without a known formula.
    public init?(size: ImageSize?, detail: String?, model: String) {
        guard let formula = ImageFormula(model: model), let detail = Detail(rawValue: detail ?? "auto"),
            let count = formula.tokens(size, detail)
        else { return nil }
        tokens = count
        isExact = formula.isPublished && detail != .auto && (size != nil || formula.isFixed(detail))
    }

    /// The tokens of a picture by its URL, whose size is known where the URL itself holds the picture.
    public init?(url: String, detail: String?, model: String) {
        self.init(size: ImageSize(dataURL: url), detail: detail, model: model)
    }

    enum Detail: String {
        case auto, low, high, original
    }
}

/// How a model counts pictures.
enum ImageFormula: Sendable, Hashable {
    /// Tokens for any picture, and for each tile of 512 pixels.
    case tiles(base: Int, each: Int)
    /// Hundredths of a token a patch of 32 pixels, the most patches, and the most with detail `original`; nil = it has none.
    case patches(hundredths: Int, budget: Int, original: Int?)

    /// Longest prefixes first. The factors of gpt-5-mini and gpt-5-nano are those that users measured (community.openai.com, thread
    /// 1377015, 2026), since the published ones are not what is billed; the budget of `original` is the one that Codex counts with.
    private static let byName: [(name: String, formula: ImageFormula?)] = [
        ("chatgpt-4o", .tiles(base: 85, each: 170)), ("gpt-4o-mini", .tiles(base: 2833, each: 5667)),
        ("gpt-4o", .tiles(base: 85, each: 170)),
        ("gpt-4.1-mini", .patches(hundredths: 162, budget: 1536, original: nil)),
        ("gpt-4.1-nano", .patches(hundredths: 246, budget: 1536, original: nil)),
        ("gpt-4.1", .tiles(base: 85, each: 170)),
        ("gpt-5-mini", .patches(hundredths: 120, budget: 1536, original: nil)),
        ("gpt-5-nano", .patches(hundredths: 150, budget: 1536, original: nil)),
        ("gpt-5.1-codex-mini", nil), ("gpt-5.1-mini", nil), ("gpt-5.1", .tiles(base: 70, each: 140)),
        ("gpt-5.2", .patches(hundredths: 120, budget: 1536, original: nil)),
        ("gpt-5.3", .patches(hundredths: 120, budget: 1536, original: nil)), ("gpt-5.4", newest), ("gpt-5.5", newest),
        ("gpt-5.6", newest), ("gpt-6", newest), ("gpt-6.1", newest), ("gpt-6.2", newest),
        ("gpt-5", .tiles(base: 70, each: 140)), ("o1-mini", nil), ("o1", .tiles(base: 75, each: 150)),
        ("o3-mini", nil), ("o3", .tiles(base: 75, each: 150)),
        ("o4-mini", .patches(hundredths: 172, budget: 1536, original: nil)),
    ]

    private static let newest = ImageFormula.patches(hundredths: 120, budget: 2500, original: 10_000)

    /// The formula of a model by its id, with or without a date; nil when none is known.
    init?(model: String) {
        let found = Self.byName.first { model == $0.name || model.hasPrefix($0.name + "-") }
        guard let formula = found?.formula else { return nil }
        self = formula
    }

    /// Whether what is billed was seen to be what is published.
    var isPublished: Bool { if case .tiles = self { true } else { false } }

    /// Whether all pictures take the same.
    func isFixed(_ detail: ImageTokens.Detail) -> Bool { isPublished && detail == .low }

    /// The tokens of a picture, the most there can be when the size is not known; nil when the model has no such detail.
    func tokens(_ size: ImageSize?, _ detail: ImageTokens.Detail) -> Int? {
        switch (self, detail) {
        case (.tiles(let base, _), .low): return base
        case (.tiles, .original): return nil
        case (.tiles(let base, let each), _): return base + each * (size.map(Self.tiles) ?? 8)
        case (.patches(_, _, nil), .original): return nil
        // What `low` saves here is not published; it takes no more than `high`.
        case (.patches(let hundredths, let budget, let original), _):
            let most = detail == .original ? original ?? budget : budget
            let patches = size.map { Self.patches($0, budget: most) } ?? most
            return (patches * hundredths + 99) / 100
        }
    }

    /// Squares of 512 pixels. The picture is scaled by the smallest of 1, 2048 / longest and 768 / shortest side.
    private static func tiles(_ size: ImageSize) -> Int {
        let longest = max(size.width, size.height)
        let shortest = min(size.width, size.height)
        var scale = (of: 1, to: 1)
        if longest > 2048 { scale = (longest, 2048) }
        if shortest * scale.to > 768 * scale.of { scale = (shortest, 768) }
        func across(_ side: Int) -> Int { max(1, (side * scale.to + 512 * scale.of - 1) / (512 * scale.of)) }
        return across(size.width) * across(size.height)
    }

    /// Squares of 32 pixels, at most `budget`: a larger picture is shrunk until one side is a whole number of them.
    private static func patches(_ size: ImageSize, budget: Int) -> Int {
        let (width, height) = (size.width, size.height)
        let plain = ((width + 31) / 32) * ((height + 31) / 32)
        guard plain > budget else { return plain }
        // Sides in patches of a picture of this shape that has exactly the budget, rounded down.
        let columns = root(budget * width / height)
        let rows = root(budget * height / width)
        guard columns > 0, rows > 0 else { return budget }
        if columns * height <= rows * width { return min(budget, columns * ((columns * height + width - 1) / width)) }
        return min(budget, rows * ((rows * width + height - 1) / height))
    }

    /// The whole part of a square root, for numbers up to 2^45.
    private static func root(_ number: Int) -> Int {
        var root = Int(Double(number).squareRoot())
        while root * root > number { root -= 1 }
        while (root + 1) * (root + 1) <= number { root += 1 }
        return root
    }
}
