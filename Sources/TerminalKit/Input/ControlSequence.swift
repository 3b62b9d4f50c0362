/// A complete control sequence (`CSI body final`): a key, a report, an answer.
struct ControlSequence {
    /// Parameters and, behind colons, their sub-parameters.
    private let parameters: [[Int]]
    private let final: UInt8
    /// `?`, `<`, `=` or `>` at the beginning.
    private let mark: UInt8?
    private let hasIntermediates: Bool

    init(body: ArraySlice<UInt8>, final: UInt8) {
        self.final = final
        mark = body.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil }
        hasIntermediates = body.contains { (0x20...0x2F).contains($0) }
        parameters = body.dropFirst(mark == nil ? 0 : 1)
            .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map { $0.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Self.number) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { value, digit in
            guard (0x30...0x39).contains(digit), value < 10_000_000 else { return value }
            return value * 10 + Int(digit - 0x30)
        }
    }

    /// The input it stands for; nil when it stands for none we know.
    var input: Input? {
        guard mark == nil, !hasIntermediates else { return nil }
        switch final {
        case UInt8(ascii: "I") where parameters.allSatisfy({ $0 == [0] }): return .focus(true)
        case UInt8(ascii: "O") where parameters.allSatisfy({ $0 == [0] }): return .focus(false)
        default: return chord.map(Input.key)
        }
    }

    private var chord: KeyChord? {
        guard let modifiers = modifiers(1), parameter(1, 1) != EventType.release else { return nil }
        switch final {
        case UInt8(ascii: "u"):
            return Self.chord(code: parameter(0), shifted: parameter(0, 1), modifiers: modifiers)
        case UInt8(ascii: "~"):
            if parameter(0) == 27 { return Self.chord(code: parameter(2), shifted: 0, modifiers: modifiers) }
            return Self.tildeKey(parameter(0)).map { KeyChord($0, modifiers) }
        case UInt8(ascii: "^"): return Self.tildeKey(parameter(0)).map { KeyChord($0, .control) }
        case UInt8(ascii: "$"): return Self.tildeKey(parameter(0)).map { KeyChord($0, .shift) }
        case UInt8(ascii: "@"): return Self.tildeKey(parameter(0)).map { KeyChord($0, [.control, .shift]) }
        case UInt8(ascii: "Z"): return KeyChord(.backTab, modifiers.subtracting(.shift))
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            return Self.letterKey(final - 0x20).map { KeyChord($0, .shift) }
        default: return letterChord(modifiers)
        }
    }

    /// Event types of the kitty keyboard protocol that matter: presses and repetitions are keys, releases are none.
    private enum EventType { static let release = 3 }

    /// `CSI A`, `CSI 1;5A`, and `CSI 5A` of old terminals. Anything else is no key: `CSI 24;80R` tells a cursor position.
    private func letterChord(_ modifiers: KeyChord.Modifier) -> KeyChord? {
        guard let key = Self.letterKey(final), parameters.count <= 2 else { return nil }
        if parameter(0) <= 1 { return KeyChord(key, modifiers) }
        guard parameters.count == 1, parameter(0) <= 8, let old = Self.modifiers(parameter(0)) else { return nil }
        if case .function = key { return nil }
        return KeyChord(key, old)
    }

    /// The answer it is; nil when it is none that we ask for.
    var reply: TerminalReply? {
        guard mark == UInt8(ascii: "?"), !hasIntermediates else { return nil }
        switch final {
        case UInt8(ascii: "u"): return .keyboardFlags(parameter(0))
        case UInt8(ascii: "c"): return .deviceAttributes
        default: return nil
        }
    }

    private func parameter(_ index: Int, _ sub: Int = 0) -> Int {
        parameters.indices.contains(index) && parameters[index].indices.contains(sub) ? parameters[index][sub] : 0
    }

    private func modifiers(_ index: Int) -> KeyChord.Modifier? { Self.modifiers(parameter(index)) }

    /// Modifiers as sent: one more than the bits shift 1, alt 2, control 4, super 8, hyper 16, meta 32, and the locks 64
    /// and 128. Nil with super or hyper, which belong to the desktop.
    private static func modifiers(_ sent: Int) -> KeyChord.Modifier? {
        let bits = max(0, sent - 1)
        guard bits & 0b11000 == 0, bits < 256 else { return nil }
        var modifiers: KeyChord.Modifier = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 0b100010 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }
}

// MARK: - Mouse

extension ControlSequence {
    private static let farthest = 9_999

    /// A mouse report (`CSI < button ; column ; row M` or `m`); nil when it is none. Only the button that is down can go
    /// up or be dragged.
    func mouse(_ pressed: inout MouseEvent.Button?) -> MouseEvent? {
        guard mark == UInt8(ascii: "<"), !hasIntermediates, parameters.count == 3 else { return nil }
        let isRelease = final == UInt8(ascii: "m")
        guard isRelease || final == UInt8(ascii: "M") else { return nil }
        let code = parameter(0)
        let position = Position(
            x: min(max(parameter(1) - 1, 0), Self.farthest), y: min(max(parameter(2) - 1, 0), Self.farthest))
        guard let action = Self.action(code, isRelease: isRelease, &pressed) else { return nil }
        var modifiers: KeyChord.Modifier = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        return MouseEvent(action, at: position, modifiers)
    }

    private static func action(_ code: Int, isRelease: Bool, _ pressed: inout MouseEvent.Button?) -> MouseEvent.Action?
    {
        switch code & ~0b11100 {
        case 64 where !isRelease: return .wheel(rows: -1)
        case 65 where !isRelease: return .wheel(rows: 1)
        case 66 where !isRelease: return .wheelSideways(columns: -1)
        case 67 where !isRelease: return .wheelSideways(columns: 1)
        case 32...34 where !isRelease: return pressed.map { .drag($0) }
        case 0...2:
            let buttons: [MouseEvent.Button] = [.left, .middle, .right]
            let button = buttons[code & 3]
            guard isRelease else {
                pressed = button
                return .press(button)
            }
            guard pressed == button else { return nil }
            pressed = nil
            return .release(button)
        default: return nil
        }
    }
}

// MARK: - Keys by number

extension ControlSequence {
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

    /// A key after `ESC O` (arrows and keypad in application mode), with or without parameters: `ESC O A`, `ESC O 5 A`,
    /// `ESC O 1 ; 5 A`, and `ESC O a` for Ctrl-Up.
    static func singleShift(body: ArraySlice<UInt8>, final: UInt8) -> KeyChord? {
        let sequence = ControlSequence(body: body, final: final)
        let sent = sequence.parameter(sequence.parameters.count - 1)
        guard let modifiers = Self.modifiers(body.isEmpty ? 0 : sent) else { return nil }
        switch final {
        case UInt8(ascii: "M"): return KeyChord(.enter, modifiers)
        case UInt8(ascii: "I"): return KeyChord(.tab, modifiers)
        case UInt8(ascii: "X"): return .character("=")
        case UInt8(ascii: " "): return .character(" ")
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            return letterKey(final - 0x20).map { KeyChord($0, .control) }
        case UInt8(ascii: "j")...UInt8(ascii: "y"):
            return .character(Character(Unicode.Scalar(final - 0x40)))
        default: return letterKey(final).map { KeyChord($0, modifiers) }
        }
    }

    /// A key by code point and modifiers, as CSI-u and modifyOtherKeys spell it. `shifted` is the code point with Shift,
    /// 0 when not told. What is one byte on most terminals is one key here, too.
    private static func chord(code: Int, shifted: Int, modifiers: KeyChord.Modifier) -> KeyChord? {
        switch code {
        case 13: return KeyChord(.enter, modifiers)
        case 9: return tab(modifiers)
        case 27: return KeyChord(.escape, modifiers.subtracting(.shift))
        case 8, 127: return KeyChord(.backspace, modifiers)
        case 57344...63743: return functionalKey(code).map { KeyChord($0, modifiers) }
        default: break
        }
        let isShifted = modifiers.contains(.shift)
        guard let scalar = scalar(isShifted && shifted > 0 ? shifted : code) else { return nil }
        let text = String(Character(scalar))
        let cased = modifiers.contains(.control) ? text.lowercased() : isShifted ? text.uppercased() : text
        guard let character = cased.first else { return nil }
        let others = modifiers.subtracting([.shift, .control])
        guard modifiers.contains(.control) else { return KeyChord(.character(character), others) }
        switch character {
        case "i": return tab(modifiers.subtracting(.control))
        case "m": return KeyChord(.enter, others)
        case "h": return KeyChord(.backspace, others)
        case "[": return KeyChord(.escape, others)
        case "@": return KeyChord(.character(" "), others.union(.control))
        default: return KeyChord(.character(character), others.union(.control))
        }
    }

    private static func tab(_ modifiers: KeyChord.Modifier) -> KeyChord {
        modifiers.contains(.shift) ? KeyChord(.backTab, modifiers.subtracting(.shift)) : KeyChord(.tab, modifiers)
    }

    private static func scalar(_ code: Int) -> Unicode.Scalar? {
        guard code >= 32, code <= 0x10FFFF, !(0x7F...0x9F).contains(code), !(0xE000...0xF8FF).contains(code) else {
            return nil
        }
        return Unicode.Scalar(UInt32(code))
    }

    /// The keys to which the kitty keyboard protocol gives numbers of the private use area, as its table has them.
    private static func functionalKey(_ code: Int) -> Key? {
        switch code {
        case 57376...57387: .function(code - 57376 + 13)
        case 57399...57408: .character(Character(Unicode.Scalar(UInt8(code - 57399 + 0x30))))
        case 57409: .character(".")
        case 57410: .character("/")
        case 57411: .character("*")
        case 57412: .character("-")
        case 57413: .character("+")
        case 57414: .enter
        case 57415: .character("=")
        case 57416: .character(",")
        case 57417: .left
        case 57418: .right
        case 57419: .up
        case 57420: .down
        case 57421: .pageUp
        case 57422: .pageDown
        case 57423: .home
        case 57424: .end
        case 57425: .insert
        case 57426: .delete
        default: nil
        }
    }
}
