import TerminalKit

extension AppModel {
    /// A key in a form.
    mutating func take(_ chord: KeyChord, in form: FormOverlay) -> [AppEffect] {
        switch form {
        case .config(let screen): take(chord, in: screen)
        }
    }

    /// Text that was pasted into a form.
    mutating func paste(_ text: String, into form: FormOverlay) {
        switch form {
        case .config(let screen): paste(text, into: screen)
        }
    }

    /// Something happened to settings, presets or endpoints.
    mutating func take(_ event: ConfigurationEvent) -> [AppEffect] {
        switch event {
        case .settings(let rows): return take(settings: rows)
        case .settingSaved(let path, let problem): settingSaved(path, problem: problem)
        }
        return []
    }

    /// Brings the config editor back when the list that it had opened is closed.
    mutating func resume() {
        guard overlay == nil, let screen = desk.suspended else { return }
        desk.suspended = nil
        overlay = .form(.config(screen))
    }
}
