import Benchmarking
import ProviderCore

/// Trials that were not right, with what was asked, what came and why it does not count: what one reads after a run.
enum FailureList {
    /// So many are shown; the rest is counted.
    static let most = 50
    /// Characters of a question or an answer.
    private static let longest = 300

    /// The list of a run, in the order of the plan.
    static func lines(_ store: any RunStore, _ run: ComparedRun) async throws(RunStoreError) -> [String] {
        var (lines, count, next): ([String], Int, Int) = ([], 0, 0)
        while true {
            let records = try await store.trials(from: next, limit: 100, withTexts: true)
            guard let last = records.last else { break }
            next = last.key.index + 1
            for record in records where record.outcome != .right && record.outcome != .answered {
                count += 1
                if count <= most { lines += self.lines(record) }
            }
        }
        guard count > 0 else { return ["no failures"] }
        let rest = count > most ? ["and \(count - most) more: bench export --format jsonl has all"] : []
        return ["failures \(count)"] + lines + rest
    }

    private static func lines(_ record: TrialRecord) -> [String] {
        let key = record.key
        let why = record.error?.message ?? record.scores.first?.score?.explanation ?? ""
        let outcome = record.outcome.rawValue.replacing("_", with: " ")
        var lines = [
            "  \(key.task)/\(key.sample) \(key.subject) r\(key.repetition)  \(outcome)"
                + (why.isEmpty ? "" : "  " + short(why))
        ]
        if let asked = record.transcript.last(where: { $0.role == .user }) {
            lines.append("    asked  " + short(asked.text))
        }
        let said = record.answer.refusal ?? record.answer.text
        if !said.isEmpty { lines.append("    said   " + short(said)) }
        for call in record.answer.calls { lines.append("    called \(short(call.name + call.arguments))") }
        return lines
    }

    /// On one line.
    private static func short(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > longest ? words.prefix(longest) + "…" : words
    }
}
