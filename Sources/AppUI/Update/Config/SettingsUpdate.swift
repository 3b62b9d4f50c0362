import TerminalKit

// Settings as the files have them.
extension AppModel {
    /// Takes settings at the start.
    public mutating func use(_ settings: AppliedSettings) {
        keys = settings.keys
        prompt.editingMode = settings.editingMode
        desk.standardEditingMode = settings.standardEditingMode
        wrapsCode = settings.wrapsCode
        mouseIsOn = settings.usesMouse
        connection.caps = settings.caps
    }

    /// Takes the rows as the file has them now, and applies what changed and can be applied at once.
    mutating func take(settings rows: [SettingRow]) -> [AppEffect] {
        let before = settings
        settings.replace(rows)
        return rows.map(\.path).filter { before.value($0) != settings.value($0) }.flatMap { apply($0) }
    }

    /// Takes settings that changed while the program runs.
    mutating func take(_ news: SettingsNews) -> [AppEffect] {
        switch news {
        case .kept(let problems):
            let first = TextGate.gate(problems.first ?? "the settings are wrong", allowNewlines: false).text
            let more = problems.count > 1 ? " (\(problems.count - 1) more)" : ""
            flash = Flash(text: "\(first)\(more). What held before holds on.", level: .error)
            return []
        case .changed(let applied, let rows, let paths, let warnings):
            let before = settings
            settings.replace(rows)
            desk.standardEditingMode = applied.standardEditingMode
            if paths.contains(where: { LiveSetting(path: $0) == .keys }) {
                keys = applied.keys
                _ = apply("enter_sends")
            }
            var effects = paths.filter { LiveSetting(path: $0) != .theme }.flatMap { apply($0) }
            if let choice = applied.theme, choice != theme, settings.changes["theme"] == nil {
                theme = choice
                effects.append(.loop(.theme(choice.theme)))
            }
            for warning in warnings { say(TextGate.gate(warning, allowNewlines: false).text, .warning) }
            let told = paths.filter { isNews($0, since: before) }
            desk.written = desk.written.filter { name in !paths.contains { Self.belongs($0, to: name) } }
            if !told.isEmpty { flash = Flash(text: Self.told(told), level: .info) }
            return effects
        }
    }

    /// Whether a change of a path came from elsewhere: what was written here is known already.
    private func isNews(_ path: String, since before: SettingsDesk) -> Bool {
        if desk.written.contains(where: { Self.belongs(path, to: $0) }) { return false }
        guard settings.row(path) != nil, before.row(path) != nil else { return true }
        return before.value(path) != settings.value(path)
    }

    private static func belongs(_ path: String, to name: String) -> Bool {
        path == name || path.hasPrefix(name + ".")
    }

    private static func told(_ paths: [String]) -> String {
        let names = TextGate.gate(paths.prefix(4).joined(separator: ", "), allowNewlines: false).text
        let later = paths.contains { LiveSetting(path: $0) == nil }
        return "Settings read again: \(names)\(paths.count > 4 ? " …" : "")."
            + (later ? " What does not hold at once holds from the next start." : "")
    }
}

// Settings on their way to the file.
extension AppModel {
    /// Has every changed setting written into the file, all at once.
    mutating func saveSettings() -> [AppEffect] {
        let unsaved = settings.takeUnsaved()
        if settings.savesAgain {
            flash = Flash(text: "It is saved as soon as what is on its way is in the file.", level: .info)
        } else if unsaved.isEmpty {
            flash = Flash(text: "Every setting is in the file as it is here.", level: .info)
        }
        return unsaved.isEmpty ? [] : [.configure(.saveSettings(unsaved))]
    }

    /// What became of settings that were to be saved; `problems` has those that are not in the file. What was to be saved
    /// meanwhile comes now.
    mutating func settingsSaved(_ writes: [SettingWrite], problems: [String: String]) -> [AppEffect] {
        let savesAgain = settings.savesAgain
        for write in writes { settings.saved(write, problem: problems[write.path]) }
        tellSaved(writes, problems)
        let unsaved = savesAgain ? settings.takeUnsaved() : []
        return unsaved.isEmpty ? [] : [.configure(.saveSettings(unsaved))]
    }

    private mutating func tellSaved(_ writes: [SettingWrite], _ problems: [String: String]) {
        let saved = writes.map(\.path).filter { problems[$0] == nil }
        let names = saved.prefix(3).joined(separator: ", ") + (saved.count > 3 ? " …" : "")
        let told = saved.count == 1 ? "\(names) is saved." : "\(saved.count) settings are saved: \(names)."
        guard let failed = writes.first(where: { problems[$0.path] != nil }), let problem = problems[failed.path] else {
            if !saved.isEmpty { flash = Flash(text: told, level: .info) }
            return
        }
        let others = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        let text = "\(failed.path) is not saved\(others): \(TextGate.gate(problem, allowNewlines: false).text)"
        flash = Flash(text: text + (saved.isEmpty ? "" : " \(told)"), level: .error)
    }
}
