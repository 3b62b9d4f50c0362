internal import ProviderCore

extension SchemaChecker {
    mutating func checkArray(
        _ number: Int, _ shared: Shared<ArrayRules>, _ elements: [JSONValue], _ marks: inout Marks?
    ) -> Bool {
        var isValid = checkCount(number, shared, elements)
        if goesOn(isValid), shared.value.isUnique { isValid = checkUnique(number, elements) && isValid }
        if goesOn(isValid), !shared.value.prefix.isEmpty {
            for (index, node) in shared.value.prefix.enumerated() where index < elements.count && goesOn(isValid) {
                isValid = check(node, element: index, elements[index]) && isValid
                marks?.insert(index)
            }
        }
        if goesOn(isValid), let items = shared.value.items, elements.count > shared.value.prefix.count {
            isValid = checkItems(number, items, elements, from: shared.value.prefix.count) && isValid
            marks?.insertAll()
        }
        if goesOn(isValid), let node = shared.value.contains {
            isValid = checkContains(number, node, shared, elements, &marks) && isValid
        }
        return isValid
    }

    private mutating func checkCount(_ number: Int, _ shared: Shared<ArrayRules>, _ elements: [JSONValue]) -> Bool {
        let count = elements.count
        var isValid = true
        if let minimum = shared.value.minimum, count < minimum {
            isValid = fail(
                number, "minItems", "must have at least \(Words.count(minimum, "item")), and has \(count)")
        }
        if goesOn(isValid), let maximum = shared.value.maximum, count > maximum {
            isValid = fail(
                number, "maxItems", "must have at most \(Words.count(maximum, "item")), and has \(count)")
        }
        return isValid
    }

    private mutating func checkUnique(_ number: Int, _ elements: [JSONValue]) -> Bool {
        guard elements.count > 1 else { return true }
        guard spend(elements.count / 8) else { return false }
        var seen: [ExactValue: Int] = [:]
        for (index, element) in elements.enumerated() {
            if let earlier = seen.updateValue(index, forKey: ExactValue(element)) {
                return fail(
                    number, "uniqueItems",
                    "must have no two equal items, and [\(earlier)] and [\(index)] are equal")
            }
        }
        return true
    }

    private mutating func checkItems(
        _ number: Int, _ node: Int, _ elements: [JSONValue], from start: Int
    ) -> Bool {
        if isFalse(node) {
            return fail(
                number, "items",
                start == 0
                    ? "must be empty, and has \(Words.count(elements.count, "item"))"
                    : "must have at most \(Words.count(start, "item")), and has \(elements.count)")
        }
        var isValid = true
        for index in start..<elements.count where goesOn(isValid) {
            isValid = check(node, element: index, elements[index]) && isValid
        }
        return isValid
    }

    private mutating func checkContains(
        _ number: Int, _ node: Int, _ shared: Shared<ArrayRules>, _ elements: [JSONValue], _ marks: inout Marks?
    ) -> Bool {
        var count = 0
        for (index, element) in elements.enumerated() where fits(node, element) {
            count += 1
            marks?.insert(index)
            if marks == nil, shared.value.maximumContained == nil, count >= shared.value.minimumContained {
                return true
            }
        }
        if count < shared.value.minimumContained {
            let minimum = shared.value.minimumContained
            return fail(
                number, minimum == 1 ? "contains" : "minContains",
                "must have at least \(Words.count(minimum, "item")) that fits the rule contains, and has \(count)")
        }
        if let maximum = shared.value.maximumContained, count > maximum {
            return fail(
                number, "maxContains",
                "must have at most \(Words.count(maximum, "item")) that fits the rule contains, and has \(count)")
        }
        return true
    }

    mutating func checkUnevaluated(
        _ number: Int, _ node: Int, _ elements: [JSONValue], _ marks: inout Marks?
    ) -> Bool {
        var isValid = true
        for (index, element) in elements.enumerated() where goesOn(isValid) && marks?.contains(index) != true {
            if isFalse(node) {
                isValid = fail(
                    number, "unevaluatedItems", "must not have the item [\(index)], which no rule allows")
            } else {
                isValid = check(node, element: index, element) && isValid
            }
        }
        if isValid { marks?.insertAll() }
        return isValid
    }
}
