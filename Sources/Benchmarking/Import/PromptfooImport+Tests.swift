import ProviderCore

/// Tests and assertions.
extension PromptfooImport {
    /// The most tests that arrays of variables may multiply one test into.
    private static let mostVariants = 10_000

    mutating func readTests(_ node: SuiteNode) {
        if let text = node.scalar { return readFile(text, node) }
        for (number, element) in (node.elements ?? [node]).enumerated() {
            if let text = element.scalar, text.hasPrefix("file://") {
                readFile(text, element)
            } else if let test = readTest(element, id: "\(number + 1)") {
                add(test, element)
            }
        }
    }

    /// Tests of a CSV file: columns are variables, `__expected` is an assertion.
    private mutating func readFile(_ text: String, _ node: SuiteNode) {
        let name = text.hasPrefix("file://") ? text : "file://" + text
        guard name.hasSuffix(".csv") else {
            return skip(node, "tests of \(NameWords.cut(text)): only CSV files and lists are taken over")
        }
        guard let contents = contents(name, node) else { return }
        let data = CSVData.read(Array(contents.utf8), file: text)
        for problem in data.problems { skip(node, problem.description) }
        for (number, row) in data.rows.enumerated() {
            var test = PromptfooTest(id: "\(number + 1)")
            for member in row.fields.objectValue ?? [] {
                guard member.key.hasPrefix("__") else {
                    test.variables.append(member)
                    continue
                }
                let value = member.value.stringValue ?? ""
                switch member.key {
                case "__description": test.about = value
                case _ where member.key.hasPrefix("__expected") && !value.isEmpty:
                    if let assertion = assertion(csv: value, node, row.mark.line) { test.assertions.append(assertion) }
                case _ where value.isEmpty: break
                default: skip(node, "\(text):\(row.mark.line): column \(NameWords.cut(member.key)) is not taken over")
                }
            }
            add(test, node)
        }
    }

    private mutating func assertion(csv text: String, _ node: SuiteNode, _ line: Int) -> PromptfooAssertion? {
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmed }
        let kinds = PromptfooAssertion.Shape.texts + PromptfooAssertion.Shape.lists
        guard parts.count == 2, parts[0].allSatisfy({ $0.isLetter || $0 == "-" }) else {
            return PromptfooAssertion(shape: .init(kind: "equals"), value: .string(text))
        }
        let isNegated = parts[0].hasPrefix("not-")
        let kind = isNegated ? String(parts[0].dropFirst(4)) : parts[0]
        guard kinds.contains(kind) else {
            skip(node, "row on line \(line): the assertion \"\(NameWords.cut(parts[0]))\" is not taken over")
            return nil
        }
        let shape = PromptfooAssertion.Shape(kind: kind, isNegated: isNegated)
        let isList = PromptfooAssertion.Shape.lists.contains(kind)
        let values = parts[1].split(separator: ",").map { JSONValue.string($0.trimmed) }
        return PromptfooAssertion(shape: shape, value: isList ? .array(values) : .string(parts[1]))
    }

    /// A test; nil and a skip when it is none.
    mutating func readTest(_ node: SuiteNode, id: String) -> PromptfooTest? {
        guard let entries = node.entries else {
            skip(node, "a test that is no mapping")
            return nil
        }
        var test = PromptfooTest(id: id)
        for entry in entries {
            switch entry.key {
            case "description": test.about = entry.value.scalar ?? ""
            case "vars": test.variables = variables(entry.value)
            case "assert":
                for element in entry.value.elements ?? [] {
                    if let assertion = assertion(element) { test.assertions.append(assertion) }
                }
            default: skip(entry.mark, "\"\(NameWords.cut(entry.key))\" of a test is not taken over")
            }
        }
        return test
    }

    private mutating func variables(_ node: SuiteNode) -> [JSONMember] {
        guard let entries = node.entries else {
            skip(node, "variables that are no mapping")
            return []
        }
        return entries.compactMap { entry in
            guard let text = entry.value.scalar, text.hasPrefix("file://") else {
                return JSONMember(entry.key, entry.value.json)
            }
            return contents(text, entry.value).map { JSONMember(entry.key, .string($0)) }
        }
    }

    /// Adds a test with what all have in common; arrays among its variables make a test for each element.
    private mutating func add(_ test: PromptfooTest, _ node: SuiteNode) {
        var test = test
        let own = Set(test.variables.map(\.key))
        test.variables = common.variables.filter { !own.contains($0.key) } + test.variables
        test.assertions = common.assertions + test.assertions
        guard !test.assertions.isEmpty else {
            return skip(node, "test \(test.id) has no assertion that is taken over")
        }
        var variants = [test]
        for (place, variable) in test.variables.enumerated() {
            guard let values = variable.value.arrayValue, !values.isEmpty else { continue }
            guard variants.count * values.count <= Self.mostVariants else {
                return skip(node, "test \(test.id) comes to more than \(Self.mostVariants) variants")
            }
            variants = variants.flatMap { variant in
                values.enumerated().map { number, value in
                    var variant = variant
                    variant.id += ".\(number + 1)"
                    variant.variables[place].value = value
                    return variant
                }
            }
        }
        for variant in variants { if let ready = filled(variant, node) { tests.append(ready) } }
    }

    /// A test whose assertions have their variables in place: their values are fields of the sample.
    private mutating func filled(_ test: PromptfooTest, _ node: SuiteNode) -> PromptfooTest? {
        var test = test
        let fields = JSONValue.object(test.variables)
        do {
            for index in test.assertions.indices {
                test.assertions[index].value = try test.assertions[index].value.map { try Self.filled($0, fields) }
                let assertion = test.assertions[index]
                // What begins with a text is a pattern with us.
                if assertion.shape.kind == "starts-with", let text = assertion.value?.stringValue {
                    test.assertions[index].value = .string("^" + PatternText.escaped(text))
                }
                if assertion.shape.isJudged, let rubric = assertion.shape.document {
                    test.assertions[index].shape.document = try Self.filled(.string(rubric), fields).stringValue
                }
            }
            return test
        } catch {
            skip(node, "test \(test.id): \(error)")
            return nil
        }
    }

    private static func filled(_ value: JSONValue, _ fields: JSONValue) throws -> JSONValue {
        switch value {
        case .string(let text):
            if let why = obstacle(text) { throw ImportError("an assertion: \(why)") }
            return .string(try FieldTemplate(text).rendered(with: fields))
        case .array(let elements): return .array(try elements.map { try filled($0, fields) })
        default: return value
        }
    }

    // MARK: Assertions

    private mutating func assertion(_ node: SuiteNode) -> PromptfooAssertion? {
        guard let type = node.member("type")?.scalar else {
            skip(node, "an assertion without a \"type\"")
            return nil
        }
        let isNegated = type.hasPrefix("not-")
        var shape = PromptfooAssertion.Shape(kind: isNegated ? String(type.dropFirst(4)) : type, isNegated: isNegated)
        for entry in node.entries ?? [] {
            switch entry.key {
            case "type", "value": break
            case "weight":
                shape.weight = entry.value.json.doubleValue ?? 1
                if shape.weight <= 0 {
                    skip(entry.mark, "an assertion of weight 0")
                    return nil
                }
            default: skip(entry.mark, "\"\(NameWords.cut(entry.key))\" of an assertion is not taken over")
            }
        }
        return value(node, shape)
    }

    private mutating func value(_ node: SuiteNode, _ shape: PromptfooAssertion.Shape) -> PromptfooAssertion? {
        var shape = shape
        let value = node.member("value")
        if PromptfooAssertion.Shape.texts.contains(shape.kind), let text = value?.scalar {
            return contents(text, node).map { PromptfooAssertion(shape: shape, value: .string($0)) }
        }
        if PromptfooAssertion.Shape.lists.contains(shape.kind), let value {
            let texts = value.elements?.compactMap(\.scalar) ?? value.scalar?.split(separator: ",").map { $0.trimmed }
            if let texts, !texts.isEmpty {
                return PromptfooAssertion(shape: shape, value: .array(texts.map(JSONValue.string)))
            }
        }
        switch shape.kind {
        case "is-json":
            if let text = value?.scalar {
                guard let schema = contents(text, node), (try? JSONParser.parse(schema)) != nil else {
                    skip(node, "is-json with a schema that is no JSON")
                    return nil
                }
                shape.document = schema
            } else if let value {
                shape.document = JSONWriter.string(value.json)
            }
            return PromptfooAssertion(shape: shape, value: nil)
        case "llm-rubric":
            guard let text = value?.scalar, let rubric = contents(text, node) else { break }
            shape.document = rubric
            return PromptfooAssertion(shape: shape, value: nil)
        default: break
        }
        skip(node, "the assertion \"\(NameWords.cut(node.member("type")?.scalar ?? ""))\" is not taken over")
        return nil
    }
}
