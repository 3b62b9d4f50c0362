import Foundation
import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// Kills a process that books, at any moment, and looks at what is left.
@Suite struct KillTests {
    /// 40 times, or as `LEDGER_KILLS` says.
    private static let kills = ProcessInfo.processInfo.environment["LEDGER_KILLS"].flatMap { Int($0) } ?? 40

    @Test func nothingThatWasSafeIsLost() async throws {
        let place = LedgerFolder()
        var random = SeededRandom(4)
        var safe: [String: LedgerState] = [:]
        for _ in 0..<Self.kills {
            let told = try await Self.writeAndDie(place.path, afterLines: Int.random(in: 1..<300, using: &random))
            safe.merge(told) { $1 }
        }
        let lost = try await Self.lost(safe, in: place)
        #expect(lost.isEmpty)
        #expect(safe.count > Self.kills)
        #expect(try place.check() == "ok")
        let rows = try await place.ledger().usage(UsageQuery(by: .total))
        #expect(rows.first?.states.keys.contains(.intent) == false)
    }

    /// The control: a writer that says "settled" too early must be caught.
    @Test func aHastyWriterIsCaught() async throws {
        let place = LedgerFolder()
        var lost: [String] = []
        for _ in 0..<20 where lost.isEmpty {
            let told = try await Self.writeAndDie(place.path, afterLines: 40, isHasty: true)
            lost = try await Self.lost(told, in: place)
        }
        #expect(!lost.isEmpty)
    }

    /// What the writer called safe and the ledger does not have, or has in another state.
    private static func lost(_ safe: [String: LedgerState], in place: LedgerFolder) async throws -> [String] {
        let states = try await place.statesByCall()
        return safe.filter { call, state in
            guard let found = states[call] else { return true }
            return state == .settled && found != "settled"
        }.map(\.key)
    }

    /// What the writer called safe. Eight of its tasks are anywhere when it is killed.
    private static func writeAndDie(_ path: String, afterLines lines: Int, isHasty: Bool = false) async throws
        -> [String: LedgerState]
    {
        var safe: [String: LedgerState] = [:]
        let arguments = ["write", path] + (isHasty ? ["--hasty"] : [])
        for (word, id) in try await KilledWriter.said(arguments, afterLines: lines) {
            if let state = LedgerState(rawValue: word) { safe[id] = state }
        }
        return safe
    }
}
