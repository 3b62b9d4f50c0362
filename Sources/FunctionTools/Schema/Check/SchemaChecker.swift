internal import ProviderCore

/// One check of a value against a program. A first run only says yes or no; paths and words are made in a second run,
/// when the first has said no.
struct SchemaChecker {
    /// How many schemas may apply inside one another.
    static let greatestDepth = 1_100
    /// How many schemas may be applied in all, so that schemas that multiply come to an end. A fraction of a second.
    static let greatestSteps = 2_000_000

    private static let tooManySteps = "could not be checked: it would take more than \(greatestSteps) steps"

    enum PathStep {
        case name(String)
        case index(Int)
    }

    let program: SchemaProgram
    /// Whether violations are noted.
    var collects: Bool
    let limit: Int
    var violations: [SchemaViolation] = []
    /// What stands before the path of every violation.
    private let origin: JSONPointer
    private var path: [PathStep] = []
    private var depth = 0
    private(set) var steps = 0
    /// How many choices, one in the other, are still told what is wrong with their closest alternative.
    private(set) var explanations = 2
    /// The schema resources that were entered, for `$dynamicRef`.
    private var scope: [Int] = []
    /// Why the check was not brought to its end.
    private(set) var surrender: String?

    /// A check that collects at most `limit` violations; 0 only says yes or no.
    init(_ program: SchemaProgram, limit: Int = 0, origin: JSONPointer = JSONPointer()) {
        self.program = program
        self.limit = limit
        self.origin = origin
        collects = limit > 0
        if program.tracksScope { scope = [0] }
    }

    /// A check inside another, which says what is wrong with one schema by itself. It shares the limits of the other.
    func inner(limit: Int) -> SchemaChecker {
        var inner = SchemaChecker(program, limit: limit)
        inner.depth = depth
        inner.steps = steps
        inner.scope = scope
        inner.explanations = explanations - 1
        return inner
    }

    /// Takes over what a check inside has used up.
    mutating func take(_ inner: SchemaChecker) { steps = inner.steps }

    /// Whether a value is valid against some nodes. The value is normalized.
    mutating func isValid(_ value: JSONValue, against nodes: [Int]) -> Bool {
        var isValid = true
        for node in nodes where goesOn(isValid) {
            var marks: Marks?
            isValid = check(node, value, &marks) && isValid
        }
        if let surrender {
            violations.append(
                SchemaViolation(path: origin, rule: JSONPointer(), keyword: "", message: surrender))
            return false
        }
        return isValid
    }

    /// Checks a value against one node. When `marks` is there, what was evaluated is added to it, if the value is
    /// valid.
    mutating func check(_ start: Int, _ value: JSONValue, _ marks: inout Marks?) -> Bool {
        var number = start
        var node = program.nodes[start]
        while !program.tracksScope, let target = node.rules.alias {
            number = target
            node = program.nodes[target]
        }
        if let verdict = node.rules.verdict {
            return verdict || fail(number, "false", "is not allowed here", at: [])
        }
        guard enter() else { return false }
        defer { depth -= 1 }
        let isNewScope = program.tracksScope && scope.last != node.resource
        if isNewScope { scope.append(node.resource) }
        defer { if isNewScope { scope.removeLast() } }
        guard program.tracksEvaluation, marks != nil || node.asksForMarks else {
            return checkRules(number, node, value, &marks)
        }
        var own: Marks? = Marks()
        guard checkRules(number, node, value, &own) else { return false }
        marks?.formUnion(own)
        return true
    }

    private mutating func checkRules(
        _ number: Int, _ node: SchemaNode, _ value: JSONValue, _ marks: inout Marks?
    ) -> Bool {
        guard checkAny(number, node, value) else { return false }
        var isValid = true
        switch value {
        case .number(let text):
            if let rules = node.rules.number { isValid = checkNumber(number, rules, text) }
        case .string(let text):
            if let rules = node.rules.string { isValid = checkString(number, rules, text) }
        case .array(let elements):
            if let rules = node.rules.array { isValid = checkArray(number, rules, elements, &marks) }
        case .object(let members):
            if let rules = node.rules.object { isValid = checkObject(number, rules, members, value, &marks) }
        case .null, .bool: break
        }
        guard goesOn(isValid) else { return false }
        if node.rules.hasApplicators { isValid = checkApplicators(number, node, value, &marks) && isValid }
        // What a failed schema has evaluated is not known, so the rest of it would be reported here once more.
        guard isValid, marks != nil else { return isValid }
        switch value {
        case .array(let elements):
            if let rest = node.rules.array?.value.unevaluated {
                return checkUnevaluated(number, rest, elements, &marks)
            }
        case .object(let members):
            if let rest = node.rules.object?.value.unevaluated {
                return checkUnevaluated(number, rest, members, &marks)
            }
        default: break
        }
        return true
    }

    /// Type, constant and enumeration: when these fail, nothing else is worth saying.
    private mutating func checkAny(_ number: Int, _ node: SchemaNode, _ value: JSONValue) -> Bool {
        if node.rules.types != .all, !node.rules.types.admits(value) {
            let types = node.rules.types
            return fail(
                number, "type", "must be \(Words.types(types)), and is \(JSONType(of: value).words)")
        }
        if let constant = node.rules.constant, !ExactValue.equal(constant, value) {
            return fail(number, "const", "must be \(Words.value(constant)), and is \(Words.value(value))")
        }
        if let enumeration = node.rules.enumeration, !enumeration.value.contains(value) {
            return fail(number, "enum", Self.enumMessage(enumeration.value.values, value))
        }
        if node.rules.isMetaschema {
            let compiler = SchemaCompiler(value, checksFormOnly: true)
            guard spend(compiler.drafts.count) else { return false }
            if let problem = compiler.problems.first {
                return fail(number, "$ref", "must be a JSON Schema: \(problem)")
            }
        }
        return true
    }

    private static func enumMessage(_ values: [JSONValue], _ value: JSONValue) -> String {
        let hint = value.stringValue.flatMap {
            Spelling.nearest(to: $0, among: values.lazy.compactMap(\.stringValue))
        }
        let words = values.isEmpty ? "nothing" : Words.list(values, Words.value)
        return "must be \(values.count > 1 ? "one of " : "")\(words), and is \(Words.value(value))"
            + (hint.map { "; did you mean \(Words.quoted($0))?" } ?? "")
    }
}

// What all rules use.
extension SchemaChecker {
    /// Whether there is more to check after a rule.
    @inline(__always)
    func goesOn(_ isValid: Bool) -> Bool {
        isValid || (collects && violations.count < limit && surrender == nil)
    }

    /// Counts one schema that is applied; false when there have been too many.
    private mutating func enter() -> Bool {
        steps += 1
        depth += 1
        if depth <= Self.greatestDepth, steps <= Self.greatestSteps { return true }
        depth -= 1
        if depth >= Self.greatestDepth {
            surrender = "could not be checked: more than \(Self.greatestDepth) rules apply inside one another"
        } else {
            surrender = Self.tooManySteps
        }
        return false
    }

    /// Counts work that is not done by applying schemas; false when there has been too much.
    mutating func spend(_ work: Int) -> Bool {
        steps += min(work, Self.greatestSteps)
        guard steps > Self.greatestSteps else { return true }
        surrender = Self.tooManySteps
        return false
    }

    /// Notes a violation of the value at hand. Always false. Never inlined: its text would take room in the frame of
    /// every rule.
    @inline(never)
    mutating func fail(
        _ number: Int, _ keyword: String, _ message: @autoclosure () -> String, at tokens: [String]? = nil
    ) -> Bool {
        guard collects, violations.count < limit, surrender == nil else { return false }
        let rule = JSONPointer(program.pointer(of: number).tokens + (tokens ?? [keyword]))
        violations.append(
            SchemaViolation(path: pointer, rule: rule, keyword: keyword, message: message()))
        return false
    }

    private var pointer: JSONPointer {
        JSONPointer(
            origin.tokens
                + path.map { step in
                    switch step {
                    case .name(let name): name
                    case .index(let index): String(index)
                    }
                })
    }

    /// Checks a member's value.
    mutating func check(_ node: Int, member name: String, _ value: JSONValue) -> Bool {
        var marks: Marks?
        guard collects else { return check(node, value, &marks) }
        path.append(.name(name))
        defer { path.removeLast() }
        return check(node, value, &marks)
    }

    /// Checks an element.
    mutating func check(_ node: Int, element index: Int, _ value: JSONValue) -> Bool {
        var marks: Marks?
        guard collects else { return check(node, value, &marks) }
        path.append(.index(index))
        defer { path.removeLast() }
        return check(node, value, &marks)
    }

    /// Whether a value fits a node, without a word about it when it does not.
    mutating func fits(_ node: Int, _ value: JSONValue, _ marks: inout Marks?) -> Bool {
        let kept = collects
        collects = false
        defer { collects = kept }
        return check(node, value, &marks)
    }

    /// Whether a value fits a node, all by itself.
    mutating func fits(_ node: Int, _ value: JSONValue) -> Bool {
        var marks: Marks?
        return fits(node, value, &marks)
    }

    /// Whether a schema is `false`.
    func isFalse(_ node: Int) -> Bool { program.nodes[node].rules.verdict == false }

    /// Where a `$dynamicRef` leads from here: to the outermost resource that was entered and has its anchor.
    func target(of reference: DynamicReference) -> Int {
        guard let anchor = reference.anchor else { return reference.target }
        for resource in scope { if let node = program.dynamicAnchors[resource][anchor] { return node } }
        return reference.target
    }
}

extension SchemaNode {
    /// Whether it has to know what was evaluated.
    var asksForMarks: Bool { rules.array?.value.unevaluated != nil || rules.object?.value.unevaluated != nil }
}
