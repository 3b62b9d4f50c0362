/// A compiled document: its nodes, the root being the first.
final class SchemaProgram: Sendable {
    let nodes: [SchemaNode]
    /// For each schema resource, the nodes of its dynamic anchors.
    let dynamicAnchors: [[String: Int]]
    /// Whether any schema asks what others have evaluated.
    let tracksEvaluation: Bool
    /// Whether any `$dynamicRef` has to look at the way by which it was reached.
    let tracksScope: Bool

    init(nodes: [SchemaNode], dynamicAnchors: [[String: Int]]) {
        self.nodes = nodes
        self.dynamicAnchors = dynamicAnchors
        tracksEvaluation = nodes.contains {
            $0.rules.array?.value.unevaluated != nil || $0.rules.object?.value.unevaluated != nil
        }
        tracksScope = nodes.contains { $0.rules.dynamicReference?.anchor != nil }
    }

    /// The place of a node in its document.
    func pointer(of node: Int) -> JSONPointer {
        var tokens: [String] = []
        var next: Int? = node
        while let number = next {
            tokens.insert(contentsOf: nodes[number].tokens, at: 0)
            next = nodes[number].parent
        }
        return JSONPointer(tokens)
    }
}
