import TerminalKit

extension AppModel {
    /// A key in the key check: it is shown and does nothing else. Esc twice leaves.
    mutating func take(_ chord: KeyChord, in open: KeyCheck) -> [AppEffect] {
        guard !(chord == KeyChord(.escape) && open.endsWithEscape) else {
            overlay = nil
            return []
        }
        noteInKeyCheck(.key(chord))
        return []
    }

    /// Shows something that came from the terminal, when the key check is open.
    mutating func noteInKeyCheck(_ input: Input?, bytes: [UInt8]? = nil) {
        guard case .keyCheck(var check) = overlay else { return }
        check.note(input, bytes: bytes)
        overlay = .keyCheck(check)
    }
}
