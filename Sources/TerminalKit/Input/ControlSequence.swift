/// A complete control sequence (`CSI body final`) as a key.
struct ControlSequence {
    private let parameters: [Int]
    private let final: UInt8
    private let isPrivate: Bool

    init(body: ArraySlice<UInt8>, final: UInt8) {
        self.final = final
        isPrivate = body.first.map { (0x3C...0x3F).contains($0) } ?? false
        parameters = body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            // Sub-parameters after a colon (event type, shifted key) do not matter here.
            part.prefix { $0 != UInt8(ascii: ":") }.reduce(0) { value, digit in
                guard (0x30...0x39).contains(digit), value < 10_000_000 else { return value }
                return value * 10 + Int(digit - 0x30)
            }
        }
    }

    /// The input it stands for; nil when it stands for none we know.
    var input: Input? {
        guard !isPrivate else { return nil }
        switch final {
        case UInt8(ascii: "I") where parameters.allSatisfy({ $0 == 0 }): return .focus(true)
        case UInt8(ascii: "O") where parameters.allSatisfy({ $0 == 0 }): return .focus(false)
        case UInt8(ascii: "u"): return Self.chord(code: parameter(0), modifiers: modifiers(1)).map(Input.key)
        case UInt8(ascii: "~"):
            if parameter(0) == 27 {
                return Self.chord(code: parameter(2), modifiers: modifiers(1)).map(Input.key)
            }
            return Self.tildeKey(parameter(0)).map { .key(KeyChord($0, modifiers(1))) }
        case UInt8(ascii: "^"): return Self.tildeKey(parameter(0)).map { .key(KeyChord($0, .control)) }
        case UInt8(ascii: "$"): return Self.tildeKey(parameter(0)).map { .key(KeyChord($0, .shift)) }
        case UInt8(ascii: "Z"): return .key(KeyChord(.backTab))
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            return Self.letterKey(final - 0x20).map { .key(KeyChord($0, .shift)) }
        default: return Self.letterKey(final).map { .key(KeyChord($0, modifiers(1))) }
        }
    }

    private func parameter(_ index: Int) -> Int { parameters.indices.contains(index) ? parameters[index] : 0 }

    /// Modifiers as sent: one more than the bits shift 1, alt 2, control 4.
    private func modifiers(_ index: Int) -> KeyChord.Modifier {
        let bits = max(0, parameter(index) - 1)
        var modifiers: KeyChord.Modifier = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 2 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }

    private static func letterKey(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final - UInt8(ascii: "P")) + 1)
        default: nil
        }
    }

    private static func tildeKey(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// A key after `ESC O`: arrows and keypad in application mode.
    static func singleShiftKey(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "I"): .tab
        case UInt8(ascii: "X"): .character("=")
        case UInt8(ascii: " "): .character(" ")
        case UInt8(ascii: "j")...UInt8(ascii: "y"): .character(Character(Unicode.Scalar(final - 0x40)))
        default: letterKey(final)
        }
    }

    /// A key by code point and modifiers, as CSI-u and modifyOtherKeys spell it.
    private static func chord(code: Int, modifiers: KeyChord.Modifier) -> KeyChord? {
        switch code {
        case 13, 57414: return KeyChord(.enter, modifiers)
        case 9: return modifiers.contains(.shift) ? KeyChord(.backTab) : KeyChord(.tab, modifiers)
        case 27: return KeyChord(.escape, modifiers.subtracting(.shift))
        case 8, 127: return KeyChord(.backspace, modifiers)
        default: break
        }
        guard code >= 32, let scalar = Unicode.Scalar(UInt32(code)), !(0x7F...0x9F).contains(scalar.value),
            !(0xE000...0xF8FF).contains(scalar.value)
        else { return nil }
        let text = String(Character(scalar))
        let shifted = modifiers.contains(.shift) ? text.uppercased() : text
        guard let character = modifiers.contains(.control) ? text.lowercased().first : shifted.first else { return nil }
        return KeyChord(.character(character), modifiers.subtracting(.shift))
    }
}
