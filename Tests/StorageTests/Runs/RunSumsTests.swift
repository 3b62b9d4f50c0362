import Benchmarking
import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// The run on the disk and the one in memory, asked the same, say the same.
@Suite struct RunSumsTests {
    private let place = RunFolder()

    @Test(arguments: 0..<6) func bothSayTheSame(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        var stores: [any RunStore] = []
        for kind in LibraryKind.allCases {
            let library = kind.library(in: place)
            stores.append(try await library.create(.sample(trials: 12), files: [], trials: TrialKey.samples(12)))
        }
        for store in stores { _ = try await store.claim() }
        for _ in 0..<120 {
            let step = Step.random(using: &random)
            var results: [String?] = []
            for store in stores { results.append(await failure { try await step.perform(on: store) }) }
            #expect(results[0] == results[1], "\(step)")
        }
        try await compare(stores)
    }

    private func compare(_ stores: [any RunStore]) async throws {
        let (one, other) = (stores[0], stores[1])
        #expect(try await one.money() == other.money())
        #expect(try await one.money().requests > 20)
        #expect(try await Set(one.costs()) == Set(other.costs()))
        #expect(try await one.settledTrials() == other.settledTrials())
        #expect(try await one.unknownTrials() == other.unknownTrials())
        #expect(try await one.run() == other.run())
        #expect(try await one.notes() == other.notes())
        for trial in 0..<12 {
            #expect(try await one.requests(of: trial) == other.requests(of: trial))
        }
        for withTexts in [true, false] {
            let records = try await one.trials(from: 0, limit: 12, withTexts: withTexts)
            #expect(try await records == other.trials(from: 0, limit: 12, withTexts: withTexts))
        }
    }

    /// Something a run is asked.
    private enum Step {
        case begin(RequestStart)
        case close(Int64, LedgerClosing)
        case settle([TrialRecord])
        case rescore(Int, TrialOutcome, NamedScore)
        case note(RunNote)

        static func random(using random: inout SeededRandom) -> Step {
            let trial = Int.random(in: -1...12, using: &random)
            let outcome = TrialOutcome.allCases.randomElement(using: &random) ?? .right
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let role = Bool.random(using: &random) ? RequestPurpose.Role.subject : .judge
                let worst =
                    Int.random(in: 0..<4, using: &random) == 0 ? nil : Int128.random(in: 0...900, using: &random)
                let resumes = Int.random(in: 0..<3, using: &random) == 0 ? "r1" : nil
                return .begin(
                    .sample(
                        trial, role: role, turn: Int.random(in: 1...2, using: &random), worst: worst, resumes: resumes))
            case 4..<7: return .close(Int64.random(in: 1...40, using: &random), closing(using: &random))
            case 7:
                let more = [TrialRecord.full(0), .trivial(5)].randomElement(using: &random)
                return .settle(
                    [.trivial(trial, outcome)] + (Bool.random(using: &random) ? [] : more.map { [$0] } ?? []))
            case 8:
                let score = NamedScore(
                    scorer: ["plus", "judge"].randomElement(using: &random) ?? "", digest: "d\(trial)",
                    score: Bool.random(using: &random) ? nil : Score(value: 0.5, passes: true))
                return .rescore(trial, outcome, score)
            default: return .note(RunNote(at: .seconds(trial), kind: "paused", text: "by hand"))
            }
        }

        private static func closing(using random: inout SeededRandom) -> LedgerClosing {
            let states: [LedgerState] = [.settled, .estimated, .refused, .unknown]
            var closing = LedgerClosing.settled(1)
            closing.state = states.randomElement(using: &random) ?? .settled
            guard closing.state == .settled || closing.state == .estimated else {
                return LedgerClosing(state: closing.state, metadata: closing.metadata, error: .connection)
            }
            let amount = Money(picodollars: Int128(UInt64.random(in: 0..<9_000_000_000_000_000_000, using: &random)))
            closing.cost = [.exact(amount), .estimate(amount), .unknown].randomElement(using: &random) ?? .unknown
            if Bool.random(using: &random) { closing.usage.cachedInputTokens = 64 }
            return closing
        }

        func perform(on store: any RunStore) async throws(RunStoreError) {
            switch self {
            case .begin(let start): _ = try await store.begin(start)
            case .close(let request, let closing): store.close(request, closing)
            case .settle(let records): try await store.settle(records)
            case .rescore(let trial, let outcome, let score): try await store.rescore([(trial, outcome, score)])
            case .note(let note): store.note(note)
            }
        }
    }
}
