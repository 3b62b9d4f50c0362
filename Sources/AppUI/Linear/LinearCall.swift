import FunctionTools
import ProviderCore
import TerminalKit

/// A tool call as it is read: all that would be run, before anything is.
enum LinearCall {
    /// `Tool call 1.1`.
    static func number(_ id: TraceID, _ traced: TracedCall) -> String { "Tool call \(traced.turn).\(id.call + 1)" }

    /// Short arguments stand in the first line; longer ones get lines of their own.
    private static let shortArguments = 72

    /// The whole call.
    static func lines(_ id: TraceID, _ app: AppModel) -> [String] {
        guard let (call, traced) = app.call(id) else { return ["This call is gone."] }
        let name = LinearWords.gated(call.name)
        let short = shortArguments(call, traced)
        var lines = ["\(number(id, traced)) \(name)\(short.map { " " + $0 } ?? ""): \(state(traced, now: app.now))."]
        if short == nil { lines += arguments(traced) }
        if traced.edited != nil {
            lines.append("The arguments are edited. The model's own:")
            lines += indented(HiddenText.escaped(call.arguments))
        }
        lines += check(traced)
        lines += command(traced, app)
        return lines
    }

    /// Arguments in one line; nil when they are too long, or when something is wrong with them.
    private static func shortArguments(_ call: ToolCall, _ traced: TracedCall) -> String? {
        let text = traced.edited ?? call.arguments
        guard traced.arguments.faults.isEmpty, text.utf8.count <= shortArguments, !text.contains("\n") else {
            return nil
        }
        return LinearWords.gated(HiddenText.escaped(text))
    }

    private static func arguments(_ traced: TracedCall) -> [String] {
        var lines = ["Arguments:"]
        for line in traced.arguments.lines {
            lines += indented(line.indentation + HiddenText.escaped(line.text))
            if let fault = line.firstFault {
                lines.append("Wrong in the line above: \(LinearWords.gated(traced.arguments.faults[fault].message)).")
            }
        }
        return lines + ["End of arguments."]
    }

    private static func check(_ traced: TracedCall) -> [String] {
        guard let check = traced.check else { return [] }
        var lines: [String] = []
        if let fault = check.fault {
            lines.append("It cannot be run: \(LinearWords.gated(fault.sentence)).")
        } else if check.tool?.definition.parameters != nil {
            lines.append("The arguments match the schema.")
        }
        if let tool = check.tool {
            let place = tool.place.isEmpty ? "" : ", from \(LinearWords.gated(tool.place))"
            lines.append("How it is answered: \(LinearWords.gated(tool.run.words))\(place).")
            if tool.origin == .project { lines.append("Warning: this is a tool of the working folder.") }
        }
        return lines
    }

    /// The program that would be started, spelt out.
    private static func command(_ traced: TracedCall, _ app: AppModel) -> [String] {
        guard let command = traced.command else { return [] }
        let limits = traced.check?.tool?.run.limits
        let place = app.tools.isolation.flatMap { isolation in limits.map(isolation.words) }
        return ["Command\(place.map { ", \($0)" } ?? ""):"] + indented("$ " + command) + ["End of command."]
    }

    /// Foreign text, moved in. A line end at its end begins no further line.
    static func indented(_ foreign: String) -> [String] {
        var lines = TextGate.gate(foreign).text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.count > 1, lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.map { $0.isEmpty ? "" : LinearText.indent + $0 }
    }

    /// What became of a call.
    static func state(_ traced: TracedCall, now: ContinuousClock.Instant) -> String {
        let words = LinearWords.spoken(CallRows.describe(traced, now: now).text)
        return words == "arrives…" ? "its arguments still arrive" : words
    }

    /// A result, as the model gets it; of a long one the beginning, unless all is wanted.
    static func result(_ id: TraceID, _ app: AppModel, isWhole: Bool) -> [String] {
        guard let (_, traced) = app.call(id), let result = traced.result else { return [] }
        let number = "\(traced.turn).\(id.call + 1)"
        let all = indented(result.text)
        var lines = ["Tool result \(number), \(LinearWords.gated(result.words)):"]
        if isWhole || all.count <= longestResult + 2 {
            lines += all
        } else {
            lines += all.prefix(longestResult)
            lines.append("\(all.count - longestResult) more lines: /call \(number) reads all.")
        }
        return lines + ["End of result."]
    }

    /// Lines of a result that are read at once.
    private static let longestResult = 20

    /// All calls of the conversation, one a line.
    static func trace(_ app: AppModel) -> [String] {
        let ids = app.traceIDs
        guard !ids.isEmpty else { return ["No tool was called yet. /functions lists what the model may call."] }
        return ids.compactMap { id in
            guard let (call, traced) = app.call(id) else { return nil }
            return "\(number(id, traced)) \(LinearWords.gated(call.name)): \(state(traced, now: app.now))."
        }
    }

    /// The call of a number such as `1.2`; nil = there is none.
    static func id(_ number: String, _ app: AppModel) -> TraceID? {
        app.traceIDs.first { id in
            app.call(id).map { "\($0.traced.turn).\(id.call + 1)" == number } ?? false
        }
    }
}
