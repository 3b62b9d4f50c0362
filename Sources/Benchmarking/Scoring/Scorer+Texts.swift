internal import FunctionTools
internal import ProviderCore

/// Texts and numbers.
extension Scorer {
    func exact(
        _ template: FieldTemplate, _ match: TextMatch, _ part: ScoredPart, _ trial: ScoredTrial
    ) throws(ScorerFailure) -> Verdict {
        let wanted = try text(template, trial)
        if match.form(part.bare) == match.form(wanted) { return Verdict(true) }
        return Verdict(false, "\(Texts.quoted(wanted)) is expected, and it is \(Texts.quoted(part.bare))")
    }

    func oneOf(
        _ templates: [FieldTemplate], _ match: TextMatch, _ part: ScoredPart, _ trial: ScoredTrial
    ) throws(ScorerFailure) -> Verdict {
        let wanted = try texts(templates, trial)
        let given = match.form(part.bare)
        if wanted.contains(where: { match.form($0) == given }) { return Verdict(true) }
        return Verdict(false, "one of \(Self.list(wanted)) is expected, and it is \(Texts.quoted(part.bare))")
    }

    func contains(
        _ templates: [FieldTemplate], _ all: Bool, _ match: TextMatch, _ part: ScoredPart, _ trial: ScoredTrial
    ) throws(ScorerFailure) -> Verdict {
        let wanted = try texts(templates, trial)
        let given = match.form(part.bare)
        let missing = wanted.filter { ByteSearch(match.form($0)).first(in: given) == nil }
        if all ? missing.isEmpty : missing.count < wanted.count { return Verdict(true) }
        guard all else { return Verdict(false, "there is none of \(Self.list(wanted))") }
        return Verdict(
            Score(
                value: Double(wanted.count - missing.count) / Double(wanted.count), passes: false,
                explanation: "there is no \(Self.list(missing))"))
    }

    func regex(
        _ template: FieldTemplate, _ part: ScoredPart, _ trial: ScoredTrial
    ) throws(ScorerFailure) -> Verdict {
        let source = try text(template, trial)
        let pattern: BoundedPattern
        do throws(PatternProblem) { pattern = try BoundedPattern(source) } catch {
            throw ScorerFailure("\(Texts.quoted(source)) is no pattern: \(error)")
        }
        guard pattern.size * (part.bare.utf8.count + 1) <= Extraction.greatestPatternWork else {
            throw ScorerFailure("\(Texts.quoted(source)) is too large for an answer of this length")
        }
        if pattern.matches(part.bare) { return Verdict(true) }
        return Verdict(false, "\(Texts.quoted(source)) matches nothing in \(Texts.quoted(part.bare))")
    }

    func number(
        _ template: FieldTemplate, _ tolerance: Double, _ relative: Double, _ part: ScoredPart, _ trial: ScoredTrial
    ) throws(ScorerFailure) -> Verdict {
        let source = try text(template, trial)
        guard let wanted = NumberScanner.whole(source) else {
            throw ScorerFailure("what is expected, \(Texts.quoted(source)), is no number")
        }
        guard tolerance >= 0, relative >= 0 else { throw ScorerFailure("a tolerance is a number from 0 on") }
        guard let given = NumberScanner.whole(part.bare) else {
            return .badFormat("\(Texts.quoted(part.bare)) is no number")
        }
        if NumberComparison.isWithin(given, of: wanted, tolerance: tolerance, relative: relative) {
            return Verdict(true)
        }
        return Verdict(false, "\(Texts.cut(wanted)) is expected, and it is \(Texts.cut(given))")
    }

    static func list(_ texts: [String]) -> String {
        let rest = texts.count - 5
        return texts.prefix(5).map(Texts.quoted).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}

/// JSON.
extension Scorer {
    func jsonValid(_ source: JSONValue?, _ part: ScoredPart) throws(ScorerFailure) -> Verdict {
        let schema: JSONSchema?
        if let source { schema = try schemas.schema(source) } else { schema = nil }
        let value: JSONValue
        do { value = try part.value ?? JSONParser.parse(part.bare) } catch {
            return Verdict(false, "it is not JSON: \(error)")
        }
        let violations = schema?.violations(of: value, limit: 5) ?? []
        guard !violations.isEmpty else { return Verdict(true) }
        return Verdict(false, violations.map(\.description).joined(separator: "; "))
    }

    func jsonPath(
        _ source: String, _ inner: ScorerSpec, _ part: ScoredPart, _ trial: ScoredTrial
    ) async throws(ScorerFailure) -> Verdict {
        let path: JSONPath
        do throws(JSONPath.Problem) { path = try JSONPath(source) } catch {
            throw ScorerFailure("\(Texts.quoted(source)) is no path: \(error)")
        }
        let document: JSONValue
        do { document = try part.value ?? JSONParser.parse(part.bare) } catch {
            return .badFormat("it is not JSON: \(error)")
        }
        let value: JSONValue
        do throws(JSONPath.Problem) { value = try path.value(in: document) } catch {
            return Verdict(false, error.description)
        }
        var verdict = try await verdict(inner, ScoredPart(text: value.comparedText, value: value), trial)
        verdict.score.answer = verdict.score.answer ?? value.comparedText
        if !verdict.score.explanation.isEmpty { verdict.score.explanation = "\(source): \(verdict.score.explanation)" }
        return verdict
    }
}
