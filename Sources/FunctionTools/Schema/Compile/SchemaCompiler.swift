internal import ProviderCore

/// Makes a program of a schema document, and finds what is wrong with the document. It keeps a list of what is still to
/// be read instead of calling itself, so that no schema is too deep or too entangled for the stack.
struct SchemaCompiler {
    /// How many schemas a document may have.
    static let greatestSize = 50_000
    /// How many problems are told.
    static let greatestProblems = 100

    /// A node being read.
    struct Draft {
        var parent: Int?
        var tokens: [String]
        var resource: Int
        var rules = NodeRules()
        var number: NumberRules?
        var string: StringRules?
        var array: ArrayRules?
        var object: ObjectRules?
        var parts = ConditionParts()
    }

    /// `if`, `then` and `else` as found, each alone.
    struct ConditionParts {
        var test: Int?
        var then: Int?
        var otherwise: Int?
    }

    /// Where a schema stands: below a node, by the keyword and, for keywords with several schemas, name or index.
    struct ChildKey: Hashable {
        var parent: Int
        var keyword: String
        var name: ExactName?
    }

    struct Resource {
        var base: URIReference
        var root: Int
        var anchors: [String: Int] = [:]
        var dynamicAnchors: [String: Int] = [:]
    }

    struct PendingReference {
        var node: Int
        var keyword: String
        var text: String
    }

    var drafts: [Draft] = []
    var values: [JSONValue] = []
    var children: [ChildKey: Int] = [:]
    var resources: [Resource] = []
    var resourceByURI: [String: Int] = [:]
    var references: [PendingReference] = []
    private(set) var problems: [SchemaProblem] = []
    /// Whether only the form of the schema is looked at, as the draft's own schema does: no references, no patterns.
    let checksFormOnly: Bool
    private var read = 0

    /// Reads a whole document.
    init(_ source: JSONValue, checksFormOnly: Bool = false) {
        self.checksFormOnly = checksFormOnly
        guard let document = DocumentShape.normalized(source) else {
            problems.append(
                SchemaProblem(
                    path: JSONPointer(), message: "nests deeper than \(DocumentShape.greatestDepth) levels"))
            return
        }
        resources.append(Resource(base: URIReference(""), root: 0))
        resourceByURI[""] = 0
        add(document, parent: nil, tokens: [], resource: 0)
        readAll()
        guard !checksFormOnly else { return }
        findLoops()
    }

    /// The program; nil when there are problems.
    var program: SchemaProgram? {
        guard problems.isEmpty else { return nil }
        return SchemaProgram(nodes: drafts.map(\.node), dynamicAnchors: resources.map(\.dynamicAnchors))
    }

    /// Puts a schema on the list. Returns its number.
    @discardableResult
    mutating func add(_ value: JSONValue, parent: Int?, tokens: [String], resource: Int) -> Int {
        drafts.append(Draft(parent: parent, tokens: tokens, resource: resource))
        values.append(value)
        return drafts.count - 1
    }

    /// Puts the schema of a keyword on the list.
    mutating func add(_ value: JSONValue, of node: Int, keyword: String, name: String? = nil) -> Int {
        let tokens = name.map { [keyword, $0] } ?? [keyword]
        let child = add(value, parent: node, tokens: tokens, resource: drafts[node].resource)
        children[ChildKey(parent: node, keyword: keyword, name: name.map { ExactName($0) })] = child
        return child
    }

    mutating func report(_ node: Int, _ tokens: [String], _ message: String) {
        guard problems.count < Self.greatestProblems else { return }
        problems.append(SchemaProblem(path: JSONPointer(pointer(of: node).tokens + tokens), message: message))
    }

    func pointer(of node: Int) -> JSONPointer {
        var parts: [[String]] = []
        var next: Int? = node
        while let number = next {
            parts.append(drafts[number].tokens)
            next = drafts[number].parent
        }
        return JSONPointer(parts.reversed().flatMap { $0 })
    }

    /// Reads until nothing is on the lists: references may lead to places that no keyword makes a schema.
    private mutating func readAll() {
        var resolved = 0
        while true {
            while read < drafts.count {
                guard drafts.count <= Self.greatestSize else {
                    report(0, [], "has more than \(Self.greatestSize) schemas")
                    return
                }
                readNode(read)
                read += 1
            }
            guard !checksFormOnly, resolved < references.count else { return }
            resolve(references[resolved])
            resolved += 1
        }
    }

    private mutating func readNode(_ node: Int) {
        switch values[node] {
        case .bool(let verdict): drafts[node].rules.verdict = verdict
        case .object(let members):
            identify(members, node)
            for member in members { readKeyword(member.key, member.value, node) }
            finish(node)
        default: report(node, [], "must be an object or a boolean, and is \(JSONType(of: values[node]).words)")
        }
    }

    private mutating func finish(_ node: Int) {
        let parts = drafts[node].parts
        if let test = parts.test {
            drafts[node].rules.condition = Condition(test: test, then: parts.then, otherwise: parts.otherwise)
        }
        drafts[node].rules.hasApplicators = !drafts[node].applied.isEmpty
    }
}

extension SchemaCompiler.Draft {
    /// The nodes that apply to the same value.
    var applied: [Int] {
        var nodes = rules.allOf + rules.anyOf + rules.oneOf
        nodes += [rules.reference, rules.dynamicReference?.target, rules.not].compactMap { $0 }
        if let condition = rules.condition {
            nodes += [condition.test, condition.then, condition.otherwise].compactMap { $0 }
        }
        return nodes + (object?.dependentSchemas.map(\.node) ?? [])
    }

    /// The node as it is kept.
    var node: SchemaNode {
        var rules = rules
        rules.number = number.map { Shared($0) }
        rules.string = string.map { Shared($0) }
        rules.array = array.map { Shared($0) }
        rules.object = object.map { Shared($0) }
        let isScalar = number == nil && string == nil && array == nil && object == nil
        let isBare =
            isScalar && rules.types == .all && rules.constant == nil && rules.enumeration == nil && !rules.isMetaschema
        if isBare, rules.verdict == nil, !rules.hasApplicators { rules.verdict = true }
        if isBare, applied.count == 1 { rules.alias = rules.reference }
        return SchemaNode(parent: parent, tokens: tokens, resource: resource, rules: rules)
    }
}
