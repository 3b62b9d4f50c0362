import Benchmarking
import Foundation
import GRDB
import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// Kills a process that runs a benchmark, at any moment, and looks at what is left.
@Suite struct RunKillTests {
    /// 20 times, or as `RUN_KILLS` says.
    private static let kills = ProcessInfo.processInfo.environment["RUN_KILLS"].flatMap { Int($0) } ?? 20

    /// What a writer said is on the disk.
    private struct Told {
        var begun: [Int: Int] = [:]
        var settled: [Int: Int] = [:]

        mutating func add(_ lines: [[String]]) {
            for line in lines where line.count == 3 && line[2] == "." {
                guard let trial = Int(line[1]) else { continue }
                if line[0] == "begun" { begun[trial, default: 0] += 1 }
                if line[0] == "settled" { settled[trial, default: 0] += 1 }
            }
        }

        /// What of it is not there.
        func lost(in store: any RunStore) async throws -> [String] {
            let there = try await store.settledTrials()
            var lost = settled.keys.filter { !there.contains($0) }.map { "settled \($0)" }
            for (trial, count) in begun where try await store.requests(of: trial).count < count {
                lost.append("begun \(trial)")
            }
            return lost
        }
    }

    private func make(_ place: RunFolder) async throws -> any RunLibrary {
        let library = place.library()
        _ = try await library.create(.sample(trials: 8000), files: [], trials: TrialKey.samples(8000))
        return library
    }

    @Test func nothingSettledIsLostOrSentAgain() async throws {
        let place = RunFolder()
        let library = try await make(place)
        var random = SeededRandom(7)
        var told = Told()
        for round in 0..<Self.kills {
            let lines = Int.random(in: 1..<250, using: &random)
            told.add(
                try await KilledWriter.lines(
                    of: "ledger-bench", ["write-run", place.runs, RunHeader.sampleID], after: lines))
            // Reading what a dead process left half written needs no claim.
            let store = try await library.open(RunHeader.sampleID)
            #expect(try await !store.run().isHeld)
            let lost = try await told.lost(in: store)
            #expect(lost.isEmpty, "round \(round)")
            let money = try await store.money()
            #expect(money.open == 0)
            #expect(money.requests >= told.begun.values.reduce(0, +))
        }
        #expect(told.settled.count > Self.kills)
        // No trial is settled twice, and after it was settled it is not begun.
        #expect(told.settled.values.allSatisfy { $0 == 1 })
        let store = try await library.open(RunHeader.sampleID)
        let money = try await store.claim()
        #expect(money.unknown > 0)
        let unknown = try await store.unknownTrials()
        #expect(!unknown.isEmpty)
        #expect(try await store.settledTrials().isDisjoint(with: unknown))
        let check = try await DatabaseQueue(path: place.path()).read {
            try String.fetchOne($0, sql: "PRAGMA integrity_check")
        }
        #expect(check == "ok")
    }

    /// The control: a writer that says "settled" too early must be caught.
    @Test func aHastyWriterIsCaught() async throws {
        let place = RunFolder()
        let library = try await make(place)
        var told = Told()
        var lost: [String] = []
        for _ in 0..<20 where lost.isEmpty {
            let arguments = ["write-run", place.runs, RunHeader.sampleID, "--hasty"]
            told.add(try await KilledWriter.lines(of: "ledger-bench", arguments, after: 40))
            lost = try await told.lost(in: try await library.open(RunHeader.sampleID))
        }
        #expect(!lost.isEmpty)
    }

    /// A run is there wholly or not at all, and what is left of one that is not goes with the next.
    @Test func killedWhileMaking() async throws {
        let place = RunFolder()
        var random = SeededRandom(11)
        var made: Set<String> = []
        var leftovers = 0
        for _ in 0..<Self.kills {
            let lines = Int.random(in: 1..<4, using: &random)
            let said = try await KilledWriter.lines(of: "ledger-bench", ["make-runs", place.runs], after: lines)
            made.formUnion(said.filter { $0.count == 3 && $0[0] == "made" && $0[2] == "." }.map { $0[1] })
            leftovers += place.names.count { $0.hasSuffix(".new") }
            let (runs, problems) = try await place.library().list()
            #expect(problems.isEmpty)
            #expect(made.isSubset(of: runs.map(\.header.id)))
            for run in runs.prefix(3) {
                let keys = try await place.library().open(run.header.id).keys(from: 0, limit: 10_000)
                #expect(keys.count == run.header.planned)
            }
        }
        #expect(leftovers > 0, "no kill fell into the making: the test shows nothing")
        _ = try await place.library().create(.sample("last"), files: [], trials: TrialKey.samples(8))
        #expect(!place.names.contains { $0.contains(".new") })
    }
}
