internal import ProviderCore

extension SchemaChecker {
    mutating func checkNumber(_ number: Int, _ shared: Shared<NumberRules>, _ text: String) -> Bool {
        let value = ExactNumber(text)
        var isValid = true
        if let limit = shared.value.minimum, value < limit {
            isValid = fail(number, "minimum", "must be at least \(Words.number(limit)), and is \(Words.cut(text))")
        }
        if goesOn(isValid), let limit = shared.value.maximum, limit < value {
            isValid = fail(number, "maximum", "must be at most \(Words.number(limit)), and is \(Words.cut(text))")
        }
        if goesOn(isValid), let limit = shared.value.exclusiveMinimum, !(limit < value) {
            isValid = fail(
                number, "exclusiveMinimum", "must be greater than \(Words.number(limit)), and is \(Words.cut(text))")
        }
        if goesOn(isValid), let limit = shared.value.exclusiveMaximum, !(value < limit) {
            isValid = fail(
                number, "exclusiveMaximum", "must be less than \(Words.number(limit)), and is \(Words.cut(text))")
        }
        if goesOn(isValid), let step = shared.value.multipleOf, !value.isMultiple(of: step) {
            isValid = fail(
                number, "multipleOf", "must be a multiple of \(Words.number(step)), and is \(Words.cut(text))")
        }
        return isValid
    }

    mutating func checkString(_ number: Int, _ shared: Shared<StringRules>, _ text: String) -> Bool {
        var isValid = true
        if shared.value.minimum != nil || shared.value.maximum != nil {
            let count = text.unicodeScalars.count
            if let minimum = shared.value.minimum, count < minimum {
                isValid = fail(
                    number, "minLength",
                    "must have at least \(Words.count(minimum, "character")), and has \(count)")
            }
            if goesOn(isValid), let maximum = shared.value.maximum, count > maximum {
                isValid = fail(
                    number, "maxLength", "must have at most \(Words.count(maximum, "character")), and has \(count)")
            }
        }
        if goesOn(isValid), let pattern = shared.value.pattern, !matches(pattern, text) {
            isValid = fail(
                number, "pattern",
                "must match the pattern \(Words.cut(pattern.source)), and is \(Words.quoted(text))")
        }
        return isValid
    }

    mutating func matches(_ pattern: BoundedPattern, _ text: String) -> Bool {
        // One step of a pattern costs about a hundredth of applying a schema.
        let (work, isTooMuch) = pattern.size.multipliedReportingOverflow(by: text.utf8.count)
        return spend(isTooMuch ? .max : work / 100) && pattern.matches(text)
    }
}
