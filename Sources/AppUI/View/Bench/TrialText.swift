import Benchmarking
import ProviderCore
import TerminalKit

/// A trial that is over, as text: what came of it, its requests, and all that was said.
enum TrialText {
    static func rows(_ detail: TrialDetail, width: Int) -> [[Span]] {
        let record = detail.record
        var rows: [[Span]] = [outcome(record)]
        for score in record.scores { rows += self.score(score, width) }
        if let error = record.error {
            rows += wrapped("\(error.kind.rawValue): \(error.message)", .error, width)
        }
        for request in detail.requests { rows.append([Span(line(request), .textDim)]) }
        for message in record.transcript {
            rows.append([])
            rows += self.message(message, width)
        }
        return rows
    }

    private static func outcome(_ record: TrialRecord) -> [Span] {
        let role: ThemeRole = [.right, .answered].contains(record.outcome) ? .ok : .warning
        let finish = record.finish.map { ", finish \(BenchText.gated($0.wireName))" } ?? ""
        let calls = record.toolCalls > 0 ? ", \(record.toolCalls) call\(record.toolCalls == 1 ? "" : "s")" : ""
        let time = BenchText.short(record.ended - record.started)
        return [
            Span(BenchText.word(record.outcome), role, .bold),
            Span("  \(record.turns) answer\(record.turns == 1 ? "" : "s")\(calls), \(time)\(finish)", .text),
        ]
    }

    private static func score(_ named: NamedScore, _ width: Int) -> [[Span]] {
        guard let score = named.score else {
            return wrapped("score \(named.scorer): the scorer failed", .error, width)
        }
        let passes = score.passes.map { $0 ? ", passes" : ", fails" } ?? ""
        let answer = score.answer.map { ", of \"\(short($0))\"" } ?? ""
        let why = score.explanation.isEmpty ? "" : ": \(score.explanation)"
        let value = ParameterValue.fixed(score.value, decimals: 3)
        return wrapped("score \(named.scorer) \(value)\(passes)\(answer)\(why)", .text, width)
    }

    /// The beginning in one line: the whole stands in the transcript.
    private static func short(_ text: String) -> String {
        let line = String(text.prefix(80).map { $0.isNewline ? " " : $0 })
        return text.count > 80 ? line + "…" : line
    }

    private static func line(_ request: RequestRecord) -> String {
        let start = request.start
        let tokens =
            "\(request.usage.inputTokens.map(MeterText.count) ?? "–") in, "
            + "\(request.usage.outputTokens.map(MeterText.count) ?? "–") out"
        let cost = request.cost.map { ", \($0.display)\(request.isEstimate ? "~" : "")" } ?? ""
        let error = request.error.map { ", \($0.rawValue)" } ?? ""
        let whose = start.purpose.role == .judge ? "judge" : "turn"
        return
            "\(whose) \(start.purpose.turn) try \(start.attempt)  \(BenchText.gated(start.model))  \(tokens)\(cost), "
            + "\(request.state.rawValue)\(error), \(BenchText.short(request.duration))"
    }

    private static func message(_ message: ChatMessage, _ width: Int) -> [[Span]] {
        let role: ThemeRole =
            switch message.role {
            case .system, .developer: .roleSystem
            case .user: .roleUser
            case .assistant: .roleAssistant
            case .tool: .roleTool
            }
        var rows: [[Span]] = [[Span(message.role.rawValue, role, .bold)]]
        if !message.text.isEmpty { rows += wrapped(message.text, .text, width) }
        let images = message.content.count { if case .image = $0 { true } else { false } }
        if images > 0 { rows.append([Span("\(images) image\(images == 1 ? "" : "s")", .textDim)]) }
        if let refusal = message.refusal { rows += wrapped("refused: " + refusal, .warning, width) }
        for call in message.toolCalls { rows += wrapped("\(call.name) \(call.arguments)", .toolArguments, width) }
        return rows
    }

    static func wrapped(_ text: String, _ role: ThemeRole, _ width: Int) -> [[Span]] {
        var wrapped = WrappedText(width: max(1, width), mode: .plain)
        wrapped.append(TextGate.gate(text, allowNewlines: true).text)
        return (0..<wrapped.count).map { [Span(wrapped.row($0).text, role)] }
    }

    /// The end of the stream of a trial that runs.
    static func tail(_ slot: TrialSlot, width: Int, height: Int) -> [[Span]] {
        let isText = slot.text.bytes > 0
        let text = isText ? slot.text.text : slot.reasoning.text
        let end = end(of: text, bytes: max(1, width) * max(1, height))
        return Array(wrapped(end, isText ? .text : .roleReasoning, width).suffix(height))
    }

    /// Lines of a long text that have at least so many bytes: it begins with a line, so that rows do not move while it grows.
    private static func end(of text: String, bytes: Int) -> String {
        let count = text.utf8.count
        guard count > bytes * 4 else { return text }
        let middle = text.utf8.index(text.utf8.startIndex, offsetBy: count - bytes * 4)
        guard let newline = text.utf8[middle...].firstIndex(of: 0x0A),
            text.utf8.distance(from: newline, to: text.utf8.endIndex) > bytes
        else { return text }
        return String(text[text.utf8.index(after: newline)...])
    }

    /// The stream of a trial that runs.
    static func rows(_ slot: TrialSlot, width: Int) -> [[Span]] {
        var rows: [[Span]] = []
        if slot.reasoning.bytes > 0 {
            rows += wrapped((slot.reasoning.isCut ? "…" : "") + slot.reasoning.text, .roleReasoning, width) + [[]]
        }
        if slot.text.bytes > 0 { rows += wrapped((slot.text.isCut ? "…" : "") + slot.text.text, .text, width) }
        return rows
    }
}
