import AppSettings
import ArgumentParser
import ProviderCore
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How results are printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// The model catalog.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models of the catalog, with windows and prices.",
        discussion: "Prices are US dollars per million tokens, input and output, of the standard tier.")

    @OptionGroup var global: GlobalOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: TableFormat = .text

    @Flag(name: .long, help: "Ask the endpoint which models it offers.")
    var remote = false

    @Flag(name: .long, help: "Also list models that are shut down; JSON always has them.")
    var all = false

    func run() async throws {
        if remote { return try await listRemote() }
        let catalog = try Wiring.catalog(Wiring.settings(global).settings)
        switch output {
        case .json: Terminal.say(JSONWriter.string(.array(catalog.models.map(\.listed))))
        case .text:
            let models = catalog.models.filter { all || $0.status != .shutdown }
            Self.printTable(models.map { Self.row($0.id, $0) })
            guard Terminal.isTerminal(STDERR_FILENO) else { return }
            Terminal.complain("prices as of \(catalog.asOf); \(models.count) models, --all lists retired ones too")
            Self.explainMark(models)
        }
    }

    /// Says on a terminal what the mark behind prices means, when there is one.
    private static func explainMark(_ models: [ModelInfo]) {
        guard Terminal.isTerminal(STDERR_FILENO), models.contains(where: \.hasOverriddenPrices) else { return }
        Terminal.complain("* your prices, from the settings")
    }

    private func listRemote() async throws {
        let wiring = try await Wiring(global: global, baseURL: nil)
        let listings: [ModelListing]
        do {
            listings = try await wiring.provider.models()
        } catch let error as ProviderError {
            throw Failure(AskReport.line(error), code: error.exitCode)
        }
        for warning in wiring.warnings { Terminal.complain(warning) }
        let known = listings.map { ($0, wiring.catalog.model($0.id, prices: wiring.endpoint.prices)) }
        switch output {
        case .json: Terminal.say(JSONWriter.string(.array(known.map { $0.json(known: $1) })))
        case .text:
            Self.printTable(known.map { Self.row($0.id, $1, $0) })
            Self.explainMark(known.compactMap(\.1))
        }
    }

    /// Prints the rows; the column of marks only where there is one.
    private static func printTable(_ rows: [[String]]) {
        let head = ["MODEL", "WINDOW", "MAX OUT", "IN $/M", "OUT $/M", "", "STATUS"]
        let hasMarks = rows.contains { !$0[5].isEmpty }
        func fitted(_ row: [String]) -> [String] { hasMarks ? row : Array(row[..<5] + row[6...]) }
        Table.print(head: fitted(head), rows: rows.map(fitted))
    }

    private static func row(_ id: String, _ info: ModelInfo?, _ listing: ModelListing? = nil) -> [String] {
        let price = info?.price(tier: nil)
        return [
            TextGate.gate(id, allowNewlines: false).text,
            (listing?.contextWindow ?? info?.contextWindow).map(String.init) ?? "–",
            info?.maxOutputTokens.map(String.init) ?? "–", price.map { $0.input.perMillion } ?? "–",
            price.map { $0.output.perMillion } ?? "–", info?.hasOverriddenPrices == true ? "*" : "",
            status(info, shutdownDate: listing?.shutdownDate ?? info?.shutdownDate),
        ]
    }

    /// Where a model is in its life; the day is the endpoint's, else the catalog's.
    private static func status(_ info: ModelInfo?, shutdownDate: String?) -> String {
        let word = info.flatMap { $0.isListed ? $0.status.rawValue : nil } ?? "not in the catalog"
        return word + (shutdownDate.map { (info?.status == .shutdown ? " since " : " until ") + $0 } ?? "")
    }
}

extension ModelListing {
    /// The object that `models --remote -o json` prints: what the catalog knows of the model, and what the endpoint tells
    /// of it, which counts more.
    func json(known: ModelInfo?) -> JSONValue {
        var info = known ?? ModelInfo(id: id)
        info.id = id
        info.contextWindow = contextWindow ?? info.contextWindow
        info.shutdownDate = shutdownDate ?? info.shutdownDate
        guard !info.isListed, let members = info.listed.objectValue else { return info.listed }
        return .object(members.map { $0.key == "supports" ? JSONMember("supports", .null) : $0 })
    }
}

extension ModelInfo {
    /// The object that `models -o json` prints: `json`, with where the prices are from among them.
    var listed: JSONValue {
        guard let source = prices?.source, let members = json.objectValue else { return json }
        let told = JSONMember("source", .string(source.description))
        return .object(
            members.map { member in
                guard member.key == "prices", let prices = member.value.objectValue else { return member }
                return JSONMember("prices", .object(prices + [told]))
            })
    }
}

extension Table {
    /// Prints a table with a heading, numbers to the right.
    static func print(head: [String], rows: [[String]]) {
        let lines = lines([head] + rows) { row, column, cell in
            let isNumber = cell.first?.isNumber == true || cell == "–" || (row == 0 && (1...4).contains(column))
            return isNumber && column > 0
        }
        for line in lines { Terminal.tell(line) }
    }
}
