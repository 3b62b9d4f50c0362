internal import ProviderCore

extension ScorerSpec {
    /// The name of a way to score: the SHA-256 of `canonicalText` in hexadecimal digits. Scores with different ones cannot be
    /// compared.
    public func digest(extraction: [ExtractionStep] = []) -> String {
        SHA256.hex(canonicalText(extraction: extraction).utf8)
    }

    /// The extraction and the scorer as JSON without white space, in a form that stays the same as long as all that decides a score
    /// does. What only tells of a score, such as a file for calibration, is not in it.
    public func canonicalText(extraction: [ExtractionStep] = []) -> String {
        JSONWriter.string(
            ScorerForm.tagged(
                "scoring", ("version", .int(1)), ("extract", .array(extraction.map(\.form))), ("score", form)))
    }

    fileprivate var form: JSONValue {
        switch self {
        case .exact(let text, let match):
            ScorerForm.tagged("exact", ("text", .string(text.source)), ("match", match.form))
        case .contains(let texts, let all, let match):
            ScorerForm.tagged(
                "contains", ("texts", ScorerForm.list(texts)), ("all", .bool(all)), ("match", match.form))
        case .regex(let pattern): ScorerForm.tagged("regex", ("pattern", .string(pattern.source)))
        case .number(let text, let tolerance, let relative):
            ScorerForm.tagged(
                "number", ("text", .string(text.source)), ("tolerance", .double(tolerance)),
                ("relative", .double(relative)))
        case .oneOf(let texts, let match):
            ScorerForm.tagged("one_of", ("texts", ScorerForm.list(texts)), ("match", match.form))
        case .jsonValid(let schema):
            ScorerForm.tagged("json_valid", ("schema", schema.map(ScorerForm.sorted) ?? .null))
        case .jsonPath(let path, let inner):
            ScorerForm.tagged("json_path", ("path", .string(path)), ("score", inner.form))
        case .calls(let calls): calls.form
        case .unitTests(let tests): tests.form
        case .judge(let judge): judge.form
        case .command(let arguments, let timeout):
            ScorerForm.tagged(
                "command", ("arguments", .array(arguments.map { .string($0) })), ("timeout", ScorerForm.time(timeout)))
        case .all(let parts): ScorerForm.tagged("all", ("parts", .array(parts.map(\.form))))
        case .any(let parts): ScorerForm.tagged("any", ("parts", .array(parts.map(\.form))))
        case .not(let inner): ScorerForm.tagged("not", ("score", inner.form))
        }
    }
}

extension ExtractionStep {
    fileprivate var form: JSONValue {
        switch self {
        case .after(let mark): ScorerForm.tagged("after", ("text", .string(mark)))
        case .before(let mark): ScorerForm.tagged("before", ("text", .string(mark)))
        case .line(let isLast): ScorerForm.tagged("line", ("last", .bool(isLast)))
        case .number(let isLast): ScorerForm.tagged("number", ("last", .bool(isLast)))
        case .regex(let pattern, let isLast):
            ScorerForm.tagged("regex", ("pattern", .string(pattern)), ("last", .bool(isLast)))
        case .codeBlock(let language, let isLast):
            ScorerForm.tagged(
                "code_block", ("language", language.map { .string($0) } ?? .null), ("last", .bool(isLast)))
        case .json: ScorerForm.tagged("json")
        case .jsonPath(let path): ScorerForm.tagged("json_path", ("path", .string(path)))
        case .trim: ScorerForm.tagged("trim")
        case .lower: ScorerForm.tagged("lower")
        }
    }
}

extension TextMatch {
    fileprivate var form: JSONValue {
        ScorerForm.tagged("text", ("fold_case", .bool(foldsCase)), ("fold_space", .bool(foldsSpace)))
    }
}

extension ScorerSpec.Weighted {
    fileprivate var form: JSONValue { ScorerForm.tagged("part", ("weight", .double(weight)), ("score", scorer.form)) }
}

extension CallsSpec {
    fileprivate var form: JSONValue {
        ScorerForm.tagged(
            "calls", ("expected", expected.map { .array($0.map(\.form)) } ?? .null), ("ordered", .bool(isOrdered)),
            ("match", .string(match.rawValue)))
    }
}

extension ExpectedCall {
    fileprivate var form: JSONValue {
        ScorerForm.tagged(
            "call", ("name", .string(name)),
            (
                "arguments",
                .array(
                    arguments.map { argument in
                        ScorerForm.tagged(
                            "argument", ("name", .string(argument.name)),
                            ("allowed", .array(argument.allowed.map(ScorerForm.sorted))),
                            ("absent", .bool(argument.mayBeAbsent)))
                    })
            ))
    }
}

extension UnitTestSpec {
    fileprivate var form: JSONValue {
        ScorerForm.tagged(
            "unit_tests", ("language", .string(language)), ("program", .string(program.source)),
            ("timeout", ScorerForm.time(timeout)))
    }
}

extension JudgeSpec {
    fileprivate var form: JSONValue {
        ScorerForm.tagged(
            "judge", ("model", .string(model)), ("rubric", .string(rubric.source)),
            ("scale", .array(scale.map { .double($0) })), ("pass_at", .double(passAt)), ("votes", .int(votes)),
            ("swap", .bool(swapsPositions)))
    }
}

/// Pieces of a canonical form.
private enum ScorerForm {
    static func tagged(_ kind: String, _ members: (String, JSONValue)...) -> JSONValue {
        .object([JSONMember("kind", .string(kind))] + members.map { JSONMember($0.0, $0.1) })
    }

    static func list(_ texts: [FieldTemplate]) -> JSONValue { .array(texts.map { .string($0.source) }) }

    /// Nanoseconds: no suite tells less.
    static func time(_ duration: Duration) -> JSONValue {
        let (seconds, attoseconds) = duration.components
        return .object([
            JSONMember("s", .number("\(seconds)")), JSONMember("ns", .number("\(attoseconds / 1_000_000_000)")),
        ])
    }

    /// A document with the members of its objects in the order of their names; of repeated ones the last, which counts.
    static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(sorted))
        case .object(let members):
            var last: [String: JSONValue] = [:]
            for member in members { last[member.key] = member.value }
            let order = last.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            return .object(order.compactMap { key in last[key].map { JSONMember(key, sorted($0)) } })
        default: return value
        }
    }
}
