import FunctionTools
import ProviderCore
import TerminalKit

/// A setting that takes effect in a session that runs. This is the one table of them: what is changed in the config editor and
/// what changes in the files goes through it. What it does not have holds from the next start on.
enum LiveSetting: Sendable, Hashable {
    case theme, enterSends, editingMode, codeWrap, mouse, toolTurns, toolCalls, keys
    /// A cap. The hard one of a request is a parameter, and not among them.
    case cap(BudgetScope, warns: Bool)

    /// The setting of a path; nil = it does not take effect at once.
    init?(path: String) {
        let parts = path.split(separator: ".").map(String.init)
        switch (parts.first, parts.count) {
        case ("theme", _): self = .theme
        case ("enter_sends", 1): self = .enterSends
        case ("editing_mode", 1): self = .editingMode
        case ("code_wrap", 1): self = .codeWrap
        case ("mouse", 1): self = .mouse
        case ("tools", 2) where parts[1] == "max_turns": self = .toolTurns
        case ("tools", 2) where parts[1] == "max_calls": self = .toolCalls
        case ("keys", _): self = .keys
        case ("budget", 2...3):
            guard let scope = BudgetScope(rawValue: parts[parts.count - 1]), path != "budget.request" else {
                return nil
            }
            self = .cap(scope, warns: parts.count == 3)
        default: return nil
        }
    }
}

extension AppModel {
    /// Applies a setting as it is known now, a change that is not in the file yet before what the file says, when it can
    /// take effect at once.
    mutating func apply(_ path: String) -> [AppEffect] {
        guard let live = LiveSetting(path: path) else { return [] }
        let value = settings.value(path)
        switch live {
        case .theme:
            guard let value, value != theme.name else { return [] }
            wantedTheme = value
            return [.listThemes]
        case .enterSends: keys.letEnterSend(value != "false")
        case .editingMode: prompt.editingMode = value.flatMap(EditingMode.init(rawValue:)) ?? desk.standardEditingMode
        case .codeWrap: wrapsCode = value == "true"
        case .mouse:
            guard mouseIsOn != (value == "true") else { return [] }
            mouseIsOn.toggle()
            return [.loop(.mouse(mouseIsOn))]
        case .toolTurns: tools.limits.turns = value.flatMap { Int($0) } ?? tools.limits.turns
        case .toolCalls: tools.limits.callsPerTurn = value.flatMap { Int($0) } ?? tools.limits.callsPerTurn
        case .cap(let scope, let warns): setCap(scope, warns: warns, value.flatMap { Money($0) })
        // Of keys there are no rows: they come as a table.
        case .keys: break
        }
        return []
    }

    private mutating func setCap(_ scope: BudgetScope, warns: Bool, _ amount: Money?) {
        var cap = connection.caps[scope] ?? SpendingCap()
        if warns { cap.soft = amount } else { cap.hard = amount }
        connection.caps[scope] = cap == SpendingCap() ? nil : cap
    }
}
