/// The facts about a request that conditions look at.
struct RequestFacts: Sendable, Equatable {
    var path: String
    /// Nil: no answer is asked for.
    var api: AnswerAPI?
    var model = ""
    var lastUserWords: [String] = []
    /// What the first sum in the last user message comes to.
    var sum: String?
    var lastRole = ""
    var step = 1
    var turn = 0
    var format = AnswerFormat.text
    /// The results of the last calls, if the conversation ends with them.
    var results: [ToolResult] = []
}

extension Scenario {
    /// Whether all conditions hold. Without a condition on the path it is about requests for an answer only.
    func matches(_ facts: RequestFacts) -> Bool {
        let namesPath = conditions.contains { if case .path = $0 { true } else { false } }
        return (facts.api != nil || namesPath) && conditions.allSatisfy { $0.holds(for: facts) }
    }
}

extension Condition {
    func holds(for facts: RequestFacts) -> Bool {
        switch self {
        case .userSays(let phrases): says(phrases, facts.lastUserWords)
        case .userAsksSum: facts.sum != nil
        case .model(let id, let prefix): prefix ? facts.model.hasPrefix(id) : facts.model == id
        case .lastRole(let role): facts.lastRole == role
        case .step(let step): facts.step == step
        case .turn(let turn): facts.turn == turn
        case .path(let path, let prefix): prefix ? facts.path.hasPrefix(path) : facts.path == path
        case .api(let api): facts.api == api
        case .format(let formats): formats.contains(facts.format)
        case .resultSays(let phrases): facts.results.contains { says(phrases, lowercaseWords(of: $0.text)) }
        }
    }
}

/// Whether the words contain one of the phrases.
private func says(_ phrases: [[String]], _ words: [String]) -> Bool {
    phrases.contains { contains($0, in: words) }
}

private func contains(_ phrase: [String], in words: [String]) -> Bool {
    guard words.count >= phrase.count else { return false }
    return (0...words.count - phrase.count).contains { words[$0..<$0 + phrase.count].elementsEqual(phrase) }
}

/// The runs of letters and digits of a text, in lower case: "Don't STOP" gives don, t, stop.
func lowercaseWords(of text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
}
