internal import ProviderCore

/// Reads JSON that comes in pieces, cut anywhere: every byte once, and nothing is kept but where reading stands. It accepts
/// exactly what `JSONParser` accepts.
struct ArgumentScanner: Sendable {
    /// What the next byte is part of.
    enum Mode: Sendable {
        case value
        case firstElement
        case firstName
        case name
        case colon
        case separator
        case string
        case escape
        case hexadecimal(left: Int)
        case word(left: Int)
        case number(NumberPart)
        case done
        case broken
    }

    /// The part of a number that was read last.
    enum NumberPart: Sendable {
        case minus
        case zero
        case integer
        case point
        case fraction
        case exponent
        case exponentSign
        case exponentDigits

        /// Whether the number may end here.
        var mayEnd: Bool {
            switch self {
            case .zero, .integer, .fraction, .exponentDigits: true
            case .minus, .point, .exponent, .exponentSign: false
            }
        }

        /// What follows when `byte` comes; nil when it is no part of a number.
        func next(_ byte: UInt8) -> NumberPart? {
            let isDigit = byte &- 0x30 < 10
            let isExponent = byte | 0x20 == UInt8(ascii: "e")
            switch self {
            case .minus: return byte == 0x30 ? .zero : isDigit ? .integer : nil
            case .zero: return byte == UInt8(ascii: ".") ? .point : isExponent ? .exponent : nil
            case .integer:
                return isDigit ? .integer : byte == UInt8(ascii: ".") ? .point : isExponent ? .exponent : nil
            case .point: return isDigit ? .fraction : nil
            case .fraction: return isDigit ? .fraction : isExponent ? .exponent : nil
            case .exponent:
                if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { return .exponentSign }
                return isDigit ? .exponentDigits : nil
            case .exponentSign, .exponentDigits: return isDigit ? .exponentDigits : nil
            }
        }
    }

    private(set) var mode = Mode.value
    /// The next byte to be read.
    private(set) var position = 0
    /// Where lines of pretty text begin.
    private(set) var lines = LinePlaces()
    /// Where the token that is being read begins.
    private var tokenStart = 0
    private var isName = false
    private var word: StaticString = ""
    private var openObjects: [Bool] = []

    /// Reads all bytes that were not read yet.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        if position == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        while position < bytes.count {
            switch mode {
            case .string: string(bytes, &checker)
            case .number(let part): number(part, bytes, &checker)
            case .word(let left): word(left, bytes, &checker)
            case .escape: escape(bytes[position])
            case .hexadecimal(let left): hexadecimal(left, bytes[position])
            case .broken: rest(bytes)
            default:
                if bytes[position].isJSONSpace { position += 1 } else { token(bytes, &checker) }
            }
        }
        if checker.isActive, !isName { grown(bytes, &checker) }
    }

    /// No more comes: a number ends. False when the text is not whole.
    mutating func finish(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) -> Bool {
        if case .number(let part) = mode, part.mayEnd { ended(bytes, &checker) }
        if case .done = mode { return true }
        return false
    }

    private mutating func grown(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        switch mode {
        case .string, .escape, .hexadecimal: checker.stringGrew(to: position, bytes)
        default: break
        }
    }

    // MARK: Structure

    private mutating func token(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        let byte = bytes[position]
        switch (mode, byte) {
        case (.firstName, UInt8(ascii: "}")), (.firstElement, UInt8(ascii: "]")):
            position += 1
            closed(bytes, &checker)
        case (.value, _), (.firstElement, _): value(bytes, &checker)
        case (.firstName, UInt8(ascii: "\"")), (.name, UInt8(ascii: "\"")):
            lines.begin(at: position, depth: openObjects.count)
            begin(.string, isName: true)
        case (.colon, UInt8(ascii: ":")): step(.value)
        case (.separator, UInt8(ascii: ",")): step(openObjects.last == true ? .name : .value)
        case (.separator, UInt8(ascii: "}")) where openObjects.last == true,
            (.separator, UInt8(ascii: "]")) where openObjects.last == false:
            lines.begin(at: position, depth: openObjects.count - 1)
            position += 1
            closed(bytes, &checker)
        default: fail()
        }
    }

    private mutating func value(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        let byte = bytes[position]
        guard let kind = ArgumentKind(firstByte: byte) else { return fail() }
        let isContainer = kind == .object || kind == .array
        if isContainer, openObjects.count >= JSONParser.maximumDepth { return fail() }
        if openObjects.last != true { lines.begin(at: position, depth: openObjects.count) }
        if checker.isActive { checker.began(kind, at: position, line: lines.count - 1, bytes) }
        switch kind {
        case .object, .array:
            openObjects.append(kind == .object)
            step(kind == .object ? .firstName : .firstElement)
        case .string: begin(.string, isName: false)
        case .number: begin(.number(byte == UInt8(ascii: "-") ? .minus : byte == 0x30 ? .zero : .integer))
        case .boolean:
            word = byte == UInt8(ascii: "t") ? "true" : "false"
            begin(.word(left: word.utf8CodeUnitCount - 1))
        case .null:
            word = "null"
            begin(.word(left: 3))
        }
    }

    private mutating func begin(_ mode: Mode, isName: Bool = false) {
        tokenStart = position
        self.isName = isName
        step(mode)
    }

    private mutating func step(_ mode: Mode) {
        position += 1
        self.mode = mode
    }

    private mutating func fail() {
        mode = .broken
        lines.rawFrom = position
        if lines.count == 0 { lines.begin(at: position, depth: 0) }
    }

    /// A container's last bracket was read.
    private mutating func closed(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        openObjects.removeLast()
        mode = openObjects.isEmpty ? .done : .separator
        if checker.isActive { checker.closed(at: position, bytes) }
    }

    /// A name, string, number or word ends before `position`.
    private mutating func ended(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        if checker.isActive {
            let range = tokenStart..<position
            if isName { checker.named(range, line: lines.count - 1, bytes) } else { checker.ended(range, bytes) }
        }
        mode = isName ? .colon : openObjects.isEmpty ? .done : .separator
        isName = false
    }

    /// What follows the place where the text broke.
    private mutating func rest(_ bytes: UnsafeBufferPointer<UInt8>) {
        while position < bytes.count {
            if position > lines.rawFrom, bytes[position - 1] == UInt8(ascii: "\n") {
                lines.begin(at: position, depth: 0)
            }
            position += 1
        }
    }

    // MARK: Tokens

    private mutating func string(_ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker) {
        var here = position
        while here < bytes.count {
            let byte = bytes[here]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            here += 1
        }
        position = here
        guard here < bytes.count else { return }
        switch bytes[here] {
        case UInt8(ascii: "\""):
            position += 1
            ended(bytes, &checker)
        case UInt8(ascii: "\\"): step(.escape)
        default: fail()
        }
    }

    private mutating func escape(_ letter: UInt8) {
        switch letter {
        case UInt8(ascii: "u"): step(.hexadecimal(left: 4))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            step(.string)
        default: fail()
        }
    }

    private mutating func hexadecimal(_ left: Int, _ digit: UInt8) {
        guard digit &- 0x30 < 10 || (digit | 0x20) &- 0x61 < 6 else { return fail() }
        step(left == 1 ? .string : .hexadecimal(left: left - 1))
    }

    private mutating func word(
        _ left: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker
    ) {
        guard bytes[position] == word.utf8Start[word.utf8CodeUnitCount - left] else { return fail() }
        step(.word(left: left - 1))
        if left == 1 { ended(bytes, &checker) }
    }

    private mutating func number(
        _ first: NumberPart, _ bytes: UnsafeBufferPointer<UInt8>, _ checker: inout ArgumentChecker
    ) {
        var part = first
        while position < bytes.count {
            guard let next = part.next(bytes[position]) else {
                let isDigit = bytes[position] &- 0x30 < 10
                guard part.mayEnd, !isDigit else { return fail() }
                return ended(bytes, &checker)
            }
            part = next
            position += 1
        }
        mode = .number(part)
    }
}

/// What a value is, as its first byte tells.
enum ArgumentKind: String, Sendable {
    case object
    case array
    case string
    case number
    case boolean
    case null

    /// With its article, where it has one.
    var words: String {
        switch self {
        case .object, .array: "an \(rawValue)"
        case .string, .number, .boolean: "a \(rawValue)"
        case .null: rawValue
        }
    }

    init?(firstByte: UInt8) {
        switch firstByte {
        case UInt8(ascii: "{"): self = .object
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "\""): self = .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .boolean
        case UInt8(ascii: "n"): self = .null
        default: return nil
        }
    }
}
