public import ProviderCore
public import TerminalKit

/// What of the settings holds in the workspace, and can change while it runs.
public struct AppliedSettings: Sendable {
    /// The key table with the person's own keys.
    public var keys: Keymap
    /// Whose keys edit the prompt.
    public var editingMode = EditingMode.emacs
    /// Whose keys edit the prompt where no setting says so.
    public var standardEditingMode = EditingMode.emacs
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
    /// These hold now; the rows that the config editor shows, the paths of what changed, and what is doubtful.
    case changed(AppliedSettings, rows: [SettingRow], paths: [String], warnings: [String])
    /// The files are wrong: what held before holds on.
    case kept(problems: [String])
}
