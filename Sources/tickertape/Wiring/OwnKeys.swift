import AppSettings
import AppUI

/// The keys of the workspace with the person's own over them.
struct OwnKeys {
    /// The key table.
    let keymap: Keymap
    /// What is wrong with the bindings of settings file and `keys.toml`, each with its place.
    let warnings: [String]
    /// What is good to know of them, each with its place: keys of ours that went over to other commands, and keys that
    /// some pane takes first.
    let notes: [String]
    /// Those of the notes that tell of keys which went over.
    let losses: [String]

    /// Throws a failure when `keys.toml` cannot be read.
    init(_ settings: Settings, _ global: GlobalOptions) throws {
        let own = try Wiring.keys(settings, global)
        self.init(own.settings, warnings: own.warnings)
    }

    /// The keys of settings in which those of `keys.toml` are already.
    init(_ settings: Settings, warnings: [String] = []) {
        let bindings = settings.keyBindings.map { binding in
            let place = [binding.file, binding.line.map(String.init), binding.column.map(String.init)]
            return UserBinding(
                scope: binding.scope.rawValue, command: binding.command, chords: binding.chords,
                place: place.compactMap { $0 }.joined(separator: ":"))
        }
        let (keymap, problems) = Keymap(enterSends: settings.enterSends).applying(bindings)
        self.keymap = keymap
        self.warnings = warnings + problems.filter { !$0.isNote }.map(\.description)
        notes = problems.filter(\.isNote).map(\.description)
        losses = problems.filter(\.isLoss).map(\.description)
    }

    /// What is told at the start: one line, however many keys went over. Nil = none did.
    var notice: String? {
        guard let first = losses.first else { return nil }
        let more = losses.count > 1 ? "; \(losses.count - 1) more, tickertape keys tells all" : ""
        return "keys: \(first)\(more)"
    }
}
