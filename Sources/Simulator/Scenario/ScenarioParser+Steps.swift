extension ScenarioParser {
    /// Reads a line of the script.
    mutating func step(_ directive: Directive, _ cursor: inout LineCursor) throws -> Step {
        switch directive {
        case .rate: return try .rate(rate(&cursor))
        case .pieces: return try .pieces(pieceSize(&cursor))
        case .wait: return try .wait(cursor.take("forever") ? .forever : .nanoseconds(cursor.duration()))
        case .headers: return .headers
        case .reply: return try .text(.reply, text(&cursor))
        case .reasoning: return try .text(.reasoning, text(&cursor))
        case .refuse: return try .text(.refusal, text(&cursor))
        case .call: return try .call(call(&cursor))
        case .arguments: return try .arguments(text(&cursor))
        case .token: return try .token(scoredToken(&cursor))
        case .delta: return try .delta(text(&cursor))
        case .data: return try .data(text(&cursor))
        case .comment: return try .comment(text(&cursor))
        case .raw: return try .raw(bytes(&cursor))
        case .body: return try .body(bytes(&cursor))
        case .error: return try .error(errorObject(&cursor))
        case .fail: return try .fail(errorObject(&cursor))
        case .finish: return try .finish(finishReason(&cursor))
        case .done: return .done(!cursor.take("none"))
        case .cut: return .cut
        case .reset: return .reset
        default: throw cursor.error("“\(directive.rawValue)” cannot stand here")
        }
    }

    private mutating func rate(_ cursor: inout LineCursor) throws -> Double? {
        if cursor.take("max") { return nil }
        let column = cursor.position + 1
        let value = try cursor.number("a rate such as 80 tokens/s, or max")
        guard value > 0, value <= 10_000_000 else {
            throw cursor.error("a rate is above 0 and at most 10000000; use max for no limit", column: column)
        }
        try cursor.expect("tokens/s")
        return value
    }

    private mutating func pieceSize(_ cursor: inout LineCursor) throws -> PieceSize {
        if cursor.take("whole") { return .whole }
        try cursor.expect("of")
        let count = try cursor.integer("a number of tokens or characters", in: 1...1_000_000)
        let unit = try cursor.word("tokens or characters")
        switch unit.text {
        case "token", "tokens": return .tokens(count)
        case "character", "characters": return .characters(count)
        default: throw unknown(unit, among: ["tokens", "characters"], what: "unit", cursor)
        }
    }

    private mutating func call(_ cursor: inout LineCursor) throws -> CallStep {
        let name = try cursor.word("a function's name, or none").text
        var call = CallStep(name: name == "none" ? nil : name, id: nil, index: nil, arguments: "")
        while !cursor.isAtEnd {
            let word = try cursor.word("id, index or with")
            switch word.text {
            case "id": call.id = try cursor.word("an id").text
            case "index": call.index = try cursor.integer("an index", in: 0...1_000_000_000)
            case "with":
                call.arguments = try text(&cursor)
                return call
            default: throw unknown(word, among: ["id", "index", "with"], what: "part of a call", cursor)
            }
        }
        return call
    }

    private mutating func scoredToken(_ cursor: inout LineCursor) throws -> ScoredToken {
        let chosen = try candidate(&cursor)
        var token = ScoredToken(chosen: chosen, alternatives: [])
        while cursor.take("or") { token.alternatives.append(try candidate(&cursor)) }
        return token
    }

    private mutating func candidate(_ cursor: inout LineCursor) throws -> ScoredToken.Candidate {
        let text = try text(&cursor)
        let column = cursor.position + 1
        let logprob = try cursor.number("a log probability such as -0.12")
        guard logprob <= 0 else { throw cursor.error("a log probability is 0 or less", column: column) }
        return ScoredToken.Candidate(text: text, logprob: logprob)
    }

    private mutating func errorObject(_ cursor: inout LineCursor) throws -> ErrorObject {
        var error = ErrorObject(message: try text(&cursor))
        while !cursor.isAtEnd {
            let word = try cursor.word("type, code or param")
            switch word.text {
            case "type": error.type = try cursor.word("a type").text
            case "code": error.code = try cursor.word("a code").text
            case "param": error.param = try cursor.word("a parameter's name").text
            default: throw unknown(word, among: ["type", "code", "param"], what: "part of an error", cursor)
            }
        }
        return error
    }

    private mutating func finishReason(_ cursor: inout LineCursor) throws -> String? {
        let reason = try cursor.word("a finish reason such as stop, or none").text
        return reason == "none" ? nil : reason
    }
}
