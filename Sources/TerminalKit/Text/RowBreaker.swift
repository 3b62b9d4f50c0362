/// Finds where a line of text is broken into rows. Looks only backwards, so that what arrives later never moves a row
/// that is full.
public struct RowBreaker: Sendable, Hashable {
    /// Cells of a row.
    public var width: Int
    /// Tabs reach to the next multiple of this.
    public var tabWidth: Int
    /// Whether rows are cut wherever they are full, spaces kept, as code wants it.
    public var cutsAnywhere: Bool

    /// A breaker for rows of `width` cells, at least 1.
    public init(width: Int, tabWidth: Int, cutsAnywhere: Bool) {
        self.width = width
        self.tabWidth = tabWidth
        self.cutsAnywhere = cutsAnywhere
    }

    /// Spaces that one wrap swallows at most, so that a row stays bounded.
    private static let mostHanging = 256

    /// What a cluster is to line breaking.
    private enum Kind {
        case letter
        case digit
        case space
        case hyphen
        case slash
        case open
        case close
        case colon
        case ideograph
    }

    /// Where the next row of the line begins, or nil when everything up to `limit` belongs to this row. The bytes are
    /// valid UTF-8 that has passed the gate; `start` stands between two clusters.
    public func nextRow(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int) -> Int? {
        cutsAnywhere ? cut(bytes, from: start, limit: limit) : wrap(bytes, from: start, limit: limit)
    }

    private func cut(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int) -> Int? {
        var index = start
        var cells = 0
        while index < limit {
            let (end, clusterWidth) = cluster(bytes, at: index, column: cells)
            if cells + clusterWidth > width, index > start { return index }
            cells += clusterWidth
            index = end
        }
        return nil
    }

    private func wrap(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int) -> Int? {
        var index = start
        var cells = 0
        var hanging = 0
        var lastBreak = start
        var hasText = false
        var (previous, beforePrevious) = (Kind.letter, Kind.letter)
        while index < limit {
            if previous == .letter, hanging == 0, cells < width, Self.isLetterAlone(bytes, at: index) {
                (cells, hasText, beforePrevious) = (cells + 1, true, .letter)
                index += 1
                continue
            }
            let (end, clusterWidth) = cluster(bytes, at: index, column: cells)
            let kind = kind(bytes, from: index, to: end, width: clusterWidth)
            if kind == .space {
                // Spaces at the wrap are swallowed, but not without end.
                if hanging > 0 || cells + clusterWidth > width { hanging += 1 } else { cells += clusterWidth }
                if hanging > Self.mostHanging { return index }
            } else {
                if hasText, Self.canBreak(beforePrevious, previous, kind) { lastBreak = index }
                if hanging > 0 || (cells + clusterWidth > width && index > start) {
                    return lastBreak > start ? lastBreak : index
                }
                cells += clusterWidth
                hasText = true
            }
            (beforePrevious, previous) = (previous, kind)
            index = end
        }
        return nil
    }

    /// Whether there is an ASCII letter that no mark joins: most of all text, and letters never part.
    @inline(__always)
    private static func isLetterAlone(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        (bytes[index] | 0x20) &- 0x61 < 26 && (index + 1 == bytes.count || bytes[index + 1] < 0x80)
    }

    @inline(__always)
    private func cluster(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, column: Int) -> (end: Int, width: Int) {
        if bytes[index] == 0x09 { return (index + 1, tabWidth - column % tabWidth) }
        let cluster = CellCluster.next(in: bytes, at: index)
        return (cluster.end, cluster.width)
    }

    @inline(__always)
    private func kind(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, width: Int) -> Kind {
        let byte = bytes[start]
        if byte &- 0x61 < 26 { return .letter }
        guard byte < 0x80 else {
            return Self.kind(UTF8Scalar.decode(bytes, at: start).0, isWide: width == 2)
        }
        switch byte {
        // A space that carries a mark is seen.
        case 0x20, 0x09: return end - start == 1 ? .space : .letter
        case 0x2D: return .hyphen
        case 0x2F: return .slash
        case 0x30...0x39: return .digit
        case 0x28, 0x5B, 0x7B: return .open
        case 0x29, 0x5D, 0x7D, 0x21, 0x25, 0x2C, 0x2E, 0x3F: return .close
        case 0x3A, 0x3B: return .colon
        default: return .letter
        }
    }

    /// The simple rules of kinsoku: what never begins a row, what never ends one.
    private static func kind(_ scalar: Unicode.Scalar, isWide: Bool) -> Kind {
        switch scalar {
        case "、", "。", "，", "．", "）", "］", "｝", "」", "』", "】", "〕", "〉", "》", "〙", "〗", "〟", "！", "？", "：", "；", "・",
            "％", "‰", "℃", "ー", "～", "〜", "々", "〻", "ゝ", "ゞ", "ヽ", "ヾ", "｡", "､", "｣", "’", "”", "»", "…", "‥",
            "ぁ", "ぃ", "ぅ", "ぇ", "ぉ", "っ", "ゃ", "ゅ", "ょ", "ゎ", "ゕ", "ゖ",
            "ァ", "ィ", "ゥ", "ェ", "ォ", "ッ", "ャ", "ュ", "ョ", "ヮ", "ヵ", "ヶ", "\u{31F0}"..."\u{31FF}":
            return .close
        case "（", "［", "｛", "「", "『", "【", "〔", "〈", "《", "〘", "〖", "〝", "｢", "‘", "“", "«", "￥", "＄": return .open
        case "\u{3000}", "\u{2000}"..."\u{2006}", "\u{2008}"..."\u{200A}": return .space
        case "\u{2010}": return .hyphen
        // Also when the other half of the flag has not come yet.
        case "\u{1F1E6}"..."\u{1F1FF}": return .ideograph
        default: return isWide ? .ideograph : .letter
        }
    }

    private static func canBreak(_ beforePrevious: Kind, _ previous: Kind, _ next: Kind) -> Bool {
        switch (previous, next) {
        case (.space, .colon): false
        case (.space, _): true
        case (_, .close), (_, .colon), (.open, _): false
        case (.hyphen, .letter): beforePrevious == .letter || beforePrevious == .digit
        case (.slash, .slash): false
        case (.slash, .digit): beforePrevious != .digit
        case (.slash, _): true
        case (.ideograph, _), (_, .ideograph): true
        // Punctuation between ideographs and letters ends what came before it.
        case (.close, .letter), (.close, .digit), (.close, .open): beforePrevious == .ideograph
        default: false
        }
    }
}
