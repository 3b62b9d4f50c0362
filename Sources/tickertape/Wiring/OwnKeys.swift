import AppSettings
import AppUI

/// The keys of the workspace with the person's own over them.
enum OwnKeys {
    /// The key table, and what is wrong with the bindings of settings file and `keys.toml`, each with its place. Throws a failure
    /// when that file cannot be read.
    static func load(_ settings: Settings, _ global: GlobalOptions) throws -> (keymap: Keymap, warnings: [String]) {
        let own = try Wiring.keys(settings, global)
        let bindings = own.settings.keyBindings.map { binding in
            let place = [binding.file, binding.line.map(String.init), binding.column.map(String.init)]
            return UserBinding(
                scope: binding.scope.rawValue, command: binding.command, chords: binding.chords,
                place: place.compactMap { $0 }.joined(separator: ":"))
        }
        let (keymap, problems) = Keymap(enterSends: settings.enterSends).applying(bindings)
        return (keymap, own.warnings + problems.filter { !$0.isNote }.map(\.description))
    }
}
