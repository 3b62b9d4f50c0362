import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// Takes the settings as the file has them now, and applies what can be applied at once.
    mutating func take(settings rows: [SettingRow]) -> [AppEffect] {
        let before = settings
        settings.replace(rows)
        return rows.map(\.path).filter { before.value($0) != settings.value($0) }.flatMap { apply($0) }
    }

    /// Applies a setting to this session where that is harmless.
    mutating func apply(_ path: String) -> [AppEffect] {
        guard Self.appliesAtOnce(path) else { return [] }
        let value = settings.value(path)
        switch path {
        case "theme":
            guard let value, value != theme.name else { return [] }
            wantedTheme = value
            return [.listThemes]
        case "enter_sends": keys.letEnterSend(value != "false")
        case "tools.max_turns": tools.limits.turns = value.flatMap { Int($0) } ?? tools.limits.turns
        case "tools.max_calls": tools.limits.callsPerTurn = value.flatMap { Int($0) } ?? tools.limits.callsPerTurn
        default: applyCap(path, value.flatMap { Money($0) })
        }
        return []
    }

    /// Whether a setting has its effect in this session; the others have it from the next start on.
    static func appliesAtOnce(_ path: String) -> Bool {
        ["theme", "enter_sends", "tools.max_turns", "tools.max_calls"].contains(path) || cap(path) != nil
    }

    /// The scope of a cap, and whether it only warns. The hard cap on a request is a parameter.
    private static func cap(_ path: String) -> (scope: BudgetScope, warns: Bool)? {
        let parts = path.split(separator: ".").map(String.init)
        guard parts.first == "budget", let scope = parts.last.flatMap(BudgetScope.init), path != "budget.request" else {
            return nil
        }
        return (scope, parts.count == 3)
    }

    private mutating func applyCap(_ path: String, _ amount: Money?) {
        guard let cap = Self.cap(path) else { return }
        var caps = connection.caps[cap.scope] ?? SpendingCap()
        if cap.warns { caps.soft = amount } else { caps.hard = amount }
        connection.caps[cap.scope] = caps == SpendingCap() ? nil : caps
    }
}
