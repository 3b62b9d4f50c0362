import Benchmarking
import Foundation
import ProviderCore
import Testing

@testable import Storage

/// What every store of runs does, in memory and on the disk.
@Suite struct RunStoreTests {
    private let place = RunFolder()

    private func claimed(_ kind: LibraryKind, trials: Int = 8) async throws -> (any RunLibrary, any RunStore) {
        let library = kind.library(in: place)
        let store = try await library.create(.sample(trials: trials), files: [], trials: TrialKey.samples(trials))
        #expect(try await store.claim() == RunMoney())
        return (library, store)
    }

    @Test(arguments: LibraryKind.allCases) func aRunIsAsItWasMade(kind: LibraryKind) async throws {
        let library = kind.library(in: place)
        let files = [
            SuiteFile(path: "suites/a.yaml", bytes: Array("name: a".utf8)),
            SuiteFile(path: "b.jsonl", bytes: [0, 255]),
            SuiteFile(path: "copy.jsonl", bytes: [0, 255]), SuiteFile(path: "empty", bytes: []),
        ]
        // The order in which trials are given is not that of the plan.
        let made = try await library.create(.sample(), files: files, trials: TrialKey.samples(8).reversed())
        for store in [made, try await library.open(RunHeader.sampleID)] {
            #expect(try await store.run() == StoredRun(header: .sample(), state: .running))
            #expect(try await store.files() == files)
            #expect(try await store.keys(from: 0, limit: 100) == TrialKey.samples(8))
            #expect(try await store.keys(from: 3, limit: 2) == [.sample(3), .sample(4)])
            #expect(try await store.trials(from: 0, limit: 100, withTexts: true).isEmpty)
            #expect(try await store.settledTrials().isEmpty)
        }
    }

    /// Who scores a run again, or dies over it, leaves it as complete as it was.
    @Test(arguments: LibraryKind.allCases) func scoringChangesNothingOfTheRun(kind: LibraryKind) async throws {
        let (library, store) = try await claimed(kind)
        try await store.settle([.full(1)])
        #expect(try await store.run().stateWord == "running")
        try await store.release(.complete, nil, worked: .seconds(5))
        let before = try await store.run()
        try await store.claimToScore()
        let scored = try await store.run()
        #expect(scored.state == .complete && scored.isHeld)
        let other = try await library.open(RunHeader.sampleID)
        await #expect(throws: RunStoreError.self) { try await other.claim() }
        await #expect(throws: RunStoreError.self) { try await other.claimToScore() }
        let score = NamedScore(scorer: "new", digest: "d", score: Score(value: 1, passes: true))
        try await store.rescore([(1, .right, score)], alone: true)
        try await store.release()
        #expect(try await store.run() == before)
        await #expect(throws: RunStoreError.self) { try await store.release() }
        await #expect(throws: RunStoreError.self) { try await store.rescore([(1, .wrong, score)], alone: true) }
        #expect(try await store.trials(from: 0, limit: 9, withTexts: false).map(\.outcome) == [.right])
        // A claim to run it says that it runs.
        _ = try await other.claim()
        #expect(try await store.run().state == .running)
    }

    @Test(arguments: LibraryKind.allCases) func aRunThatNobodyHasAndThatSaysItRunsHasDied(kind: LibraryKind)
        async throws
    {
        let library = kind.library(in: place)
        let store = try await library.create(.sample(), files: [], trials: TrialKey.samples(8))
        let made = try await store.run()
        #expect(made.hasDied && made.stateWord == "died")
        _ = try await store.claim()
        #expect(try await store.run().stateWord == "running")
        try await store.release(.incomplete, .budget, worked: .zero)
        #expect(try await store.run().stateWord == "incomplete")
    }

    @Test(arguments: LibraryKind.allCases) func recordsComeBack(kind: LibraryKind) async throws {
        let (library, store) = try await claimed(kind)
        let records = [TrialRecord.full(1), .trivial(2), .full(5)]
        try await store.settle([records[2], records[0]])
        try await store.settle([records[1]])
        let other = try await library.open(RunHeader.sampleID)
        for store in [store, other] {
            #expect(try await store.trials(from: 0, limit: 10, withTexts: true) == records)
            #expect(try await store.trials(from: 2, limit: 1, withTexts: true) == [records[1]])
            let bare = try await store.trials(from: 0, limit: 10, withTexts: false)
            #expect(bare.map(\.timings) == records.map(\.timings))
            #expect(bare.map(\.error) == records.map(\.error))
            #expect(bare.allSatisfy { $0.answer == TrialAnswer() && $0.transcript.isEmpty })
            #expect(bare[0].scores.map(\.score?.value) == [0.25, nil, -3])
            #expect(bare[1].scores[0].score == Score(value: 1, passes: true))
            #expect(try await store.settledTrials() == [1, 2, 5])
            let run = try await store.run()
            #expect(run.settled == 3)
            #expect(run.isHeld)
            // As long as the last trial took: a process that died had worked as long.
            #expect(run.worked == .milliseconds(280))
        }
    }

    @Test(arguments: LibraryKind.allCases, TrialOutcome.allCases)
    func oneResult(kind: LibraryKind, outcome: TrialOutcome) async throws {
        let (_, store) = try await claimed(kind)
        try await store.settle([.trivial(3, outcome)])
        #expect(try await store.settledTrials() == (outcome.isSettled ? [3] : []))
        let again = await failure { try await store.settle([.full(3)]) }
        #expect(again == (outcome.isSettled ? "refused" : nil))
        let begun = await failure { _ = try await store.begin(.sample(3)) }
        #expect(begun == "refused")
        #expect(await failure { _ = try await store.begin(.sample(3, role: .judge)) } == nil)
        let kept = try await store.trials(from: 0, limit: 10, withTexts: true)
        #expect(kept == [outcome.isSettled ? .trivial(3, outcome) : .full(3)])
        #expect(try await store.run().settled == 1)
    }

    @Test(arguments: LibraryKind.allCases) func allOrNone(kind: LibraryKind) async throws {
        let (_, store) = try await claimed(kind)
        try await store.settle([.trivial(1)])
        var stranger = TrialRecord.trivial(4)
        stranger.key.sample = "s9"
        for (name, bad) in [
            ("settled", [TrialRecord.trivial(0), .trivial(1)]), ("twice", [.trivial(2), .trivial(2)]),
            ("unplanned", [.trivial(3), .trivial(8)]), ("another sample", [.trivial(5), stranger]),
        ] {
            #expect(await failure { try await store.settle(bad) } == "refused", "\(name)")
        }
        #expect(try await store.settledTrials() == [1])
        #expect(await failure { _ = try await store.begin(.sample(8)) } == "refused")
        #expect(await failure { _ = try await store.begin(.sample(-1)) } == "refused")
    }

    @Test(arguments: LibraryKind.allCases) func oneProcessWrites(kind: LibraryKind) async throws {
        let (library, store) = try await claimed(kind)
        let other = try await library.open(RunHeader.sampleID)
        for _ in 0..<2 { #expect(await failure { _ = try await other.claim() } == "held") }
        let changes: [(String, () async throws -> Void)] = [
            ("begin", { _ = try await other.begin(.sample(1)) }), ("settle", { try await other.settle([.trivial(1)]) }),
            ("rescore", { try await other.rescore([]) }),
            ("release", { try await other.release(.complete, nil, worked: .zero) }),
        ]
        for (name, change) in changes { #expect(await failure(change) == "held", "\(name)") }
        // Twice by the one who has it is nothing new.
        _ = try await store.claim()
        try await store.release(.incomplete, .budget, worked: .seconds(3))
        let run = try await other.run()
        #expect(run.state == .incomplete)
        #expect(run.stop == .budget)
        #expect(run.ended == 1_800_000_000_000)
        #expect(run.worked == .seconds(3))
        #expect(!run.isHeld)
        #expect(await failure { try await store.settle([.trivial(1)]) } == "held")
        _ = try await other.claim()
        #expect(try await other.run().state == .running)
        #expect(try await other.run().stop == nil)
    }

    @Test(arguments: LibraryKind.allCases) func whatADeadProcessLeftIsUnknown(kind: LibraryKind) async throws {
        let library = kind.library(in: place)
        var writer: (any RunStore)? = try await library.create(.sample(), files: [], trials: TrialKey.samples(8))
        _ = try await writer?.claim()
        let done = try #require(try await writer?.begin(.sample(0)))
        writer?.close(done, .settled(7))
        _ = try await writer?.begin(.sample(1))
        _ = try await writer?.begin(.sample(2, worst: nil))
        try await writer?.settle([.trivial(0)])
        let reader = try await library.open(RunHeader.sampleID)
        #expect(try await reader.money().open == 2)
        #expect(try await reader.money().held == .millionths(300))
        #expect(try await reader.unknownTrials().isEmpty)
        writer = nil
        // The lock is free when the thread of the store has ended.
        while try await reader.run().isHeld { await Task.yield() }
        var expected = RunMoney(
            requests: 3, unknown: 2, spent: .millionths(7), maybe: .millionths(300), unpriced: 1)
        expected.usage = TokenUsage(inputTokens: 90, outputTokens: 50)
        #expect(try await reader.money() == expected)
        #expect(try await reader.requests(of: 1).map(\.state) == [.unknown])
        #expect(try await reader.unknownTrials() == [1, 2])
        #expect(try await reader.claim() == expected)
        #expect(try await reader.unknownTrials() == [1, 2])
        // Asked once more, and answered.
        let second = try await reader.begin(.sample(1))
        reader.close(second, .settled(8))
        try await reader.settle([.trivial(1)])
        #expect(try await reader.unknownTrials() == [2])
        #expect(try await reader.requests(of: 1).map(\.state) == [.unknown, .settled])
        #expect(try await reader.requests(of: 1).map(\.start.attempt) == [1, 2])
    }

    @Test(arguments: LibraryKind.allCases) func attempts(kind: LibraryKind) async throws {
        let (_, store) = try await claimed(kind)
        let first = try await store.begin(.sample(4))
        var closing = LedgerClosing.settled(9)
        closing.state = .estimated
        closing.cost = .estimate(.millionths(9))
        closing.error = .connection
        closing.metadata.systemFingerprint = "fp\u{0}1"
        closing.metadata.api = .responses
        store.close(first, closing)
        // Over is over.
        store.close(first, .settled(1000))
        var record = RequestRecord(start: .sample(4), state: .estimated)
        record.usage = closing.usage
        record.cost = .millionths(9)
        record.isEstimate = true
        record.metadata = closing.metadata
        record.error = .connection
        record.duration = .milliseconds(1500)
        #expect(try await store.requests(of: 4) == [record])
        #expect(try await store.money().isEstimated)
        // Read on, it is the same request again.
        #expect(try await store.begin(.sample(4, resumes: "r1")) == first)
        #expect(try await store.requests(of: 4) == [RequestRecord(start: .sample(4), state: .intent)])
        store.close(first, .settled(12))
        #expect(try await store.money().spent == .millionths(12))
        // Another turn, a judge, and an attempt whose number was given before.
        _ = try await store.begin(.sample(4, turn: 2))
        _ = try await store.begin(.sample(4, role: .judge, worst: nil))
        _ = try await store.begin(.sample(4, attempt: 1))
        _ = try await store.begin(.sample(4, attempt: 7))
        _ = try await store.begin(.sample(4, resumes: "other"))
        #expect(try await store.requests(of: 4).map(\.start.attempt) == [1, 1, 1, 2, 7, 8])
        #expect(try await store.money().unpriced == 1)
    }

    /// What is asked of one store is kept in the order in which it was asked.
    @Test(arguments: LibraryKind.allCases) func anEndIsKeptBeforeTheResult(kind: LibraryKind) async throws {
        let (library, store) = try await claimed(kind, trials: 100)
        let reader = try await library.open(RunHeader.sampleID)
        for trial in 0..<100 {
            let request = try await store.begin(.sample(trial))
            store.close(request, .settled(Int128(trial)))
            store.note(RunNote(at: .milliseconds(trial), kind: "concurrency", text: "\(trial)\u{0}"))
            try await store.settle([.trivial(trial)])
            #expect(try await reader.requests(of: trial).map(\.state) == [.settled])
            #expect(try await reader.notes().last?.text == "\(trial)\u{0}")
        }
        #expect(try await reader.notes().map(\.at) == (0..<100).map { .milliseconds($0) })
    }

    /// A cap that a person changes is the run's from then on, for whoever goes on with it.
    @Test(arguments: LibraryKind.allCases) func theCapIsKept(kind: LibraryKind) async throws {
        let (library, store) = try await claimed(kind, trials: 1)
        let reader = try await library.open(RunHeader.sampleID)
        store.keep(cap: .millionths(7), at: .seconds(1))
        #expect(try await store.run().header.budget == .millionths(7))
        #expect(try await reader.run().header.budget == .millionths(7))
        let note = RunNote(at: .seconds(1), kind: "budget", text: "the cap is $0.000007 now")
        #expect(try await reader.notes() == [note])
        store.keep(cap: nil, at: .seconds(2))
        #expect(try await store.run().header.budget == nil)
    }

    @Test(arguments: LibraryKind.allCases) func scoresAnew(kind: LibraryKind) async throws {
        let (_, store) = try await claimed(kind)
        try await store.settle([.full(1), .trivial(2, .infraError), .trivial(3, .scorerError)])
        let score = NamedScore(scorer: "judge", digest: "d4", score: Score(value: 4, passes: true, explanation: "fine"))
        try await store.rescore([(1, .right, score), (3, .wrong, score)])
        let records = try await store.trials(from: 0, limit: 10, withTexts: true)
        #expect(records.map(\.outcome) == [.right, .infraError, .wrong])
        #expect(records[0].scores.map(\.digest) == ["d1", "d4", "d3"])
        #expect(records[0].scores[1] == score)
        #expect(records[2].scores.map(\.scorer) == ["plus", "judge"])
        let bad: [(String, [(trial: Int, outcome: TrialOutcome, score: NamedScore)])] = [
            ("no result", [(1, .wrong, score), (2, .right, score)]), ("none", [(0, .right, score)]),
            ("unplanned", [(9, .right, score)]), ("takes a result away", [(1, .infraError, score)]),
        ]
        for (name, scores) in bad { #expect(await failure { try await store.rescore(scores) } == "refused", "\(name)") }
        #expect(try await store.trials(from: 0, limit: 10, withTexts: true) == records)
    }

    @Test(arguments: LibraryKind.allCases) func scoresAnewAlone(kind: LibraryKind) async throws {
        let (_, store) = try await claimed(kind)
        try await store.settle([.full(1), .trivial(2)])
        let score = NamedScore(scorer: "contains", digest: "d5", score: Score(value: 0, passes: false))
        try await store.rescore([(1, .wrong, score), (2, .wrong, score)], alone: true)
        let records = try await store.trials(from: 0, limit: 10, withTexts: true)
        #expect(records.map(\.scores) == [[score], [score]])
        #expect(records.map(\.outcome) == [.wrong, .wrong])
    }

    @Test(arguments: LibraryKind.allCases) func whatIsNoRun(kind: LibraryKind) async throws {
        let library = kind.library(in: place)
        var tooMany = TrialKey.samples(8)
        tooMany[7].index = 6
        var twice = TrialKey.samples(8)
        (twice[7].sample, twice[7].task, twice[7].subject) = (twice[6].sample, twice[6].task, twice[6].subject)
        var unknown = TrialKey.samples(8)
        unknown[0].subject = "nobody"
        for (name, header, keys) in [
            ("a number twice", RunHeader.sample(), tooMany), ("a place twice", .sample(), twice),
            ("no such subject", .sample(), unknown), ("another count", .sample(trials: 9), TrialKey.samples(8)),
            ("a path", .sample("../a"), TrialKey.samples(8)), ("no name", .sample(""), TrialKey.samples(8)),
        ] {
            let kind = await failure { _ = try await library.create(header, files: [], trials: keys) }
            #expect(kind == "refused", "\(name)")
        }
        #expect(try await library.list().runs.isEmpty)
        #expect(place.names.isEmpty)
    }

    @Test(arguments: LibraryKind.allCases) func runsOfAFolder(kind: LibraryKind) async throws {
        let library = kind.library(in: place)
        #expect(try await library.list().runs.isEmpty)
        #expect(await failure { _ = try await library.open("a") } == "missing")
        for (id, created) in [("abc1", 5), ("abd2", 9), ("abc", 7)] {
            _ = try await library.create(
                .sample(id, created: Int64(created)), files: [], trials: TrialKey.samples(8))
        }
        let again = await failure {
            _ = try await library.create(.sample("abc"), files: [], trials: TrialKey.samples(8))
        }
        #expect(again == "refused")
        let (runs, problems) = try await library.list()
        #expect(runs.map(\.header.id) == ["abd2", "abc", "abc1"])
        #expect(problems.isEmpty)
        for (asked, found) in [("abc", "abc"), ("abc1", "abc1"), ("abd", "abd2")] {
            #expect(try await library.open(asked).run().header.id == found)
        }
        for asked in ["", "ab", "x", "abc12"] {
            #expect(await failure { _ = try await library.open(asked) } == "missing", "\(asked)")
        }
    }

    @Test(arguments: LibraryKind.allCases) func whoWatchesReadsWhenSomethingChanged(kind: LibraryKind) async throws {
        let (library, store) = try await claimed(kind)
        let reader = try await library.open(RunHeader.sampleID)
        for (watcher, name) in [(reader, "another"), (store, "the same")] {
            var seen = try await watcher.changes()
            #expect(try await watcher.changes() == seen, "\(name)")
            let request = try await store.begin(.sample(name == "another" ? 1 : 2))
            #expect(try await watcher.changes() > seen, "\(name)")
            seen = try await watcher.changes()
            store.close(request, .settled(1))
            _ = try await store.money()
            #expect(try await watcher.changes() > seen, "\(name)")
        }
    }
}
