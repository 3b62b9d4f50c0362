import Foundation
import GRDB
import ProviderCore

@testable import Storage

/// A folder of its own for a ledger; gone when the test is over.
final class LedgerFolder: Sendable {
    let folder: String

    init() {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-" + PolicyCall.newID()).path
        mkdir(folder, 0o700)
    }

    /// More than once: a ledger that ends takes files away meanwhile, and the removal stops at the first that is gone.
    deinit {
        for _ in 0..<10 where FileManager.default.fileExists(atPath: folder) {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    var path: String { folder + "/data/usage.sqlite" }
    var file: DatabaseFile { DatabaseFile(kind: LedgerSchema.kind, path: path, busySeconds: 0.05) }

    /// A ledger that loses patience at once.
    func ledger(_ clock: WallClock = WallClock()) -> SQLiteLedger {
        SQLiteLedger(file, clock: clock, retryInterval: .milliseconds(1))
    }

    /// A ledger on a file that may have so many pages of 4 KiB.
    func ledger(maximumPages: Int) -> SQLiteLedger {
        var small = file
        small.maximumPages = maximumPages
        return SQLiteLedger(small, retryInterval: .seconds(3600))
    }

    /// The names beside the ledger.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/data")) ?? []).sorted()
    }

    func put(_ bytes: [UInt8], at path: String? = nil) {
        mkdir(folder + "/data", 0o700)
        _ = FileManager.default.createFile(atPath: path ?? self.path, contents: Data(bytes))
    }

    /// What SQLite itself says of the file.
    func check() throws -> String? {
        try DatabaseQueue(path: path).write { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
    }
}

extension LedgerIntent {
    /// A request of 100 input tokens at $1 and 100 output tokens at $2 per million: at most 300 millionths of a dollar.
    static func sample(
        _ call: String = PolicyCall.newID(), accounting: Accounting = Accounting(), model: String = "m",
        isDemo: Bool = false, isPriced: Bool = true
    ) -> LedgerIntent {
        var prices: PriceSet?
        if isPriced, let one = Price(perMillion: "1"), let two = Price(perMillion: "2") {
            prices = PriceSet(input: one, output: two)
        }
        return LedgerIntent(
            call: call, accounting: accounting, provider: "openai", endpoint: "http://here/v1", isDemo: isDemo,
            model: model, inputTokens: 100, wantedOutput: 100, prices: prices, priceSource: "test")
    }
}

extension LedgerClosing {
    static func settled(_ millionths: Int128, input: Int = 90, output: Int = 50) -> LedgerClosing {
        LedgerClosing(
            state: .settled, usage: TokenUsage(inputTokens: input, outputTokens: output),
            cost: .exact(.millionths(millionths)),
            metadata: ResponseMetadata(id: "r1", model: "m-1", serviceTier: "default", requestID: "q1"),
            duration: .milliseconds(1500))
    }
}

extension Money {
    static func millionths(_ number: Int128) -> Money { Money(picodollars: number * 1_000_000) }
}

extension SQLiteLedger {
    /// The states of all entries, oldest first.
    func states() async throws -> [LedgerState] {
        try await usage(UsageQuery(by: .request)).compactMap { $0.detail?.state }.reversed()
    }
}

extension LedgerFolder {
    /// The states of all entries by their calls, after a ledger opened the file and found who is dead.
    func statesByCall() async throws -> [String: String] {
        _ = try await ledger().states()
        return try await DatabaseQueue(path: path).read { database in
            var states: [String: String] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT call, state FROM entry") {
                states[row["call"]] = row["state"]
            }
            return states
        }
    }
}
