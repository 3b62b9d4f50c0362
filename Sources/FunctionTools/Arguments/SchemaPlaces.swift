internal import ProviderCore

/// The places of a schema that arguments have been to, with all that must be known while a value is still arriving, worked out
/// once. Places are told apart by the schemas that apply there, so that a reference back to the root makes no new ones.
struct SchemaPlaces: Sendable {
    /// What is known of a member by its name.
    struct Member: Sendable {
        /// The place of its value; nil when no schema says anything of it.
        var place: Int?
        /// Whether it must not be there.
        var isRefused: Bool
        /// Its number among the required names.
        var requirement: Int?
    }

    /// What was looked up from one place.
    private struct Ways: Sendable {
        /// The members that the schema knows, in its order.
        var known: [Member?]
        /// Any other member.
        var other: Member?
        /// The elements that have no schema of their own.
        var isItemKnown = false
        var item: Int?
    }

    /// How many places are kept; what lies beyond them is checked at the end only.
    private static let most = 4_096

    private var places: [SchemaPlace] = []
    private var ways: [Ways] = []
    private var numbers: [[Int]: Int] = [:]

    subscript(number: Int) -> SchemaPlace { places[number] }

    /// The number of a cursor's place; nil when no schema says anything there, or there are too many.
    mutating func number(of cursor: SchemaCursor?) -> Int? {
        guard let cursor else { return nil }
        if let known = numbers[cursor.nodes] { return known }
        guard places.count < Self.most else { return nil }
        let place = SchemaPlace(cursor)
        places.append(place)
        ways.append(Ways(known: Array(repeating: nil, count: place.names.count)))
        numbers[cursor.nodes] = places.count - 1
        return places.count - 1
    }

    /// The place of the elements at an index.
    mutating func element(_ index: Int, of place: Int) -> Int? {
        let isListed = index < places[place].listedItems
        if !isListed, ways[place].isItemKnown { return ways[place].item }
        let number = number(of: places[place].cursor.item(index))
        if !isListed {
            ways[place].isItemKnown = true
            ways[place].item = number
        }
        return number
    }

    /// What is known of a name: `token` is its text in quotes, `hint` the number of the member in its object.
    mutating func member(_ token: UnsafeRawBufferPointer, of place: Int, hint: Int) -> Member {
        if let index = places[place].index(of: token, hint: hint) { return known(index, of: place) }
        let hasNameRules = places[place].hasNameRules
        let isPlain = !token.contains(UInt8(ascii: "\\"))
        if !hasNameRules, isPlain, let other = ways[place].other { return other }
        let name = (try? JSONParser.parse(token))?.stringValue ?? ""
        if let index = places[place].index(of: name) { return known(index, of: place) }
        let member = member(named: name, of: place)
        if !hasNameRules { ways[place].other = member }
        return member
    }

    private mutating func known(_ index: Int, of place: Int) -> Member {
        if let member = ways[place].known[index] { return member }
        let member = member(named: places[place].names[index], of: place)
        ways[place].known[index] = member
        return member
    }

    private mutating func member(named name: String, of place: Int) -> Member {
        let cursor = places[place].cursor
        return Member(
            place: number(of: cursor.property(name)), isRefused: cursor.refuses(name: name),
            requirement: places[place].requiredNames.firstIndex { ExactText.equal($0, name) })
    }
}
