import TerminalKit

/// The open help.
struct HelpScreen: Sendable {
    /// The pane whose keys come first.
    let pane: Pane
    /// Rows above the first one shown.
    var scroll = 0
    /// Rows that can be above it, as drawn last.
    var mostScroll = 0
    /// What rows must have to be shown; nil = all are.
    private(set) var find: LineEditor?
    /// Whether keys go to what is looked for.
    private(set) var isFinding = false

    init(pane: Pane) { self.pane = pane }

    /// What rows must have; empty = all are shown.
    var wanted: String { find?.text.trimmed ?? "" }

    mutating func startFinding() {
        find = find ?? LineEditor()
        isFinding = true
    }

    /// What was typed stays in force.
    mutating func endFinding() {
        isFinding = false
        if wanted.isEmpty { find = nil }
    }

    mutating func clear() {
        find = nil
        isFinding = false
        scroll = 0
    }

    mutating func edit(_ chord: KeyChord) {
        guard find?.handle(chord) == true else { return }
        scroll = 0
    }

    /// Pasted text is looked for.
    mutating func paste(_ text: String) {
        startFinding()
        find?.insert(text.replacing("\n", with: " "))
        scroll = 0
    }
}
