internal import ProviderCore

/// Samples of a task as its data give them.
struct SuiteData {
    var samples: [Sample]
    /// Whether samples bring functions of their own.
    var hasTools: Bool
}

extension SuiteReading {
    /// Reads `data`; nil when it cannot be read.
    mutating func data(_ node: SuiteNode) -> SuiteData? {
        let example = "{jsonl: data/questions.jsonl}"
        guard let fields = fields(node, .data, example: example) else { return nil }
        let given = SuiteKeys.sources.filter { fields[$0] != nil }
        guard given.count == 1, let source = fields[given[0]] else {
            problem(node, "\"data\" has one of \(SuiteKeys.sources.joined(separator: ", ")): \(example)")
            return nil
        }
        if fields["answers"] != nil, given[0] != "bfcl" {
            problem(fields.mark("answers"), "\"answers\" is for bfcl only; the fields of other data are in the rows")
        }
        let count = problems.count
        var rows = given[0] == "inline" ? inline(source) : fileRows(source, given[0], fields["answers"])
        if let node = fields["map"] { map(node, &rows) }
        let ids = identify(&rows)
        guard problems.count == count else { return nil }
        let chosen = choose(rows, ids, fields)
        guard problems.count == count else { return nil }
        if chosen.isEmpty {
            problem(node, "the data have no samples")
            return nil
        }
        let samples = chosen.map { index in
            let row = rows[index]
            return Sample(
                id: ids[index], fields: row.fields, tools: row.tools, expectedCalls: row.expectedCalls,
                messages: row.messages)
        }
        return SuiteData(samples: samples, hasTools: samples.contains { !$0.tools.isEmpty })
    }

    // MARK: Rows

    private mutating func inline(_ node: SuiteNode) -> [DataRow] {
        var rows: [DataRow] = []
        for element in list(node, example: "[{id: a, question: \"1 + 1\", answer: 2}]") ?? [] {
            guard element.entries != nil else {
                problem(
                    element,
                    "a sample is a mapping, and this is \(element.words): {id: a, question: \"1 + 1\", answer: 2}")
                continue
            }
            guard !hasUnquotedTemplate(element) else { continue }
            rows.append(DataRow(fields: element.json, mark: element.mark))
        }
        return rows
    }

    /// Told already; JSON would have odd names.
    private func hasUnquotedTemplate(_ node: SuiteNode) -> Bool {
        node.isUnquotedTemplate || (node.entries ?? []).contains { hasUnquotedTemplate($0.value) }
    }

    private mutating func fileRows(_ node: SuiteNode, _ form: String, _ answers: SuiteNode?) -> [DataRow] {
        guard let (path, bytes) = contents(node) else { return [] }
        let data: DataRows
        switch form {
        case "csv": data = CSVData.read(bytes, file: path)
        case "humaneval": data = HumanEvalData.read(bytes, file: path)
        case "openai_evals": data = EvalsData.read(bytes, file: path)
        case "bfcl":
            let right = answers.flatMap { contents($0) }
            if answers != nil, right == nil { return [] }
            data = BFCLData.read(bytes, file: path, answers: right.map { ($0.bytes, $0.path) })
        default: data = JSONLinesData.read(bytes, file: path)
        }
        add(data.problems)
        return data.rows
    }

    /// The bytes of a data file, unpacked when its name ends in `.gz`.
    private mutating func contents(_ node: SuiteNode) -> (path: String, bytes: [UInt8])? {
        guard let path = text(node, example: "data/questions.jsonl"),
            let bytes = read(path, node, limit: SuiteReader.greatestData)
        else { return nil }
        guard path.hasSuffix(".gz") else { return (path, bytes) }
        do {
            return (path, try Gzip.unpack(bytes, limit: SuiteReader.greatestData))
        } catch {
            problem(node, "\(NameWords.cut(path)) \(error.message)")
            return nil
        }
    }

    /// Adds fields under other names. Values of `map` are names or paths of the row.
    private mutating func map(_ node: SuiteNode, _ rows: inout [DataRow]) {
        let entries = named(node, "\"map\"", example: "{question: body}")
        for entry in entries {
            guard let path = text(entry.value, example: "body") else { continue }
            for index in rows.indices {
                let fields = rows[index].fields
                let parts = path.split(separator: ".").map(String.init)
                let value =
                    fields[path]
                    ?? parts.reduce(Optional(fields)) { value, part in
                        value?[part]
                            ?? Int(part).flatMap { place in
                                value?.arrayValue.flatMap { $0.indices.contains(place) ? $0[place] : nil }
                            }
                    }
                guard let value else {
                    let names = (fields.objectValue ?? []).map(\.key)
                    let message =
                        "has no field \"\(NameWords.cut(path))\" for \"map\"" + NameWords.suggestion(path, among: names)
                    problem(rows[index], message)
                    break
                }
                rows[index].fields = Self.setting(entry.key, value, fields)
            }
        }
    }

    private static func setting(_ key: String, _ value: JSONValue, _ fields: JSONValue) -> JSONValue {
        var members = (fields.objectValue ?? []).filter { $0.key != key }
        members.append(JSONMember(key, value))
        return .object(members)
    }

    /// A problem at a row, in its own file.
    private mutating func problem(_ row: DataRow, _ message: String) {
        let file = row.file.isEmpty ? self.file : row.file
        add([SuiteProblem(file: file, line: row.mark.line, column: row.mark.column, message)])
    }

    /// The names of the rows: what their form says, the field `id`, else their number. Rows learn theirs as the field
    /// `id`.
    private mutating func identify(_ rows: inout [DataRow]) -> [String] {
        var ids: [String] = []
        var lines: [String: Int] = [:]
        var count = 0
        for index in rows.indices {
            let given = rows[index].fields["id"]
            if let given, given.stringValue == nil, given.doubleValue == nil, rows[index].id == nil {
                problem(rows[index], "\"id\" is a text or a number")
            }
            let id = rows[index].id ?? given.map(TemplateScope.text) ?? String(index + 1)
            if id.isEmpty || id.unicodeScalars.contains(where: { $0.value < 0x20 }) {
                problem(rows[index], "\"id\" is empty or more than a line")
            }
            if let line = lines[id], count < DataRows.mostProblems {
                problem(rows[index], "the id \"\(NameWords.cut(id))\" is here twice; first on line \(line)")
                count += 1
            }
            lines[id] = lines[id] ?? rows[index].mark.line
            if given == nil { rows[index].fields = Self.setting("id", .string(id), rows[index].fields) }
            ids.append(id)
        }
        return ids
    }

    // MARK: Choosing

    /// The places of the rows that are asked, in order: those of `ids` and `split_ids`, shuffled, without the skipped
    /// ones, at most `take`.
    private mutating func choose(_ rows: [DataRow], _ ids: [String], _ fields: SuiteFields) -> [Int] {
        var chosen = Array(rows.indices)
        if let node = fields["ids"] {
            chosen = places(of: node, among: ids)
        }
        if let node = fields["split_ids"], let range = idRange(node) {
            chosen = chosen.filter { index in
                guard ids[index].hasPrefix(range.prefix) else { return false }
                let rest = ids[index].dropFirst(range.prefix.count)
                return rest.utf8.allSatisfy { $0 &- 0x30 < 10 } && Int(rest).map(range.numbers.contains) ?? false
            }
            if chosen.isEmpty { problem(node, "no sample is in \"\(NameWords.cut(node.scalar ?? ""))\"") }
        }
        if let node = fields["shuffle"], bool(node) == true {
            var random = SuiteShuffle(seed: suite.seed)
            chosen.shuffle(using: &random)
        }
        let skip = fields["skip"].flatMap { int($0, 0...Int.max, example: "10") } ?? 0
        let take = fields["take"].flatMap { int($0, 1...Int.max, example: "300") } ?? .max
        if let node = fields["skip"], skip >= chosen.count, skip > 0 {
            problem(node, "\"skip\" leaves none of \(chosen.count) samples")
        }
        return Array(chosen.dropFirst(skip).prefix(take))
    }

    /// The places of the rows that a list names, in its order.
    private mutating func places(of node: SuiteNode, among ids: [String]) -> [Int] {
        let places = Dictionary(zip(ids, ids.indices)) { first, _ in first }
        var wanted: [Int] = []
        var seen: Set<Int> = []
        var count = 0
        for element in list(node, example: "[a, b]") ?? [] {
            guard let id = text(element, example: ids.first ?? "a") else { continue }
            guard let index = places[id] else {
                // Looking for what was meant takes long, and nobody reads so many problems.
                if count < DataRows.mostProblems { _ = name(element, "sample", among: ids) }
                count += 1
                continue
            }
            if !seen.insert(index).inserted { problem(element, "\"\(id)\" is here twice") }
            wanted.append(index)
        }
        return wanted
    }

    /// `HumanEval/0..40`, both ends included.
    private mutating func idRange(_ node: SuiteNode) -> (prefix: String, numbers: ClosedRange<Int>)? {
        guard let text = text(node, example: "\"HumanEval/0..40\"") else { return nil }
        if let dots = text.ranges(of: "..").last {
            let head = text[..<dots.lowerBound]
            let digits = head.reversed().prefix { $0.isASCII && $0.isNumber }.count
            if let first = Int(head.suffix(digits)), let last = Int(text[dots.upperBound...]), first <= last {
                return (String(head.dropLast(digits)), first...last)
            }
        }
        problem(node, "\"split_ids\" is a range of ids, both ends included: \"HumanEval/0..40\"")
        return nil
    }
}

/// Chance that repeats itself, for shuffling (SplitMix64).
struct SuiteShuffle: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
