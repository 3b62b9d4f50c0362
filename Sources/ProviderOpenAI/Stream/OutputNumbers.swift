/// Which output item an event, or an entry of the final list, is about.
///
/// Servers disagree: some call every item number 0, some list items at the end that no event told of, some leave ids out or
/// change them on the way. So an item keeps the number under which it was first told. It is known again by its id, else by
/// its position where an item of its kind stands, else as the last of its kind that is not finished.
struct OutputNumbers: Sendable {
    /// What an item is.
    enum Kind: Sendable, Hashable {
        case message, reasoning, call, other

        /// The kind of the wire's `type`.
        init(type: String?) {
            switch type {
            case "message": self = .message
            case "reasoning": self = .reasoning
            case "function_call", "custom_tool_call": self = .call
            default: self = .other
            }
        }
    }

    /// Items of which more is remembered than anyone has; beyond, positions alone count.
    private static let limit = 4096

    private var byID: [String: Int] = [:]
    private var kinds: [Int: Kind] = [:]
    private var finished: Set<Int> = []
    private var last: [Kind: Int] = [:]
    private var next = 0

    /// Numbers of an answer that is read on: positions of the calls that it has told.
    init(calls: [Int] = []) {
        for position in calls { note(position, .call, id: nil) }
    }

    /// The number of the item that an event is about. With `begins` the event announces an item, which is a new one unless its id
    /// is known.
    mutating func number(id: String?, position: Int?, _ kind: Kind, begins: Bool = false) -> Int {
        if let id, let known = byID[id] { return known }
        let number = begins ? fresh(position) : known(position, kind) ?? fresh(position)
        note(number, kind, id: id)
        return number
    }

    /// The number of the item with this id; nil when none was told.
    func number(ofID id: String?) -> Int? { id.flatMap { byID[$0] } }

    /// Whether no item was told at a position.
    func isFree(_ position: Int?) -> Bool { position.map { kinds[$0] == nil } ?? false }

    /// Notes that an item was told to its end.
    mutating func finish(_ number: Int) { if finished.count < Self.limit { finished.insert(number) } }

    /// The numbers of the entries of a final list. `known` is a number found by other means, such as a call's id.
    mutating func numbers(of entries: [(id: String?, kind: Kind, known: Int?)]) -> [Int] {
        var numbers = entries.map { entry in entry.id.flatMap { byID[$0] } ?? entry.known }
        let claimed = Set(numbers.compactMap(\.self))
        var turns: [Kind: ArraySlice<Int>] = [:]
        for (number, kind) in kinds.sorted(by: { $0.key < $1.key }) where !claimed.contains(number) {
            turns[kind, default: []].append(number)
        }
        for index in numbers.indices where numbers[index] == nil {
            let entry = entries[index]
            let number = turns[entry.kind]?.popFirst() ?? fresh(index)
            numbers[index] = number
            note(number, entry.kind, id: entry.id)
        }
        return numbers.compactMap(\.self)
    }

    private func known(_ position: Int?, _ kind: Kind) -> Int? {
        if let position, kinds[position] == kind { return position }
        if let position, kinds[position] == nil { return nil }
        return last[kind].flatMap { position == nil && finished.contains($0) ? nil : $0 }
    }

    private func fresh(_ position: Int?) -> Int {
        guard let position, kinds[position] == nil else { return next }
        return position
    }

    private mutating func note(_ number: Int, _ kind: Kind, id: String?) {
        guard kinds.count < Self.limit, byID.count < Self.limit else { return }
        if let id { byID[id] = number }
        kinds[number] = kind
        last[kind] = number
        next = max(next, number + 1)
    }
}
