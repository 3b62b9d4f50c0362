import Foundation
import FunctionTools
import ProviderCore
import Storage

/// Figures of the usage ledger for `make bench`, and the writers that the crash tests kill.
@main
enum LedgerBench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first) {
        case ("write", let path?): await write(path, isHasty: arguments.contains("--hasty"))
        case ("write-calls", let path?): await writeCalls(path, isHasty: arguments.contains("--hasty"))
        case ("write-run", let folder?):
            guard let id = arguments.dropFirst(2).first else { exit(64) }
            try await RunWriter.write(folder, id, isHasty: arguments.contains("--hasty"))
        case ("make-runs", let folder?): try await RunWriter.make(folder)
        case ("bench-runs", let folder?): try await RunWriter.measure(folder)
        case ("bench", let folder?): try await measure(folder)
        default:
            let usage =
                "usage: ledger-bench bench FOLDER | bench-runs FOLDER | make-runs FOLDER | write FILE [--hasty] | "
                + "write-calls FILE [--hasty] | write-run FOLDER ID [--hasty]\n"
            FileHandle.standardError.write(Data(usage.utf8))
            exit(64)
        }
    }

    /// Books requests until it is killed, eight at a time, and prints what is safe: `intent CALL`, then `settled CALL`. Hasty, it
    /// prints before it is safe: the defect that the crash test has to find.
    private static func write(_ path: String, isHasty: Bool) async {
        let ledger = SQLiteLedger(path: path)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while let booking = try? await ledger.begin(Sample.intent()) {
                        say("intent \(booking.intent.call)")
                        ledger.close(booking, Sample.closing)
                        if !isHasty { guard (try? await ledger.flush()) != nil else { return } }
                        say("settled \(booking.intent.call)")
                    }
                }
            }
        }
    }

    /// As `write`, with decided calls: prints `kept ID`.
    private static func writeCalls(_ path: String, isHasty: Bool) async {
        let log = SQLiteToolLog(path: path)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while true {
                        let id = PolicyCall.newID()
                        if isHasty { say("kept \(id)") }
                        guard (try? await log.append(Sample.decided(id))) != nil else { return }
                        if !isHasty { say("kept \(id)") }
                    }
                }
            }
        }
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
    }

    private static func measure(_ folder: String) async throws {
        for (name, width, count) in [
            ("one at a time", 1, 500), ("64 at a time", 64, 20_000), ("512 at a time", 512, 40_000),
        ] {
            let ledger = SQLiteLedger(path: "\(folder)/ledger-\(width).sqlite")
            _ = try await ledger.begin(Sample.intent())
            let start = ContinuousClock.now
            try await book(count, at: width, in: ledger)
            try await ledger.flush()
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            print("rows_per_second \(Int(Double(count) / seconds)) \(name)")
        }
        let ledger = SQLiteLedger(path: "\(folder)/ledger-512.sqlite")
        for grouping in [UsageQuery.Grouping.day, .model] {
            let start = ContinuousClock.now
            _ = try await ledger.usage(UsageQuery(by: grouping))
            print(
                "query_ms \(String(format: "%.1f", (ContinuousClock.now - start) / .milliseconds(1))) \(grouping.rawValue)"
            )
        }
    }

    /// Books and ends so many requests, `width` at a time.
    private static func book(_ count: Int, at width: Int, in ledger: SQLiteLedger) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width {
                group.addTask {
                    for _ in 0..<(count / width) {
                        let booking = try await ledger.begin(Sample.intent())
                        ledger.close(booking, Sample.closing)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Entries like those of real requests.
enum Sample {
    static func intent() -> LedgerIntent {
        LedgerIntent(
            call: PolicyCall.newID(),
            accounting: Accounting(purpose: .benchmark, run: "run-1", item: PolicyCall.newID()),
            provider: "openai", endpoint: "https://api.openai.com/v1", model: "gpt-5.4-mini", inputTokens: 120,
            wantedOutput: 1000, prices: prices, priceSource: "catalog")
    }

    static let closing = LedgerClosing(
        state: .settled,
        usage: TokenUsage(inputTokens: 118, outputTokens: 230, cachedInputTokens: 0, reasoningTokens: 0),
        cost: .exact(Money(picodollars: 1_123_500_000)), prices: prices,
        metadata: ResponseMetadata(id: "chatcmpl-1", model: "gpt-5.4-mini", serviceTier: "default", requestID: "req_1"),
        duration: .milliseconds(812))

    /// A call with 6 KB of result, more than a page.
    static func decided(_ id: String) -> DecidedCall {
        DecidedCall(
            conversation: "0123456789abcde-1", turn: 1, position: 1,
            call: ToolCall(id: id, name: "read_file", arguments: #"{"path":"Sources/main.swift"}"#),
            result: ToolResult(
                String(repeating: "a line\n", count: 900), kind: .ran(.exited(0)), duration: .milliseconds(12)),
            decider: .person)
    }

    static let prices: PriceSet? = {
        guard let input = Price(perMillion: "0.75"), let output = Price(perMillion: "4.5") else { return nil }
        return PriceSet(input: input, output: output)
    }()
}
