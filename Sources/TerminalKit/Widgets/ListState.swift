/// Where a list stands: how many items, which is chosen, which is the first one shown. Knows nothing of the items.
public struct ListState: Sendable, Hashable {
    /// Items there are.
    public private(set) var count: Int
    /// The chosen item, 0..<count; 0 when there is none.
    public private(set) var selected = 0
    /// The first item shown.
    public private(set) var offset = 0
    /// Rows to show items in, at least 1.
    public private(set) var height: Int

    /// A list at its beginning.
    public init(count: Int = 0, height: Int = 1) {
        self.count = max(0, count)
        self.height = max(1, height)
    }

    /// The items that are shown.
    public var visible: Range<Int> { offset..<min(count, offset + height) }
    /// The chosen item, nil when the list is empty.
    public var selection: Int? { count > 0 ? selected : nil }
    /// Where the chosen item stands among the rows shown.
    public var selectedRow: Int { selected - offset }

    /// Another number of items, as after filtering; the choice stays as near as it can.
    public mutating func setCount(_ count: Int) {
        self.count = max(0, count)
        settle()
    }

    /// Another number of rows.
    public mutating func setHeight(_ height: Int) {
        self.height = max(1, height)
        settle()
    }

    /// Chooses an item; a number outside becomes the nearest.
    public mutating func select(_ index: Int) {
        selected = index
        settle()
    }

    /// Moves the choice down (negative: up), stopping at the ends.
    public mutating func move(by rows: Int) { select(selected + rows) }

    /// Moves the choice down (negative: up), coming round at the ends.
    public mutating func cycle(by rows: Int) {
        guard count > 0 else { return }
        select(((selected + rows) % count + count) % count)
    }

    /// Moves by pages; one row of the old page stays in sight.
    public mutating func page(by pages: Int) { move(by: pages * max(1, height - 1)) }

    /// To the first item.
    public mutating func home() { select(0) }
    /// To the last item.
    public mutating func end() { select(count - 1) }

    /// Does what lists are expected to do with a key: arrows, PgUp, PgDn, Home, End, and, where `letters` is true,
    /// j k g G Space b. Returns whether it was one of these.
    public mutating func handle(_ chord: KeyChord, letters: Bool = false) -> Bool {
        switch (chord.key, chord.modifiers) {
        case (.up, []): move(by: -1)
        case (.down, []): move(by: 1)
        case (.pageUp, []): page(by: -1)
        case (.pageDown, []): page(by: 1)
        case (.home, []): home()
        case (.end, []): end()
        case (.character(let character), []) where letters: return handle(character)
        default: return false
        }
        return true
    }

    private mutating func handle(_ character: Character) -> Bool {
        switch character {
        case "j": move(by: 1)
        case "k": move(by: -1)
        case "g", "<": home()
        case "G", ">": end()
        case " ", "f": page(by: 1)
        case "b": page(by: -1)
        default: return false
        }
        return true
    }

    private mutating func settle() {
        selected = max(0, min(selected, count - 1))
        offset = max(min(offset, selected), selected - height + 1)
        offset = max(0, min(offset, count - height))
    }
}
