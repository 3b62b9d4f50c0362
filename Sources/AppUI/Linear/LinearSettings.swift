import ProviderCore
import TerminalKit

// Settings as lines, and their change.
extension LinearWords {
    /// A setting with its value and where that comes from: `budget.day $10, from config.toml:9`.
    static func setting(_ row: SettingRow, _ desk: SettingsDesk) -> String {
        guard let value = value(row, desk) else { return "\(row.path) not set" }
        if desk.changes[row.path] != nil { return "\(row.path) \(value), not saved" }
        return "\(row.path) \(value), " + (desk.isSet(row.path) ? "from \(gated(row.origin))" : "the default")
    }

    /// The value of a setting as it is shown; nil = not set.
    static func value(_ row: SettingRow, _ desk: SettingsDesk) -> String? {
        desk.value(row.path).map { typed in
            gated((try? row.form.parse(typed, label: row.path)).map(row.form.shown) ?? typed)
        }
    }

    /// All settings.
    static func settings(_ desk: SettingsDesk) -> [String] {
        guard !desk.rows.isEmpty else { return ["The settings cannot be changed here: nobody told what they are."] }
        return ["Settings:"] + desk.rows.map { setting($0, desk) + "." }
            + ["/settings NAME tells what one is for; /settings NAME VALUE changes it and saves it."]
    }

    /// What a setting is for and what it takes.
    static func meaning(_ row: SettingRow, _ desk: SettingsDesk) -> [String] {
        let standard = row.standard.map { "the default is \(gated($0))" } ?? "not set unless you set it"
        return [
            setting(row, desk) + ".", gated(row.summary), "It takes \(row.takes); \(standard).",
            "/settings \(row.path) VALUE changes it; - in place of a value brings the default back.",
        ]
    }
}

extension SettingsDesk {
    /// The settings that a typed name means: the one of this path, else those whose last word it is.
    func rows(typed name: String) -> [SettingRow] {
        let wanted = name.lowercased().replacing("-", with: "_")
        if let exact = row(wanted) { return [exact] }
        return rows.filter { $0.path.hasSuffix("." + wanted) }
    }
}

extension LinearModel {
    /// `/settings`, `/settings NAME`, `/settings NAME VALUE`.
    mutating func performSettings(_ argument: String) {
        let parts = argument.split(maxSplits: 1) { $0.isWhitespace || $0 == "=" }.map(String.init)
        guard let name = parts.first else { return output.lines(LinearWords.settings(app.settings)) }
        let rows = app.settings.rows(typed: name)
        guard let row = rows.first else {
            return output.line("There is no setting of this name: /settings lists them.")
        }
        guard rows.count == 1 else {
            return output.line("Which: \(rows.map(\.path).joined(separator: ", "))?")
        }
        guard parts.count == 2 else { return output.lines(LinearWords.meaning(row, app.settings)) }
        set(row, to: parts[1].trimmed)
    }

    /// Changes a setting, applies it where that is possible at once, and has it saved. `-` is the default.
    mutating func set(_ row: SettingRow, to typed: String) {
        var value: String?
        if typed != "-" {
            do throws(ParameterInputError) {
                value = row.form.typed(try row.form.parse(typed, label: row.path))
            } catch {
                return output.line(LinearWords.gated(error.message) + ".")
            }
        }
        let isSame = app.settings.value(row.path) == value && app.settings.changes[row.path] == nil
        guard !isSame, value != nil || app.settings.isSet(row.path) else {
            return output.line(LinearWords.setting(row, app.settings) + ", as before.")
        }
        change { app in
            app.settings.change(row.path, to: value)
            let applied = app.apply(row.path)
            let unsaved = app.settings.takeUnsaved()
            return applied + (unsaved.isEmpty ? [] : [.configure(.saveSettings(unsaved))])
        }
        let shown = LinearWords.value(row, app.settings) ?? "not set"
        let later = LiveSetting(path: row.path) != nil ? "" : ", from the next start on"
        output.line("\(row.path) \(shown)\(later).")
    }

    /// The setting that `/set`, `/unset` and `/default` mean where no parameter has the name; nil = none.
    func setting(typed argument: String) -> SettingRow? {
        let name = argument.prefix { !$0.isWhitespace && $0 != "=" }
        guard ParameterID(typed: String(name)) == nil, ParameterID(typed: argument) == nil else { return nil }
        let rows = app.settings.rows(typed: String(name))
        return rows.count == 1 ? rows[0] : nil
    }
}
