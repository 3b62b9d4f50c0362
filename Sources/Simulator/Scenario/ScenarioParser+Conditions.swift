extension ScenarioParser {
    /// Reads what must hold; nil: nothing.
    mutating func condition(_ cursor: inout LineCursor) throws -> Condition? {
        let subject = try cursor.word("what must hold: \(Self.subjects.joined(separator: ", "))")
        switch subject.text {
        case "any":
            return nil
        case "user":
            return try user(&cursor)
        case "model":
            try cursor.expect("is")
            let (text, isPrefix) = try pattern(&cursor)
            return .model(text, prefix: isPrefix)
        case "api":
            try cursor.expect("is")
            return try .api(api(&cursor))
        case "last":
            return try .lastRole(lastRole(&cursor))
        case "step":
            try cursor.expect("is")
            return try .step(cursor.integer("a step", in: 1...10_000))
        case "turn":
            try cursor.expect("is")
            return try .turn(cursor.integer("a turn", in: 1...10_000))
        case "path":
            try cursor.expect("is")
            let (text, isPrefix) = try pattern(&cursor)
            return .path(text, prefix: isPrefix)
        case "response":
            try cursor.expect("format")
            try cursor.expect("is")
            return try .format(formats(&cursor))
        case "result":
            try cursor.expect("says")
            return try .resultSays(phrases(&cursor))
        default:
            throw unknown(subject, among: Self.subjects, what: "condition", cursor)
        }
    }

    private mutating func user(_ cursor: inout LineCursor) throws -> Condition {
        if cursor.take("asks") {
            try cursor.expect("a")
            try cursor.expect("sum")
            return .userAsksSum
        }
        try cursor.expect("says")
        return try .userSays(phrases(&cursor))
    }

    private static let subjects = [
        "any", "user", "model", "api", "last", "step", "turn", "path", "response", "result",
    ]

    /// A text, or with `*` at its end the beginning of one.
    private mutating func pattern(_ cursor: inout LineCursor) throws -> (text: String, isPrefix: Bool) {
        let pattern = try text(&cursor)
        return pattern.hasSuffix("*") ? (String(pattern.dropLast()), true) : (pattern, false)
    }

    private func api(_ cursor: inout LineCursor) throws -> AnswerAPI {
        let word = try cursor.word("chat or responses")
        guard let api = AnswerAPI(rawValue: word.text) else {
            throw unknown(word, among: AnswerAPI.allCases.map(\.rawValue), what: "API", cursor)
        }
        return api
    }

    private func formats(_ cursor: inout LineCursor) throws -> [AnswerFormat] {
        var formats: [AnswerFormat] = []
        repeat {
            let word = try cursor.word("text, json_object or json_schema")
            guard let format = AnswerFormat(rawValue: word.text) else {
                throw unknown(word, among: AnswerFormat.allCases.map(\.rawValue), what: "format", cursor)
            }
            formats.append(format)
        } while cursor.take("or")
        return formats
    }

    private mutating func lastRole(_ cursor: inout LineCursor) throws -> String {
        try cursor.expect("message")
        try cursor.expect("is")
        let role = try cursor.word("a role: user, assistant or tool")
        guard ["user", "assistant", "tool", "system", "developer"].contains(role.text) else {
            throw unknown(role, among: ["user", "assistant", "tool"], what: "role", cursor)
        }
        return role.text
    }

    private mutating func phrases(_ cursor: inout LineCursor) throws -> [[String]] {
        var phrases: [[String]] = []
        repeat {
            let column = cursor.position + 1
            let words = try lowercaseWords(of: text(&cursor))
            if words.isEmpty { throw cursor.error("no words to look for", column: column) }
            phrases.append(words)
        } while cursor.take("or")
        return phrases
    }
}
