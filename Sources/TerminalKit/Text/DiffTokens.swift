/// The bytes of a text that is compared.
struct DiffText {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Where the word, the blanks, the mark or the character that begins at a place ends.
    func wordEnd(_ start: Int) -> Int {
        let (kind, first) = cluster(start)
        var end = first
        guard kind == .word || kind == .blank else { return end }
        while end < bytes.count {
            let (next, after) = cluster(end)
            // An apostrophe inside a word belongs to it.
            if next == .mark, kind == .word, after == end + 1, bytes[end] == UInt8(ascii: "'"), after < bytes.count,
                cluster(after).kind == .word
            {
                end = after
                continue
            }
            guard next == kind else { return end }
            end = after
        }
        return end
    }

    /// Where the line that begins at a place ends, its newline included.
    func lineEnd(_ start: Int) -> Int {
        (bytes[start...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1
    }

    private enum Kind {
        case word, blank, newline, mark
        /// A token by itself: a character of a script without spaces, an emoji.
        case single
    }

    private func cluster(_ start: Int) -> (kind: Kind, end: Int) {
        let byte = bytes[start]
        if byte < 0x80, start + 1 == bytes.count || bytes[start + 1] < 0x80 {
            if byte == 0x0D, start + 1 < bytes.count, bytes[start + 1] == 0x0A { return (.newline, start + 2) }
            return (Self.kind(byte), start + 1)
        }
        let first = UTF8Scalar.decode(bytes, at: start)
        var end = start + first.length
        var joins = false
        let isFlag = CellClass(first.0).kind == .regional
        var flags = 1
        while end < bytes.count, bytes[end] >= 0x80 {
            let next = UTF8Scalar.decode(bytes, at: end)
            let kind = CellClass(next.0).kind
            let completesFlag = isFlag && kind == .regional && flags < 2
            let isPart = joins || completesFlag || Self.joining.contains(kind)
            guard isPart else { break }
            if completesFlag { flags += 1 }
            joins = next.0.value == 0x200D
            end += next.length
        }
        return (byte < 0x80 ? Self.kind(byte) : Self.kind(first.0), end)
    }

    private static let joining: Set<CellClass.Kind> = [
        .mark, .jamo, .spacingMark, .joiner, .tag, .selector, .modifier, .invisible,
    ]

    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case 0x0A: .newline
        case 0x20, 0x09, 0x0D: .blank
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: .word
        default: .mark
        }
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch CellClass(scalar).kind {
        case .wide, .emojiWide, .emojiNarrow, .regional, .modifier: .single
        default:
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                ? .word : scalar.properties.isWhitespace ? .blank : .mark
        }
    }
}

/// A text as tokens: where each ends, and a number that only equal ones share.
struct DiffTokens {
    enum Unit {
        case words, lines
    }

    /// Numbers of the tokens.
    private(set) var names: [Int32] = []
    /// Where tokens begin, and where the last one ends.
    private var borders: [Int]
    /// Whether a token is only blanks.
    private var blanks: [Bool] = []

    var count: Int { names.count }

    init(_ text: DiffText, _ unit: Unit, isNew: Bool, _ table: inout DiffNames) {
        borders = [0]
        var start = 0
        while start < text.bytes.count {
            let end = unit == .words ? text.wordEnd(start) : text.lineEnd(start)
            names.append(table.name(of: start..<end, isNew: isNew))
            blanks.append(text.bytes[start] == 0x20 || text.bytes[start] == 0x09)
            borders.append(end)
            start = end
        }
    }

    /// The bytes of some tokens.
    func range(_ tokens: Range<Int>) -> Range<Int> { borders[tokens.lowerBound]..<borders[tokens.upperBound] }

    /// Whether there is one token, of blanks.
    func isBlank(_ tokens: Range<Int>) -> Bool { tokens.count == 1 && blanks[tokens.lowerBound] }

    /// The tokens inside a range of bytes; tokens never cross a line's end.
    func part(_ bytes: Range<Int>) -> DiffTokens {
        let range = index(of: bytes.lowerBound)..<index(of: bytes.upperBound)
        var part = self
        part.names = Array(names[range])
        part.blanks = Array(blanks[range])
        part.borders = Array(borders[range.lowerBound...range.upperBound])
        return part
    }

    private func index(of place: Int) -> Int {
        var low = 0
        var high = borders.count - 1
        while low < high {
            let middle = (low + high) / 2
            if borders[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Gives equal pieces of two texts the same number. Equal are equal bytes, never only equal hashes.
struct DiffNames {
    private let old: UnsafeBufferPointer<UInt8>
    private let new: UnsafeBufferPointer<UInt8>
    private var firstByHash: [Int: Int32] = [:]
    private var pieces: [(range: Range<Int>, isNew: Bool, next: Int32)] = []

    init(old: UnsafeBufferPointer<UInt8>, new: UnsafeBufferPointer<UInt8>) {
        self.old = old
        self.new = new
    }

    mutating func name(of range: Range<Int>, isNew: Bool) -> Int32 {
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(isNew ? new : old)[range])
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        let hash = hasher.finalize()
        let first = firstByHash[hash] ?? -1
        var candidate = first
        while candidate >= 0 {
            let piece = pieces[Int(candidate)]
            let other = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece.isNew ? new : old)[piece.range])
            if other.count == bytes.count, other.elementsEqual(bytes) { return candidate }
            candidate = piece.next
        }
        let name = Int32(pieces.count)
        pieces.append((range, isNew, first))
        firstByHash[hash] = name
        return name
    }
}
