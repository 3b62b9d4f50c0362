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
        let catalog = try Wiring.catalog()
        if remote { return try await listRemote(catalog) }
        switch output {
        case .json: Terminal.say(JSONWriter.string(.array(catalog.models.map(\.json))))
        case .text:
            let models = catalog.models.filter { all || $0.status != .shutdown }
            let rows = models.map { Self.row($0.id, $0) }
            Table.print(head: ["MODEL", "WINDOW", "MAX OUT", "IN $/M", "OUT $/M", "STATUS"], rows: rows)
            guard Terminal.isTerminal(STDERR_FILENO) else { return }
            Terminal.complain("prices as of \(catalog.asOf); \(models.count) models, --all lists retired ones too")
        }
    }

    private func listRemote(_ catalog: ModelCatalog) async throws {
        let wiring = try await Wiring(global: global, baseURL: nil)
        let listings: [ModelListing]
        do {
            listings = try await wiring.provider.models()
        } catch let error as ProviderError {
            throw Failure(AskReport.line(error), code: error.exitCode)
        }
        for warning in wiring.warnings { Terminal.complain(warning) }
        switch output {
        case .json:
            let known = listings.map { $0.json(known: catalog.model($0.id)) }
            Terminal.say(JSONWriter.string(.array(known)))
        case .text:
            Table.print(
                head: ["MODEL", "WINDOW", "MAX OUT", "IN $/M", "OUT $/M", "STATUS"],
                rows: listings.map { Self.row($0.id, catalog.model($0.id), $0) })
        }
    }

    private static func row(_ id: String, _ info: ModelInfo?, _ listing: ModelListing? = nil) -> [String] {
        let price = info?.price(tier: nil)
        return [
            TextGate.gate(id, allowNewlines: false).text,
            (listing?.contextWindow ?? info?.contextWindow).map(String.init) ?? "–",
            info?.maxOutputTokens.map(String.init) ?? "–", price.map { $0.input.perMillion } ?? "–",
            price.map { $0.output.perMillion } ?? "–",
            status(info, shutdownDate: listing?.shutdownDate ?? info?.shutdownDate),
        ]
    }

    /// Where a model is in its life; the day is the endpoint's, else the catalog's.
    private static func status(_ info: ModelInfo?, shutdownDate: String?) -> String {
        let word = info?.status.rawValue ?? "not in the catalog"
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
        guard known == nil, let members = info.json.objectValue else { return info.json }
        return .object(members.map { $0.key == "supports" ? JSONMember("supports", .null) : $0 })
    }
}

/// A table of text: columns as wide as their widest cell, numbers to the right.
enum Table {
    static func print(head: [String], rows: [[String]]) {
        let widths = head.indices.map { column in
            ([head] + rows).map { CellWidth.width(of: $0[column]) }.max() ?? 0
        }
        for row in [head] + rows {
            let cells = row.enumerated().map { column, cell -> String in
                let pad = String(repeating: " ", count: widths[column] - CellWidth.width(of: cell))
                let isNumber = cell.first?.isNumber == true || cell == "–" || (row == head && (1...4).contains(column))
                return isNumber && column > 0 ? pad + cell : cell + pad
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            Terminal.say(line)
        }
    }
}
