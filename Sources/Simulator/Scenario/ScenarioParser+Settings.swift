extension ScenarioParser {
    /// Reads a line that holds for the scenario as a whole.
    mutating func readSetting(
        _ directive: Directive, _ cursor: inout LineCursor, of scenario: inout Scenario
    ) throws {
        switch directive {
        case .when:
            scenario.conditions += try condition(&cursor).map { [$0] } ?? []
        case .times:
            scenario.times = try times(&cursor)
        case .limit:
            scenario.limits.append(try limit(&cursor, besides: scenario.limits))
        case .status:
            try readStatus(&cursor, &scenario.settings)
        case .header:
            scenario.settings.headers.append(try header(&cursor))
        case .model:
            scenario.settings.model = try cursor.word("a model's id").text
        case .id:
            scenario.settings.id = try cursor.word("an id").text
        case .fingerprint:
            scenario.settings.fingerprint = try unlessNone(cursor.word("a fingerprint or none"))
        case .tier:
            scenario.settings.serviceTier = try unlessNone(cursor.word("a service tier or none"))
        case .usage:
            scenario.settings.usage = try usage(&cursor)
        case .logprobs:
            try cursor.expect("always")
            scenario.settings.logprobsAlways = true
        case .heeds:
            try cursor.expect("max_tokens")
            try cursor.expect("up")
            try cursor.expect("to")
            scenario.settings.heededLimit = try cursor.integer("a number of tokens", in: 0...1_000_000_000)
        case .split:
            scenario.split = try split(&cursor)
        case .after:
            try readTrigger(&cursor, &scenario)
        default:
            throw cursor.error("“\(directive.rawValue)” is no setting")
        }
    }

    private func times(_ cursor: inout LineCursor) throws -> Times {
        let count = try cursor.integer("a number of requests", in: 1...1_000_000)
        guard cursor.take("of") else { return Times(count: count) }
        return Times(count: count, period: try cursor.integer("a number of requests", in: count...1_000_000))
    }

    private mutating func limit(_ cursor: inout LineCursor, besides others: [RateLimit]) throws -> RateLimit {
        let count = try cursor.integer("a number of requests or tokens", in: 1...1_000_000_000)
        let word = try cursor.word("requests or tokens")
        let units = RateLimit.Unit.allCases
        guard let unit = units.first(where: { $0.rawValue == word.text || $0.rawValue.dropLast() == word.text }) else {
            throw unknown(word, among: units.map(\.rawValue), what: "unit", cursor)
        }
        if others.contains(where: { $0.unit == unit }) {
            throw cursor.error("there is already a limit of \(unit.rawValue)", column: word.column)
        }
        try cursor.expect("in")
        let column = cursor.position + 1
        let time = try cursor.duration()
        guard time > 0 else { throw cursor.error("a limit needs a span of time", column: column) }
        return RateLimit(count: count, unit: unit, nanoseconds: time)
    }

    private func unlessNone(_ word: Word) -> String? { word.text == "none" ? nil : word.text }

    private func readStatus(_ cursor: inout LineCursor, _ settings: inout ResponseSettings) throws {
        settings.status = try cursor.integer("a status", in: 200...599)
        let column = cursor.position + 1
        let reason = cursor.rest()
        guard reason.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw cursor.error("a reason is plain ASCII", column: column)
        }
        settings.reason = reason.isEmpty ? nil : reason
    }

    private func header(_ cursor: inout LineCursor) throws -> HeaderLine {
        let word = try cursor.word("a header such as Retry-After: 2")
        guard word.text.hasSuffix(":"), word.text.count > 1,
            word.text.dropLast().utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"():;,\"/\\{}<>=?@[]".utf8.contains($0) })
        else { throw cursor.error("expected a header such as Retry-After: 2", column: word.column) }
        let name = String(word.text.dropLast())
        if ["content-length", "transfer-encoding", "connection"].contains(name.lowercased()) {
            throw cursor.error("the server itself sets \(name)", column: word.column)
        }
        let column = cursor.position + 1
        let value = cursor.rest()
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw cursor.error("a header has no control characters", column: column)
        }
        return HeaderLine(name: name, value: value)
    }

    private mutating func usage(_ cursor: inout LineCursor) throws -> UsagePlan {
        var plan = UsagePlan()
        if cursor.take("auto") { return plan }
        if cursor.take("none") {
            plan.isReported = false
            return plan
        }
        if cursor.next == "'" || cursor.next == "\"" || cursor.next == "<" {
            plan.verbatim = try text(&cursor)
            return plan
        }
        repeat {
            let name = try cursor.word("auto, none, a text, or counts such as prompt 12 completion 34")
            let keys: [String: WritableKeyPath<UsagePlan, Int?>] = [
                "prompt": \.prompt, "completion": \.completion, "cached": \.cached, "reasoning": \.reasoning,
            ]
            guard let key = keys[name.text] else {
                throw unknown(name, among: ["auto", "none"] + keys.keys.sorted(), what: "count", cursor)
            }
            plan[keyPath: key] = try cursor.integer("a number of tokens", in: -1_000_000_000...1_000_000_000_000)
        } while !cursor.isAtEnd
        return plan
    }

    private mutating func split(_ cursor: inout LineCursor) throws -> Split {
        if cursor.take("every") {
            let count = try cursor.integer("a number of bytes", in: 1...1_000_000)
            if !cursor.take("byte") { try cursor.expect("bytes") }
            return .every(count, pause: cursor.take("pause") ? try cursor.duration() : 0)
        }
        try cursor.expect("at")
        var positions: [Int] = []
        repeat { positions.append(try cursor.integer("a byte's position", in: 1...100_000_000)) } while !cursor.isAtEnd
        return .at(Array(Set(positions)).sorted())
    }

    private mutating func readTrigger(_ cursor: inout LineCursor, _ scenario: inout Scenario) throws {
        let count = try cursor.integer("a number of pieces or bytes", in: 0...1_000_000_000)
        let what = try cursor.word("pieces or bytes")
        guard ["piece", "pieces", "byte", "bytes"].contains(what.text) else {
            throw unknown(what, among: ["pieces", "bytes"], what: "unit", cursor)
        }
        let inPieces = what.text.hasPrefix("piece")
        let known = ["wait", "cut", "reset", "raw"] + (inPieces ? ["comment", "data", "error", "fail"] : [])
        let word = try cursor.word("what happens then: \(known.joined(separator: ", "))")
        guard known.contains(word.text), let directive = Directive(rawValue: word.text) else {
            throw unknown(word, among: known, what: "happening", cursor)
        }
        let trigger = Trigger(count: count, step: try step(directive, &cursor))
        if inPieces { scenario.pieceTriggers.append(trigger) } else { scenario.byteTriggers.append(trigger) }
    }

    /// An error about a word that is none of those that may stand there.
    func unknown(_ word: Word, among known: [String], what: String, _ cursor: LineCursor) -> ScenarioError {
        let hint = nearest(to: word.text, among: known).map { "did you mean “\($0)”?" }
        let list = "known are \(known.joined(separator: ", "))"
        return cursor.error("unknown \(what) “\(word.text.prefix(40))”; \(hint ?? list)", column: word.column)
    }
}
