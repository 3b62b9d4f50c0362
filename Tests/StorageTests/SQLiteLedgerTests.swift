import Foundation
import GRDB
import ProviderCore
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct SQLiteLedgerTests {
    private let place = LedgerFolder()

    @Test func anEntryIsBookedThenSettled() async throws {
        let ledger = place.ledger(WallClock { 1_700_000_000_000 })
        let accounting = Accounting(purpose: .ask, conversation: "c1", run: "r9", item: "i1")
        let booking = try await ledger.begin(.sample(accounting: accounting))
        #expect(booking.attempt == 1)
        #expect(booking.grant.ceiling == .millionths(300))
        #expect(try await ledger.states() == [.intent])
        ledger.note(LedgerProgress(metadata: ResponseMetadata(requestID: "q1"), outputTokens: 7), of: booking)
        #expect(try await ledger.states() == [.open])
        ledger.close(booking, .settled(190))
        let row = try #require(try await ledger.usage(UsageQuery(by: .request)).first)
        #expect(row.key == WallClock.stamp(1_700_000_000_000))
        #expect(row.cost == .exact(.millionths(190)))
        #expect(row.usage == TokenUsage(inputTokens: 90, outputTokens: 50))
        let detail = try #require(row.detail)
        #expect(detail.state == .settled)
        #expect([detail.purpose, detail.conversation, detail.run, detail.tier] == ["ask", "c1", "r9", "default"])
        #expect([detail.requestID, detail.answeredBy, detail.priceSource] == ["q1", "m-1", "test"])
        #expect(detail.milliseconds == 1500)
    }

    @Test func whatIsOverStaysAsItIs() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample())
        ledger.close(booking, .settled(190))
        ledger.close(booking, .settled(999))
        ledger.close(booking, LedgerClosing(state: .unknown))
        ledger.note(LedgerProgress(metadata: ResponseMetadata(), outputTokens: 1), of: booking)
        let rows = try await ledger.usage(UsageQuery(by: .total))
        #expect(rows.map(\.spent) == [.millionths(190)])
        #expect(rows.map(\.requests) == [1])
    }

    @Test func attemptsAtAnItemAreNumbered() async throws {
        let ledger = place.ledger()
        let accounting = Accounting(run: "r", item: "i")
        var numbers: [Int] = []
        for _ in 0..<3 { numbers.append(try await ledger.begin(.sample(accounting: accounting)).attempt) }
        #expect(numbers == [1, 2, 3])
        #expect(try await ledger.begin(.sample(accounting: Accounting(run: "s", item: "i"))).attempt == 1)
    }

    /// The lock is what shows that a process lives.
    @Test func aDeadProcessLeavesUnknownEntries() async throws {
        let ledger = place.ledger()
        _ = try await ledger.begin(.sample())
        let other = try await ledger.begin(.sample())
        ledger.close(other, .settled(5))
        try await ledger.flush()
        try FileManager.default.removeItem(atPath: place.file.ownersFolder)
        let next = place.ledger()
        #expect(try await next.states() == [.unknown, .settled])
        let total = try #require(try await next.usage(UsageQuery(by: .total)).first)
        #expect(total.spent == .millionths(5))
        #expect(total.held == .millionths(300))
        #expect(total.cost == .estimate(.millionths(5)))
    }

    @Test func aLivingProcessIsLeftAlone() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample())
        #expect(try await place.ledger().states() == [.intent])
        ledger.close(booking, .settled(1))
        try await ledger.flush()
        #expect(try await place.ledger().states() == [.settled])
    }

    /// Its owner knows better than who took it for dead.
    @Test func anEntryTakenForDeadIsStillSettled() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample())
        try await DatabaseQueue(path: place.path).write { try $0.execute(sql: "UPDATE entry SET state = 'unknown'") }
        ledger.close(booking, .settled(7))
        #expect(try await ledger.states() == [.settled])
    }

    @Test func aResumedAnswerIsOneEntry() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample("a call"))
        var cut = LedgerClosing.settled(100, output: 20)
        cut.state = .estimated
        ledger.close(booking, cut)
        var again = LedgerIntent.sample("a call")
        again.resumes = "r1"
        let resumed = try await ledger.begin(again)
        #expect(resumed.id == booking.id)
        #expect(resumed.outputBefore == 20)
        ledger.close(resumed, .settled(190))
        let total = try #require(try await ledger.usage(UsageQuery(by: .total)).first)
        #expect(total.spent == .millionths(190))
        #expect(total.requests == 1)
    }

    @Test func readingMakesNoFile() async throws {
        #expect(try await place.ledger().usage(UsageQuery(by: .day)).isEmpty)
        #expect(place.names.isEmpty)
    }

    @Test func filesAreTheOwnersAlone() async throws {
        _ = try await place.ledger().begin(.sample())
        for name in [""] + place.names {
            let path = place.folder + "/data/" + name
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode.map { $0 & 0o077 } == 0, "\(name)")
        }
    }

    @Test func clockJumpsChangeNoOrder() async throws {
        let times = Times([1_700_000_000_000, 1_400_000_000_000, 4_000_000_000_000, -5_000])
        let ledger = place.ledger(WallClock { times.next() })
        for number in 0..<3 {
            let booking = try await ledger.begin(.sample(model: "m\(number)"))
            ledger.close(booking, .settled(1))
        }
        let rows = try await ledger.usage(UsageQuery(by: .request))
        #expect(rows.map { $0.detail?.model } == ["m2", "m1", "m0"])
        #expect(rows.allSatisfy { ($0.detail?.milliseconds ?? -1) >= 0 })
        #expect(try await ledger.usage(UsageQuery(by: .day)).count == 3)
    }

    @Test func anAmountThatNobodyPaysIsUnpriced() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample())
        ledger.close(booking, .settled(Int128.max / 2_000_000, input: .max / 4, output: .max / 4))
        let other = try await ledger.begin(.sample())
        ledger.close(other, .settled(3))
        let total = try #require(try await ledger.usage(UsageQuery(by: .total)).first)
        #expect(total.unpriced == 1)
        #expect(total.spent == .millionths(3))
    }

    @Test func manyProcessesBookAtOnce() async throws {
        let ledgers = (0..<8).map { _ in SQLiteLedger(path: place.path) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for ledger in ledgers {
                group.addTask {
                    for _ in 0..<50 {
                        let booking = try await ledger.begin(.sample())
                        ledger.close(booking, .settled(3))
                    }
                    try await ledger.flush()
                }
            }
            try await group.waitForAll()
        }
        let total = try #require(try await ledgers[0].usage(UsageQuery(by: .total)).first)
        #expect(total.states == [.settled: 400])
        #expect(total.spent == .millionths(1200))
        #expect(try place.check() == "ok")
    }
}

/// Times one after the other; the last stays.
private final class Times: Sendable {
    private let rest: Mutex<[Int64]>
    init(_ times: [Int64]) { rest = Mutex(times) }
    func next() -> Int64 { rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
}
