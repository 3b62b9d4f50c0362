/// What a code point is to the screen: how many cells it takes and what the text gate does with it.
struct CellClass: Hashable, Sendable {
    /// The classes; raw values are those of the table.
    enum Kind: UInt8 {
        /// One cell.
        case narrow
        /// Two cells.
        case wide
        /// Joins the cell before it.
        case mark
        /// A conjoining Hangul vowel or final; joins the cell before it.
        case jamo
        /// A format character or filler without a picture.
        case invisible
        /// One cell, yet normalisation may join it to the character before it.
        case spacingMark
        /// C0, DEL, C1.
        case control
        /// Changes the order of text.
        case bidi
        /// U+2028, U+2029.
        case lineBreak
        /// ZWJ, ZWNJ.
        case joiner
        /// U+E0000–E007F.
        case tag
        /// A variation selector.
        case selector
        /// Never a character.
        case noncharacter
        /// Half a flag.
        case regional
        /// An emoji of two cells.
        case emojiWide
        /// A pictograph of one cell.
        case emojiNarrow
        /// A skin tone.
        case modifier
    }

    /// Kind in the lower five bits, flags above.
    let bits: UInt8

    /// The class of a code point.
    init(_ scalar: Unicode.Scalar) { bits = Self.look(up: scalar.value) }

    /// What it is.
    var kind: Kind { Kind(rawValue: bits & 0x1F) ?? .narrow }
    /// Whether NFC puts something else in its place.
    var isUnstable: Bool { bits & 0x20 != 0 }
    /// Whether it joins consonants (canonical combining class 9).
    var isVirama: Bool { bits & 0x40 != 0 }
    /// Whether it takes no cell of its own after a base.
    var joinsCell: Bool {
        switch kind {
        case .mark, .jamo, .joiner, .tag, .selector, .invisible: true
        default: false
        }
    }
    /// Whether emoji sequences are made of it.
    var isPictograph: Bool {
        switch kind {
        case .emojiWide, .emojiNarrow: true
        default: false
        }
    }
    /// Cells taken when drawn alone, 0...2.
    var width: Int {
        switch kind {
        case .wide, .emojiWide, .modifier: 2
        case .mark, .jamo, .invisible, .joiner, .tag, .selector: 0
        default: 1
        }
    }

    private static func look(up value: UInt32) -> UInt8 { value < 0x1_0000 ? plane0[Int(value)] : search(value) }

    /// The classes of plane 0, spread out: nearly all text is there, and a search costs ten times a look.
    private static let plane0: [UInt8] = {
        var classes = [UInt8](repeating: 0, count: 0x1_0000)
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? min(Int(starts[index + 1] >> 8), classes.count) : classes.count
            for value in Int(start >> 8)..<max(end, Int(start >> 8)) where value < classes.count {
                classes[value] = UInt8(truncatingIfNeeded: start)
            }
            if end == classes.count { break }
        }
        return classes
    }()

    private static func search(_ value: UInt32) -> UInt8 {
        let key = value << 8 | 0xFF
        return starts.withUnsafeBufferPointer { starts in
            var low = 0
            var high = starts.count
            while high - low > 1 {
                let middle = (low + high) >> 1
                if starts[middle] <= key { low = middle } else { high = middle }
            }
            return UInt8(truncatingIfNeeded: starts[low])
        }
    }
}
