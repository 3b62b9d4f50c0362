import ProviderCore

/// Compares an outcome with what a case expects.
struct ConformanceCheck {
    let item: ConformanceCase
    let outcome: ConformanceOutcome
    private(set) var differences: [String] = []

    init(_ item: ConformanceCase, _ outcome: ConformanceOutcome) {
        self.item = item
        self.outcome = outcome
    }

    /// What differs, a line each; empty when all is as expected.
    static func differences(_ item: ConformanceCase, _ outcome: ConformanceOutcome) -> [String] {
        var check = ConformanceCheck(item, outcome)
        check.run()
        return check.differences
    }

    private mutating func run() {
        let response = outcome.response
        compare("text", text("text") ?? "", response.text)
        compare("reasoning", text("reasoning") ?? "", response.reasoning ?? "")
        compare("refusal", text("refusal") ?? "", response.refusal ?? "")
        compare("calls", lines("call").map(\.rest), response.orderedCalls.enumerated().map(Self.spelt))
        compare("finish", rest("finish") ?? "none", response.finishReason?.wireName ?? "none")
        compare("error", rest("error") ?? "none", outcome.error?.kind.rawValue ?? "none")
        var usage = Self.members(response.usage)
        let expectedUsage = rest("usage").map(Self.members) ?? [:]
        // Not all cases look at it.
        if expectedUsage["written"] == nil { usage["written"] = nil }
        compare("usage", expectedUsage, usage)
        for expectation in item.expected { checkDetail(expectation) }
    }

    private mutating func checkDetail(_ expectation: Expectation) {
        let metadata = outcome.response.metadata
        let error = outcome.error
        func told(_ text: String?) -> String { text.map(Self.quoted) ?? "none" }
        switch expectation.word {
        case "text", "reasoning", "refusal", "call", "finish", "error", "usage": break
        case "model": compare("model", expectation.rest, told(metadata.model))
        case "id": compare("id", expectation.rest, told(metadata.id))
        case "tier": compare("tier", expectation.rest, told(metadata.serviceTier))
        case "fingerprint": compare("fingerprint", expectation.rest, told(metadata.systemFingerprint))
        case "logprobs": compare("logprobs", expectation.rest, "\(outcome.response.logprobs.count)")
        case "complete": compare("complete", expectation.rest, "\(outcome.isComplete)")
        case "error_status": compare("error_status", expectation.rest, error?.status.map { "\($0)" } ?? "none")
        case "error_code": compare("error_code", expectation.rest, told(error?.code))
        case "error_param": compare("error_param", expectation.rest, told(error?.param))
        case "error_type": compare("error_type", expectation.rest, told(error?.type))
        case "retryable": compare("retryable", expectation.rest, "\(error?.isRetryable ?? false)")
        case "retry_after_ms":
            compare(
                "retry_after_ms", expectation.rest,
                error?.retryAfter.map { "\(Int($0.milliseconds.rounded()))" } ?? "none")
        case "message_contains", "message_lacks": checkMessage(expectation)
        case "choice": checkChoice(expectation)
        default: differences.append("line \(expectation.line): \"\(expectation.word)\" is not known")
        }
    }

    private mutating func checkMessage(_ expectation: Expectation) {
        let wanted = Self.unquoted(expectation.rest)
        let message = outcome.error?.message ?? ""
        let isThere = message.contains(wanted)
        if isThere != (expectation.word == "message_contains") {
            differences.append("\(expectation): the message is \"\(message)\"")
        }
    }

    /// `choice 1 text "…"`, `choice 1 finish stop`.
    private mutating func checkChoice(_ expectation: Expectation) {
        let words = expectation.rest.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, let number = Int(words[0]) else { return differences.append("\(expectation)?") }
        let choice = outcome.choices[number]
        let told = words[1] == "text" ? Self.quoted(choice?.text ?? "") : choice?.finishReason?.wireName ?? "none"
        compare("choice \(number) \(words[1])", words[2], told)
    }

    private mutating func compare<Value: Equatable>(_ name: String, _ expected: Value, _ found: Value) {
        if expected != found { differences.append("\(name): expected \(expected), found \(found)") }
    }

    private func lines(_ word: String) -> [Expectation] { item.expected.filter { $0.word == word } }
    private func rest(_ word: String) -> String? { lines(word).first?.rest }
    private func text(_ word: String) -> String? { rest(word).map(Self.unquoted) }

    private static func unquoted(_ text: String) -> String {
        (try? JSONParser.parse(text))?.stringValue ?? text
    }

    private static func quoted(_ text: String) -> String { JSONWriter.string(.string(text)) }

    private static func spelt(_ index: Int, _ call: ToolCall) -> String {
        "\(index) id=\(quoted(call.id)) name=\(quoted(call.name)) arguments=\(quoted(call.arguments))"
    }

    private static func members(_ text: String) -> [String: Int] {
        var members: [String: Int] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=")
            if parts.count == 2 { members[String(parts[0])] = Int(parts[1]) }
        }
        return members
    }

    private static func members(_ usage: TokenUsage) -> [String: Int] {
        let all: [(String, Int?)] = [
            ("input", usage.inputTokens), ("output", usage.outputTokens), ("cached", usage.cachedInputTokens),
            ("reasoning", usage.reasoningTokens), ("written", usage.cacheWriteTokens),
        ]
        return Dictionary(uniqueKeysWithValues: all.compactMap { name, count in count.map { (name, $0) } })
    }
}
