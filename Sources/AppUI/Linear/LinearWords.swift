import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// What linear mode says of things that the workspace shows by place, mark or colour.
enum LinearWords {
    /// Foreign text in the middle of a line of ours.
    static func gated(_ text: String) -> String { TextGate.gate(text, allowNewlines: false).text }

    /// A line of ours for a reader who has no keys to press: keys become commands that are typed, marks become words.
    static func spoken(_ text: String) -> String {
        var text = text
        for (key, command) in replacements where text.contains(key) { text = text.replacing(key, with: command) }
        return text
    }

    /// Keys and marks in texts of the workspace, the longer first.
    private static let replacements: [(String, String)] = [
        ("Ctrl-_ brings it back", "undo brings it back"),
        (": r in the output asks again beside it", ": /again asks for another"),
        ("Enter on an empty prompt refuses them and sends it, ", ""),
        ("Enter on an empty prompt refuses them and ", ""),
        ("Esc on an empty prompt drops it", "/stop drops it"), ("Enter again sends the text", "/send sends the text"),
        ("Esc stops it", "/stop stops it"), ("Esc takes it back", "/stop takes it back"),
        ("Ctrl-X m lists", "/model lists"), (": Alt-6, then Enter opens it", ": /conversations lists it"),
        (": Ctrl-X v goes back to it", ": /branches goes back to it"),
        ("Ctrl-X f switches it on", "/functions switches it on"),
        (" Alt-5, then u on strict.", " /unset strict leaves it out."),
        (" Alt-5, then u leaves it out.", " /unset and its name leaves it out."),
        ("Enter again sends them", "/send sends them"), ("; Up brings it back", ""),
        ("; Up brings the edited text back", ""),
        ("r asks again, e edits", "/again asks again, /edit-message edits"),
        (". e edits, x returns an error", ". Edit it, or return an error"),
        (": y runs, v types the result", ""), (", v types the result", ", or type the result"),
        (": v types the result", ": type the result"),
        (": Enter types a value", ": /set types a value"),
        (" (PgDn), then y runs it", ", then run it"), ("✓ ", ""), ("✗ ", ""), (" · ", ", "),
    ]

    // MARK: Answers

    /// The model that answered, or was asked, and what with: `gpt-5.4-mini, temperature 0.7`.
    static func stamp(_ answer: Answer) -> String {
        let model = gated(answer.modelName)
        let parts = requestWords(answer.request)
        return ([model] + (parts.isEmpty && !answer.isImported ? ["defaults"] : parts)).joined(separator: ", ")
    }

    /// The parameters of a request as it is kept; empty when none was sent.
    private static func requestWords(_ request: JSONValue) -> [String] {
        (request.objectValue ?? []).compactMap { member -> String? in
            guard let id = ParameterID(rawValue: member.key), id != .model else { return nil }
            let label = ParameterSpec.of(id).label
            switch (id, member.value) {
            case (.systemPrompt, _): return "with system prompt"
            case (.responseFormat, .string(let text)): return "\(label) \(gated(FormatText.summary(text)))"
            case (.maxCost, .string(let text)): return "\(label) $\(gated(text))"
            case (_, .string(let text)): return "\(label) \(gated(text))"
            case (_, .array(let texts)): return "\(label) \(texts.count) text\(texts.count == 1 ? "" : "s")"
            case (_, let value): return "\(label) \(value.doubleValue.map(ParameterValue.short) ?? "set")"
            }
        }
    }

    /// Which of several versions a message is: `version 2 of 3`; nil when there is only one.
    static func version(_ id: MessageTree.ID, _ conversation: Conversation) -> String? {
        let (all, index) = conversation.tree.siblings(of: id)
        return all.count > 1 ? "version \(index + 1) of \(all.count)" : nil
    }

    /// How an answer ended, and what can be done about it.
    static func end(_ answer: Answer) -> [String] {
        switch answer.state {
        case .waiting, .streaming: return []
        case .complete(.stop), .complete(.toolCalls): return ["End of answer."]
        case .complete(.length): return ["End of answer: it was cut at its output limit."]
        case .complete(.contentFilter): return ["End of answer: the provider's content filter withheld the rest."]
        case .complete(.other(let word)):
            return ["End of answer" + (word == "none" ? "." : ": finish reason \(gated(word)).")]
        case .cancelled:
            return [
                "End of answer: stopped. " + (answer.isEmpty ? "Nothing had come yet." : "The text so far is kept.")
            ]
        case .failed(let error):
            let what = answer.isEmpty ? "Failed" : "Cut off"
            return ["\(what): \(failure(error))", advice(error, answer), "End of answer."]
        }
    }

    /// An error in a sentence.
    static func failure(_ error: ProviderError) -> String {
        let kind = error.kind.rawValue.replacing("_", with: " ")
        let status = error.status.map { ", status \($0)" } ?? ""
        let message = gated(error.message)
        return "\(kind)\(status): \(message)" + (message.last.map { ".!?".contains($0) } ?? false ? "" : ".")
    }

    private static func advice(_ error: ProviderError, _ answer: Answer) -> String {
        if error.kind == .budgetExceeded {
            let what = answer.isEmpty ? "/undo-turn takes the prompt back" : "/continue goes on"
            return "/set max_cost changes the cap; \(what)."
        }
        if error.isStorageFailure { return "/retry-now asks again." }
        if !answer.isEmpty { return "The text that came is kept. /continue goes on, /retry-now asks again." }
        if let wait = error.retryAfter, error.kind != .circuitOpen {
            return "The server asks to wait \(MeterText.seconds(wait)). /retry-now asks again."
        }
        return error.isRetryable ? "/retry-now asks again." : "/undo-turn takes the prompt back to change it."
    }

    // MARK: Waits

    /// What a request waits for: `Attempt 2 of 3 in 1.0 s: rate limited, status 429: …`.
    static func wait(_ wait: PendingWait, now: ContinuousClock.Instant) -> String {
        switch wait {
        case .retry(let notice):
            let reason = failure(notice.error)
            switch notice.basis {
            case .person:
                return "The connection was lost, and the request is perhaps billed: \(reason) "
                    + "/retry-now asks again, /stop gives up."
            case .circuit:
                return "Not sent, since the server is down. Next try \(time(notice.until, now: now)): \(reason)"
            case .backoff, .server:
                let asked = notice.basis == .server ? ", as the server asked" : ""
                return
                    "Attempt \(notice.attempt + 1) of \(notice.limit) \(time(notice.until, now: now))\(asked): \(reason)"
            }
        case .held(let notice):
            let cause =
                switch notice.cause {
                case .requests: "the limit of requests a minute is reached"
                case .tokens: "the limit of tokens a minute is reached"
                case .pause: "the server asked for a pause"
                case .queue: "\(notice.ahead) requests wait before it"
                }
            return "The request is held back and goes \(time(notice.until, now: now)): \(cause)."
        }
    }

    private static func time(_ until: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> String {
        guard let until else { return "soon" }
        let left = now.duration(to: until).inSeconds
        guard left > 0.05 else { return "now" }
        return left < 10 ? "in \(ParameterValue.fixed(left, decimals: 1)) s" : "in \(Int(left.rounded(.up))) s"
    }

    /// What goes on, after nothing was told for a while; nil when nothing goes on.
    static func waiting(_ app: AppModel) -> String? {
        if let wait = app.pendingWait { return self.wait(wait, now: app.now) }
        if let answer = app.conversation.lastAnswer, app.isRunning {
            if answer.state == .waiting {
                return "Waiting for the first token for \(Int((app.now - answer.timing.sent).inSeconds)) s."
            }
            let silence = Int((app.now - answer.timing.last).inSeconds)
            if silence >= 3 { return "Nothing has come for \(silence) s." }
            return "The answer goes on: \(answer.outputTokens) tokens so far."
        }
        if let id = app.tools.running.values.map(\.id).min(by: { $0.call < $1.call }), let (_, traced) = app.call(id) {
            return
                "Tool call \(traced.turn).\(id.call + 1) runs for \(Int((app.now - (traced.decided ?? app.now)).inSeconds)) s."
        }
        if app.files.running != nil { return "The command runs." }
        return app.isBusy ? "An answer on another branch goes on." : nil
    }

    // MARK: Parameters

    /// A parameter and its value: `temperature 0.75`.
    static func parameter(_ id: ParameterID, _ state: ParameterState) -> String {
        let spec = ParameterSpec.of(id)
        guard let value = state.value else { return "\(spec.label) \(id == .maxCost ? "no cap" : "not sent")" }
        return "\(spec.label) \(gated(spec.shown(value)))"
    }

    /// All parameters with their states.
    static func parameters(_ panel: ParameterPanel) -> [String] {
        ParameterSpec.all.map { spec in
            var words = parameter(spec.id, panel[spec.id])
            if case .standard = panel[spec.id], spec.id != .model { words += ", the default" }
            if panel.changedSinceLastRequest(spec.id) { words += ", changed since the last request" }
            return words + "."
        }
    }

    // MARK: Figures

    /// What the meter shows, in sentences.
    static func meter(_ app: AppModel) -> [String] {
        var lines: [String] = []
        if let answer = app.conversation.lastAnswer {
            lines.append(
                "Tokens of the last answer: \(figure(MeterText.input(answer, short: false))) in, "
                    + "\(figure(MeterText.output(answer, short: false))) out\(details(answer.response.usage)).")
            lines.append("Cost: \(figure(MeterText.cost(answer.cost))).")
            var speed: [String] = []
            if let first = answer.timing.timeToFirstToken {
                speed.append("first token after \(MeterText.seconds(first))")
            }
            if let rate = answer.timing.tokensPerSecond(answer.outputTokens) {
                speed.append("\(MeterText.speed(rate).replacing(" tok/s", with: "")) tokens a second")
            }
            if !speed.isEmpty { lines.append("Speed: \(speed.joined(separator: ", ")).") }
            if !answer.attempts.ended.isEmpty { lines.append("Attempts: \(answer.attempts.ended.count + 1).") }
        }
        if let share = app.contextShare, let window = app.info(app.parameters.model)?.contextWindow {
            lines.append("Context: \(MeterText.percent(share)) of \(MeterText.full(window)) tokens.")
        }
        let totals = app.liveTotals
        lines.append(
            "Session: \(totals.answers) answer\(totals.answers == 1 ? "" : "s"), "
                + "\(figure(totals.input(MeterText.full))) tokens in, \(figure(totals.output(MeterText.full))) out, "
                + "\(figure(MeterText.sessionCost(totals))).")
        if let today = app.today {
            let cap = app.connection.caps[.day]?.hard.map { " of \($0.display)" } ?? ""
            lines.append("Today: \(figure(today.display))\(cap).")
        }
        return lines + limits(app.conversation.lastAnswer?.rateLimits)
    }

    private static func details(_ usage: TokenUsage) -> String {
        var parts: [String] = []
        if let reasoning = usage.reasoningTokens, reasoning > 0 {
            parts.append("\(MeterText.full(reasoning)) of reasoning")
        }
        if let cached = usage.cachedInputTokens, cached > 0 { parts.append("\(MeterText.full(cached)) from the cache") }
        return parts.isEmpty ? "" : ", " + parts.joined(separator: ", ")
    }

    private static func limits(_ limits: RateLimits?) -> [String] {
        func words(_ limit: RateLimit?, _ unit: String) -> String? {
            guard let limit, let remaining = limit.remaining else { return nil }
            return "\(MeterText.full(remaining))" + (limit.limit.map { " of \(MeterText.full($0))" } ?? "") + " \(unit)"
        }
        let parts = [words(limits?.requests, "requests"), words(limits?.tokens, "tokens")].compactMap(\.self)
        return parts.isEmpty ? [] : ["Left of the server's limits: \(parts.joined(separator: ", "))."]
    }

    /// A figure with its mark in words: `about 348`, `unknown`, `at least $0.01`.
    private static func figure(_ text: String) -> String {
        if text == "–" { return "unknown" }
        var words = text
        if words.hasPrefix("<") { words = "less than " + words.dropFirst() }
        if words.hasPrefix("≥") { words = "at least " + words.dropFirst() }
        if words.hasSuffix("~") { words = "about " + words.dropLast() }
        return words
    }
}
