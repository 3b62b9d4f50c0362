/// What a TOML text says, as a value that can be asked and changed.
enum TOMLTree {
    /// The node at a path; nil when there is none.
    static func node(at path: [String], in root: [String: TOMLNode]) -> TOMLNode? {
        var node = TOMLNode.table(root)
        for part in path {
            guard case .table(let members) = node, let next = members[part] else { return nil }
            node = next
        }
        return node
    }

    /// The tree with a value at a path; nil when something else than a table is on the way, or when a table would give way
    /// to a value.
    static func setting(_ path: [String], to value: TOMLNode, in root: [String: TOMLNode]) -> [String: TOMLNode]? {
        guard let first = path.first else { return nil }
        var root = root
        guard path.count > 1 else {
            if case .table? = root[first] { guard case .table = value else { return nil } }
            root[first] = value
            return root
        }
        var inner: [String: TOMLNode] = [:]
        if let node = root[first] {
            guard case .table(let members) = node else { return nil }
            inner = members
        }
        guard let changed = setting(Array(path.dropFirst()), to: value, in: inner) else { return nil }
        root[first] = .table(changed)
        return root
    }

    /// The tree without the value at a path. Tables that it leaves empty stay.
    static func removing(_ path: [String], from root: [String: TOMLNode]) -> [String: TOMLNode] {
        guard let first = path.first else { return root }
        var root = root
        if path.count == 1 {
            root[first] = nil
        } else if case .table(let members)? = root[first] {
            root[first] = .table(removing(Array(path.dropFirst()), from: members))
        }
        return root
    }

    /// Whether two nodes say the same; one that is not a number is the same as another, and a table that is empty the same
    /// as one that is not there: the last dotted key takes its table with it.
    static func isSame(_ left: TOMLNode, _ right: TOMLNode) -> Bool {
        switch (left, right) {
        case (.number(let one), .number(let other)):
            return one.isNaN ? other.isNaN : one.bitPattern == other.bitPattern
        case (.array(let ones), .array(let others)):
            return ones.count == others.count && zip(ones, others).allSatisfy(isSame)
        case (.table(let ones), .table(let others)):
            return Set(ones.keys).union(others.keys).allSatisfy { key in
                switch (ones[key], others[key]) {
                case (let one?, let other?): isSame(one, other)
                case (.table(let members)?, nil), (nil, .table(let members)?): isEmpty(members)
                default: false
                }
            }
        default: return left == right
        }
    }

    private static func isEmpty(_ members: [String: TOMLNode]) -> Bool {
        members.values.allSatisfy { if case .table(let inner) = $0 { isEmpty(inner) } else { false } }
    }
}
