/// The words that a line of a scenario file can begin with.
enum Directive: String, CaseIterable {
    case scenario
    case when, times, limit
    case status, header, model, id, fingerprint, tier, usage, logprobs, heeds, split, after
    case rate, pieces, wait, headers
    case reply, reasoning, refuse, call, arguments, token
    case delta, data, comment, raw, body, error, fail
    case finish, done, cut, reset
    case `repeat`, together, end
}

/// Turns the text of a scenario file into scenarios.
struct ScenarioParser {
    let file: String
    let lines: [Substring]
    /// The index of the next line to read.
    var lineIndex = 0
    /// The scenario being read.
    var current: Scenario?
    private var finished: [Scenario] = []
    private var nameLine = 1
    private var open: [OpenBlock] = []

    /// Lines up to an `end`.
    private struct OpenBlock {
        enum Kind {
            /// So many rounds; nil: for ever.
            case rounds(Int?)
            case together
        }
        var kind: Kind
        var steps: [Step] = []
        var cursor: LineCursor

        /// The block as one step. Throws when nothing stands in it.
        func closed() throws -> Step {
            switch kind {
            case .rounds(let rounds):
                if steps.isEmpty { throw cursor.error("nothing to repeat", column: 1) }
                return .repeated(rounds, steps)
            case .together:
                if steps.isEmpty { throw cursor.error("no calls to play together", column: 1) }
                return .together(steps.compactMap { if case .call(let call) = $0 { call } else { nil } })
            }
        }
    }

    init(_ text: String, file: String) {
        self.file = file
        let body = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : Substring(text)
        lines = body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    /// Reads the whole file.
    mutating func parse() throws -> [Scenario] {
        while lineIndex < lines.count {
            var cursor = LineCursor(lines[lineIndex], file: file, line: lineIndex + 1)
            lineIndex += 1
            guard let word = cursor.word() else { continue }
            guard let directive = Directive(rawValue: word.text) else { throw unknown(word, in: cursor) }
            try read(directive, &cursor, column: word.column)
            try cursor.expectEnd()
        }
        try closeScenario()
        if finished.isEmpty {
            throw ScenarioError(file: file, line: 1, column: 1, message: "the file has no scenario")
        }
        return finished
    }

    private func unknown(_ word: Word, in cursor: LineCursor) -> ScenarioError {
        let suggestion = nearest(to: word.text, among: Directive.allCases.map(\.rawValue))
            .map { "; did you mean “\($0)”?" }
        return cursor.error("unknown word “\(word.text.prefix(40))”\(suggestion ?? "")", column: word.column)
    }

    private mutating func read(_ directive: Directive, _ cursor: inout LineCursor, column: Int) throws {
        if directive == .scenario { return try openScenario(&cursor) }
        guard var scenario = current else {
            throw cursor.error("“\(directive.rawValue)” must stand below a “scenario” line", column: column)
        }
        switch directive {
        case .repeat:
            let rounds = cursor.take("forever") ? nil : try cursor.integer("a number of rounds", in: 1...1_000_000)
            try expectNotTogether(cursor, column: column)
            open.append(OpenBlock(kind: .rounds(rounds), cursor: cursor))
        case .together:
            try expectNotTogether(cursor, column: column)
            open.append(OpenBlock(kind: .together, cursor: cursor))
        case .end:
            guard let last = open.popLast() else { throw cursor.error("nothing to end here", column: column) }
            add(try last.closed())
        case .when, .times, .limit, .status, .header, .model, .id, .fingerprint, .tier, .usage, .logprobs, .heeds,
            .split,
            .after:
            try readSetting(directive, &cursor, of: &scenario)
            current = scenario
        default:
            if directive != .call { try expectNotTogether(cursor, column: column) }
            add(try step(directive, &cursor))
        }
    }

    /// Only calls are played together.
    private func expectNotTogether(_ cursor: LineCursor, column: Int) throws {
        guard case .together? = open.last?.kind else { return }
        throw cursor.error("only “call” lines stand in a “together”", column: column)
    }

    private mutating func add(_ step: Step) {
        if open.isEmpty { current?.steps.append(step) } else { open[open.count - 1].steps.append(step) }
    }

    private mutating func openScenario(_ cursor: inout LineCursor) throws {
        try closeScenario()
        let name = try cursor.word("a name")
        guard name.text.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }) else {
            throw cursor.error("a name has letters, digits, - _ and . only", column: name.column)
        }
        if finished.contains(where: { $0.name == name.text }) {
            throw cursor.error("there is already a scenario “\(name.text)” in this file", column: name.column)
        }
        nameLine = cursor.line
        current = Scenario(name: name.text)
    }

    private mutating func closeScenario() throws {
        guard var scenario = current else { return }
        if let unclosed = open.last {
            let word = if case .together = unclosed.kind { "together" } else { "repeat" }
            throw unclosed.cursor.error("this \(word) has no “end”", column: 1)
        }
        let place = LineCursor("", file: file, line: nameLine)
        if scenario.steps.isEmpty, scenario.settings.status == 200 {
            throw place.error("scenario “\(scenario.name)” plays nothing", column: 1)
        }
        let hasText = scenario.steps.contains { if case .text = $0 { true } else { false } }
        if scenario.hasBody, hasText {
            throw place.error("scenario “\(scenario.name)” has both a body and a reply", column: 1)
        }
        scenario.pieceTriggers.sort { $0.count < $1.count }
        scenario.byteTriggers.sort { $0.count < $1.count }
        finished.append(scenario)
        current = nil
    }
}
