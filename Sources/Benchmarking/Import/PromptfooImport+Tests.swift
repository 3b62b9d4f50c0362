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
                for element in entry.value.elements ?? [] { test.assertions += assertions(element) }
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
}
