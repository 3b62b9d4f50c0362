/// The state of one reading. Containers are kept on a stack of our own, so that hostile nesting meets a limit and not
/// the end of the thread's stack.
struct JSONReader {
    private struct Container {
        var isObject: Bool
        var key = ""
        var elements: [JSONValue] = []
        var members: [JSONMember] = []

        mutating func add(_ value: JSONValue) {
            if isObject { members.append(JSONMember(key, value)) } else { elements.append(value) }
        }

        var value: JSONValue { isObject ? .object(members) : .array(elements) }
    }

    let bytes: UnsafeRawBufferPointer
    var position = 0
    let marksLoneSurrogates: Bool
    var foundLoneSurrogate = false
    private var open: [Container] = []

    init(_ bytes: UnsafeRawBufferPointer, marksLoneSurrogates: Bool) {
        self.bytes = bytes
        self.marksLoneSurrogates = marksLoneSurrogates
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads a value and demands that nothing but white space follows.
    mutating func document() throws -> JSONValue {
        var root: JSONValue?
        while root == nil {
            if let value = try scalarOrEmptyContainer() { root = try attach(value) }
        }
        skipSpace()
        guard position == bytes.count else { throw fault("something follows the end of the value") }
        return root ?? .null
    }

    /// The next byte; nil at the end.
    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    func fault(_ message: String) -> JSONSyntaxError { fault(message, at: position) }

    func fault(_ message: String, at offset: Int) -> JSONSyntaxError {
        JSONSyntaxError(message, at: offset, in: bytes)
    }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// A finished value, or nil after a container with content was opened.
    private mutating func scalarOrEmptyContainer() throws -> JSONValue? {
        skipSpace()
        guard let byte else { throw fault("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return try begin(isObject: true)
        case UInt8(ascii: "["): return try begin(isObject: false)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw fault("expected a value")
        }
    }

    private mutating func begin(isObject: Bool) throws -> JSONValue? {
        guard open.count < JSONParser.maximumDepth else {
            throw fault("nested deeper than \(JSONParser.maximumDepth) levels")
        }
        position += 1
        skipSpace()
        if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            position += 1
            return isObject ? .object([]) : .array([])
        }
        open.append(Container(isObject: isObject))
        if isObject { try key() }
        return nil
    }

    /// Puts a finished value into the container around it, and closes containers as far as they end here. The root when
    /// the last one closed; nil when another value must follow.
    private mutating func attach(_ finished: JSONValue) throws -> JSONValue? {
        var value = finished
        while let top = open.indices.last {
            let isObject = open[top].isObject
            open[top].add(value)
            skipSpace()
            switch byte {
            case UInt8(ascii: ","):
                position += 1
                try refuseEnd(isObject: isObject)
                if isObject { try key() }
                return nil
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                position += 1
                value = open[top].value
                open.removeLast()
            case nil: throw fault(isObject ? "the text ends inside an object" : "the text ends inside an array")
            default: throw fault(isObject ? "expected , or } after a member" : "expected , or ] after an element")
            }
        }
        return value
    }

    /// The slip of hands: a comma after the last member or element.
    private mutating func refuseEnd(isObject: Bool) throws {
        skipSpace()
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return }
        throw fault("a comma too many before \(isObject ? "}" : "]")")
    }

    private mutating func key() throws {
        skipSpace()
        guard byte == UInt8(ascii: "\"") else { throw fault("expected a member's name in quotes") }
        let name = try string()
        skipSpace()
        guard byte == UInt8(ascii: ":") else { throw fault("expected : after a member's name") }
        position += 1
        open[open.count - 1].key = name
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let spelt = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(spelt) else { throw fault("expected a value") }
        position = end
        return value
    }

    private mutating func number() throws -> String {
        let end = JSONNumber.end(in: bytes, from: position)
        guard let end else { throw fault("malformed number") }
        defer { position = end }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}

/// The grammar of JSON's numbers.
enum JSONNumber {
    /// Where the number that begins at `start` ends; nil when none does.
    static func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var position = start
        func digits() -> Bool {
            let first = position
            while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
            return position > first
        }
        func take(_ wanted: UInt8...) -> Bool {
            guard position < bytes.count, wanted.contains(bytes[position]) else { return false }
            position += 1
            return true
        }
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if position < bytes.count, bytes[position] &- 0x30 < 10 { return nil }
        } else if !digits() {
            return nil
        }
        if take(UInt8(ascii: ".")), !digits() { return nil }
        if take(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+"), UInt8(ascii: "-"))
            if !digits() { return nil }
        }
        return position
    }

    /// Whether a text is one number and nothing else.
    static func isValid(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { !$0.isEmpty && end(in: $0, from: 0) == $0.count }
    }
}
