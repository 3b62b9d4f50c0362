/// One cluster found in UTF-8: where it ends and the cells it takes.
struct CellCluster {
    /// The most scalars that one cell write can carry (a base and four marks).
    private static let mostScalars = 5

    /// One past its last byte.
    let end: Int
    /// 0, 1 or 2.
    let width: Int
    private let kind: CellClass.Kind

    /// The cluster that begins at `start`.
    static func next(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> CellCluster {
        let (base, length) = UTF8Scalar.decode(bytes, at: start)
        var end = start + length
        let isLast = end == bytes.count
        if base.isASCII, isLast || bytes[end] < 0x80 { return CellCluster(end: end, width: 1, kind: .control) }
        let baseClass = CellClass(base)
        switch baseClass.kind {
        case .regional:
            if !isLast, case let (second, length) = UTF8Scalar.decode(bytes, at: end),
                CellClass(second).kind == .regional
            {
                end = endOfMarks(in: bytes, at: end + length)
                return CellCluster(end: end, width: 2, kind: .regional)
            }
        case .emojiWide, .emojiNarrow, .modifier:
            end = endOfEmoji(in: bytes, at: end)
            return CellCluster(end: end, width: baseClass.width, kind: baseClass.kind)
        default: break
        }
        return CellCluster(end: endOfMarks(in: bytes, at: end), width: baseClass.width, kind: baseClass.kind)
    }

    /// Its drawn form; empty when nothing of it is visible.
    func text(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
        let (base, length) = UTF8Scalar.decode(bytes, at: start)
        if start + length == end, isPlain { return String(base) }
        var result = String.UnicodeScalarView()
        var count = 0
        var index = start
        while index < end, count < Self.mostScalars {
            let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
            if let drawn = drawn(scalar, isBase: index == start, count: count) {
                result.append(drawn)
                count += 1
            }
            index += length
        }
        return String(result)
    }

    private func drawn(_ scalar: Unicode.Scalar, isBase: Bool, count: Int) -> Unicode.Scalar? {
        switch CellClass(scalar).kind {
        case .control: scalar.value < 0x80 ? GatePlaceholder.picture(scalar) : "\u{FFFD}"
        case .bidi, .lineBreak, .noncharacter: "\u{FFFD}"
        case .invisible, .tag: nil
        case .selector: count == 0 || scalar.value >> 1 == 0xFE0E >> 1 ? nil : scalar
        case .joiner: count == 0 || isEmoji ? nil : scalar
        case .mark where scalar.value == 0x20E3: nil
        case .mark, .jamo: scalar
        case .regional: count < 2 ? scalar : nil
        default: isBase ? scalar : nil
        }
    }

    /// Whether its base is drawn as it is.
    private var isPlain: Bool { kind == .narrow || kind == .wide || isEmoji }
    private var isEmoji: Bool { kind == .emojiWide || kind == .emojiNarrow || kind == .modifier }

    private static func endOfMarks(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] >= 0x80 {
            let (scalar, length) = UTF8Scalar.decode(bytes, at: end)
            guard CellClass(scalar).joinsCell else { break }
            end += length
        }
        return end
    }

    /// Past skin tones, selectors, marks, tags, and every further emoji that a ZWJ ties on.
    private static func endOfEmoji(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var end = start
        var joined = false
        while end < bytes.count, bytes[end] >= 0x80 {
            let (scalar, length) = UTF8Scalar.decode(bytes, at: end)
            let scalarClass = CellClass(scalar)
            guard scalarClass.joinsCell || scalarClass.kind == .modifier || (joined && scalarClass.isPictograph)
            else { break }
            joined = scalar.value == 0x200D
            end += length
        }
        return end
    }
}
