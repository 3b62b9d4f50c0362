internal import FunctionTools
internal import ProviderCore

/// The state of reading one suite: what is wrong so far, and what is remembered to be checked against the data.
struct SuiteReading {
    /// The most problems that are told.
    static let mostProblems = 200

    let file: String
    let files: any SuiteFiles
    var suite = Suite()
    private(set) var problems: [SuiteProblem] = []
    /// SHA-256 of every file that was read, by name.
    var digests: [String: String] = [:]

    /// Models by name, as the suite says.
    var models: [SuiteModel] = []
    /// Prompts by name, in order, and where their templates stand.
    var prompts: [(name: String, messages: [PromptMessage], places: [TemplatePlace])] = []
    /// Tools by name, in order.
    var tools: [Tool] = []
    /// Names that came with a mistake, which are not told again where they are used.
    var spoiled: Set<String> = []
    /// Every template read so far and where it stands, to be tried with each sample.
    var templates: [TemplatePlace] = []

    init(file: String, files: any SuiteFiles) {
        self.file = file
        self.files = files
        suite.file = file
    }

    var hasProblems: Bool { !problems.isEmpty }

    /// Notes a problem at a place of the suite.
    mutating func problem(_ mark: SuiteMark, _ message: String) {
        problems.append(SuiteProblem(file: file, line: mark.line, column: mark.column, message))
    }

    /// Notes a problem of a value.
    mutating func problem(_ node: SuiteNode, _ message: String) { problem(node.mark, message) }

    /// Notes problems of any file.
    mutating func add(_ others: [SuiteProblem]) { problems += others }

    /// The problems in order, each once.
    var sortedProblems: [SuiteProblem] {
        var sorted = Array(Set(problems)).sorted()
        guard sorted.count > Self.mostProblems, let last = sorted.dropFirst(Self.mostProblems - 1).first else {
            return sorted
        }
        sorted.removeLast(sorted.count - Self.mostProblems)
        sorted.append(
            SuiteProblem(file: last.file, line: last.line, column: last.column, "more problems are not shown"))
        return sorted
    }

    /// `FILE:LINE` of a value.
    func place(_ node: SuiteNode) -> String { "\(file):\(node.mark.line)" }

    // MARK: Mappings

    /// The members of a mapping; nil, and a problem, when it is none. Members that are not known are problems, and so
    /// are those that are refused, with the reason.
    mutating func fields(_ node: SuiteNode, _ keys: SuiteKeys, example: String) -> SuiteFields? {
        guard let entries = node.entries else {
            problem(node, "\(keys.what) is a mapping, and this is \(node.words): \(example)")
            return nil
        }
        if node.isUnquotedTemplate { return nil }
        for entry in entries where !keys.known.contains(entry.key) {
            if let reason = keys.refused[entry.key] {
                problem(entry.mark, "\"\(entry.key)\" \(reason)")
            } else {
                let names = keys.known + keys.refused.keys.sorted()
                problem(
                    entry.mark,
                    "\"\(NameWords.cut(entry.key))\" is not known in \(keys.what)"
                        + NameWords.suggestion(entry.key, among: names))
            }
        }
        return SuiteFields(node: node, what: keys.what, entries: entries)
    }

    /// A member that must be there.
    mutating func required(_ fields: SuiteFields, _ key: String, example: String) -> SuiteNode? {
        if let node = fields[key] { return node }
        problem(fields.node, "\(fields.what) needs \"\(key)\": \(example)")
        return nil
    }

    /// The named members of a mapping of names; a problem when it is none. Names are lines without blanks at their
    /// ends.
    mutating func named(_ node: SuiteNode, _ what: String, example: String) -> [SuiteNode.Entry] {
        guard let entries = node.entries else {
            problem(node, "\(what) is a mapping of names, and this is \(node.words): \(example)")
            return []
        }
        if node.isUnquotedTemplate { return [] }
        return entries.filter { entry in
            let isName =
                !entry.key.isEmpty && entry.key.utf8.count <= 100
                && entry.key.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value >= 0x20 }
            if !isName {
                problem(entry.mark, "\"\(NameWords.cut(entry.key))\" is no name: 1 to 100 letters without blanks")
            }
            return isName
        }
    }
}

/// A template and where the suite has it.
struct TemplatePlace: Sendable {
    var template: FieldTemplate
    var mark: SuiteMark
    /// Whether `{{output}}` is the answer there.
    var hasOutput = false
    /// Whether what comes of it has to be a number.
    var isNumber = false
}

/// The members of a mapping that is being read.
struct SuiteFields {
    let node: SuiteNode
    /// What it is, in words: "a task".
    let what: String
    let entries: [SuiteNode.Entry]

    /// The value of a member; nil when it is not there or empty.
    subscript(_ key: String) -> SuiteNode? {
        entries.first { $0.key == key && !$0.value.isNull }?.value
    }

    /// Where a member's name stands, else the mapping.
    func mark(_ key: String) -> SuiteMark { entries.first { $0.key == key }?.mark ?? node.mark }
}
