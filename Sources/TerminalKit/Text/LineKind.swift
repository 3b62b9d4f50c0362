/// What a line of light markdown is, decided by its beginning.
public enum LineKind: UInt8, Sendable, Hashable {
    /// Prose.
    case plain
    /// `# ` to `###### `.
    case heading
    /// The line that opens or closes a code block.
    case fence
    /// A line of a code block.
    case code
    /// `> `.
    case quote
    /// A bullet or a number with a dot or bracket.
    case list
}

/// A code fence that is open: its character and how many there were.
struct CodeFence: Hashable, Sendable {
    var character: UInt8
    var count: Int
}

/// Reads the beginning of a line.
struct LineStart {
    /// Bytes that decide; a marker that is not complete within them is none.
    static let most = 64

    /// What the line is.
    var kind: LineKind
    /// Cells that rows after the first are moved in.
    var indent = 0
    /// The fence that is open after the line.
    var fence: CodeFence?

    /// Reads the bytes of a line (without its newline, whole or as far as they have come), given the open fence.
    init(_ line: UnsafeBufferPointer<UInt8>, in fence: CodeFence?) {
        self.fence = fence
        let bytes = line.prefix(Self.most)
        let space = bytes.prefix { $0 == 0x20 }.count
        let rest = bytes.dropFirst(space)
        let marker = Self.fence(rest, space: space)
        if let fence {
            kind = .code
            let tail = rest.dropFirst(marker?.count ?? 0)
            if let marker, marker.character == fence.character, marker.count >= fence.count,
                line.count <= Self.most, tail.allSatisfy({ $0 == 0x20 || $0 == 0x09 })
            {
                kind = .fence
                self.fence = nil
            }
            return
        }
        if let marker, marker.character == 0x7E || !rest.dropFirst(marker.count).contains(0x60) {
            kind = .fence
            self.fence = marker
            return
        }
        kind = .plain
        read(rest, space: space)
    }

    private mutating func read(_ rest: Slice<UnsafeBufferPointer<UInt8>>, space: Int) {
        guard let first = rest.first else { return }
        switch first {
        case 0x23:
            let count = rest.prefix { $0 == 0x23 }.count
            if count <= 6, space < 4, rest.dropFirst(count).first == 0x20 { kind = .heading }
        case 0x3E:
            kind = .quote
            indent = space + 2
        case 0x2D, 0x2A, 0x2B:
            if rest.dropFirst().first == 0x20 { (kind, indent) = (.list, space + 2) }
        case 0x30...0x39:
            let digits = rest.prefix { $0 &- 0x30 < 10 }.count
            let tail = rest.dropFirst(digits)
            if digits <= 9, tail.first == 0x2E || tail.first == 0x29, tail.dropFirst().first == 0x20 {
                (kind, indent) = (.list, space + digits + 2)
            }
        default: break
        }
    }

    private static func fence(_ rest: Slice<UnsafeBufferPointer<UInt8>>, space: Int) -> CodeFence? {
        guard let first = rest.first, first == 0x60 || first == 0x7E else { return nil }
        let count = rest.prefix { $0 == first }.count
        return count >= 3 ? CodeFence(character: first, count: count) : nil
    }
}
