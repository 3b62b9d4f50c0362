/// Splits terminal output into text, controls and escape sequences.
struct EscapeParser: Sendable {
    /// A control sequence: `CSI`, private mark, parameters, final byte.
    struct Sequence: Sendable {
        var mark: Character?
        var parameters: [Int] = []
        var final: Character = " "
        var raw = ""

        func parameter(_ index: Int, default value: Int = 1) -> Int {
            parameters.indices.contains(index) && parameters[index] > 0 ? parameters[index] : value
        }
    }

    enum Step {
        case none
        case text(UInt8)
        case control(UInt8)
        case escape(String)
        case sequence(Sequence)
        /// OSC, DCS and their like.
        case string(String)
    }

    private enum State: Sendable {
        case ground, escape
        case intermediate(String)
        case sequence, string, stringEscape
    }

    private var state = State.ground
    private var body = ""

    mutating func take(_ byte: UInt8) -> Step {
        let character = Character(Unicode.Scalar(byte))
        switch state {
        case .ground:
            if byte == 0x1B {
                state = .escape
                return .none
            }
            return byte < 0x20 || byte == 0x7F ? .control(byte) : .text(byte)
        case .escape: return takeAfterEscape(byte, character)
        case .intermediate(let first):
            state = .ground
            return .escape(first + String(character))
        case .sequence:
            body.append(character)
            guard (0x40...0x7E).contains(byte) else { return .none }
            state = .ground
            return .sequence(Self.parse(body))
        case .string:
            if byte == 0x07 {
                state = .ground
                return .string(body)
            }
            if byte == 0x1B { state = .stringEscape } else { body.append(character) }
            return .none
        case .stringEscape:
            state = .ground
            return .string(body)
        }
    }

    private mutating func takeAfterEscape(_ byte: UInt8, _ character: Character) -> Step {
        switch character {
        case "[":
            state = .sequence
            body = ""
        case "(", ")", "#", "%", " ": state = .intermediate(String(character))
        case "]", "P", "_", "^", "X":
            state = .string
            body = String(character)
        default:
            state = .ground
            return .escape(String(character))
        }
        return .none
    }

    private static func parse(_ body: String) -> Sequence {
        var sequence = Sequence()
        sequence.raw = body
        var rest = Substring(body)
        sequence.final = rest.removeLast()
        if let first = rest.first, "?<=>!".contains(first) {
            sequence.mark = first
            rest.removeFirst()
        }
        sequence.parameters = rest.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        return sequence
    }
}
