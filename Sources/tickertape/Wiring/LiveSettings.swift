import AppSettings
import AppUI
import Foundation
import Synchronization
import TerminalKit

/// The settings of a workspace that runs: their files and those of the theme are watched, and what changes is told.
final class LiveSettings: Sendable {
    private struct State {
        var settings: Settings
        var watch: FileWatch?
        /// What the terminal answered of its background; nil = nothing yet.
        var isLight: Bool?
    }

    private let global: GlobalOptions
    private let library: ThemeLibrary
    private let file: String?
    private let state: Mutex<State>

    init(_ settings: Settings, _ global: GlobalOptions, _ library: ThemeLibrary) {
        self.global = global
        self.library = library
        file = global.config ?? Wiring.paths().configFile
        state = Mutex(State(settings: settings))
    }

    /// What of the settings holds in the workspace.
    static func applied(_ settings: Settings, keys: Keymap) -> AppliedSettings {
        var applied = AppliedSettings(keys: keys)
        applied.editingMode = settings.editingMode(paths: Wiring.paths()) == .vi ? .vi : .emacs
        applied.standardEditingMode = Settings.standardEditingMode(paths: Wiring.paths()) == .vi ? .vi : .emacs
        applied.wrapsCode = settings.wrapsCode
        applied.usesMouse = settings.usesMouse
        applied.caps = settings.caps
        return applied
    }

    /// The theme for the background: as the terminal answered, else as `COLORFGBG` tells, else the one for when nothing does.
    static func themeName(_ settings: Settings, isLight answered: Bool? = nil) -> String {
        let value = ProcessInfo.processInfo.environment["COLORFGBG"]
        return settings.themes.name(isLight: answered ?? ThemeNames.isLight(colorFgBg: value))
    }

    private func themeName(_ settings: Settings) -> String {
        Self.themeName(settings, isLight: state.withLock { $0.isLight })
    }

    /// Notes what the terminal answered of its background; `tell` gets the theme for it where that is another one.
    func note(isLight: Bool, _ tell: @escaping @Sendable (SettingsNews) -> Void) {
        let settings = state.withLock { state in
            state.isLight = isLight
            return state.settings
        }
        guard themeName(settings) != Self.themeName(settings) else { return }
        do {
            var applied = Self.applied(settings, keys: try OwnKeys(settings, global).keymap)
            applied.theme = try theme(settings)
            tell(.changed(applied, rows: SettingRows.rows(settings), paths: [], warnings: []))
        } catch { tell(.kept(problems: ["\(error)"])) }
        // Another theme has other files.
        begin(tell)
    }

    /// Watches from now on; `tell` gets what changed, on a thread of its own, also what changed since the settings were read.
    func watch(_ tell: @escaping @Sendable (SettingsNews) -> Void) {
        begin(tell)
        switch news([]) {
        case .changed(_, _, let paths, _) where paths.isEmpty: break
        case let early: tell(early)
        }
    }

    private func begin(_ tell: @escaping @Sendable (SettingsNews) -> Void) {
        let watch = FileWatch(files) { [weak self] changed in
            guard let self else { return }
            tell(self.news(changed))
            // Another theme has other files.
            self.begin(tell)
        }
        state.withLock { $0.watch = watch }
    }

    /// Ends the watch.
    func end() { state.withLock { $0.watch = nil } }

    private var files: [String] {
        let theme = themeName(state.withLock { $0.settings })
        return [file, Wiring.keyFile(global)].compactMap(\.self).map(Self.absolute) + library.files(of: theme)
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : WorkingFolder.path + "/" + path
    }

    private func news(_ changed: [String]) -> SettingsNews {
        let old = state.withLock { $0.settings }
        switch SettingsReload.reading(file: file, keyFile: Wiring.keyFile(global), over: old) {
        case .kept(let problems): return .kept(problems: problems.map(\.description))
        case .changed(let settings, let paths, let warnings):
            do {
                let keys = try OwnKeys(settings, global)
                var applied = Self.applied(settings, keys: keys.keymap)
                let looks = Set(library.files(of: themeName(settings)))
                // A theme that was only tried out in this session stays.
                if paths.contains("theme") || changed.contains(where: looks.contains) {
                    applied.theme = try theme(settings)
                }
                state.withLock { $0.settings = settings }
                let areKeysNew = paths.contains { $0.hasPrefix("keys.") }
                return .changed(
                    applied, rows: SettingRows.rows(settings), paths: paths,
                    warnings: warnings.map(\.description) + keys.warnings
                        + (areKeysNew ? [keys.notice].compactMap(\.self) : []))
            } catch let failure as Failure {
                return .kept(problems: [failure.message])
            } catch { return .kept(problems: ["\(error)"]) }
        }
    }

    private func theme(_ settings: Settings) throws -> ThemeChoice {
        let name = themeName(settings)
        return ThemeChoice(name: name, theme: try library.load(name).theme)
    }
}
