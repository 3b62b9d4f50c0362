import TerminalKit

extension AppModel {
    /// A key in the key check: it is shown and does nothing else. Esc twice leaves.
    mutating func take(_ chord: KeyChord, in open: KeyCheck) -> [AppEffect] {
        guard !(chord == KeyChord(.escape) && open.endsWithEscape) else {
            overlay = nil
            return [.loop(.observeKeys(false))]
        }
        noteInKeyCheck(.key(chord))
        return []
    }

    /// What the terminal sent, told byte by byte while the key check is open.
    mutating func take(observed record: InputRecord) -> [AppEffect] {
        guard case .keyCheck(let check) = overlay else { return record.input.map { take($0) } ?? [] }
        if record.input == .key(KeyChord(.escape)), check.endsWithEscape { return take(KeyChord(.escape), in: check) }
        noteInKeyCheck(record.input, bytes: record.bytes)
        return []
    }

    /// Shows something that came from the terminal, when the key check is open.
    mutating func noteInKeyCheck(_ input: Input?, bytes: [UInt8]? = nil) {
        guard case .keyCheck(var check) = overlay else { return }
        check.note(input, bytes: bytes)
        overlay = .keyCheck(check)
    }
}
