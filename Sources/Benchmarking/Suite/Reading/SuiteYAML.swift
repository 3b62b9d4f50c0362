internal import Yams

/// Reads a suite's text as YAML 1.2 into nodes, without aliases, anchors, tags and merge keys.
enum SuiteYAML {
    /// The most bytes of a suite's file: 4 MB.
    static let greatestSize = 4_000_000
    /// How deep lists and mappings may nest.
    static let deepest = 64
    /// Stands for a key that is a mapping: what comes of `{{name}}` without quotes.
    static let bracedKey = "{{"
    static let quoteHint = "a value that begins with \"{{\" must be quoted: \"{{question}}\""

    /// The root, and what is wrong; the root is nil when the text cannot be read at all.
    static func read(_ bytes: [UInt8], file: String) -> (root: SuiteNode?, problems: [SuiteProblem]) {
        func failed(_ line: Int, _ column: Int, _ message: String) -> (SuiteNode?, [SuiteProblem]) {
            (nil, [SuiteProblem(file: file, line: line, column: column, message)])
        }
        guard bytes.count <= greatestSize else {
            return failed(1, 1, "a suite has at most \(greatestSize / 1_000_000) MB; put samples into a data file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let mark = TextMarks.firstInvalid(bytes)
            return failed(mark.line, mark.column, "is not UTF-8 here; save the file as UTF-8")
        }
        if let mark = AliasBound.tooMany(bytes) {
            return failed(
                mark.line, mark.column,
                "looks like anchors and aliases (&name, *name) that multiply, which are not taken; "
                    + "a text goes into a file"
            )
        }
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Anchors are held by the parser, and nodes refer to them weakly.
            return try withExtendedLifetime(parser) {
                guard let node = try parser.singleRoot() else {
                    return failed(1, 1, "the suite is empty; it begins with suite: 1")
                }
                var conversion = Conversion(file: file)
                let root = conversion.node(node, path: "", depth: 0)
                return (root, conversion.problems)
            }
        } catch {
            let problem = YAMLFault(error, text).problem(file)
            return (nil, [problem])
        }
    }

    private struct Conversion {
        let file: String
        var problems: [SuiteProblem] = []

        mutating func problem(_ mark: SuiteMark, _ message: String) {
            problems.append(SuiteProblem(file: file, line: mark.line, column: mark.column, message))
        }

        mutating func node(_ node: Node, path: String, depth: Int) -> SuiteNode {
            let mark = SuiteMark(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
            let empty = SuiteNode(content: .scalar("", isPlain: true), mark: mark, path: path)
            if node.anchor != nil {
                problem(mark, "anchors and aliases (&name, *name) are not taken; write the value out")
                return empty
            }
            guard depth <= SuiteYAML.deepest else {
                problem(mark, "nests deeper than \(SuiteYAML.deepest) levels")
                return empty
            }
            switch node {
            case .scalar(let scalar):
                let tag = scalar.tag.rawValue
                let isPlain = scalar.style == .plain || scalar.style == .any
                checkTag(tag, mark, isExpected: tag.isEmpty || (!isPlain && tag == Tag.Name.str.rawValue))
                return SuiteNode(content: .scalar(scalar.string, isPlain: isPlain), mark: mark, path: path)
            case .sequence(let sequence):
                checkTag(sequence.tag.rawValue, mark, isExpected: sequence.tag.rawValue.isEmpty)
                let elements = sequence.enumerated().map { index, element in
                    self.node(element, path: "\(path)[\(index)]", depth: depth + 1)
                }
                return SuiteNode(content: .list(elements), mark: mark, path: path)
            case .mapping(let mapping):
                checkTag(mapping.tag.rawValue, mark, isExpected: mapping.tag.rawValue.isEmpty)
                return SuiteNode(content: .map(entries(mapping, path, depth)), mark: mark, path: path)
            case .alias:
                problem(mark, "anchors and aliases (&name, *name) are not taken; write the value out")
                return empty
            }
        }

        private mutating func checkTag(_ tag: String, _ mark: SuiteMark, isExpected: Bool) {
            guard !isExpected else { return }
            problem(mark, "tags such as \"\(NameWords.cut(tag))\" are not taken; quote a text that is no number")
        }

        private mutating func entries(_ mapping: Node.Mapping, _ path: String, _ depth: Int) -> [SuiteNode.Entry] {
            var entries: [SuiteNode.Entry] = []
            var places: [String: SuiteMark] = [:]
            for (key, value) in mapping {
                let mark = SuiteMark(line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
                guard case .scalar(let scalar) = key, key.anchor == nil else {
                    let isBraced = if case .mapping = key { true } else { false }
                    if isBraced, key.anchor == nil {
                        // Braces in braces: the outer ones begin the value.
                        let outer = mapping.mark.map { SuiteMark(line: $0.line, column: $0.column) }
                        problem(outer ?? mark, SuiteYAML.quoteHint)
                    } else {
                        problem(mark, "a key is a word, not a list or an alias")
                    }
                    let nothing = SuiteNode(content: .scalar("", isPlain: true), mark: mark, path: path)
                    entries.append(SuiteNode.Entry(key: SuiteYAML.bracedKey, mark: mark, value: nothing))
                    continue
                }
                let name = scalar.string
                if name == "<<", scalar.style == .plain {
                    problem(mark, "merge keys (<<) are not taken; write the members out")
                    continue
                }
                // Yams resolves the tags of keys when it compares them.
                let tag = scalar.tag.rawValue
                checkTag(tag, mark, isExpected: tag.isEmpty || tag == Tag.Name.str.rawValue)
                if let first = places[name] {
                    problem(mark, "\"\(NameWords.cut(name))\" is here twice; first on line \(first.line)")
                    continue
                }
                places[name] = mark
                let inner = path.isEmpty ? name : "\(path).\(name)"
                let node = node(value, path: inner, depth: depth + 1)
                entries.append(SuiteNode.Entry(key: name, mark: mark, value: node))
            }
            return entries
        }
    }
}

/// A text that Yams cannot read.
private struct YAMLFault {
    var mark = SuiteMark(line: 1, column: 1)
    var message: String

    init(_ error: any Error, _ text: String) {
        message = "is not YAML"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.mark = SuiteMark(line: mark.line, column: mark.column)
            message = Self.words(problem, context)
            explain(lines)
        case .reader(let problem, let offset, _, _):
            if let offset { self.mark = TextMarks.mark(ofCharacter: offset, in: text) }
            message = problem == "control characters are not allowed" ? "\(problem) in a suite" : problem
        case .duplicatedKeysInMapping(let names, let context):
            let name = names.first ?? ""
            let first = SuiteMark(line: context.mark.line, column: context.mark.column)
            mark = TextMarks.second(name, after: first, lines) ?? first
            message = "\"\(NameWords.cut(name))\" is here twice; first on line \(first.line)"
        case .some(let other): message = "is not YAML: \(String(describing: other).prefix(200))"
        case nil: break
        }
    }

    func problem(_ file: String) -> SuiteProblem {
        SuiteProblem(file: file, line: mark.line, column: mark.column, message)
    }

    private static func words(_ problem: String, _ context: YamlError.Context?) -> String {
        if problem == "but found another document" { return "a suite is one document; another begins here" }
        if problem.hasPrefix("Maximum nesting level") { return "nests deeper than \(SuiteYAML.deepest) levels" }
        guard let context, !context.text.isEmpty else { return "YAML: \(problem)" }
        let text = context.text.trimmingBlanks()
        return "YAML: \(problem), \(text) that begins on line \(context.mark.line)"
    }

    /// What people usually did when a parser gives up.
    private mutating func explain(_ lines: [Substring]) {
        // The parser stops at the mistake, or at the beginning of what follows it.
        for line in [mark.line, mark.line - 1] where lines.indices.contains(line - 1) {
            let scalars = Array(lines[line - 1].unicodeScalars)
            if let place = Self.braces(scalars) {
                mark = SuiteMark(line: line, column: place + 1)
                message = SuiteYAML.quoteHint
                return
            }
        }
        guard lines.indices.contains(mark.line - 1) else { return }
        let scalars = Array(lines[mark.line - 1].unicodeScalars)
        if scalars.indices.contains(mark.column - 1), scalars[mark.column - 1] == "\t" {
            message = "YAML takes no tabs for indenting; use blanks"
        } else if scalars.indices.contains(mark.column - 1), "@`%".unicodeScalars.contains(scalars[mark.column - 1]) {
            message = "a text that begins with \(scalars[mark.column - 1]) must be quoted"
        }
    }

    /// Where `{{` begins a value.
    private static func braces(_ line: [Unicode.Scalar]) -> Int? {
        for place in line.indices.dropLast() where line[place] == "{" && line[place + 1] == "{" {
            let before = line[..<place].last { $0 != " " }
            if before == nil || before == ":" || before == "-" || before == "[" || before == "," { return place }
        }
        return nil
    }
}
