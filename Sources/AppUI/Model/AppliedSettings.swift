public import ProviderCore
public import TerminalKit

/// What of the settings holds in the workspace, and can change while it runs.
public struct AppliedSettings: Sendable {
    /// The key table with the person's own keys.
    public var keys: Keymap
    /// Whose keys edit the prompt.
    public var editingMode = EditingMode.emacs
    /// Whether long lines of code are wrapped.
    public var wrapsCode = false
    /// Whether the mouse is taken.
    public var usesMouse = false
    /// What may be spent, by scope.
    public var caps: [BudgetScope: SpendingCap] = [:]
    /// The theme, when it is to be used; nil = it stays.
    public var theme: ThemeChoice?

    /// Settings with this key table, and defaults for the rest.
    public init(keys: Keymap) { self.keys = keys }
}

/// What became of a change of the settings' files.
public enum SettingsNews: Sendable {
    /// These hold now; the paths of what changed, and what is doubtful.
    case changed(AppliedSettings, paths: [String], warnings: [String])
    /// The files are wrong: what held before holds on.
    case kept(problems: [String])
}

extension AppModel {
    /// Takes settings at the start.
    public mutating func use(_ settings: AppliedSettings) {
        keys = settings.keys
        prompt.editingMode = settings.editingMode
        wrapsCode = settings.wrapsCode
        mouseIsOn = settings.usesMouse
        connection.caps = settings.caps
    }

    /// Takes settings that changed while the program runs.
    mutating func take(_ news: SettingsNews) -> [AppEffect] {
        switch news {
        case .kept(let problems):
            let first = TextGate.gate(problems.first ?? "the settings are wrong", allowNewlines: false).text
            let more = problems.count > 1 ? " (\(problems.count - 1) more)" : ""
            flash = Flash(text: "\(first)\(more). What held before holds on.", level: .error)
            return []
        case .changed(let settings, let paths, let warnings):
            let hadMouse = mouseIsOn
            use(settings)
            var effects: [AppEffect] = hadMouse == mouseIsOn ? [] : [.loop(.mouse(mouseIsOn))]
            if let choice = settings.theme, choice != theme {
                theme = choice
                effects.append(.loop(.theme(choice.theme)))
            }
            for warning in warnings { say(TextGate.gate(warning, allowNewlines: false).text, .warning) }
            if !paths.isEmpty { flash = Flash(text: Self.told(paths), level: .info) }
            return effects
        }
    }

    private static func told(_ paths: [String]) -> String {
        let names = TextGate.gate(paths.prefix(4).joined(separator: ", "), allowNewlines: false).text
        let later = paths.contains { !holdsAtOnce($0) }
        return "Settings read again: \(names)\(paths.count > 4 ? " …" : "")."
            + (later ? " The rest, such as parameters and endpoints, holds from the next start." : "")
    }

    private static func holdsAtOnce(_ path: String) -> Bool {
        ["theme", "enter_sends", "editing_mode", "code_wrap", "mouse"].contains(path) || path.hasPrefix("keys.")
            || (path.hasPrefix("budget.") && path != "budget.request")
    }
}
