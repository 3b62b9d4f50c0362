public import ProviderCore

/// How texts are compared.
public struct TextMatch: Sendable, Hashable {
    /// Whether upper and lower case are alike.
    public var foldsCase: Bool
    /// Whether white space at both ends is left out and each run of it inside counts as one blank.
    public var foldsSpace: Bool

    /// A way to compare; case counts and white space does not unless told.
    public init(foldsCase: Bool = false, foldsSpace: Bool = true) {
        self.foldsCase = foldsCase
        self.foldsSpace = foldsSpace
    }
}

/// A step that takes a part out of an answer before it is scored; steps follow each other.
public enum ExtractionStep: Sendable, Hashable {
    /// What follows the last place of a text.
    case after(String)
    /// What comes before the first place of a text.
    case before(String)
    /// The first, or the last, line that is not blank.
    case line(isLast: Bool)
    /// The first, or the last, number, as it is spelt without its thousands separators.
    case number(isLast: Bool)
    /// What the first group of a pattern matched, else the whole match; the first or the last match.
    case regex(String, isLast: Bool)
    /// The first, or the last, fenced block of code; of a language where one is named. Without a fence the whole text.
    case codeBlock(language: String?, isLast: Bool)
    /// The first JSON object or array in the text.
    case json
    /// A part of the text, which is JSON, by a path such as `$.items[0].name`.
    case jsonPath(String)
    /// White space at both ends is taken away.
    case trim
    /// Lower case.
    case lower
}

/// How an answer is scored, as the suite says it.
public indirect enum ScorerSpec: Sendable, Hashable {
    /// The answer is this text.
    case exact(FieldTemplate, TextMatch)
    /// The answer has these texts in it: all, or any.
    case contains([FieldTemplate], all: Bool, TextMatch)
    /// A bounded pattern matches somewhere in the answer.
    case regex(FieldTemplate)
    /// The answer is a number, at most `tolerance` (absolute) or `relative` (share of the expected one) away.
    case number(FieldTemplate, tolerance: Double, relative: Double)
    /// The answer is one of these texts.
    case oneOf([FieldTemplate], TextMatch)
    /// The answer is JSON, and valid by a schema where one is given.
    case jsonValid(JSONValue?)
    /// The part of the answer, which is JSON, at a path has this score.
    case jsonPath(String, ScorerSpec)
    /// The calls of the answer are the expected ones.
    case calls(CallsSpec)
    /// A program made of the answer runs without an error in the sandbox.
    case unitTests(UnitTestSpec)
    /// Another model judges.
    case judge(JudgeSpec)
    /// A program of the suite's scores: JSON on its input, JSON on its output.
    case command([String], timeout: Duration)
    /// Several scorers; the value is their weighted mean, and all must pass.
    case all([Weighted])
    /// The best of several scorers.
    case any([Weighted])
    /// What passes does not, and the other way round.
    case not(ScorerSpec)

    /// A part of a score.
    public struct Weighted: Sendable, Hashable {
        /// The part.
        public var scorer: ScorerSpec
        /// Its weight, positive.
        public var weight: Double

        /// A part.
        public init(_ scorer: ScorerSpec, weight: Double = 1) {
            self.scorer = scorer
            self.weight = weight
        }
    }
}

/// How calls are compared with the expected ones.
public struct CallsSpec: Sendable, Hashable {
    /// Which values are alike.
    public enum Match: String, Sendable, Hashable, CaseIterable {
        /// As BFCL compares: texts without blanks and punctuation in lower case, whole numbers count as fractions.
        case bfcl
        /// As JSON compares: `1` is `1.0`, all else must be the same.
        case strict
        /// Names and schemas only.
        case schemaOnly = "schema_only"
    }

    /// What is expected; nil = what the data tell.
    public var expected: [ExpectedCall]?
    /// Whether the order counts.
    public var isOrdered: Bool
    /// Which values are alike.
    public var match: Match

    /// A comparison.
    public init(expected: [ExpectedCall]? = nil, isOrdered: Bool = false, match: Match = .strict) {
        self.expected = expected
        self.isOrdered = isOrdered
        self.match = match
    }
}

/// A program that is made of an answer and run.
public struct UnitTestSpec: Sendable, Hashable {
    /// The language, by the word of a fence: `python`, `javascript`, `sh`.
    public var language: String
    /// The program: fields of the sample, and `{{output}}`, the answer after extraction.
    public var program: FieldTemplate
    /// How long it may take.
    public var timeout: Duration

    /// A program.
    public init(language: String, program: FieldTemplate, timeout: Duration = .seconds(10)) {
        self.language = language
        self.program = program
        self.timeout = timeout
    }
}

/// A judgement by another model.
public struct JudgeSpec: Sendable, Hashable {
    /// The model of the suite that judges.
    public var model: String
    /// What it is told: fields of the sample and `{{output}}`.
    public var rubric: FieldTemplate
    /// Values that it may give, rising; at least two.
    public var scale: [Double]
    /// From which value on it passes.
    public var passAt: Double
    /// How often it is asked; the median counts. Odd numbers.
    public var votes: Int
    /// Whether every second vote sees expected and given answer in the other order.
    public var swapsPositions: Bool
    /// A file of people's judgements, to tell the agreement with them; nil = none.
    public var calibration: String?

    /// A judgement.
    public init(
        model: String, rubric: FieldTemplate, scale: [Double], passAt: Double, votes: Int = 1,
        swapsPositions: Bool = false, calibration: String? = nil
    ) {
        self.model = model
        self.rubric = rubric
        self.scale = scale
        self.passAt = passAt
        self.votes = votes
        self.swapsPositions = swapsPositions
        self.calibration = calibration
    }
}
