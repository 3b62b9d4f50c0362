import FunctionTools
import ProviderCore
import TerminalKit

extension ToolResult {
    /// The word of the command line's JSON for how a call was answered: `ran`, `failed` (it ran, and not well) or `error` (it
    /// did not run).
    var word: String {
        switch kind {
        case .ran, .answered: isSuccess ? "ran" : "failed"
        case .fixed: "reply"
        case .typed: "typed"
        case .replayed: "replayed"
        case .refused: "refused"
        case .error: "error"
        }
    }

    /// The exit status of the program, when one ran to its end.
    var exitStatus: Int32? { if case .ran(.exited(let status)) = kind { status } else { nil } }
}

/// What `ask` says of calls on stderr.
enum ToolWords {
    /// `get_weather({"city": "Lisbon"}) → 24 °C, clear (12 ms)`, in one line for a person.
    static func line(_ answered: ToolLoop.AnsweredCall) -> String {
        let call = "\(answered.call.name)(\(shortened(answered.call.arguments, to: 200)))"
        let time = answered.result.duration.map { " (\(Int($0.milliseconds.rounded())) ms)" } ?? ""
        return call + " → " + shortened(answered.result.text, to: 300) + time
    }

    /// The outcome of a call that was left to a person.
    static let forPerson = "needs_person"

    /// Why calls were left open: a line for each function.
    static func needsPerson(_ names: [String], _ tools: ToolSet) -> [String] {
        let unique = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return unique.map { name in
            if tools[name]?.run == .person {
                return "\(name): not run: its definition has no \"run\": a person answers it"
            }
            return "\(name): not run: its definition does not allow it without a person "
                + "(\"approval\": \"automatic\" in its \"run\" does)"
        }
    }

    /// Why the calls of an answer that was cut off were left open.
    static let cutOff =
        "the answer was cut off by the output limit: its calls may be incomplete and were not run "
        + "(--max-output-tokens sets the limit)"

    /// `the model calls get_weather({})`, and what is wrong with that. `tools`: those that were offered.
    static func open(_ call: ToolCall, _ tools: ToolSet) -> String {
        let check = tools.check(call)
        let isWrong = tools.isEmpty ? !check.isValid : check.fault != nil
        return "the model calls \(call.name)(\(call.arguments))" + (isWrong ? ": \(fault(call, check))" : "")
    }

    /// What is wrong with a call, in a sentence. Where no function of the name is known, its arguments can be wrong, too.
    static func fault(_ call: ToolCall, _ check: CallCheck) -> String {
        guard case .unknown(_, let known) = check.fault, known.isEmpty else { return check.fault?.sentence ?? "" }
        do {
            _ = try CallCheck.parse(call.arguments)
            return ""
        } catch { return CallCheck.Fault.malformed("\(error)").sentence }
    }

    private static func shortened(_ text: String, to limit: Int) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= limit ? line : line.prefix(limit - 1) + "…"
    }
}
