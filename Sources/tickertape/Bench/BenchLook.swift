import AppSettings
import AppUI
import TerminalCurses
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How the screen of a run looks and which keys it has: as the workspace.
struct BenchLook {
    let keys: Keymap
    private let settings: Settings
    private let theme: Theme
    private let color: ColorChoice

    /// By the settings. Tells on standard error what is wrong with them; throws a failure when `keys.toml` cannot be read.
    init(_ settings: Settings, _ global: GlobalOptions) throws {
        self.settings = settings
        let own = try OwnKeys(settings, global)
        for warning in own.warnings { Terminal.complain(warning) }
        keys = own.keymap
        let library = ThemeLibrary(paths: Wiring.paths())
        do {
            let loaded = try library.load(LiveSettings.themeName(settings))
            for warning in loaded.warnings { Terminal.complain(warning.description) }
            theme = loaded.theme
        } catch {
            Terminal.complain("\(error)")
            theme = ThemeLibrary.fallback
        }
        color = global.colorChoice(settings)
    }

    /// Whether a screen can be drawn here: somebody looks, and the terminal can do it.
    static var isPossible: Bool {
        guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) else { return false }
        return (try? CursesTerminal.check()) != nil
    }

    /// Takes the terminal. Signals that end the process stay with `EndingSignals`.
    func terminal() throws -> any TerminalKit.Terminal {
        let terminal = try CursesTerminal(theme: theme, ascii: settings.ascii, color: color)
        EndingSignals.block()
        return terminal
    }
}
