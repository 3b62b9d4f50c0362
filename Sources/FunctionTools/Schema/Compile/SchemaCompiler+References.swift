internal import ProviderCore

extension SchemaCompiler {
    /// The identifier of the draft's own schema, the one remote reference that is known.
    private static let metaschema = "https://json-schema.org/draft/2020-12/schema"

    /// How many problems are told with what may have been meant: looking for it takes long in a large schema.
    private static let greatestHints = 10

    /// Notes what names a schema gives itself: `$id`, `$anchor`, `$dynamicAnchor`.
    mutating func identify(_ members: [JSONMember], _ node: Int) {
        for member in members where member.key == "$id" { readIdentifier(member.value, node) }
        for member in members where member.key == "$anchor" || member.key == "$dynamicAnchor" {
            guard case .string(let name) = member.value, Self.isAnchor(name) else {
                report(
                    node, [member.key], "must be a name: a letter or _, then letters, digits, -, _ and dots")
                continue
            }
            let resource = drafts[node].resource
            if let other = resources[resource].anchors[name], other != node {
                report(node, [member.key], "is already the anchor of \(place(other))")
                continue
            }
            resources[resource].anchors[name] = node
            if member.key == "$dynamicAnchor" { resources[resource].dynamicAnchors[name] = node }
        }
    }

    private mutating func readIdentifier(_ value: JSONValue, _ node: Int) {
        guard case .string(let text) = value else {
            return report(node, ["$id"], "must be a string, and is \(JSONType(of: value).words)")
        }
        var base = URIReference(text).resolved(against: resources[drafts[node].resource].base)
        guard base.fragment ?? "" == "" else { return report(node, ["$id"], "must have no fragment") }
        base.fragment = nil
        if let other = resourceByURI[base.document], resources[other].root != node {
            return report(node, ["$id"], "is already the identifier of \(place(resources[other].root))")
        }
        if node == 0 {
            resources[0].base = base
        } else {
            drafts[node].resource = resources.count
            resources.append(Resource(base: base, root: node))
        }
        resourceByURI[base.document] = drafts[node].resource
    }

    private static func isAnchor(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x2E }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 &- 0x61 < 26 || byte == 0x5F }

    private func place(_ node: Int) -> String {
        let pointer = pointer(of: node)
        return pointer.tokens.isEmpty ? "the whole schema" : pointer.description
    }

    /// Finds what a reference means, and says so in its node.
    mutating func resolve(_ reference: PendingReference) {
        guard let (target, anchor) = target(of: reference) else { return }
        if reference.keyword == "$ref" {
            drafts[reference.node].rules.reference = target
        } else {
            let isDynamic = anchor.map { resources[drafts[target].resource].dynamicAnchors[$0] == target } ?? false
            drafts[reference.node].rules.dynamicReference = DynamicReference(
                target: target, anchor: isDynamic ? anchor : nil)
        }
        drafts[reference.node].rules.hasApplicators = true
    }

    private mutating func target(of reference: PendingReference) -> (node: Int, anchor: String?)? {
        let base = resources[drafts[reference.node].resource].base
        let uri = URIReference(reference.text).resolved(against: base)
        guard let fragment = URIReference.decoded(uri.fragment ?? "") else {
            report(reference.node, [reference.keyword], "has a malformed percent escape")
            return nil
        }
        guard let resource = resourceByURI[uri.document] else {
            if uri.document == Self.metaschema, fragment.isEmpty { return (metaschemaNode(reference), nil) }
            report(
                reference.node, [reference.keyword],
                "refers to \(Words.quoted(uri.document)), which is not in this schema; nothing is loaded from elsewhere"
            )
            return nil
        }
        let found: Int?
        if fragment.isEmpty {
            found = resources[resource].root
        } else if fragment.hasPrefix("/") {
            found = JSONPointer(text: fragment).flatMap { node(at: $0.tokens[...], below: resources[resource].root) }
        } else {
            found = resources[resource].anchors[fragment]
        }
        guard let found else {
            report(
                reference.node, [reference.keyword],
                "refers to \(Words.quoted(reference.text)), and nothing is there" + hint(reference.text))
            return nil
        }
        return (found, fragment.hasPrefix("/") ? nil : fragment)
    }

    /// The definition somebody may have meant.
    private func hint(_ text: String) -> String {
        guard problems.count < Self.greatestHints else { return "" }
        let known = children.keys.compactMap { key in
            key.parent == 0 && (key.keyword == "$defs" || key.keyword == "definitions")
                ? key.name.map { "#/\(key.keyword)/\($0.text)" } : nil
        }
        return Spelling.nearest(to: text, among: known.sorted()).map { "; did you mean \(Words.quoted($0))?" } ?? ""
    }

    private mutating func metaschemaNode(_ reference: PendingReference) -> Int {
        let node = add(.object([]), parent: reference.node, tokens: [reference.keyword], resource: 0)
        drafts[node].rules.isMetaschema = true
        return node
    }

    /// The node at a place below another, which is made a schema when no keyword did so; nil when nothing is there.
    private mutating func node(at tokens: ArraySlice<String>, below start: Int) -> Int? {
        var node = start
        var rest = tokens
        while let keyword = rest.first {
            if let child = children[ChildKey(parent: node, keyword: keyword, name: nil)] {
                node = child
                rest = rest.dropFirst()
            } else if let name = rest.dropFirst().first,
                let child = children[ChildKey(parent: node, keyword: keyword, name: ExactName(name))]
            {
                node = child
                rest = rest.dropFirst(2)
            } else {
                return bareNode(at: Array(rest), below: node)
            }
        }
        return node
    }

    private mutating func bareNode(at tokens: [String], below node: Int) -> Int? {
        // A name that no keyword has, so that it cannot be taken for a way through keywords.
        let key = ChildKey(parent: node, keyword: "", name: ExactName(JSONPointer(tokens).description))
        if let known = children[key] { return known }
        guard let value = JSONPointer(tokens).value(in: values[node]) else { return nil }
        let child = add(value, parent: node, tokens: tokens, resource: drafts[node].resource)
        children[key] = child
        return child
    }
}
