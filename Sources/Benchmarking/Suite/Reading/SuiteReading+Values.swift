internal import FunctionTools
internal import ProviderCore

/// Reading values of a type. Each getter gives nil and notes a problem when a value is of another type.
extension SuiteReading {
    private mutating func wrong(_ node: SuiteNode, _ expected: String, _ example: String) {
        guard !node.isUnquotedTemplate else { return }
        problem(node, "\(Self.name(node)) is \(expected), and this is \(node.words): \(example)")
    }

    /// The last part of a value's way: `"votes"`, or `an element of "scale"`.
    static func name(_ node: SuiteNode) -> String {
        if let bracket = node.path.lastIndex(of: "["), node.path.hasSuffix("]") {
            let owner = node.path[..<bracket].split(separator: ".").last.map(String.init) ?? "the list"
            return "an element of \"\(NameWords.cut(owner))\""
        }
        return "\"\(NameWords.cut(node.path.split(separator: ".").last.map(String.init) ?? "the suite"))\""
    }

    /// A text. Numbers and words without quotes are texts too, as written.
    mutating func text(_ node: SuiteNode, example: String) -> String? {
        guard let text = node.scalar, !node.isNull else {
            wrong(node, "a text", example)
            return nil
        }
        return text
    }

    /// One of some words.
    mutating func word(_ node: SuiteNode, _ words: [String], notYet: [String: String] = [:]) -> String? {
        guard let word = text(node, example: words[0]) else { return nil }
        if words.contains(word) { return word }
        if let reason = notYet[word] {
            problem(node, "\"\(word)\" \(reason)")
        } else {
            let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
            let nearest = Spelling.nearest(to: word, among: words).map { "; did you mean \"\($0)\"?" } ?? ""
            problem(
                node,
                "\(Self.name(node)) is \(words.count > 1 ? "one of " : "")\(list), not \"\(NameWords.cut(word))\""
                    + nearest)
        }
        return nil
    }

    /// A name among others.
    mutating func name(_ node: SuiteNode, _ what: String, among names: [String]) -> String? {
        guard let name = text(node, example: names.first ?? "name") else { return nil }
        if names.contains(name) { return name }
        // Where all that there are came with mistakes, those are told.
        let areSpoiled = names.isEmpty && spoiled.contains { $0.hasPrefix("\(what) ") }
        if !areSpoiled, !spoiled.contains("\(what) \(name)") {
            problem(
                node, "there is no \(what) \"\(NameWords.cut(name))\"" + NameWords.suggestion(name, among: names))
        }
        return nil
    }

    /// A number as JSON spells it.
    private mutating func number(_ node: SuiteNode, _ what: String, _ example: String) -> JSONValue? {
        if case .scalar(let text, isPlain: true) = node.content, let number = SuiteNumber.json(text) { return number }
        wrong(node, what, example)
        return nil
    }

    /// A whole number.
    mutating func int(_ node: SuiteNode, _ range: ClosedRange<Int>, example: String) -> Int? {
        guard let number = number(node, "a whole number", example) else { return nil }
        guard let value = number.intValue else {
            wrong(node, "a whole number", example)
            return nil
        }
        guard range.contains(value) else {
            let most = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
            problem(node, "\(Self.name(node)) is \(range.lowerBound) \(most), and this is \(value)")
            return nil
        }
        return value
    }

    /// A number.
    mutating func double(_ node: SuiteNode, _ range: ClosedRange<Double>, example: String) -> Double? {
        guard let value = number(node, "a number", example)?.doubleValue else { return nil }
        guard range.contains(value) else {
            let (least, most) = (JSONValue.double(range.lowerBound), JSONValue.double(range.upperBound))
            let end = range.upperBound == .greatestFiniteMagnitude ? "or more" : "to \(JSONWriter.string(most))"
            problem(node, "\(Self.name(node)) is \(JSONWriter.string(least)) \(end), and this is \(node.words)")
            return nil
        }
        return value
    }

    /// True or false.
    mutating func bool(_ node: SuiteNode) -> Bool? {
        if case .scalar(let text, isPlain: true) = node.content, text == "true" || text == "false" {
            return text == "true"
        }
        wrong(node, "true or false", "true")
        return nil
    }

    /// A time with its unit: `500ms`, `10s`, `2m`, `1h`, `30d`.
    mutating func duration(_ node: SuiteNode, _ range: ClosedRange<Double>, example: String) -> Duration? {
        guard let text = node.scalar, !node.isNull, let seconds = Self.seconds(text) else {
            wrong(node, "a time with its unit (ms, s, m, h, d)", example)
            return nil
        }
        guard range.contains(seconds) else {
            problem(
                node,
                "\(Self.name(node)) is \(Self.words(range.lowerBound)) to \(Self.words(range.upperBound)), "
                    + "and this is \(node.words)")
            return nil
        }
        return .milliseconds(Int64((seconds * 1_000).rounded()))
    }

    /// Seconds of a text such as `1.5s`; nil when it is none.
    static func seconds(_ text: String) -> Double? {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count).trimmingBlanks()
            guard case .number(let number)? = SuiteNumber.json(digits), let value = Double(number), value >= 0 else {
                continue
            }
            return value * factor
        }
        return nil
    }

    private static func words(_ seconds: Double) -> String {
        let units: [(String, Double)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
        for (unit, factor) in units where seconds >= factor && (seconds / factor) == (seconds / factor).rounded() {
            return "\(Int(seconds / factor))\(unit)"
        }
        return "\(Int(seconds * 1_000))ms"
    }

    /// A size with its unit: `16MiB`, `1GiB`, `512KB`.
    mutating func size(_ node: SuiteNode, _ range: ClosedRange<Int>, example: String) -> Int? {
        let units: [(String, Double)] = [
            ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9),
        ]
        if let text = node.scalar, let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
            case .number(let number)? = SuiteNumber.json(text.dropLast(unit.count).trimmingBlanks()),
            let value = Double(number), value * factor <= Double(Int32.max) * 1_024
        {
            let bytes = Int(value * factor)
            if range.contains(bytes) { return bytes }
            problem(
                node,
                "\(Self.name(node)) is \(range.lowerBound >> 20) to \(range.upperBound >> 20) MiB, and this is \(text)")
            return nil
        }
        wrong(node, "a size with its unit (KiB, MiB, GiB, KB, MB, GB)", example)
        return nil
    }

    /// An amount of dollars.
    mutating func money(_ node: SuiteNode, example: String) -> Money? {
        guard case .number(let text)? = number(node, "an amount of dollars", example) else { return nil }
        guard let money = Money(text), money > .zero else {
            problem(
                node, "\(Self.name(node)) is more than 0 dollars, with at most 12 decimals, and this is \(node.words)")
            return nil
        }
        return money
    }

    /// A list with at least one element.
    mutating func list(_ node: SuiteNode, example: String) -> [SuiteNode]? {
        guard let elements = node.elements else {
            wrong(node, "a list", example)
            return nil
        }
        if elements.isEmpty { problem(node, "\(Self.name(node)) is an empty list: \(example)") }
        return elements
    }

    /// A list of texts, or one text.
    mutating func texts(_ node: SuiteNode, example: String) -> [String]? {
        if node.scalar != nil, !node.isNull { return text(node, example: example).map { [$0] } }
        return list(node, example: example)?.compactMap { text($0, example: example) }
    }

    /// A template; `inPrompt` allows `{{#each}}`, `withOutput` means that `{{output}}` is the answer.
    mutating func template(
        _ node: SuiteNode, example: String, inPrompt: Bool = false, withOutput: Bool = false
    ) -> FieldTemplate? {
        guard let text = text(node, example: example) else { return nil }
        let template = FieldTemplate(text)
        if let problem = template.problem {
            self.problem(node, problem)
            return nil
        }
        if !inPrompt, template.repeatsParts {
            problem(node, "{{#each}} is for prompts only; {{name|lines}} or {{name|json}} writes a list elsewhere")
            return nil
        }
        templates.append(TemplatePlace(template: template, mark: node.mark, hasOutput: withOutput))
        return template
    }
}
