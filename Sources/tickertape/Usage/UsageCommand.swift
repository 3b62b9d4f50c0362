import AppSettings
import ArgumentParser
import ProviderCore
import Storage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// In which form `usage` prints.
enum UsageFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
}

/// What was spent.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "What was spent: the usage ledger, summed.",
        discussion: """
            Every request of the workspace, of ask and of benchmarks is booked before it leaves and once more when it is \
            over. A cost with ~ has an estimate in it: the server sent no counts. A range has requests in it that run, or \
            of which nobody knows how they ended: they cost at most the second amount. Requests of the demo cost nothing \
            and stand apart. JSON and CSV have exact amounts.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "day, model, endpoint, conversation, run, request (each by itself) or total.", valueName: "what"),
        transform: { word in
            guard let grouping = UsageQuery.Grouping(rawValue: word) else {
                let words = UsageQuery.Grouping.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--by takes one of \(words), not \"\(word)\"")
            }
            return grouping
        })
    var by = UsageQuery.Grouping.day

    @Option(name: .long, help: ArgumentHelp("First day: YYYY-MM-DD, today, or 7d for seven days.", valueName: "day"))
    var since: String?

    @Option(name: .long, help: ArgumentHelp("Last day, likewise.", valueName: "day"))
    var until: String?

    @Option(name: .long, help: ArgumentHelp("At most so many rows: the newest, or the dearest.", valueName: "n"))
    var limit: Int?

    @Option(name: [.short, .customLong("output")], help: "text, json or csv.")
    var output: UsageFormat = .text

    func run() async throws {
        _ = try Wiring.settings(global)
        if let limit, limit < 1 {
            throw Failure("--limit takes a whole number of at least 1, not \(limit)", code: Exit.usage)
        }
        let query = UsageQuery(
            by: by, since: try since.map { try Self.day($0, option: "since") },
            until: try until.map { try Self.day($0, option: "until") }, isDemo: global.demo ? true : nil, limit: limit)
        guard let path = Wiring.paths().ledgerFile else {
            throw Failure("no usage ledger: neither XDG_DATA_HOME nor HOME is set", code: Exit.storage)
        }
        let ledger = SQLiteLedger(path: path)
        let rows: [UsageRow]
        do throws(LedgerError) { rows = try await ledger.usage(query) } catch {
            throw Failure("\(error)", code: Exit.storage)
        }
        for notice in ledger.takeNotices() { Terminal.complain(notice) }
        switch output {
        case .json: Terminal.say(JSONWriter.string(.array(rows.map { UsageRecord($0, by).json })))
        case .csv: for line in UsageRecord.csv(rows, by) { Terminal.say(line) }
        case .text: tell(rows, path)
        }
    }

    private func tell(_ rows: [UsageRow], _ path: String) {
        guard !rows.isEmpty else {
            // Not an error: a new user has spent nothing.
            return Terminal.complain(
                "nothing is booked \(since == nil && until == nil ? "yet" : "in that time") in \(path)")
        }
        for line in UsageTable.lines(rows, by) { Terminal.tell(line) }
    }

    /// The day that a word means, `YYYY-MM-DD`.
    static func day(_ word: String, option: String, now: Int64 = WallClock().now) throws -> String {
        if word == "today" { return WallClock.day(now) }
        if word.hasSuffix("d"), let days = Int(word.dropLast()), (1...36_500).contains(days) {
            return WallClock.day(now - Int64(days - 1) * 86_400_000)
        }
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        let isDay =
            parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
            && (1...12).contains(Int(parts[1]) ?? 0) && (1...31).contains(Int(parts[2]) ?? 0)
        guard isDay else {
            throw Failure(
                "--\(option) takes a day as YYYY-MM-DD, today, or a number of days such as 7d, not \"\(word)\"",
                code: Exit.usage)
        }
        return word
    }
}
