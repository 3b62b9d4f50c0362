import ProviderCore

/// The figures of an answer in words, for exports.
enum AnswerFigures {
    /// `1180 in, 230 out (64 reasoning)`, `$0.0011`, `first token 0.31 s, all 2.81 s`: only what is known.
    static func words(_ record: AnswerRecord) -> [String] {
        [tokens(record), cost(record.cost), times(record), attempts(record), ending(record)].compactMap { $0 }
    }

    private static func tokens(_ record: AnswerRecord) -> String? {
        let usage = record.usage
        let input = usage.inputTokens.map { "\($0) in" } ?? record.estimatedInput.map { "~\($0) in" }
        var output = usage.outputTokens.map { "\($0) out" } ?? record.estimatedOutput.map { "~\($0) out" }
        if let reasoning = usage.reasoningTokens, reasoning > 0 { output? += " (\(reasoning) reasoning)" }
        let known = [input, output].compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: ", ") + " tokens"
    }

    private static func cost(_ cost: Cost) -> String? {
        cost.amount.map { (cost.state == .estimate ? "~" : "") + $0.display }
    }

    private static func times(_ record: AnswerRecord) -> String? {
        let first = record.firstTokenMilliseconds.map { "first token \(seconds($0))" }
        let total = record.totalMilliseconds.map { "all \(seconds($0))" }
        let known = [first, total].compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    private static func seconds(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds >= 0, milliseconds < 1e12 else { return "? s" }
        let hundredths = Int((milliseconds / 10).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }

    private static func attempts(_ record: AnswerRecord) -> String? {
        record.attempts > 1 ? "\(record.attempts) attempts" : nil
    }

    private static func ending(_ record: AnswerRecord) -> String? {
        switch record.state {
        case .complete: record.finishReason.flatMap { $0 == "stop" ? nil : "ended by \($0)" }
        case .running: "not ended"
        case .cancelled: "stopped by the user"
        case .failed: "failed" + (record.failure.map { ": \($0)" } ?? "")
        }
    }
}
