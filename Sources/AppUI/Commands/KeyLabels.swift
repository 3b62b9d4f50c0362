import TerminalKit

extension KeyChord {
    /// The chord in few columns, for hints and lists: `^P`, `Alt-t`, `Shift-Left`, `Enter`.
    var label: String {
        guard case .character(let character) = key, modifiers.contains(.control), character != " " else {
            return longLabel
        }
        return held([(.alt, "Alt-"), (.shift, "Shift-")]) + "^" + String(character).uppercased()
    }

    /// The chord as sentences and the manual name it: `Ctrl-P`, `Alt-t`, `Shift-Left`, `Enter`.
    var longLabel: String {
        let held = held([(.control, "Ctrl-"), (.alt, "Alt-"), (.shift, "Shift-")])
        guard case .character(let character) = key else { return held + key.label }
        if character == " " { return held + "Space" }
        return held + (modifiers.contains(.control) ? String(character).uppercased() : String(character))
    }

    /// Whether it types a character where text is typed.
    var isText: Bool {
        guard case .character = key else { return false }
        return modifiers.isDisjoint(with: [.control, .alt])
    }

    private func held(_ names: [(Modifier, String)]) -> String {
        names.reduce(into: "") { if modifiers.contains($1.0) { $0 += $1.1 } }
    }
}

extension [KeyChord] {
    /// Keys pressed one after the other, in few columns: `^X m`.
    var label: String { map(\.label).joined(separator: " ") }

    /// The same as sentences name it: `Ctrl-X m`.
    var longLabel: String { map(\.longLabel).joined(separator: " ") }
}

extension KeyScope: CaseIterable {
    /// All scopes in the order of the manual.
    public static let allCases: [KeyScope] = [.global, .leader] + Pane.tabOrder.map(KeyScope.pane) + [.config, .bench]

    /// Its name in the settings file, `[keys.NAME]`.
    public var name: String {
        switch self {
        case .global: "global"
        case .leader: "leader"
        case .pane(let pane): pane.rawValue
        case .config: "config"
        case .bench: "bench"
        }
    }

    /// The scope of this name.
    init?(name: String) {
        guard let scope = Self.allCases.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = scope
    }
}

extension Key {
    /// The key's name.
    var label: String {
        switch self {
        case .character(let character): String(character)
        case .enter: "Enter"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .escape: "Esc"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        }
    }
}
