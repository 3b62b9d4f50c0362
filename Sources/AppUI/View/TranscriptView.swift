import Conversations
import ProviderCore
import TerminalKit

/// Where the reader is in the transcript. While following, the end is shown; otherwise the row at the top stays, however
/// much arrives below.
struct TranscriptView: Sendable, Hashable {
    /// A row of the transcript: entry and row in it.
    struct Place: Sendable, Hashable {
        var entry: Int
        var row: Int
    }

    /// The row at the top; nil = follow the end.
    private(set) var top: Place?
    /// The message that keys mean; nil = none is chosen.
    private(set) var selected: MessageTree.ID?
    /// What arrived since following stopped.
    private(set) var hasNews = false
    /// Movements asked for since the last drawing; resolved there, where row counts are known.
    private var pending: [Command] = []

    /// What has to be brought into view: an entry, or a place in it of what is looked for.
    struct Revealed: Sendable, Hashable {
        let entry: Int
        let number: Int?
    }

    /// What has to be brought into view; nil = nothing.
    private var revealed: Revealed?

    var isFollowing: Bool { top == nil }

    mutating func perform(_ command: Command) { pending.append(command) }

    /// Chooses a message and brings its entry into view; nil = none is chosen any more.
    mutating func select(_ id: MessageTree.ID?, entry: Int? = nil) {
        selected = id
        revealed = entry.map { Revealed(entry: $0, number: nil) }
    }

    /// Brings a place of what is looked for into view.
    mutating func reveal(entry: Int, number: Int) { revealed = Revealed(entry: entry, number: number) }

    /// The entry at the top of the view; nil while the end is followed.
    var topEntry: Int? { top?.entry }

    mutating func follow() {
        top = nil
        selected = nil
        hasNews = false
        pending = []
    }

    mutating func noteGrowth() { if top != nil { hasNews = true } }

    /// Carries out the movements asked for, over rows as counted by `rows`. `row` finds the row of a place in an entry.
    mutating func resolve(entries: Int, height: Int, row: (Revealed) -> Int = { _ in 0 }, rows: (Int) -> Int) {
        for command in pending { move(command, entries: entries, height: height, rows: rows) }
        pending = []
        if let wanted = revealed, wanted.entry < entries { show(wanted, height: height, row: row, rows: rows) }
        revealed = nil
        guard let place = top else { return }
        let clamped = clamp(place, entries: entries, rows: rows)
        let end = back(height, from: Place(entry: entries, row: 0), rows: rows)
        top = isBefore(clamped, end) ? clamped : nil
        if top == nil { hasNews = false }
    }

    /// Puts a place a third from the top, unless it is in view.
    private mutating func show(_ wanted: Revealed, height: Int, row: (Revealed) -> Int, rows: (Int) -> Int) {
        let place = Place(entry: wanted.entry, row: wanted.number == nil ? 0 : row(wanted))
        guard wanted.number != nil else {
            top = place
            return
        }
        let seen = top.map { forward(height - 1, from: $0, entries: wanted.entry + 1, rows: rows) }
        if let top, let seen, !isBefore(place, top), !isBefore(seen, place) { return }
        top = back(height / 3, from: place, rows: rows)
    }

    private mutating func move(_ command: Command, entries: Int, height: Int, rows: (Int) -> Int) {
        let end = back(height, from: Place(entry: entries, row: 0), rows: rows)
        let place = top ?? end
        switch command {
        case .lineUp: top = back(1, from: place, rows: rows)
        case .lineDown: top = forward(1, from: place, entries: entries, rows: rows)
        case .pageUp: top = back(max(1, height - 2), from: place, rows: rows)
        case .pageDown: top = forward(max(1, height - 2), from: place, entries: entries, rows: rows)
        case .halfPageUp: top = back(max(1, height / 2), from: place, rows: rows)
        case .halfPageDown: top = forward(max(1, height / 2), from: place, entries: entries, rows: rows)
        case .toTop: top = Place(entry: 0, row: 0)
        case .follow: top = nil
        default: break
        }
    }

    /// The rows to draw, from the top of the view.
    func visible(entries: Int, height: Int, rows: (Int) -> Int) -> [Place] {
        var place = top ?? back(height, from: Place(entry: entries, row: 0), rows: rows)
        var places: [Place] = []
        while places.count < height, place.entry < entries {
            if place.row < rows(place.entry) {
                places.append(place)
                place.row += 1
            } else {
                place = Place(entry: place.entry + 1, row: 0)
            }
        }
        return places
    }

    private func back(_ count: Int, from start: Place, rows: (Int) -> Int) -> Place {
        var place = start
        var left = count
        while left > 0 {
            if place.row >= left {
                place.row -= left
                return place
            }
            left -= place.row
            guard place.entry > 0 else { return Place(entry: 0, row: 0) }
            place.entry -= 1
            place.row = rows(place.entry)
        }
        return place
    }

    private func forward(_ count: Int, from start: Place, entries: Int, rows: (Int) -> Int) -> Place {
        var place = start
        var left = count
        while left > 0, place.entry < entries {
            let rest = rows(place.entry) - place.row
            if rest > left {
                place.row += left
                return place
            }
            left -= rest
            place = Place(entry: place.entry + 1, row: 0)
        }
        return place
    }

    private func clamp(_ place: Place, entries: Int, rows: (Int) -> Int) -> Place {
        guard entries > 0 else { return Place(entry: 0, row: 0) }
        if place.entry >= entries { return Place(entry: entries, row: 0) }
        return Place(entry: place.entry, row: min(place.row, max(0, rows(place.entry) - 1)))
    }

    private func isBefore(_ a: Place, _ b: Place) -> Bool { (a.entry, a.row) < (b.entry, b.row) }
}
