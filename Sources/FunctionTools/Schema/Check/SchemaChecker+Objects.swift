internal import ProviderCore

extension SchemaChecker {
    mutating func checkObject(
        _ number: Int, _ shared: Shared<ObjectRules>, _ members: [JSONMember], _ value: JSONValue,
        _ marks: inout Marks?
    ) -> Bool {
        var isValid = checkCount(number, shared.value.minimum, shared.value.maximum, members.count)
        guard goesOn(isValid) else { return false }
        var requiredSeen = 0
        for position in members.indices {
            let member = members[position]
            let slot = shared.value.slots.isEmpty ? nil : shared.value.slots[ExactName(member.key)]
            if slot?.isRequired == true { requiredSeen += 1 }
            var isKnown = false
            if let node = slot?.node {
                isKnown = true
                isValid = check(node, member: member.key, member.value) && isValid
            }
            if !shared.value.patterns.isEmpty { checkPatterns(shared.value.patterns, member, &isKnown, &isValid) }
            if !isKnown, let node = shared.value.additional {
                isKnown = true
                isValid = checkAdditional(number, node, member, shared.value.names) && isValid
            }
            if isKnown { marks?.insert(position) }
            guard goesOn(isValid) else { return false }
        }
        if requiredSeen < shared.value.required.count {
            isValid = failRequired(number, shared.value.required, members, shared.value.names)
            guard goesOn(isValid) else { return false }
        }
        if let node = shared.value.propertyNames { isValid = checkNames(number, node, members) && isValid }
        guard goesOn(isValid), !(shared.value.dependentRequired.isEmpty && shared.value.dependentSchemas.isEmpty) else {
            return isValid
        }
        return checkDependents(number, shared, members, value, &marks) && isValid
    }

    private mutating func checkCount(_ number: Int, _ minimum: Int?, _ maximum: Int?, _ count: Int) -> Bool {
        if let minimum, count < minimum {
            return fail(
                number, "minProperties",
                "must have at least \(Words.count(minimum, "property")), and has \(count)")
        }
        if let maximum, count > maximum {
            return fail(
                number, "maxProperties",
                "must have at most \(Words.count(maximum, "property")), and has \(count)")
        }
        return true
    }

    private mutating func checkPatterns(
        _ patterns: [ObjectRules.PatternSlot], _ member: JSONMember, _ isKnown: inout Bool, _ isValid: inout Bool
    ) {
        for slot in patterns where goesOn(isValid) && matches(slot.pattern, member.key) {
            isKnown = true
            isValid = check(slot.node, member: member.key, member.value) && isValid
        }
    }

    private mutating func checkAdditional(
        _ number: Int, _ node: Int, _ member: JSONMember, _ names: [String]
    ) -> Bool {
        guard isFalse(node) else { return check(node, member: member.key, member.value) }
        return fail(number, "additionalProperties", Self.unknown(member.key, names))
    }

    /// `has no property "unitt"; did you mean "unit"?`
    private static func unknown(_ name: String, _ names: [String]) -> String {
        let hint = Spelling.nearest(to: name, among: names).map { "; did you mean \(Words.quoted($0))?" }
        return "has no property \(Words.quoted(name))"
            + (hint ?? (names.isEmpty ? "" : "; known are \(Words.list(names, Words.quoted))"))
    }

    private mutating func failRequired(
        _ number: Int, _ required: [String], _ members: [JSONMember], _ names: [String]
    ) -> Bool {
        guard collects else { return false }
        let present = Set(members.map { ExactName($0.key) })
        let missing = required.filter { !present.contains(ExactName($0)) }
        for name in missing where violations.count < limit {
            _ = fail(number, "required", "must have the property \(Words.quoted(name))")
        }
        return false
    }

    private mutating func checkNames(_ number: Int, _ node: Int, _ members: [JSONMember]) -> Bool {
        var isValid = true
        for member in members where goesOn(isValid) && !fits(node, .string(member.key)) {
            guard collects else { return false }
            var inner = inner(limit: 1)
            let reason = inner.isValid(.string(member.key), against: [node]) ? nil : inner.violations.first?.message
            take(inner)
            isValid = fail(
                number, "propertyNames",
                "must not have a property named \(Words.quoted(member.key))"
                    + (reason.map { ": a name \($0)" } ?? ""))
        }
        return isValid
    }

    private mutating func checkDependents(
        _ number: Int, _ shared: Shared<ObjectRules>, _ members: [JSONMember], _ value: JSONValue,
        _ marks: inout Marks?
    ) -> Bool {
        var isValid = true
        let present = Set(members.map { ExactName($0.key) })
        for (name, needed) in shared.value.dependentRequired where present.contains(name) {
            for other in needed where goesOn(isValid) && !present.contains(ExactName(other)) {
                isValid = fail(
                    number, "dependentRequired",
                    "must have the property \(Words.quoted(other)), because it has \(Words.quoted(name.text))")
            }
        }
        for (name, node) in shared.value.dependentSchemas where goesOn(isValid) && present.contains(name) {
            isValid = check(node, value, &marks) && isValid
        }
        return isValid
    }

    mutating func checkUnevaluated(
        _ number: Int, _ node: Int, _ members: [JSONMember], _ marks: inout Marks?
    ) -> Bool {
        var isValid = true
        let names = program.nodes[number].rules.object?.value.names ?? []
        for (position, member) in members.enumerated() where goesOn(isValid) && marks?.contains(position) != true {
            if isFalse(node) {
                isValid = fail(number, "unevaluatedProperties", Self.unknown(member.key, names))
            } else {
                isValid = check(node, member: member.key, member.value) && isValid
            }
        }
        if isValid { marks?.insertAll() }
        return isValid
    }
}
