import Conversations
import ProviderCore
import TerminalKit

/// What is read when it is asked for: messages and answers that were told before.
enum LinearReading {
    /// The messages of the branch at hand, oldest first.
    static func path(_ app: AppModel) -> [MessageTree.ID] { app.conversation.entries.compactMap(\.messageID) }

    /// A whole answer with its head and its end.
    static func answer(_ answer: Answer, _ app: AppModel) -> [String] {
        var lines = [LinearAnswer.head(answer, app)] + LinearText.lines(answer.response.text)
        if let refusal = answer.response.refusal { lines += ["Refusal:"] + LinearText.lines(refusal) }
        return lines + (answer.state.isRunning ? ["The answer goes on."] : LinearWords.end(answer))
    }

    /// The last answer.
    static func lastAnswer(_ app: AppModel) -> [String] {
        app.conversation.lastAnswer.map { answer($0, app) } ?? ["There is no answer yet."]
    }

    /// All versions of the last answer, the oldest first.
    static func answers(_ app: AppModel) -> [String] {
        guard let last = app.conversation.lastAnswer else { return ["There is no answer yet."] }
        let all = app.conversation.tree.siblings(of: last.id).all
        let answers = all.compactMap(app.conversation.answer)
        guard answers.count > 1 else { return answer(last, app) + ["There is one version: /again makes another."] }
        return ["\(answers.count) versions:"] + answers.flatMap { answer($0, app) } + ["End of versions."]
    }

    /// The reasoning of the last answer.
    static func reasoning(_ app: AppModel) -> [String] {
        guard let words = app.conversation.lastAnswer?.response.reasoning else {
            return ["There is no reasoning in the last answer."]
        }
        return ["Reasoning:"] + LinearText.lines(words) + ["End of reasoning."]
    }

    /// The messages with their numbers, the beginning of each.
    static func messages(_ app: AppModel) -> [String] {
        let ids = path(app)
        guard !ids.isEmpty else { return ["There are no messages yet."] }
        return ids.enumerated().map { "\($0 + 1). \(message($1, app))" }
    }

    /// The lines of the branch at hand that have a text, capital letters or not.
    static func find(_ wanted: String, _ app: AppModel) -> [String] {
        guard !wanted.isEmpty else { return ["/find TEXT reads the lines that have it."] }
        let needle = wanted.lowercased()
        var lines: [String] = []
        for (index, id) in path(app).enumerated() {
            let text: String
            switch app.conversation.entry(of: id)?.read {
            case .user(let message)?: text = message.text
            case .answer(let answer)?: text = answer.response.refusal ?? answer.response.text
            default: continue
            }
            for line in text.split(separator: "\n") where line.lowercased().contains(needle) {
                lines.append("Message \(index + 1): \(LinearWords.gated(String(line.prefix(longestLine))))")
            }
        }
        guard lines.count > mostPlaces else { return lines.isEmpty ? ["It is not there."] : lines + ["End of places."] }
        return lines.prefix(mostPlaces) + ["\(lines.count - mostPlaces) more places."]
    }

    private static let mostPlaces = 50
    private static let longestLine = 500

    /// The beginning of a text in a line.
    static func beginning(_ text: String) -> String {
        let start = LinearWords.gated(String(text.prefix(200)).replacing("\n", with: " "))
        return start.count > 60 ? start.prefix(60) + "…" : start
    }

    /// The whole branch at hand.
    static func transcript(_ app: AppModel) -> [String] {
        let lines = app.conversation.entries.flatMap { entry -> [String] in
            switch entry.read {
            case .user(let message): return LinearView.user(message, app)
            case .answer(let answer): return self.answer(answer, app)
            case .toolResult(let name, let display):
                let id = LinearCall.id(String(name.prefix { $0 != " " }), app)
                return id.map { LinearCall.result($0, app, isWhole: false) } ?? LinearView.output(name, display)
            case .kept, .notice, .vacant: return []
            }
        }
        return lines.isEmpty ? ["There are no messages yet."] : lines + ["End of conversation."]
    }
}

/// What was spent, as lines.
enum LinearUsage {
    /// The sums; nil while the ledger is read.
    static func lines(_ screen: UsageScreen, _ app: AppModel) -> [String]? {
        switch screen.state {
        case .reading: return nil
        case .failed(let problem): return [LinearWords.gated(problem) + "."]
        case .read(let report) where report.spans.last?.sum.requests == 0: return ["Nothing is booked yet."]
        case .read(let report):
            var lines = [app.isDemo ? "Usage of the demo, no real money:" : "Usage:"]
            lines += report.spans.map { span in
                let cap = span.name == "today" ? app.connection.caps[.day]?.hard.map { " of \($0.display)" } ?? "" : ""
                return line(span.name, span.sum, cap)
            }
            lines += ["Per day:"] + report.days.map { line($0.key, $0) }
            lines += ["Per model:"] + report.models.map { line($0.key, $0) }
            lines += ["Last requests:"] + report.requests.prefix(mostRequests).map(request)
            return lines + ["End of usage."]
        }
    }

    private static let mostRequests = 10

    private static func line(_ name: String, _ row: UsageRow, _ cap: String = "") -> String {
        "\(LinearWords.gated(name)): \(row.display)\(cap), \(row.requests) request\(row.requests == 1 ? "" : "s"), "
            + "\(tokens(row))."
    }

    private static func request(_ row: UsageRow) -> String {
        let detail = row.detail
        let model = LinearWords.gated(detail?.answeredBy ?? detail?.model ?? "")
        let error = detail?.error.map { ", \(LinearWords.gated($0))" } ?? ""
        return "\(row.key): \(model), \(detail?.state.rawValue ?? "unknown"), \(row.display), \(tokens(row))\(error)."
    }

    private static func tokens(_ row: UsageRow) -> String {
        let input = row.usage.inputTokens.map(MeterText.full) ?? "unknown"
        let output = row.usage.outputTokens.map(MeterText.full) ?? "unknown"
        return "\(input) tokens in, \(output) out"
    }
}
