import Benchmarking
import Foundation
import FunctionTools
import ProviderCore

/// What tests of scorers share.
enum ScoringRig {
    static func scorer(
        runner: (any CommandRunner)? = nil,
        judge: @escaping @Sendable (JudgeSpec, [ChatMessage]) async throws -> JudgeAnswer = { _, _ in JudgeAnswer("") }
    ) -> Scorer {
        Scorer(ScorerTools(runner: runner, judge: judge))
    }

    static func sample(_ fields: String = "{}", tools: [Tool] = [], calls: [ExpectedCall] = []) throws -> Sample {
        Sample(id: "s1", fields: try JSONParser.parse(fields), tools: tools, expectedCalls: calls)
    }
}

/// A runner that answers by a function and starts nothing.
struct TableRunner: CommandRunner {
    var isolation: Isolation { .sandboxed(by: "a table") }
    var outcome: @Sendable (Command) -> CommandOutcome

    init(_ outcome: @escaping @Sendable (Command) -> CommandOutcome) { self.outcome = outcome }

    func run(_ command: Command) async -> CommandOutcome { outcome(command) }
}

extension ScoreResult {
    /// Why, whoever says it.
    var said: String { failure ?? score?.explanation ?? "" }

    /// Whether it says this; nothing is always said, which Foundation's `contains` denies.
    func says(_ text: String) -> Bool { text.isEmpty || said.contains(text) }
}
