/// Makes keys of the bytes a terminal sends. Pure: no descriptor, no clock; the same result however the bytes are split.
///
/// Knows xterm, VT, rxvt, Linux-console and screen spellings, modified keys (`CSI 1;5C`), CSI-u, the kitty keyboard
/// protocol and modifyOtherKeys, focus and mouse reports (SGR) and bracketed paste. Complete sequences that it does not
/// know are swallowed whole; incomplete ones wait for their rest, at most 64 bytes (4,096 for string sequences such as late
/// answers to queries).
public struct KeyDecoder: Sendable {
    /// Whether everything comes as `Input.observed`, also what is swallowed.
    public var isObserving = false
    private var replies: [TerminalReply] = []
    private var pressed: MouseEvent.Button?
    private var bytes: [UInt8] = []
    private var position = 0
    private var paste: [UInt8]?

    private static let longestSequence = 64
    private static let longestString = 4096
    private static let mostReplies = 16

    /// A decoder at the beginning of input.
    public init() {}

    /// What the decoder still waits for.
    public enum Pending: Sendable, Hashable {
        /// Nothing.
        case nothing
        /// The rest of a sequence or character; a lone Escape is decided by time.
        case sequence
        /// The end of a paste.
        case paste
    }

    /// What it waits for.
    public var pending: Pending {
        if paste != nil { return .paste }
        return position < bytes.count ? .sequence : .nothing
    }

    /// Takes the next bytes; returns the input that is complete.
    public mutating func feed(_ new: some Sequence<UInt8>) -> [Input] {
        bytes.append(contentsOf: new)
        var inputs: [Input] = []
        while position < bytes.count {
            let start = position
            let known = inputs.count
            let isDone = paste == nil ? step(&inputs) : stepInPaste(&inputs)
            if !isDone { break }
            if isObserving { observe(from: start, &inputs, known) }
        }
        bytes.removeFirst(position)
        position = 0
        return inputs
    }

    /// Answers that came since the last call, at most 16.
    public mutating func takeReplies() -> [TerminalReply] {
        defer { replies = [] }
        return replies
    }

    /// Puts what the bytes since `start` mean, if anything, into a record. A paste is recorded once, when it is whole.
    private func observe(from start: Int, _ inputs: inout [Input], _ known: Int) {
        guard paste == nil else { return }
        let input = inputs.count > known ? inputs[known] : nil
        inputs.removeSubrange(known...)
        var record = Array(bytes[start..<position].prefix(Self.longestSequence))
        if case .paste = input { record = Self.pasteStart }
        inputs.append(.observed(InputRecord(bytes: record, input: input)))
    }

    /// Nothing followed in time: an incomplete sequence is what it looks like, a paste without its end mark ends.
    public mutating func flush() -> [Input] {
        defer {
            bytes = []
            position = 0
            paste = nil
        }
        let input = whatItLooksLike
        guard isObserving else { return [input].compactMap { $0 } }
        return [.observed(InputRecord(bytes: paste == nil ? bytes : Self.pasteStart, input: input))]
    }

    private var whatItLooksLike: Input? {
        if let paste { return .paste(Self.clean(paste + bytes)) }
        guard bytes.first == 0x1B else { return nil }
        if bytes.count == 1 { return .key(KeyChord(.escape)) }
        return bytes.count == 2 ? Self.alt(bytes[1]).map(Input.key) : nil
    }

    /// Decodes one thing; false when it is not complete.
    private mutating func step(_ inputs: inout [Input]) -> Bool {
        let byte = bytes[position]
        if byte == 0x1B { return stepEscape(&inputs) }
        if byte < 0x20 || byte == 0x7F {
            position += 1
            inputs.append(.key(Self.control(byte)))
            return true
        }
        switch decodeCharacter(at: position) {
        case .incomplete: return false
        case .invalid: position += 1
        case .scalar(let scalar, let length):
            position += length
            if !(0x80...0x9F).contains(scalar.value) { inputs.append(.key(.character(Character(scalar)))) }
        }
        return true
    }

    private mutating func stepEscape(_ inputs: inout [Input]) -> Bool {
        guard position + 1 < bytes.count else { return false }
        switch bytes[position + 1] {
        case 0x1B:
            position += 1
            inputs.append(.key(KeyChord(.escape)))
            return true
        case UInt8(ascii: "["): return stepControlSequence(&inputs)
        case UInt8(ascii: "O"): return stepSingleShift(&inputs)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            return skipString()
        default: return stepAlt(&inputs)
        }
    }

    private mutating func stepAlt(_ inputs: inout [Input]) -> Bool {
        if let chord = Self.alt(bytes[position + 1]) {
            position += 2
            inputs.append(.key(chord))
            return true
        }
        switch decodeCharacter(at: position + 1) {
        case .incomplete: return false
        case .invalid: position += 2
        case .scalar(let scalar, let length):
            position += 1 + length
            if !(0x80...0x9F).contains(scalar.value) { inputs.append(.key(.alt(Character(scalar)))) }
        }
        return true
    }

    private mutating func stepControlSequence(_ inputs: inout [Input]) -> Bool {
        var end = position + 2
        if end < bytes.count, bytes[end] == UInt8(ascii: "[") { return stepLinuxFunction(&inputs) }
        while end < bytes.count, !(0x40...0x7E).contains(bytes[end]), !endsShiftedKey(at: end) {
            guard (0x20...0x3F).contains(bytes[end]), end - position < Self.longestSequence else {
                position = end
                return true
            }
            end += 1
        }
        guard end < bytes.count else { return false }
        let body = bytes[position + 2..<end]
        let final = bytes[end]
        position = end + 1
        if final == UInt8(ascii: "~"), body.elementsEqual("200".utf8) {
            paste = []
            return true
        }
        let sequence = ControlSequence(body: body, final: final)
        if let input = sequence.input ?? sequence.mouse(&pressed).map(Input.mouse) {
            inputs.append(input)
        } else if let reply = sequence.reply, replies.count < Self.mostReplies {
            replies.append(reply)
        }
        return true
    }

    /// rxvt ends shifted keys with `$` (`CSI 3 $`); elsewhere, as in the answer `CSI ?2026;1$y`, more follows it.
    private func endsShiftedKey(at end: Int) -> Bool {
        bytes[end] == UInt8(ascii: "$") && end > position + 2
            && bytes[position + 2..<end].allSatisfy { (0x30...0x39).contains($0) }
    }

    /// F1 to F5 on the Linux console: `ESC [ [ A`.
    private mutating func stepLinuxFunction(_ inputs: inout [Input]) -> Bool {
        guard position + 3 < bytes.count else { return false }
        let final = bytes[position + 3]
        position += 4
        if (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) {
            inputs.append(.key(KeyChord(.function(Int(final - UInt8(ascii: "A")) + 1))))
        }
        return true
    }

    private mutating func stepSingleShift(_ inputs: inout [Input]) -> Bool {
        var end = position + 2
        while end < bytes.count, end - position < 8, (0x30...0x3B).contains(bytes[end]) { end += 1 }
        guard end < bytes.count else { return false }
        let body = bytes[position + 2..<end]
        let final = bytes[end]
        // No final byte: not ours, and perhaps the beginning of something else.
        position = final < 0x20 || final >= 0x7F ? end : end + 1
        if let chord = ControlSequence.singleShift(body: body, final: final) { inputs.append(.key(chord)) }
        return true
    }

    /// Keeps the answer about the background; other strings mean nothing to us.
    private mutating func noteReply(_ body: ArraySlice<UInt8>) {
        guard replies.count < Self.mostReplies, let isLight = BackgroundReply.isLight(body) else { return }
        replies.append(.background(isLight: isLight))
    }

    /// Swallows OSC, DCS, APC, PM and SOS up to BEL or ST.
    private mutating func skipString() -> Bool {
        var end = position + 2
        while end < bytes.count {
            if bytes[end] == 0x07 {
                noteReply(bytes[position + 1..<end])
                position = end + 1
                return true
            }
            if bytes[end] == 0x1B {
                guard end + 1 < bytes.count else { return false }
                let isEnded = bytes[end + 1] == UInt8(ascii: "\\")
                if isEnded { noteReply(bytes[position + 1..<end]) }
                position = isEnded ? end + 2 : end
                return true
            }
            end += 1
            if end - position > Self.longestString {
                position = end
                return true
            }
        }
        return false
    }

    private static let pasteStart: [UInt8] = Array("\u{1B}[200~".utf8)
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    private mutating func stepInPaste(_ inputs: inout [Input]) -> Bool {
        let rest = bytes[position...]
        guard let escape = rest.firstIndex(of: 0x1B) else {
            paste?.append(contentsOf: rest)
            position = bytes.count
            return true
        }
        paste?.append(contentsOf: bytes[position..<escape])
        position = escape
        let mark = bytes[escape..<min(escape + Self.pasteEnd.count, bytes.count)]
        guard Self.pasteEnd.starts(with: mark) else {
            position += 1
            return true
        }
        guard mark.count == Self.pasteEnd.count else { return false }
        position += mark.count
        inputs.append(.paste(Self.clean(paste ?? [])))
        paste = nil
        return true
    }

    /// Pasted text: line ends as LF, control characters but tab removed, a forged start mark removed.
    private static func clean(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            defer { afterReturn = scalar == "\r" }
            switch scalar.value {
            case 0x0A: if !afterReturn { text.append("\n") }
            case 0x0D: text.append("\n")
            case 0x09: text.append(scalar)
            case ..<0x20, 0x7F...0x9F: break
            default: text.append(scalar)
            }
        }
        return String(text).replacing("[200~", with: "")
    }

    private enum Decoded {
        case scalar(Unicode.Scalar, length: Int)
        case incomplete, invalid
    }

    private func decodeCharacter(at index: Int) -> Decoded {
        let lead = bytes[index]
        let length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
        guard length > 0 else { return .invalid }
        let available = bytes[index..<min(index + length, bytes.count)]
        guard available.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) else { return .invalid }
        guard available.count == length else { return .incomplete }
        let text = String(decoding: available, as: UTF8.self).unicodeScalars
        guard text.count == 1, let scalar = text.first, scalar != "\u{FFFD}" else { return .invalid }
        return .scalar(scalar, length: length)
    }

    /// A control byte as a key.
    private static func control(_ byte: UInt8) -> KeyChord {
        switch byte {
        case 0x0D: KeyChord(.enter)
        case 0x09: KeyChord(.tab)
        case 0x7F, 0x08: KeyChord(.backspace)
        case 0x00: .control(" ")
        case 0x1B: KeyChord(.escape)
        case 0x1C...0x1F: .control(Character(Unicode.Scalar(byte + 0x40)))
        default: .control(Character(Unicode.Scalar(byte + 0x60)))
        }
    }

    /// A byte after Escape as an Alt chord; nil for the beginnings of characters beyond ASCII.
    private static func alt(_ byte: UInt8) -> KeyChord? {
        guard byte < 0x80 else { return nil }
        guard byte < 0x20 || byte == 0x7F else { return .alt(Character(Unicode.Scalar(byte))) }
        var chord = control(byte)
        chord.modifiers.insert(.alt)
        return chord
    }
}
