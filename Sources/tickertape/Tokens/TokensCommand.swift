import AppSettings
import ArgumentParser
import ProviderCore
import Tokenization

/// Counts the tokens of files.
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Count the tokens of files, or of standard input, exactly.",
        discussion: """
            Prints tokens, bytes and, where the model has a price, what the text costs as input. Text that looks like a \
            special token counts as the characters it is made of; bytes that are no UTF-8 count as U+FFFD. A request has \
            a few tokens more than its texts.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.short, .long], help: ArgumentHelp("Count as this model does.", valueName: "id"),
        completion: Completions.models)
    var model: String?

    @Option(
        name: .long, help: ArgumentHelp("Count by this encoding: cl100k_base or o200k_base.", valueName: "name"),
        completion: .list(["cl100k_base", "o200k_base"]))
    var encoding: String?

    @Flag(
        name: .long,
        help: "Read JSON Lines, {\"text\": …} each, with \"encoding\" or \"model\"; print {\"count\": N} each.")
    var jsonl = false

    @Flag(name: .long, help: "With --jsonl: also print the ids of the tokens.")
    var ids = false

    @Argument(help: ArgumentHelp("Files; none or - is standard input.", valueName: "file"), completion: .file())
    var files: [String] = []

    func validate() throws {
        if model != nil, encoding != nil { throw ValidationError("give --model or --encoding, not both") }
        if ids, !jsonl { throw ValidationError("--ids goes with --jsonl") }
    }

    func run() async throws {
        let settings = try Wiring.settings(global).settings
        let catalog = try Wiring.catalog(settings)
        let sources = files.isEmpty ? ["-"] : files
        if jsonl {
            var lines = TokenLines(standard: try standard(catalog, settings).encoding, catalog: catalog, printsIDs: ids)
            for path in sources { try lines.count(path) }
            return
        }
        try countFiles(sources, standard(catalog, settings))
    }

    /// What counts where a line or file says nothing: the option's choice, else the settings' model, else the catalog's.
    private func standard(
        _ catalog: ModelCatalog, _ settings: Settings
    ) throws -> (encoding: TokenEncoding, model: ModelInfo?) {
        if let encoding { return (try EncodingChoice.named(encoding), nil) }
        if let model { return (try EncodingChoice.needed(of: model, catalog), catalog.model(model)) }
        let usual = settings.defaultModel ?? ModelCatalog.defaultModelID
        if let encoding = EncodingChoice.encoding(of: usual, catalog) { return (encoding, catalog.model(usual)) }
        return (.o200kBase, nil)
    }

    private func countFiles(_ paths: [String], _ standard: (encoding: TokenEncoding, model: ModelInfo?)) throws {
        let (encoding, model) = standard
        let counter = TokenCounter(encoding)
        var rows: [TokenRow] = []
        var problem: Failure?
        for path in paths {
            do {
                rows.append(try TokenRow(path, counter, model))
            } catch let failure as Failure {
                Terminal.complain(failure.message)
                problem = failure
            }
        }
        if rows.count > 1 { rows.append(TokenRow(totalOf: rows)) }
        for line in TokenRow.lines(rows) { Terminal.tell(line) }
        let how = model.map { "as \($0.id)" + ($0.hasOverriddenPrices ? " (your prices)" : "") } ?? "no model, no price"
        if Terminal.isTerminal(2) { Terminal.complain("\(encoding.rawValue), \(how)") }
        // Each file was named when it failed.
        if let problem { throw ExitCode(problem.code) }
    }
}

/// The count of one file, or the sum of several.
private struct TokenRow {
    let name: String
    var tokens = 0
    var bytes = 0
    /// What it costs as input; nil when that is not known.
    var cost: Money?

    init(_ path: String, _ counter: TokenCounter, _ model: ModelInfo?) throws {
        var source = try ByteSource(path: path)
        name = path == "-" ? "" : path
        var stream = StreamingTokenCounter(counter)
        var size = 0
        while try source.read({ bytes in
            size += bytes.count
            stream.append(utf8: bytes)
        }) {}
        stream.finish()
        bytes = size
        tokens = stream.count
        let usage = TokenUsage(inputTokens: tokens, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0)
        cost = CostCalculator.cost(of: usage, model: model, tier: nil).amount
    }

    init(totalOf rows: [TokenRow]) {
        name = "in all"
        for row in rows {
            tokens += row.tokens
            bytes += row.bytes
        }
        let known = rows.compactMap(\.cost)
        cost = known.count == rows.count ? known.reduce(.zero, +) : nil
    }

    /// The rows as lines of even columns.
    static func lines(_ rows: [TokenRow]) -> [String] {
        func padded(_ texts: [String]) -> [String] {
            let width = texts.map(\.count).max() ?? 0
            return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
        }
        let tokens = padded(rows.map { "\($0.tokens)" })
        let bytes = padded(rows.map { "\($0.bytes)" })
        let costs = padded(rows.map { $0.cost.map { "$" + $0.exact } ?? "" })
        return rows.indices.map { index in
            let parts = [tokens[index] + " tokens", bytes[index] + " bytes", costs[index], rows[index].name]
            return parts.filter { !$0.isEmpty }.joined(separator: "  ")
        }
    }
}
