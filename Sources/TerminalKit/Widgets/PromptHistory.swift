/// What was typed before, and where the user is in it. The text being typed survives a walk through the past.
public struct PromptHistory: Sendable, Hashable {
    /// Entries kept at most; the oldest go first.
    public static let limit = 10_000

    /// All entries, oldest first.
    public private(set) var entries: [String] = []
    private var place: Int?
    private var draft = ""
    /// Texts changed while walking, by entry.
    private var edited: [Int: String] = [:]

    /// A history from entries, oldest first; of equal ones the newest stays.
    public init(_ entries: [String] = []) {
        var seen: Set<String> = []
        for entry in entries.reversed() where !entry.isEmpty && self.entries.count < Self.limit {
            if seen.insert(entry).inserted { self.entries.append(entry) }
        }
        self.entries.reverse()
    }

    /// Whether an old entry is being shown.
    public var isWalking: Bool { place != nil }

    /// Adds what was sent or cleared and ends the walk. A text that begins with a blank is not kept; an equal older one
    /// gives way. Returns whether it was kept.
    @discardableResult
    public mutating func add(_ text: String) -> Bool {
        reset()
        guard !text.isEmpty, text.first != " ", !text.allSatisfy(\.isWhitespace) else { return false }
        if let old = entries.lastIndex(of: text) { entries.remove(at: old) }
        entries.append(text)
        if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
        return true
    }

    /// The next older entry in place of `current`; nil at the oldest.
    public mutating func older(than current: String) -> String? { go(to: (place ?? entries.count) - 1, from: current) }

    /// The next newer entry in place of `current`, at last the draft; nil when there is none.
    public mutating func newer(than current: String) -> String? { go(to: (place ?? entries.count) + 1, from: current) }

    /// The oldest entry.
    public mutating func oldest(than current: String) -> String? { go(to: 0, from: current) }

    /// Back to the draft.
    public mutating func newest(than current: String) -> String? { go(to: entries.count, from: current) }

    /// Ends the walk and forgets the draft.
    public mutating func reset() {
        place = nil
        draft = ""
        edited = [:]
    }

    /// The newest entry before `index` (nil = from the newest) that contains `query`, case ignored unless the query has
    /// upper case.
    public func search(_ query: String, before index: Int? = nil) -> (index: Int, text: String)? {
        let isExact = query.contains(where: \.isUppercase)
        let wanted = isExact ? query : query.lowercased()
        for place in stride(from: min(index ?? entries.count, entries.count) - 1, through: 0, by: -1) {
            let entry = isExact ? entries[place] : entries[place].lowercased()
            if wanted.isEmpty || entry.contains(wanted) { return (place, entries[place]) }
        }
        return nil
    }

    private mutating func go(to target: Int, from current: String) -> String? {
        let here = place ?? entries.count
        guard target != here, target >= 0, target <= entries.count else { return nil }
        if here == entries.count { draft = current } else { edited[here] = current }
        place = target == entries.count ? nil : target
        return place.map { edited[$0] ?? entries[$0] } ?? draft
    }
}
