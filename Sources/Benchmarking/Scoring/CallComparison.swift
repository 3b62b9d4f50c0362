internal import FunctionTools
internal import ProviderCore

/// A call of an answer, read once however many expected ones it is compared with.
struct ReadCall {
    let name: String
    /// An object; nil when there is a fault.
    let arguments: JSONValue?
    /// Why it cannot be compared: no JSON, no object, no such function.
    let fault: String?
    /// What its arguments do against the schema.
    let violations: [SchemaViolation]

    init(_ call: ToolCall, _ tools: ToolSet) {
        name = call.name
        let check = tools.check(call)
        var violations: [SchemaViolation] = []
        var fault: String?
        switch check.fault {
        case .invalid(let found): violations = found
        // Where nothing is known of the functions, none is unknown.
        case .unknown where tools.isEmpty: fault = Self.fault(of: call.arguments)
        case .some(let other): fault = other.sentence
        case nil: break
        }
        self.violations = violations
        self.fault = fault
        arguments = fault == nil ? check.arguments : nil
    }

    private static func fault(of arguments: String) -> String? {
        do {
            let isObject = try CallCheck.parse(arguments).objectValue != nil
            return isObject ? nil : CallCheck.Fault.notAnObject.sentence
        } catch { return CallCheck.Fault.malformed("\(error)").sentence }
    }

    /// `get_weather(city: "Paris")`, shortened.
    var words: String {
        let arguments = (arguments?.objectValue ?? []).map { "\($0.key): \(Texts.shown($0.value))" }
        return Texts.cut("\(name)(\(arguments.joined(separator: ", ")))", to: 160)
    }
}

/// Compares a call with an expected one.
struct CallComparison {
    let match: CallsSpec.Match

    /// What is different, in words such as `city is "Rome", not "Paris"`; empty = they match. At most `limit`.
    func differences(_ call: ReadCall, _ expected: ExpectedCall, limit: Int = 4) -> [String] {
        guard isSameName(call.name, expected.name) else {
            return ["the function is \(Texts.quoted(call.name)), not \(Texts.quoted(expected.name))"]
        }
        guard let arguments = call.arguments else { return [call.fault ?? "there are no arguments"] }
        var found = match == .schemaOnly ? [] : differences(arguments, expected.arguments)
        for violation in call.violations where !isForgiven(violation, arguments, expected) {
            found.append(violation.description)
        }
        return Array(found.prefix(limit))
    }

    /// OpenAI takes no dots in names: there BFCL's `math.sqrt` is `math_sqrt`.
    private func isSameName(_ name: String, _ expected: String) -> Bool {
        name == expected || (match == .bfcl && name.replacing(".", with: "_") == expected.replacing(".", with: "_"))
    }

    /// BFCL's answers break its own schemas here and there; there the answer decides.
    private func isForgiven(_ violation: SchemaViolation, _ arguments: JSONValue, _ expected: ExpectedCall) -> Bool {
        guard match == .bfcl, let name = violation.path.tokens.first, let value = arguments[name],
            let argument = expected.arguments.first(where: { $0.name == name })
        else { return false }
        return argument.allowed.contains { JSONEquality.equal($0, value) }
    }

    private func differences(_ arguments: JSONValue, _ expected: [ExpectedCall.Argument]) -> [String] {
        var found: [String] = []
        for argument in expected {
            guard let value = arguments[argument.name] else {
                if !argument.mayBeAbsent { found.append("\(argument.name) is missing") }
                continue
            }
            if argument.allowed.isEmpty || argument.allowed.contains(where: { isAlike(value, $0) }) { continue }
            found.append(difference(value, argument))
        }
        let names = Set(expected.map(\.name))
        for name in Set((arguments.objectValue ?? []).map(\.key)).subtracting(names).sorted() {
            found.append("\(name) is not expected")
        }
        return found
    }

    private func difference(_ value: JSONValue, _ argument: ExpectedCall.Argument) -> String {
        if argument.allowed.count == 1 {
            return place(of: value, argument.allowed[0], at: JSONPointer([argument.name]))
        }
        let allowed = argument.allowed.prefix(4).map(Texts.shown).joined(separator: ", ")
        let rest = argument.allowed.count > 4 ? " and \(argument.allowed.count - 4) more" : ""
        return "\(argument.name) is \(Texts.shown(value)), none of \(allowed)\(rest)"
    }

    /// The first difference between two values that are not alike, at its place.
    private func place(of value: JSONValue, _ expected: JSONValue, at pointer: JSONPointer) -> String {
        switch (value, expected) {
        case (.object(let members), .object(let others)) where match == .strict:
            for other in others {
                let inner = pointer.appending(other.key)
                guard let own = value[other.key] else { return "\(inner.words) is missing" }
                if !isAlike(own, other.value) { return place(of: own, other.value, at: inner) }
            }
            for member in members where expected[member.key] == nil {
                return "\(pointer.appending(member.key).words) is not expected"
            }
        case (.array(let elements), .array(let others)) where elements.count == others.count:
            for (index, pair) in zip(elements, others).enumerated() where !isAlike(pair.0, pair.1) {
                return place(of: pair.0, pair.1, at: pointer.appending(String(index)))
            }
        case (.array(let elements), .array(let others)):
            return "\(pointer.words) has \(elements.count) elements, not \(others.count)"
        default: break
        }
        return "\(pointer.words) is \(Texts.shown(value)), not \(Texts.shown(expected))"
    }

    func isAlike(_ value: JSONValue, _ expected: JSONValue) -> Bool {
        switch match {
        case .strict: JSONEquality.equal(value, expected)
        case .schemaOnly: true
        case .bfcl: Self.isAlikeByBFCL(value, expected)
        }
    }

    private static func isAlikeByBFCL(_ value: JSONValue, _ expected: JSONValue) -> Bool {
        switch (value, expected) {
        case (.string(let text), .string(let other)): return standard(text) == standard(other)
        case (.array(let elements), .array(let others)):
            return elements.count == others.count && zip(elements, others).allSatisfy { isAlikeByBFCL($0, $1) }
        case (.object(let members), .object(let others)):
            return members.allSatisfy { member in
                guard let allowed = expected[member.key], let own = value[member.key] else { return false }
                return isAllowed(own, allowed)
            } && others.allSatisfy { value[$0.key] != nil || mayBeAbsent($0.value) }
        default: return JSONEquality.equal(value, expected)
        }
    }

    /// Within an object BFCL lists the values that each member may have; an empty text among them: it may be left out.
    private static func isAllowed(_ value: JSONValue, _ allowed: JSONValue) -> Bool {
        if isAlikeByBFCL(value, allowed) { return true }
        return (allowed.arrayValue ?? []).contains { isAlikeByBFCL(value, $0) }
    }

    private static func mayBeAbsent(_ allowed: JSONValue) -> Bool {
        (allowed.arrayValue ?? []).contains(.string(""))
    }

    /// BFCL's standard form of a text: without blanks and `,./-_*^`, in lower case, with double quotes only.
    private static func standard(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !" ,./-_*^".unicodeScalars.contains(scalar) {
            result.append(scalar == "'" ? "\"" : scalar)
        }
        return String(result).lowercased()
    }
}
