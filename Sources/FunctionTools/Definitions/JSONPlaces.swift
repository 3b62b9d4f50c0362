internal import ProviderCore

/// Finds where values stand in the text they were read from, by walking it once more.
struct JSONPlaces {
    /// Offsets of bytes.
    struct Place: Hashable {
        /// Where the name of the member begins; nil for elements and the root.
        var name: Int?
        /// Where the value begins.
        var value: Int
    }

    /// The pointers looked for, as a tree.
    private struct Node {
        var children: [[UInt8]: Int] = [:]
        var pointer: JSONPointer?
    }

    private struct Frame {
        var isObject: Bool
        var node: Int?
        var index = 0
        var name: (key: [UInt8], offset: Int)?
    }

    private var nodes = [Node()]
    private var open: [Frame] = []
    private var found: [JSONPointer: Place] = [:]

    /// The places of those that are in `bytes`, which must be what `JSONParser` accepts. Of repeated names the last counts.
    static func find(_ pointers: some Sequence<JSONPointer>, in bytes: [UInt8]) -> [JSONPointer: Place] {
        var places = JSONPlaces()
        for pointer in pointers { places.add(pointer) }
        bytes.withUnsafeBytes { places.walk($0) }
        return places.found
    }

    private mutating func add(_ pointer: JSONPointer) {
        var node = 0
        for token in pointer.tokens {
            let key = Array(token.utf8)
            if let next = nodes[node].children[key] {
                node = next
            } else {
                nodes.append(Node())
                nodes[node].children[key] = nodes.count - 1
                node = nodes.count - 1
            }
        }
        nodes[node].pointer = pointer
    }

    private mutating func walk(_ bytes: UnsafeRawBufferPointer) {
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(Frame(isObject: bytes[position] == UInt8(ascii: "{"), node: value(at: position)))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            case UInt8(ascii: ","):
                if let top = open.indices.last {
                    open[top].index += 1
                    open[top].name = nil
                }
            case UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09: break
            case UInt8(ascii: "\""):
                let end = Self.endOfString(bytes, from: position)
                string(bytes, position..<end)
                position = end
                continue
            default:
                _ = value(at: position)
                position = Self.endOfWord(bytes, from: position)
                continue
            }
            position += 1
        }
    }

    private mutating func string(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        guard let top = open.indices.last, open[top].isObject, open[top].name == nil else {
            _ = value(at: range.lowerBound)
            return
        }
        var key: [UInt8] = []
        if open[top].node != nil {
            let value = try? JSONParser.parse(UnsafeRawBufferPointer(rebasing: bytes[range]))
            key = Array((value?.stringValue ?? "").utf8)
        }
        open[top].name = (key, range.lowerBound)
    }

    /// Notes where a value begins. Its node; nil when nothing in it is looked for.
    private mutating func value(at offset: Int) -> Int? {
        guard let frame = open.last else { return note(0, Place(value: offset)) }
        let key = frame.isObject ? frame.name?.key ?? [] : Array(String(frame.index).utf8)
        guard let node = frame.node, let child = nodes[node].children[key] else { return nil }
        return note(child, Place(name: frame.name?.offset, value: offset))
    }

    private mutating func note(_ node: Int, _ place: Place) -> Int {
        if let pointer = nodes[node].pointer { found[pointer] = place }
        return node
    }

    private static func endOfString(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, bytes.count)
    }

    private static func endOfWord(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        func isEnd(_ byte: UInt8) -> Bool {
            byte.isJSONSpace || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
        }
        var position = start + 1
        while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
        return position
    }
}

/// A place in a text as people count it.
struct TextPosition: Hashable, Comparable {
    /// The line, from 1.
    var line: Int
    /// The character of the line, from 1.
    var column: Int

    static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// The positions of bytes, found in one pass.
    static func of(_ offsets: some Sequence<Int>, in bytes: [UInt8]) -> [Int: TextPosition] {
        var positions: [Int: TextPosition] = [:]
        var current = TextPosition(line: 1, column: 1)
        var read = 0
        for offset in Set(offsets).sorted() {
            for byte in bytes[min(read, bytes.count)..<min(offset, bytes.count)] {
                if byte == UInt8(ascii: "\n") {
                    current = TextPosition(line: current.line + 1, column: 1)
                } else if byte & 0xC0 != 0x80 {
                    current.column += 1
                }
            }
            read = offset
            positions[offset] = current
        }
        return positions
    }
}
