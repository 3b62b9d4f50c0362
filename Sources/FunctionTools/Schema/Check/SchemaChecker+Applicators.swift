internal import ProviderCore

extension SchemaChecker {
    mutating func checkApplicators(
        _ number: Int, _ node: SchemaNode, _ value: JSONValue, _ marks: inout Marks?
    ) -> Bool {
        var isValid = true
        if let target = node.rules.reference { isValid = check(target, value, &marks) }
        if goesOn(isValid), let reference = node.rules.dynamicReference {
            isValid = check(target(of: reference), value, &marks) && isValid
        }
        for part in node.rules.allOf where goesOn(isValid) { isValid = check(part, value, &marks) && isValid }
        if goesOn(isValid), !node.rules.anyOf.isEmpty {
            isValid = checkAnyOf(number, node.rules.anyOf, value, &marks) && isValid
        }
        if goesOn(isValid), !node.rules.oneOf.isEmpty {
            isValid = checkOneOf(number, node.rules.oneOf, value, &marks) && isValid
        }
        if goesOn(isValid), let denied = node.rules.not, fits(denied, value) {
            isValid = fail(number, "not", "must not fit the rule not, and is \(Words.value(value))")
        }
        if goesOn(isValid), let condition = node.rules.condition {
            let branch = fits(condition.test, value, &marks) ? condition.then : condition.otherwise
            if let branch { isValid = check(branch, value, &marks) && isValid }
        }
        return isValid
    }

    private mutating func checkAnyOf(
        _ number: Int, _ nodes: [Int], _ value: JSONValue, _ marks: inout Marks?
    ) -> Bool {
        var isValid = false
        // All of them are asked where it counts what they evaluate.
        for node in nodes where !isValid || marks != nil {
            if fits(node, value, &marks) { isValid = true }
        }
        return isValid || failChoice(number, "anyOf", "must fit at least one of", nodes, value)
    }

    private mutating func checkOneOf(
        _ number: Int, _ nodes: [Int], _ value: JSONValue, _ marks: inout Marks?
    ) -> Bool {
        var fitting: [Int] = []
        for (index, node) in nodes.enumerated() where fitting.count < 2 {
            var own: Marks? = marks == nil ? nil : Marks()
            guard fits(node, value, &own) else { continue }
            fitting.append(index)
            marks?.formUnion(own)
        }
        if fitting.count == 1 { return true }
        if fitting.isEmpty { return failChoice(number, "oneOf", "must fit one of", nodes, value) }
        return fail(
            number, "oneOf",
            "must fit only one of \(Words.count(nodes.count, "alternative")), and fits those at /oneOf/\(fitting[0])"
                + " and /oneOf/\(fitting[1])")
    }

    /// Notes that no alternative fits, and what is wrong with the one that comes closest.
    @inline(never)
    private mutating func failChoice(
        _ number: Int, _ keyword: String, _ demand: String, _ nodes: [Int], _ value: JSONValue
    ) -> Bool {
        guard collects, surrender == nil else { return false }
        let closest = explanations > 0 ? closest(of: nodes, value) : nil
        return fail(
            number, keyword,
            "\(demand) \(Words.count(nodes.count, "alternative"))" + (closest.map { "; of the closest, \($0)" } ?? ""))
    }

    /// What is wrong with the alternative that has the fewest violations, those about something inside the value before
    /// those about the value itself.
    private mutating func closest(of nodes: [Int], _ value: JSONValue) -> String? {
        var best: (text: String, rank: Int)?
        for (index, node) in nodes.enumerated() where steps <= Self.greatestSteps {
            var inner = inner(limit: 10)
            _ = inner.isValid(value, against: [node])
            take(inner)
            guard let first = inner.violations.first else { continue }
            let isAboutType = first.path.tokens.isEmpty && ["type", "const", "enum", "false"].contains(first.keyword)
            let rank = inner.violations.count + (isAboutType ? 100 : 0)
            guard rank < best?.rank ?? .max else { continue }
            let subject = first.path.tokens.isEmpty ? "it" : first.path.words
            best = ("number \(index + 1), \(subject) \(first.message)", rank)
        }
        return best?.text
    }
}
