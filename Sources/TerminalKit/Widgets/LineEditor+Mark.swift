// Mark and point.
extension LineEditor {
    /// What is marked: between mark and cursor while the mark is fresh, or what vi's visual mode selects. Any change ends
    /// the mark's freshness; the mark itself stays with its place.
    public var selection: Range<Int>? {
        if editingMode == .vi, vi.phase == .visual { return visualRange }
        return isMarkActive ? region : nil
    }

    /// Between mark and cursor; nil without a mark.
    var region: Range<Int>? { mark.map { min($0, cursor)..<max($0, cursor) } }

    /// Sets the mark at the cursor.
    public mutating func setMark() { (mark, isMarkActive, last) = (cursor, true, .other) }

    /// Exchanges mark and cursor; false without a mark.
    public mutating func exchangeMark() -> Bool {
        guard let place = mark else { return false }
        mark = cursor
        moveCursor(to: place)
        isMarkActive = true
        return true
    }

    /// The mark stays with the text around it when a range is replaced by what ends at `end` now.
    mutating func moveMark(over range: Range<Int>, to end: Int) {
        isMarkActive = false
        guard let place = mark else { return }
        if place > range.lowerBound, place >= range.upperBound {
            mark = max(0, min(elements.count, place + end - range.upperBound))
        } else if place > range.lowerBound {
            mark = range.lowerBound
        }
    }

    mutating func dropMark() {
        isMarkActive = false
        mark = mark.map { min($0, elements.count) }
    }
}
