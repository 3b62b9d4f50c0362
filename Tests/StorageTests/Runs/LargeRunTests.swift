import Benchmarking
import ProviderCore
import Testing

@testable import Storage

/// Runs of many trials: their size, reading them, and reading while they are written.
@Suite struct LargeRunTests {
    private let place = RunFolder()

    private func run(_ count: Int, _ record: @Sendable (Int) -> TrialRecord) async throws -> any RunStore {
        let store = try await place.library()
            .create(.sample(trials: count), files: [], trials: TrialKey.samples(count))
        _ = try await store.claim()
        for start in stride(from: 0, to: count, by: 50) {
            let window = start..<min(count, start + 50)
            for trial in window {
                let request = try await store.begin(.sample(trial))
                store.close(request, .settled(80))
            }
            try await store.settle(window.map(record))
        }
        return store
    }

    /// Peers need 12 KB for as much.
    @Test func aTrivialTrialTakesTwoKilobytesAtMost() async throws {
        _ = try await run(1000) { .trivial($0) }
        let bytes = place.bytes() / 1000
        #expect(bytes <= 2048, "\(bytes) bytes")
        #expect(bytes > 200, "\(bytes) bytes: less than is in it")
    }

    @Test func equalPromptsAreKeptOnce() async throws {
        let prompt = ChatMessage(.system, String(repeating: "You are very careful. ", count: 1000))
        let store = try await run(200) { index in
            var record = TrialRecord.trivial(index)
            record.transcript[0] = prompt
            return record
        }
        #expect(place.bytes() < 400_000, "\(place.bytes()) bytes; the prompt has 22,000")
        let trials = try await store.trials(from: 150, limit: 10, withTexts: true)
        #expect(trials.map { $0.transcript[0] } == Array(repeating: prompt, count: 10))
    }

    @Test func tenThousandTrials() async throws {
        let store = try await place.library()
            .create(.sample(trials: 10_000), files: [], trials: TrialKey.samples(10_000))
        _ = try await store.claim()
        for start in stride(from: 0, to: 10_000, by: 500) {
            try await store.settle((start..<start + 500).map { .trivial($0) })
        }
        var next = 0
        var count = 0
        while true {
            let window = try await store.trials(from: next, limit: 1000, withTexts: false)
            guard let last = window.last else { break }
            #expect(window.map(\.key.index) == Array(next..<next + 1000))
            count += window.count
            next = last.key.index + 1
        }
        #expect(count == 10_000)
        #expect(try await store.settledTrials().count == 10_000)
        #expect(try await store.run().settled == 10_000)
    }

    /// Who only reads never stops who writes, and sees whole transactions in order.
    @Test func readersBesideAWriter() async throws {
        let store = try await place.library().create(.sample(trials: 400), files: [], trials: TrialKey.samples(400))
        _ = try await store.claim()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<3 {
                group.addTask { [place] in
                    let reader = try await place.library().open(RunHeader.sampleID)
                    var (seen, rounds, version) = (0, 0, Int64(0))
                    while seen < 400 {
                        let now = try await reader.changes()
                        guard now != version else {
                            await Task.yield()
                            continue
                        }
                        version = now
                        let trials = try await reader.trials(from: 0, limit: 400, withTexts: false)
                        // Two at a time are settled.
                        #expect(trials.count % 2 == 0 && trials.count >= seen)
                        #expect(trials.allSatisfy { $0.scores.count == 1 && $0.timings.count == 1 })
                        (seen, rounds) = (trials.count, rounds + 1)
                    }
                    return rounds
                }
            }
            group.addTask {
                for trial in stride(from: 0, to: 400, by: 2) {
                    let request = try await store.begin(.sample(trial))
                    store.close(request, .settled(1))
                    try await store.settle([.trivial(trial), .trivial(trial + 1)])
                }
                return 2
            }
            for try await rounds in group { #expect(rounds > 0) }
        }
    }

    /// All that came while a transaction was written shares the next one.
    @Test func manyAtOnceShareTransactions() async throws {
        let store = try await place.library().create(.sample(trials: 400), files: [], trials: TrialKey.samples(400))
        _ = try await store.claim()
        let before = try await store.changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for trial in 0..<400 { group.addTask { _ = try await store.begin(.sample(trial)) } }
            try await group.waitForAll()
        }
        let transactions = try await store.changes() - before
        #expect(transactions < 200, "\(transactions) transactions for 400 requests")
        #expect(try await store.money().open == 400)
    }
}
