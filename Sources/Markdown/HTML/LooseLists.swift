/// Which lists are loose: a blank line stands between their items, or between the blocks of one of them.
struct LooseLists {
    private var loose: Set<Int> = []

    private struct Open {
        let container: Container
        /// The event that opened the list it is, or is an item of.
        let list: Int
        var hasChild = false
    }

    /// Reads the events of a whole text.
    init(_ events: [BlockEvent]) {
        var stack: [Open] = []
        var blank: Int?
        for (index, event) in events.enumerated() {
            switch event {
            case .blank(let depth, _): blank = depth
            case .close(let container):
                if !stack.isEmpty { stack.removeLast() }
                // A blank line inside a quote parts nothing outside of it.
                if container == .quote, let depth = blank, depth > stack.count { blank = nil }
            case .open(let container, _):
                child(&stack, &blank)
                if case .list = container {
                    stack.append(Open(container: container, list: index))
                } else {
                    stack.append(Open(container: container, list: stack.last?.list ?? -1))
                }
            case .codeLine, .htmlLine, .tableRow: blank = nil
            case .codeEnd, .htmlEnd, .tableEnd: break
            default: child(&stack, &blank)
            }
        }
    }

    private mutating func child(_ stack: inout [Open], _ blank: inout Int?) {
        if let parent = stack.last {
            if blank != nil, parent.hasChild, parent.container != .quote { loose.insert(parent.list) }
            stack[stack.count - 1].hasChild = true
        }
        blank = nil
    }

    /// Whether the list that an event opened is loose.
    func contains(_ event: Int) -> Bool { loose.contains(event) }
}
