/// Which elements of an array, or members of an object, some schema has evaluated: what `unevaluatedItems` and
/// `unevaluatedProperties` ask for.
struct Marks: Sendable {
    private(set) var isAll = false
    private var marked: [Bool] = []

    func contains(_ position: Int) -> Bool { isAll || (position < marked.count && marked[position]) }

    mutating func insert(_ position: Int) {
        guard !isAll else { return }
        if position >= marked.count {
            marked.append(contentsOf: repeatElement(false, count: position + 1 - marked.count))
        }
        marked[position] = true
    }

    mutating func insertAll() { isAll = true }

    mutating func formUnion(_ other: Marks?) {
        guard let other else { return }
        if other.isAll { isAll = true }
        for (position, isMarked) in other.marked.enumerated() where isMarked { insert(position) }
    }
}
