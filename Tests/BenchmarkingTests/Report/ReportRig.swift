import Benchmarking
import ProviderCore
import Testing

/// Runs whose outcomes are made up.
struct ReportRig {
    /// A suite of one task `sums` and two subjects, changed by replacing texts; `samples` in number.
    static func suite(
        samples: Int = 10, repeats: Int = 1, gates: [String] = [], change: [String: String] = [:]
    ) throws -> Suite {
        let rows = (0..<samples).map { "        - {id: s\($0), question: \"\($0) + 1\", answer: \($0 + 1)}" }
        var text = """
            suite: 1
            name: sums
            models: {small: {model: gpt-5.4-mini}}
            prompts:
              plain: [{role: user, text: "{{question}}"}]
            matrix:
              model: [small]
              prompt: [plain]
              params: {cold: {temperature: 0}, warm: {temperature: 0.9}}
            tasks:
              - id: sums
                data:
                  inline:
            \(rows.joined(separator: "\n"))
                repeats: \(repeats)
                score: {exact: "{{answer}}"}
            baseline: latest

            """
        if !gates.isEmpty { text += "gates:\n" + gates.map { "  - \($0)\n" }.joined() }
        for (old, new) in change {
            #expect(text.contains(old), "nothing to change: \(old)")
            text = text.replacing(old, with: new)
        }
        let result = SuiteReader.read(Array(text.utf8), file: "sums.yaml", files: MemoryFiles())
        return try #require(result.suite, "\(result.problems)")
    }

    /// A run of a suite. `outcome` and `firstToken` (in milliseconds) are asked for each trial.
    static func run(
        _ suite: Suite, id: String = "aaaa2222", money: RunMoney = RunMoney(requests: 20, spent: dollars("0.5")),
        firstToken: (TrialKey) -> Int = { _ in 100 }, _ outcome: (TrialKey) -> TrialOutcome?
    ) -> ComparedRun {
        let plan = SuitePlan(suite)
        var builder = ReportBuilder(plan.reportOptions())
        for key in plan.keys {
            builder.plan(key)
            guard let outcome = outcome(key) else { continue }
            builder.add(record(key, suite, outcome, firstToken: firstToken(key)))
        }
        let stored = StoredRun(header: header(suite, id), state: .complete, settled: plan.keys.count)
        let costs = suite.subjects.map { RunCosts(task: "sums", subject: $0.label, money: money) }
        return ComparedRun(
            suite: suite, results: builder.results(builder.report(stored, costs: costs, money: money, notes: [])))
    }

    static func header(_ suite: Suite, _ id: String) -> RunHeader {
        RunHeader(
            id: id, name: suite.name, suitePath: suite.file, suiteDigest: suite.digest, planDigest: "p", seed: 0,
            created: 1_700_000_000_000, version: "1", subjects: suite.subjects.map(\.label),
            tasks: suite.tasks.map(\.id), planned: SuitePlan(suite).trials.count)
    }

    static func record(_ key: TrialKey, _ suite: Suite, _ outcome: TrialOutcome, firstToken: Int = 100) -> TrialRecord {
        let hasFailed = outcome == .infraError
        let timeline = StreamTimeline([
            TimelineEvent(.text, microseconds: Int64(firstToken) * 1000, bytes: 9),
            TimelineEvent(.text, microseconds: Int64(firstToken) * 1000 + 100_000, bytes: 9),
        ])
        let timing = RequestTiming(
            sent: .zero, ended: .seconds(1), timeline: timeline, usage: TokenUsage(outputTokens: 10),
            hasFailed: hasFailed)
        let task = suite.tasks.first { $0.id == key.task }
        let digest = task?.scorer?.digest(extraction: task?.extraction ?? []) ?? ""
        let value: Double? = outcome == .right ? 1 : outcome == .wrong ? 0 : nil
        return TrialRecord(
            key: key, outcome: outcome,
            scores: value.map {
                [NamedScore(scorer: "exact", digest: digest, score: Score(value: $0, passes: $0 == 1))]
            }
                ?? [],
            started: .zero, ended: .seconds(1), turns: 1, timings: [TurnTiming(turn: 1, timing: timing)])
    }

    static func dollars(_ text: String) -> Money { Money(text) ?? .zero }

    /// The number of a sample.
    static func number(_ key: TrialKey) -> Int { Int(key.sample.dropFirst()) ?? 0 }
}
