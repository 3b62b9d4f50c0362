import Conversations
import ProviderCore
import TerminalKit

/// The tree of a conversation as rows. A message that has siblings begins a level of its own; a chain without branches stays on one.
struct BranchList: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let id: MessageTree.ID
        let depth: Int
        /// Whether it is on the path at hand.
        let isHere: Bool
        /// Its place among its siblings, from 1, and how many there are.
        let place: Int
        let of: Int
    }

    let rows: [Row]
    var list: ListState

    init(_ tree: MessageTree) {
        let here = Set(tree.path)
        var rows: [Row] = []
        var waiting: [(id: MessageTree.ID, depth: Int, place: Int, of: Int)] = []
        func push(_ children: [MessageTree.ID], depth: Int) {
            let inner = depth + (children.count > 1 ? 1 : 0)
            for (index, id) in children.enumerated().reversed() {
                waiting.append((id, inner, index + 1, children.count))
            }
        }
        push(tree.children(of: nil), depth: 0)
        while let next = waiting.popLast() {
            rows.append(
                Row(id: next.id, depth: next.depth, isHere: here.contains(next.id), place: next.place, of: next.of))
            push(tree.children(of: next.id), depth: next.depth)
        }
        self.rows = rows
        list = ListState(count: rows.count)
        if let head = tree.head, let index = rows.firstIndex(where: { $0.id == head }) { list.select(index) }
    }

    var selected: MessageTree.ID? { rows.indices.contains(list.selected) ? rows[list.selected].id : nil }
}

extension AppModel {
    /// A key in the tree: Enter goes to a branch.
    mutating func take(_ chord: KeyChord, in branches: BranchList) -> [AppEffect] {
        var branches = branches
        switch chord {
        case KeyChord(.enter):
            overlay = nil
            guard let id = branches.selected else { return [] }
            let effects = go(to: id)
            focus = .output
            transcript.select(id, entry: conversation.entryIndex(of: id))
            return effects
        case KeyChord(.up), .character("k"): branches.list.move(by: -1)
        case KeyChord(.down), .character("j"): branches.list.move(by: 1)
        case KeyChord(.pageUp), .character("b"): branches.list.move(by: -10)
        case KeyChord(.pageDown), .character(" "): branches.list.move(by: 10)
        case KeyChord(.home), .character("g"): branches.list.home()
        case KeyChord(.end), .character("G"): branches.list.end()
        case .character("q"):
            overlay = nil
            return []
        default: break
        }
        overlay = .tree(branches)
        return []
    }
}
