import GRDB
import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// The totals that caps are checked with are those of the entries.
@Suite struct LedgerTotalsTests {
    private let place = LedgerFolder()

    private static let held = "sum(iif(state IN ('intent','open','unknown'), coalesce(ceiling, 0), 0))"

    /// Totals as they are kept, and as the entries say.
    private func totals() async throws -> (kept: [String], summed: [String]) {
        let kept = """
            SELECT scope, name, demo, spent_millions * 1000000 + spent_rest, held_millions * 1000000 + held_rest FROM total
            """
        let summed = ["day", "run", "conversation"].map { scope in
            """
            SELECT '\(scope)', \(scope), demo, coalesce(sum(amount), 0), \(Self.held) FROM entry
            WHERE coalesce(\(scope), '') <> '' GROUP BY 2, 3
            """
        }
        return try await DatabaseQueue(path: place.path).read { database in
            func lines(_ sql: String) throws -> [String] {
                try Row.fetchAll(database, sql: sql).map { row in
                    let (scope, name): (String, String) = (row[0], row[1])
                    let (demo, spent, held): (Int64, Int64, Int64) = (row[2], row[3], row[4])
                    return "\(scope) \(name) \(demo): \(spent) \(held)"
                }.sorted()
            }
            return (try lines(kept), try lines(summed.joined(separator: " UNION ALL ")))
        }
    }

    private func fill(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        let ledgers = [place.ledger(), place.ledger()]
        for number in 0..<80 {
            let run = ["a", "b", nil].randomElement(using: &random) ?? nil
            let conversation = ["x", "y", nil].randomElement(using: &random) ?? nil
            var intent = LedgerIntent.sample(
                accounting: Accounting(conversation: conversation, run: run, item: "\(number)/1"),
                isDemo: Bool.random(using: &random), isPriced: Int.random(in: 0..<5, using: &random) > 0)
            let ledger = ledgers[Int.random(in: 0..<2, using: &random)]
            let booking = try await ledger.begin(intent)
            let states: [LedgerState] = [.settled, .estimated, .unknown, .refused]
            guard let state = states.randomElement(using: &random), Int.random(in: 0..<6, using: &random) > 0 else {
                continue
            }
            var closing = LedgerClosing.settled(Int128.random(in: 0..<5_000_000, using: &random))
            closing.state = state
            if state == .unknown || state == .refused { closing.cost = .unknown }
            ledger.close(booking, closing)
            // The next one may come from the other ledger, which has little patience.
            try await ledger.flush()
            guard state == .estimated, Bool.random(using: &random) else { continue }
            intent.resumes = "r1"
            let resumed = try await ledger.begin(intent)
            if Bool.random(using: &random) { ledger.close(resumed, .settled(77)) }
            try await ledger.flush()
        }
    }

    @Test(arguments: 0..<4) func theyAreThoseOfTheEntries(seed: UInt64) async throws {
        try await fill(seed: seed)
        let (kept, summed) = try await totals()
        #expect(kept == summed && kept.count > 6)
        // This notices a millionth of a millionth.
        try await DatabaseQueue(path: place.path).write {
            try $0.execute(sql: "UPDATE total SET held_rest = held_rest + 1")
        }
        let changed = try await totals()
        #expect(changed.kept != changed.summed)
    }

    /// A ledger of an older version gets its totals when it is opened to write.
    @Test func anOldLedgerIsSummed() async throws {
        try await fill(seed: 9)
        let before = try await totals()
        try await DatabaseQueue(path: place.path).write { database in
            try database.execute(
                sql: """
                    DROP TABLE total; DROP TRIGGER entry_added; DROP TRIGGER entry_changed; DROP TRIGGER entry_removed;
                    DELETE FROM grdb_migrations WHERE identifier = '2 totals';
                    """)
        }
        let ledger = place.ledger()
        ledger.close(try await ledger.begin(.sample(accounting: Accounting(run: "a"))), .settled(5))
        try await ledger.flush()
        let after = try await totals()
        #expect(after.kept == after.summed && after.kept != before.kept)
    }

    /// No entry is read to check a cap of a day, a run or a conversation.
    @Test(arguments: [BudgetScope.day, .run, .conversation]) func noEntryIsRead(scope: BudgetScope) async throws {
        try await fill(seed: 3)
        let intent = LedgerIntent.sample(accounting: Accounting(conversation: "x", run: "a"))
        let key = try #require(SumKey(scope, intent, day: "2026-01-01", owner: "o"))
        let plan = try await DatabaseQueue(path: place.path).read { database in
            let arguments = StatementArguments(key.values) + [0]
            return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + key.sql, arguments: arguments)
                .map { $0["detail"] as String }
        }
        #expect(plan == ["SEARCH total USING PRIMARY KEY (scope=? AND name=? AND demo=?)"])
    }
}
