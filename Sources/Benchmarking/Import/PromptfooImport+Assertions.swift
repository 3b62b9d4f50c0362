import ProviderCore

/// Assertions of tests and of cells of tables.
extension PromptfooImport {
    /// The assertions of an element: one, or those of a set.
    mutating func assertions(_ node: SuiteNode) -> [PromptfooAssertion] {
        guard node.member("type")?.scalar == "assert-set" else { return assertion(node).map { [$0] } ?? [] }
        guard let elements = node.member("assert")?.elements, !elements.isEmpty else {
            skip(node, "an assert-set without assertions")
            return []
        }
        if let entry = node.entries?.first(where: { $0.key == "threshold" }) {
            skip(entry.mark, "an assert-set with a \"threshold\": a part of ours has none")
            return []
        }
        for entry in node.entries ?? [] where !["type", "assert", "weight"].contains(entry.key) {
            skip(entry.mark, "\"\(NameWords.cut(entry.key))\" of an assert-set is not taken over")
        }
        let weight = node.member("weight")?.json.doubleValue ?? 1
        guard weight > 0 else {
            skip(node, "an assert-set of weight 0")
            return []
        }
        let parts = elements.flatMap { assertions($0) }
        // A set with a part missing would be another set.
        guard parts.count >= elements.count else {
            skip(node, "an assert-set with a part that is not taken over")
            return []
        }
        // It passes when all of it do and is worth their mean, as they are and do with weights that come to its own.
        let total = parts.reduce(0) { $0 + $1.shape.weight }
        return parts.map { part in
            var part = part
            part.shape.weight *= weight / total
            return part
        }
    }

    private mutating func assertion(_ node: SuiteNode) -> PromptfooAssertion? {
        guard let type = node.member("type")?.scalar else {
            skip(node, "an assertion without a \"type\"")
            return nil
        }
        let isNegated = type.hasPrefix("not-")
        var shape = PromptfooAssertion.Shape(kind: isNegated ? String(type.dropFirst(4)) : type, isNegated: isNegated)
        for entry in node.entries ?? [] {
            switch entry.key {
            case "type", "value": break
            case "weight":
                shape.weight = entry.value.json.doubleValue ?? 1
                if shape.weight <= 0 {
                    skip(entry.mark, "an assertion of weight 0")
                    return nil
                }
            default: skip(entry.mark, "\"\(NameWords.cut(entry.key))\" of an assertion is not taken over")
            }
        }
        let told = skipped.count
        if let assertion = self.assertion(shape, node.member("value"), node) { return assertion }
        if skipped.count == told { skip(node, "the assertion \"\(NameWords.cut(type))\" is not taken over") }
        return nil
    }

    /// An assertion with its value; nil when it is none of ours.
    private mutating func assertion(
        _ shape: PromptfooAssertion.Shape, _ value: SuiteNode?, _ node: SuiteNode
    ) -> PromptfooAssertion? {
        var shape = shape
        if PromptfooAssertion.Shape.texts.contains(shape.kind), let text = value?.scalar {
            return contents(text, node).map { PromptfooAssertion(shape: shape, value: .string($0)) }
        }
        if PromptfooAssertion.Shape.lists.contains(shape.kind), let value {
            let texts = value.elements?.compactMap(\.scalar) ?? value.scalar?.split(separator: ",").map { $0.trimmed }
            guard let texts, !texts.isEmpty else { return nil }
            return PromptfooAssertion(shape: shape, value: .array(texts.map(JSONValue.string)))
        }
        switch shape.kind {
        case "equals": return value.flatMap { sameJSON($0, shape) }
        case "is-json":
            guard let value else { break }
            guard let text = value.scalar else {
                shape.document = JSONWriter.string(value.json)
                break
            }
            guard let schema = contents(text, node), (try? JSONParser.parse(schema)) != nil else {
                skip(node, "is-json with a schema that is no JSON")
                return nil
            }
            shape.document = schema
        case "llm-rubric", "model-graded-closedqa":
            guard let text = value?.scalar, let rubric = contents(text, node) else { return nil }
            shape.kind = "llm-rubric"
            shape.document = rubric
        default: return nil
        }
        return PromptfooAssertion(shape: shape, value: nil)
    }

    /// An answer that is to be JSON of this value: valid by a schema of it. Nil when variables would have to be put into it.
    private func sameJSON(_ value: SuiteNode, _ shape: PromptfooAssertion.Shape) -> PromptfooAssertion? {
        let text = JSONWriter.string(value.json)
        guard value.entries != nil || value.elements != nil, !text.contains("{{") else { return nil }
        var shape = shape
        shape.kind = "is-json"
        shape.document = "{\"const\": \(text)}"
        return PromptfooAssertion(shape: shape, value: nil)
    }

    // MARK: Cells of tables

    /// Kinds of promptfoo that have no equal here.
    private static let foreign: Set = [
        "answer-relevance", "bleu", "classifier", "contains-html", "contains-json", "contains-sql", "contains-xml",
        "context-faithfulness", "context-recall", "context-relevance", "conversation-relevance", "cost", "factuality",
        "finish-reason", "g-eval", "gleu", "guardrails", "is-html", "is-refusal", "is-sql", "is-valid-function-call",
        "is-valid-openai-function-call", "is-valid-openai-tools-call", "is-xml", "latency", "levenshtein", "max-score",
        "meteor", "model-graded-factuality", "moderation", "perplexity", "perplexity-score", "pi", "rouge-n",
        "select-best", "similar", "tool-call-f1", "webhook", "word-count",
    ]
    private static let programs = ["fn:", "eval:", "javascript:", "python:", "ruby:", "file://"]

    /// What the cell of a table demands: `KIND`, `KIND: VALUE`, or else that the answer equals it.
    mutating func assertion(csv text: String, _ node: SuiteNode, _ line: Int) -> PromptfooAssertion? {
        func skipped(_ word: String) -> PromptfooAssertion? {
            skip(node, "row on line \(line): the assertion \"\(NameWords.cut(word))\" is not taken over")
            return nil
        }
        if let program = Self.programs.first(where: text.hasPrefix) { return skipped(program) }
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmed }
        var word = parts.first ?? ""
        // A threshold stands in parentheses.
        let hasThreshold = word.hasSuffix(")")
        if hasThreshold, let open = word.firstIndex(of: "(") { word = String(word[..<open]) }
        let isNegated = word.hasPrefix("not-")
        var kind = isNegated ? String(word.dropFirst(4)) : word
        if kind == "grade" || kind == "model-graded-closedqa" { kind = "llm-rubric" }
        let (texts, lists) = (PromptfooAssertion.Shape.texts, PromptfooAssertion.Shape.lists)
        guard (texts + lists + ["is-json", "llm-rubric"]).contains(kind) else {
            if Self.foreign.contains(kind) { return skipped(word) }
            return PromptfooAssertion(shape: .init(kind: "equals"), value: .string(text))
        }
        guard !hasThreshold else { return skipped(parts[0]) }
        let value = parts.count > 1 ? parts[1] : nil
        var shape = PromptfooAssertion.Shape(kind: kind, isNegated: isNegated)
        switch (kind, value) {
        case ("is-json", nil): return PromptfooAssertion(shape: shape, value: nil)
        case ("is-json", let schema?):
            guard (try? JSONParser.parse(schema)) != nil else {
                return skipped("is-json with a schema that is no JSON")
            }
            shape.document = schema
            return PromptfooAssertion(shape: shape, value: nil)
        case ("llm-rubric", let rubric?) where !rubric.isEmpty:
            shape.document = rubric
            return PromptfooAssertion(shape: shape, value: nil)
        case (_, let value?) where lists.contains(kind):
            let values = value.split(separator: ",").map { JSONValue.string($0.trimmed) }
            return PromptfooAssertion(shape: shape, value: .array(values))
        case (_, let value?) where texts.contains(kind):
            return PromptfooAssertion(shape: shape, value: .string(value))
        default: return PromptfooAssertion(shape: .init(kind: "equals"), value: .string(text))
        }
    }
}
