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

    /// Why calls were left open.
    static func needsPerson(_ names: [String]) -> String {
        let unique = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let list = unique.joined(separator: ", ")
        return "\(list): not run, since the definition does not allow it without a person "
            + "(\"approval\": \"automatic\" in its \"run\" does)"
    }

    private static func shortened(_ text: String, to limit: Int) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= limit ? line : line.prefix(limit - 1) + "…"
    }
}
