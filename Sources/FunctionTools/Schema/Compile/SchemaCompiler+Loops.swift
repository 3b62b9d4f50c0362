extension SchemaCompiler {
    /// How many reference loops are told.
    private static let greatestLoops = 10

    /// Reports schemas that apply themselves to the same value again: checking would never end.
    mutating func findLoops() {
        var states = Array(repeating: VisitState.new, count: drafts.count)
        var loops: [[Int]] = []
        for start in drafts.indices where states[start] == .new && drafts[start].rules.hasApplicators {
            search(from: start, &states, &loops)
        }
        for loop in loops {
            let way = (loop + loop.prefix(1)).prefix(8).map { node in
                let text = pointer(of: node).description
                return text.isEmpty ? "the whole schema" : text
            }
            report(
                loop[0], [], "applies itself to the same value again without end: \(way.joined(separator: " → "))")
        }
    }

    private enum VisitState {
        case new
        case open
        case done
    }

    /// One depth-first search, with its own stack.
    private func search(from start: Int, _ states: inout [VisitState], _ loops: inout [[Int]]) {
        var path: [(node: Int, rest: [Int])] = [(start, drafts[start].applied)]
        states[start] = .open
        while let top = path.last {
            guard let next = top.rest.last else {
                states[top.node] = .done
                path.removeLast()
                continue
            }
            path[path.count - 1].rest.removeLast()
            switch states[next] {
            case .new:
                states[next] = .open
                path.append((next, drafts[next].applied))
            case .open:
                if loops.count < Self.greatestLoops, let first = path.firstIndex(where: { $0.node == next }) {
                    loops.append(path[first...].map(\.node))
                }
            case .done: break
            }
        }
    }
}
