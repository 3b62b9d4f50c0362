public import FunctionTools
public import ProviderCore

/// What a trial brought, as far as it is scored.
public struct AnswerToScore: Sendable, Hashable {
    /// The text of the last answer.
    public var text: String
    /// The refusal; nil = the model did not refuse.
    public var refusal: String?
    /// Why the last answer ended; nil = not told.
    public var finishReason: FinishReason?
    /// The calls of all turns, in order.
    public var calls: [ToolCall]
    /// The functions that were offered; empty = those of the sample.
    public var tools: [Tool]
    /// Why calls ended the trial before its answer, in words; nil = they did not.
    public var toolFault: String?

    /// An answer.
    public init(
        text: String = "", refusal: String? = nil, finishReason: FinishReason? = .stop, calls: [ToolCall] = [],
        tools: [Tool] = [], toolFault: String? = nil
    ) {
        self.text = text
        self.refusal = refusal
        self.finishReason = finishReason
        self.calls = calls
        self.tools = tools
        self.toolFault = toolFault
    }

    /// The answer of a trial whose last response this is. `calls` are those of the turns before it.
    public init(_ response: ChatResponse, after calls: [ToolCall] = [], tools: [Tool] = [], toolFault: String? = nil) {
        self.init(
            text: response.text, refusal: response.refusal, finishReason: response.finishReason,
            calls: calls + response.orderedCalls, tools: tools, toolFault: toolFault)
    }
}

/// What became of scoring an answer.
public struct ScoreResult: Sendable, Hashable {
    /// The class of the trial.
    public var outcome: TrialOutcome
    /// The score; nil when the scorer failed.
    public var score: Score?
    /// Why the scorer failed; nil = it did not.
    public var failure: String?
    /// Why the judge could not be asked; nil = it could, or there is none. Such an answer can be scored later.
    public var cause: ProviderError?

    /// A result.
    public init(outcome: TrialOutcome, score: Score?, failure: String? = nil, cause: ProviderError? = nil) {
        self.outcome = outcome
        self.score = score
        self.failure = failure
        self.cause = cause
    }
}

/// Scores answers.
///
/// The classes, the first that fits: what passes is right. A refusal is refused, and so is an answer that the provider withheld;
/// calls that ended the trial are a tool error; an answer that the output limit cut is truncated; one from which nothing could be
/// taken has a bad format; the rest is partial or wrong. When the scorer itself fails, it is a scorer error and never wrong.
public struct Scorer: Sendable {
    /// What it needs of the world.
    public let tools: ScorerTools
    let schemas: SchemaCache

    /// A scorer. It keeps schemas that it has compiled: use one for many answers.
    public init(_ tools: ScorerTools) { self.init(tools, SchemaCache()) }

    private init(_ tools: ScorerTools, _ schemas: SchemaCache) {
        self.tools = tools
        self.schemas = schemas
    }

    /// The same scorer with another judge.
    func asking(
        _ judge: @escaping @Sendable (JudgeSpec, [ChatMessage]) async throws -> JudgeAnswer
    ) -> Scorer {
        var tools = tools
        tools.judge = judge
        return Scorer(tools, schemas)
    }

    /// Scores an answer of a sample.
    public func score(
        _ answer: AnswerToScore, of sample: Sample, by spec: ScorerSpec, extraction: [ExtractionStep] = []
    ) async -> ScoreResult {
        let raw = answer.text.isEmpty ? answer.refusal ?? "" : answer.text
        let part: ScoredPart
        do throws(Extraction.Problem) {
            part = ScoredPart(text: try Extraction.run(extraction, on: raw))
        } catch {
            part = ScoredPart(problem: error)
        }
        do throws(ScorerFailure) {
            let verdict = try await verdict(spec, part, ScoredTrial(answer: answer, sample: sample))
            return ScoreResult(outcome: Self.outcome(of: verdict, answer), score: kept(verdict.score, part))
        } catch {
            return ScoreResult(outcome: .scorerError, score: nil, failure: error.description, cause: error.cause)
        }
    }

    static func outcome(of verdict: Verdict, _ answer: AnswerToScore) -> TrialOutcome {
        if verdict.isPass { return .right }
        if answer.refusal != nil || answer.finishReason == .contentFilter { return .refused }
        if answer.toolFault != nil { return .toolError }
        if answer.finishReason == .length { return .truncated }
        if verdict.isBadFormat { return .badFormat }
        return verdict.share > 0 ? .partial : .wrong
    }

    /// The score with the part of the answer that was scored, where the scorer has not set one.
    private func kept(_ score: Score, _ part: ScoredPart) -> Score {
        var score = score
        score.answer = (score.answer ?? part.text).map { Texts.cut($0, to: tools.limits.keptAnswer) }
        return score
    }

    func verdict(_ spec: ScorerSpec, _ part: ScoredPart, _ trial: ScoredTrial) async throws(ScorerFailure) -> Verdict {
        switch spec {
        case .exact, .contains, .regex, .number, .oneOf, .jsonValid, .jsonPath, .unitTests, .judge:
            // What cannot be followed is no answer's fault; what found nothing is.
            if let problem = part.problem {
                guard !problem.isSuiteFault else { throw ScorerFailure(problem.description) }
                return .badFormat(problem.description)
            }
        case .calls, .command, .all, .any, .not: break
        }
        switch spec {
        case .exact(let template, let match): return try exact(template, match, part, trial)
        case .contains(let templates, let all, let match): return try contains(templates, all, match, part, trial)
        case .regex(let template): return try regex(template, part, trial)
        case .number(let template, let tolerance, let relative):
            return try number(template, tolerance, relative, part, trial)
        case .oneOf(let templates, let match): return try oneOf(templates, match, part, trial)
        case .jsonValid(let schema): return try jsonValid(schema, part)
        case .jsonPath(let path, let inner): return try await jsonPath(path, inner, part, trial)
        case .calls(let calls): return try self.calls(calls, trial)
        case .unitTests(let tests): return try await unitTests(tests, part, trial)
        case .judge(let judge): return try await judgement(judge, part, trial)
        case .command(let arguments, let timeout): return try await command(arguments, timeout, part, trial)
        case .all(let parts): return try await all(parts, part, trial)
        case .any(let parts): return try await any(parts, part, trial)
        case .not(let inner): return try await verdict(inner, part, trial).opposite
        }
    }

    /// The text of a template; what is wrong with it is the scorer's failure.
    func text(_ template: FieldTemplate, _ trial: ScoredTrial) throws(ScorerFailure) -> String {
        do throws(FieldTemplateError) { return try template.rendered(with: trial.sample.fields) } catch {
            throw ScorerFailure(error.description)
        }
    }

    /// The texts of templates, of which each may be a list.
    func texts(_ templates: [FieldTemplate], _ trial: ScoredTrial) throws(ScorerFailure) -> [String] {
        var texts: [String] = []
        for template in templates {
            do throws(FieldTemplateError) { texts += try template.renderedList(with: trial.sample.fields) } catch {
                throw ScorerFailure(error.description)
            }
        }
        return texts
    }
}

/// What is scored and for which sample.
struct ScoredTrial {
    var answer: AnswerToScore
    var sample: Sample
}

/// The part of an answer that is scored.
struct ScoredPart {
    /// Its text; empty where there is a problem.
    private let found: String
    /// Its value, where it comes from a JSON document.
    var value: JSONValue?
    /// Why there is none; nil = there is.
    var problem: Extraction.Problem?

    init(text: String, value: JSONValue? = nil) {
        found = text
        self.value = value
    }

    init(problem: Extraction.Problem) {
        found = ""
        self.problem = problem
    }

    /// Its text; nil where nothing was found.
    var text: String? { problem == nil ? found : nil }
    /// Its text; empty where nothing was found.
    var bare: String { found }
}

/// What a scorer, or a part of one, says.
struct Verdict {
    var score: Score
    /// Whether the answer had not the form that was needed.
    var isBadFormat = false

    init(_ score: Score) { self.score = score }

    /// The value between 0 and 1, whatever its scale.
    var share: Double { score.share }

    /// Right or wrong.
    init(_ passes: Bool, _ explanation: String = "", detail: JSONValue? = nil) {
        self.init(Score(value: passes ? 1 : 0, passes: passes, explanation: explanation, detail: detail))
    }

    static func badFormat(_ reason: String) -> Verdict {
        var verdict = Verdict(false, reason)
        verdict.isBadFormat = true
        return verdict
    }

    /// Whether it counts as right; without a border only the whole value does.
    var isPass: Bool { score.passes ?? (share >= 1) }

    /// What passes does not, and the other way round; what has the wrong form neither.
    var opposite: Verdict {
        guard !isBadFormat else { return self }
        var opposite = self
        opposite.score.share = 1 - share
        opposite.score.value = opposite.score.share
        opposite.score.passes = !isPass
        opposite.score.explanation = "not wanted: " + (score.explanation.isEmpty ? "this passes" : score.explanation)
        if !isPass { opposite.score.explanation = score.explanation }
        return opposite
    }
}
