import AppSettings
import AppUI
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The workspace without a screen.
enum LinearMode {
    /// Whether it is asked for: by an option, by ACCESSIBLE, or by the settings file. Throws what is wrong with that file.
    static func isWanted(_ option: Bool, _ global: GlobalOptions) throws -> Bool {
        if option || isAccessible(getenv("ACCESSIBLE").map { String(cString: $0) }) { return true }
        return try Wiring.settings(global).settings.plain
    }

    /// Whether a value of ACCESSIBLE asks for it: not blank, not 0, not false.
    static func isAccessible(_ value: String?) -> Bool {
        guard let value, !value.allSatisfy(\.isWhitespace) else { return false }
        return !["0", "false"].contains(value.lowercased())
    }

    /// Runs the workspace over standard input and output; its last model.
    static func open(
        _ model: AppModel, _ effects: LiveEffects, start: [AppEffect], _ workers: WorkerThreads
    ) async throws -> AppModel {
        let isInteractive = Terminal.isTerminal(STDIN_FILENO)
        let linear = LinearModel(
            model, isInteractive: isInteractive, echoes: !isInteractive || !Terminal.isTerminal(STDOUT_FILENO))
        let performer = LinearEffects(effects) { sentence in
            _ = Terminal.write((sentence + "\n").utf8, to: STDERR_FILENO)
        }
        let program = Program<LinearFeature>(model: linear, performer: performer, workers: workers)
        let signals = LineSignals()
        signals.listen { program.wake() }
        return try await program.run(start: start.map(LinearEffect.work)) { LineTerminal(signals: signals) }.app
    }
}
