/// The shape of a conversation: which message answers which. Messages have numbers from 1; what they say is kept elsewhere.
///
/// A message that is edited or asked for again gets a sibling; nothing is ever overwritten. One path through the tree is the
/// conversation at hand: from a first message to `head`.
public struct MessageTree: Sendable, Hashable {
    /// A message's number in its conversation, from 1.
    public typealias ID = Int

    /// The last message of the path at hand; nil before the first.
    public private(set) var head: ID?
    private var parents: [ID: ID] = [:]
    private var childLists: [ID: [ID]] = [:]
    private var roots: [ID] = []
    private var known: Set<ID> = []
    /// The child that was on a path last, by parent; 0 stands for "no parent".
    private var chosen: [ID: ID] = [:]
    private var last = 0

    /// An empty tree.
    public init() {}

    /// How many messages there are, siblings included.
    public var count: Int { known.count }

    /// Whether a message of this number is in the tree.
    public func contains(_ id: ID) -> Bool { known.contains(id) }

    /// The message before one; nil for a first message.
    public func parent(of id: ID) -> ID? { parents[id] }

    /// The messages after one, oldest first; of nil, the first messages.
    public func children(of id: ID?) -> [ID] { id.map { childLists[$0] ?? [] } ?? roots }

    /// A message with those beside it, oldest first, and its place among them.
    public func siblings(of id: ID) -> (all: [ID], index: Int) {
        let all = children(of: parents[id])
        return (all, all.firstIndex(of: id) ?? 0)
    }

    /// The messages from a first one to this, in order.
    public func path(to id: ID?) -> [ID] {
        var path: [ID] = []
        var next = id
        while let here = next, path.count <= count {
            path.append(here)
            next = parents[here]
        }
        return path.reversed()
    }

    /// The path at hand.
    public var path: [ID] { path(to: head) }

    /// Adds a message after another one (nil: a first message) and goes there. Its number is the next one.
    @discardableResult
    public mutating func add(after parent: ID?) -> ID {
        insert(last + 1, after: parent)
        select(last)
        return last
    }

    /// Adds a message whose number is known, as it was kept; does not go there. A number that is there already, or a parent that
    /// would make a circle, changes nothing; false then.
    @discardableResult
    public mutating func insert(_ id: ID, after parent: ID?) -> Bool {
        guard id > 0, !contains(id), parent != id, !closesCircle(id, after: parent) else { return false }
        if let parent {
            parents[id] = parent
            childLists[parent, default: []].append(id)
        } else {
            roots.append(id)
        }
        known.insert(id)
        last = max(last, id)
        return true
    }

    /// Only a message that others already follow can close one; to walk the path of each would take the square of its length.
    private func closesCircle(_ id: ID, after parent: ID?) -> Bool {
        guard let parent, childLists[id] != nil else { return false }
        return path(to: parent).contains(id)
    }

    /// Goes to a message: it becomes the head, and its path the one that is followed from now on. Nil: before the first message.
    public mutating func select(_ id: ID?) {
        head = id
        var here = id
        while let message = here {
            chosen[parents[message] ?? 0] = message
            here = parents[message]
        }
    }

    /// The end of the conversation below a message, along the branches that were at hand last.
    public func leaf(under id: ID) -> ID {
        var here = id
        var steps = 0
        while let next = chosen[here] ?? childLists[here]?.last, steps <= count {
            here = next
            steps += 1
        }
        return here
    }
}
