/// The pretty-printed text of arguments, which may still grow: one member or element a line. It is made from the raw text
/// when it is asked for, so that it costs little memory and nothing while it streams.
///
/// It shares storage with its stream: do not keep it across an `append`, which would have to copy the text.
public struct ArgumentLines: Sendable, RandomAccessCollection {
    let bytes: [UInt8]
    let places: LinePlaces
    let faults: [ArgumentFault]

    /// 0.
    public var startIndex: Int { 0 }
    /// How many lines there are, an unfinished last one included.
    public var endIndex: Int { places.count }

    /// The line of this number, from 0.
    public subscript(position: Int) -> ArgumentLine {
        let line = places.line(position, in: bytes)
        return ArgumentLine(
            bytes: bytes, range: line.start..<line.end, rawFrom: places.rawFrom, depth: line.depth,
            firstFault: firstFault(of: position))
    }

    private func firstFault(of line: Int) -> Int? {
        let first = faults.partitioningIndex { $0.line >= line }
        return first < faults.count && faults[first].line == line ? first : nil
    }
}

/// One line of pretty-printed arguments.
public struct ArgumentLine: Sendable {
    let bytes: [UInt8]
    let range: Range<Int>
    let rawFrom: Int
    /// How deep it is nested; two blanks each.
    public let depth: Int
    /// The first of the stream's faults that belong to this line; nil when there is none.
    public let firstFault: Int?

    /// The blanks before the text.
    public var indentation: String { String(repeating: " ", count: 2 * depth) }

    /// The text after the indentation, with names, strings and numbers as they were spelt, and the comma at the end. What is
    /// no JSON any more is there unchanged.
    public var text: String { text(limit: range.count) }

    /// As `text`, but made of the first `limit` bytes of the raw line only: for lines with strings too long to show.
    public func text(limit: Int) -> String {
        let end = Swift.min(range.upperBound, range.lowerBound + Swift.max(0, limit))
        var shown: [UInt8] = []
        shown.reserveCapacity(end - range.lowerBound + 1)
        var position = range.lowerBound
        while position < end {
            let byte = bytes[position]
            if position >= rawFrom {
                shown.append(contentsOf: bytes[position..<end])
                break
            }
            if byte == UInt8(ascii: "\"") {
                let close = bytes.endOfString(from: position, limit: end)
                shown.append(contentsOf: bytes[position..<close])
                position = close
                continue
            }
            if !byte.isJSONSpace { shown.append(byte) }
            if byte == UInt8(ascii: ":") { shown.append(UInt8(ascii: " ")) }
            position += 1
        }
        if shown.last == UInt8(ascii: "\n") { shown.removeLast() }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Bytes of the raw line: an upper bound of the length of the text, but for the blank after a name's colon.
    public var byteCount: Int { range.count }
}

/// Where the lines of pretty-printed text begin in the raw text. Only every sixteenth is kept, or one in a kibibyte: the
/// lines between are found again by walking.
struct LinePlaces: Sendable {
    /// A line and where it is.
    struct Line {
        var start: Int
        var end: Int
        var depth: Int
    }

    private struct Mark {
        var line: UInt32
        var offset: UInt32
        var depth: UInt16
    }

    private static let linesBetween = 16
    private static let bytesBetween = 1 << 10

    private(set) var count = 0
    /// From here on the text is no JSON and its own line breaks count.
    var rawFrom = Int.max
    private var marks: [Mark] = []

    /// Adds a line that begins at `offset`.
    mutating func begin(at offset: Int, depth: Int) {
        let isFar =
            marks.last.map {
                count - Int($0.line) >= Self.linesBetween || offset - Int($0.offset) >= Self.bytesBetween
            } ?? true
        if isFar { marks.append(Mark(line: UInt32(count), offset: UInt32(offset), depth: UInt16(depth))) }
        count += 1
    }

    /// A line that exists.
    func line(_ number: Int, in bytes: [UInt8]) -> Line {
        var mark = marks[marks.partitioningIndex { $0.line > number } - 1]
        while true {
            let next = next(after: mark, in: bytes)
            guard mark.line < number, let next else {
                return Line(
                    start: Int(mark.offset), end: next.map { Int($0.offset) } ?? bytes.count, depth: Int(mark.depth))
            }
            mark = next
        }
    }

    /// The line that this byte belongs to; nil when there is none.
    func line(at offset: Int, in bytes: [UInt8]) -> Int? {
        let found = marks.partitioningIndex { $0.offset > offset } - 1
        guard found >= 0 else { return nil }
        var mark = marks[found]
        while let next = next(after: mark, in: bytes), next.offset <= offset { mark = next }
        return Int(mark.line)
    }

    /// The line after the one that begins at `mark`.
    private func next(after mark: Mark, in bytes: [UInt8]) -> Mark? {
        var level = Int(mark.depth)
        let start = Int(mark.offset)
        var position = start
        var isBreakDue = false
        var wasOpened = false
        func line(at offset: Int, depth: Int) -> Mark {
            Mark(line: mark.line + 1, offset: UInt32(offset), depth: UInt16(depth))
        }
        while position < Swift.min(bytes.count, rawFrom) {
            let byte = bytes[position]
            let isCloser = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            if byte.isJSONSpace {
                position += 1
                continue
            }
            if wasOpened, isCloser {
                level -= 1
            } else if isBreakDue || wasOpened {
                return line(at: position, depth: level)
            } else if isCloser, position > start {
                return line(at: position, depth: level - 1)
            }
            wasOpened = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
            if wasOpened { level += 1 }
            isBreakDue = byte == UInt8(ascii: ",")
            position = byte == UInt8(ascii: "\"") ? bytes.endOfString(from: position, limit: bytes.count) : position + 1
        }
        guard rawFrom < bytes.count else { return nil }
        return bytes[Swift.max(start, rawFrom)...].firstIndex(of: UInt8(ascii: "\n")).flatMap {
            $0 + 1 < bytes.count ? line(at: $0 + 1, depth: 0) : nil
        }
    }
}

extension UInt8 {
    /// Whether JSON has it as white space.
    var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension Array {
    /// The first index whose element fulfils a condition that all elements after it fulfil, too; the count when none does.
    func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Array where Element == UInt8 {
    /// Where the string that begins at `start` ends, its closing quote included; `limit` when it does not end before.
    func endOfString(from start: Int, limit: Int) -> Int {
        withUnsafeBufferPointer { bytes in
            var position = start + 1
            while position < limit {
                switch bytes[position] {
                case UInt8(ascii: "\""): return position + 1
                case UInt8(ascii: "\\"): position += 2
                default: position += 1
                }
            }
            return Swift.min(position, limit)
        }
    }
}
