import TerminalKit

/// One entry of the hint line: what it tells, and of which commands it shows the keys.
struct KeyHint: Sendable {
    let commands: [Command]
    let label: String
    /// How often the key is pressed.
    var times = 1

    init(_ commands: Command..., label: String, times: Int = 1) {
        self.commands = commands
        self.label = label
        self.times = times
    }

    /// The keys in a pane, `Up/Down`; nil when one of the commands has none there.
    func keys(_ keymap: Keymap, in pane: Pane) -> String? {
        let all = commands.compactMap { command -> String? in
            keymap.firstKeys(of: command, in: pane) == nil ? nil : keymap.hint(of: command, in: pane)
        }
        guard all.count == commands.count else { return nil }
        return Array(repeating: all.joined(separator: "/"), count: times).joined(separator: " ")
    }

    /// The most useful keys of the moment, with what they do.
    static func shown(_ model: AppModel) -> [(String, String)] {
        if let pressed = model.leaderKeys { return LeaderMenu.hints(model.keys, after: pressed, model.size) }
        if model.isNudging { return nudging(model) }
        if let overlay = model.overlay { return hints(overlay, model) }
        return hints(model).compactMap { hint in hint.keys(model.keys, in: model.focus).map { ($0, hint.label) } }
    }

    /// The keys of what lies over the panes.
    private static func hints(_ overlay: Overlay, _ model: AppModel) -> [(String, String)] {
        let choose = ("\(DialogKey.previous.label)/\(DialogKey.next.label)", "choose")
        let close = (DialogKey.close.label, "closes")
        switch overlay {
        case .palette, .models, .themes, .tools, .history, .conversations, .runs:
            return [(DialogKey.take.label, "takes"), choose, close]
        case .tree: return [(DialogKey.take.label, "goes there"), choose, close]
        case .entry: return [(DialogKey.take.label, "takes"), close]
        case .call where !model.conversation.openCalls.isEmpty:
            return deciding.compactMap { hint in hint.keys(model.keys, in: .tools).map { ($0, hint.label) } } + [close]
        case .help, .call, .usage:
            return [("\(DialogKey.rowUp.label)/\(DialogKey.rowDown.label)", "scroll"), close]
        case .compare: return [(DialogKey.nextColumn.label, "next"), close]
        case .form: return [close]
        case .keyCheck, .confirmQuit, .run: return []
        }
    }

    private static func nudging(_ model: AppModel) -> [(String, String)] {
        let spec = ParameterSpec.of(model.parameters.lastUsed)
        let value = model.parameters[spec.id].value.map(spec.shown) ?? "not sent"
        let keys = [
            ("change", [Command.stepDown, .stepUp]), ("which", [.previousItem, .nextItem]), ("not sent", [.unset]),
        ]
        .compactMap { label, commands -> (String, String)? in
            let keys = commands.compactMap { model.keys.nudgeKey(of: $0)?.label }
            return keys.count == commands.count ? (keys.joined(separator: "/"), label) : nil
        }
        return [("\(spec.label) \(value)", "")] + keys + [(DialogKey.take.label, "back")]
    }

    /// What decides on a call.
    private static let deciding = [
        KeyHint(.toolRun, label: "run"), KeyHint(.toolRunSession, label: "run always"),
        KeyHint(.toolEdit, label: "edit"), KeyHint(.toolResult, label: "result"),
        KeyHint(.toolReplay, label: "replay"), KeyHint(.toolError, label: "error"),
        KeyHint(.toolRefuse, label: "refuse"),
    ]

    private static func hints(_ model: AppModel) -> [KeyHint] {
        let help = KeyHint(.help, label: "help")
        switch model.focus {
        case .prompt:
            let stop = KeyHint(.cancel, label: "stop", times: model.endsInsert ? 2 : 1)
            let first = model.isBusy ? stop : KeyHint(.send, label: "send")
            return [
                first, KeyHint(.nextPane, label: "panes"), KeyHint(.nudge, label: "nudge"),
                KeyHint(.palette, label: "commands"), help, KeyHint(.leader, label: "more"),
                KeyHint(.interrupt, label: "quit", times: 2),
            ]
        case .output:
            return [
                KeyHint(.lineDown, .lineUp, label: "scroll"), KeyHint(.nextMessage, .previousMessage, label: "message"),
                KeyHint(.regenerate, label: "again"), KeyHint(.editMessage, label: "edit"),
                KeyHint(.find, label: "find"),
                KeyHint(.follow, label: "follow"), help,
            ]
        case .parameters:
            return [
                KeyHint(.previousItem, .nextItem, label: "choose"), KeyHint(.stepDown, .stepUp, label: "change"),
                KeyHint(.editValue, label: "type"), KeyHint(.unset, label: "not sent"),
                KeyHint(.useDefault, label: "default"), help,
            ]
        case .tools where model.conversation.openCalls.isEmpty:
            return [
                KeyHint(.previousItem, .nextItem, label: "choose"), KeyHint(.toolDetail, label: "open"),
                KeyHint(.toggleToolDetails, label: "all of them"), KeyHint(.nextPane, label: "next"), help,
            ]
        case .tools:
            return deciding + [KeyHint(.toolDetail, label: "open"), help]
        case .meter:
            return [KeyHint(.nextPane, label: "next"), KeyHint(.palette, label: "commands"), help]
        }
    }
}

extension Keymap {
    /// The key of a command of the parameters that the nudge mode knows, too: the first that types no character.
    func nudgeKey(of command: Command) -> KeyChord? {
        bindings.first { $0.scope == .pane(.parameters) && $0.command == command }?.keys.lazy.compactMap(\.first)
            .first { !$0.isText }
    }
}
