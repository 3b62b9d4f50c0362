/// How many cells text takes. The only place that decides it.
///
/// A cluster is what one cell write draws: a base and the marks that join it, at most five scalars. The tables are our
/// own, so a terminal's or a C library's older Unicode changes nothing. Emoji are kept boring, because terminals
/// disagree about the rest: a ZWJ sequence is drawn as its first emoji, skin tones and emoji variation selectors are
/// left out, a keycap is its base, a flag is its two letters in two cells. East Asian Ambiguous takes one cell.
///
/// Sample values: `"a"` 1, `"漢"` 2, `"e\u{301}"` 1, `"👩‍🚀"` 2 (drawn `👩`), `"🇩🇪"` 2, `"❤️"` 1, `"\u{1FAE8}"` 2.
public enum CellWidth {
    /// Calls `body` with each cluster as it is to be drawn and its width (0, 1 or 2) until it returns false.
    ///
    /// Width 0 comes only for marks without a base at the beginning. Control characters come as their pictures, other
    /// characters that the text gate would not let pass as U+FFFD; invisible ones do not come at all.
    public static func forEachCluster(in text: String, _ body: (String, Int) -> Bool) {
        var text = text
        text.withUTF8 { bytes in
            let pictures = asciiPictures
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80, index + 1 == bytes.count || bytes[index + 1] < 0x80 {
                    index += 1
                    if !body(pictures[Int(byte)], 1) { return }
                    continue
                }
                let cluster = CellCluster.next(in: bytes, at: index)
                let drawn = cluster.text(in: bytes, from: index)
                index = cluster.end
                if !drawn.isEmpty, !body(drawn, cluster.width) { return }
            }
        }
    }

    /// The cells that `text` takes on one row.
    public static func width(of text: String) -> Int {
        var text = text
        return text.withUTF8 { width(of: $0) }
    }

    /// The cluster of UTF-8 that begins at `start`: one past its last byte, and its cells (0, 1 or 2). The bytes are valid
    /// UTF-8.
    public static func cluster(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (end: Int, width: Int) {
        let cluster = CellCluster.next(in: bytes, at: start)
        return (cluster.end, cluster.width)
    }

    /// The cells that a part of UTF-8 takes on one row. The bytes are valid UTF-8.
    public static func width(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        if isASCII(bytes) { return bytes.count }
        var width = 0
        var index = 0
        while index < bytes.count {
            let cluster = CellCluster.next(in: bytes, at: index)
            width += cluster.width
            index = cluster.end
        }
        return width
    }

    /// The beginning of `text` that fits into `width` cells, with `…` in the last one when anything was left out.
    public static func truncate(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard width > 0 else { return "" }
        if self.width(of: text) <= width { return text }
        let room = width - self.width(of: ellipsis)
        guard room >= 0 else { return "" }
        var result = ""
        var used = 0
        forEachCluster(in: text) { cluster, cells in
            guard used + cells <= room else { return false }
            result += cluster
            used += cells
            return true
        }
        return result + ellipsis
    }

    private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        return all < 0x80
    }

    /// The drawn form of each ASCII character.
    static let asciiPictures: [String] = (UInt8(0)..<128).map { byte in
        let scalar = Unicode.Scalar(byte)
        return String(byte < 0x20 || byte == 0x7F ? GatePlaceholder.picture(scalar) : scalar)
    }
}
