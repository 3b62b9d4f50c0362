import FunctionTools
import ProviderCore
import Testing

@testable import Benchmarking

@Suite struct ScorerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var spec: ScorerSpec
        var answer: String
        var outcome: TrialOutcome
        var says: String
        var extraction: [ExtractionStep]
        var value: Double?
        var testDescription: String { name }

        init(
            _ name: String, _ spec: ScorerSpec, _ answer: String, _ outcome: TrialOutcome, says: String = "",
            after extraction: [ExtractionStep] = [], value: Double? = nil
        ) {
            (self.name, self.spec, self.answer, self.outcome) = (name, spec, answer, outcome)
            (self.says, self.extraction, self.value) = (says, extraction, value)
        }
    }

    static let fields = #"{"answer": "Paris", "number": 1234.5, "many": ["a", "B"], "word": "x", "pattern": "^\\d+$"}"#
    static let plain = TextMatch()
    static let folded = TextMatch(foldsCase: true)
    static let exactly = TextMatch(foldsSpace: false)

    static func t(_ text: String) -> FieldTemplate { FieldTemplate(text) }
    static func exact(_ text: String, _ match: TextMatch = plain) -> ScorerSpec { .exact(t(text), match) }
    static func number(_ text: String, _ tolerance: Double = 0, relative: Double = 0) -> ScorerSpec {
        .number(t(text), tolerance: tolerance, relative: relative)
    }
    static func contains(_ texts: [String], all: Bool, _ match: TextMatch = plain) -> ScorerSpec {
        .contains(texts.map(t), all: all, match)
    }
    static func all(_ parts: [(ScorerSpec, Double)]) -> ScorerSpec {
        .all(parts.map { ScorerSpec.Weighted($0.0, weight: $0.1) })
    }
    static func any(_ parts: [(ScorerSpec, Double)]) -> ScorerSpec {
        .any(parts.map { ScorerSpec.Weighted($0.0, weight: $0.1) })
    }

    static let texts = [
        Case("exact", exact("{{answer}}"), "Paris", .right, value: 1),
        Case(
            "exact: not", exact("{{answer}}"), "Rome", .wrong, says: "\"Paris\" is expected, and it is \"Rome\"",
            value: 0),
        Case("exact: white space is one blank", exact("a b"), " a \n\t b\u{A0}", .right),
        Case("exact: white space counts", exact("a b", exactly), "a  b", .wrong),
        Case("exact: case counts", exact("Paris"), "paris", .wrong),
        Case("exact: case does not count", exact("ÉTÉ", folded), "été", .right),
        Case("exact: composed and not", exact("caf\u{E9}"), "cafe\u{301}", .right),
        Case("exact: empty", exact(""), " ", .right),
        Case("exact: no such field", exact("{{nothing}}"), "x", .scorerError, says: "no field"),
        Case("contains: all", contains(["b", "c"], all: true), "abcd", .right),
        Case("contains: one of all", contains(["b", "x"], all: true), "abcd", .partial, says: "no \"x\"", value: 0.5),
        Case("contains: none of all", contains(["y", "x"], all: true), "abcd", .wrong, value: 0),
        Case("contains: any", contains(["x", "c"], all: false), "abcd", .right, value: 1),
        Case("contains: none of any", contains(["x", "y"], all: false), "abcd", .wrong, says: "none of \"x\", \"y\""),
        Case("contains: case", contains(["PARIS"], all: true, folded), "in paris.", .right),
        Case("contains: over the end of a line", contains(["New York"], all: true), "New\nYork", .right),
        Case("contains: list of the data", contains(["{{many}}"], all: true), "a and B", .right),
        Case("contains: one of the list is missing", contains(["{{many}}"], all: true), "a and b", .partial),
        Case("one of", .oneOf([t("a"), t("b")], plain), "b", .right),
        Case("one of: none", .oneOf([t("a"), t("b")], plain), "ab", .wrong, says: "one of \"a\", \"b\""),
        Case("one of: the data's", .oneOf([t("{{many}}")], folded), "b", .right),
        Case("regex", .regex(t("\\bParis\\b")), "in Paris.", .right),
        Case("regex: no match", .regex(t("^Paris$")), "in Paris.", .wrong, says: "matches nothing"),
        Case("regex: of the data", .regex(t("{{pattern}}")), "123", .right),
        Case("regex: none", .regex(t("(")), "x", .scorerError, says: "is no pattern"),
        Case("regex: back-reference", .regex(t("(a)\\1")), "aa", .scorerError, says: "is no pattern"),
    ]

    static let values = [
        Case("number", number("{{number}}"), "1,234.50", .right),
        Case("number: too far", number("42"), "43", .wrong, says: "42 is expected, and it is 43"),
        Case("number: tolerance", number("42", 1), "43", .right),
        Case("number: share", number("200", relative: 0.1), "220", .right),
        Case("number: none", number("42"), "forty-two", .badFormat, says: "is no number"),
        Case("number: with words", number("42"), "It is 42", .badFormat),
        Case("number: with words, taken out", number("42"), "It is 42.", .right, after: [.number(isLast: true)]),
        Case("number: a fraction", number("0.75"), "3/4", .badFormat),
        Case("number: expected none", number("{{answer}}"), "42", .scorerError, says: "\"Paris\", is no number"),
        Case("number: negative tolerance", number("1", -1), "1", .scorerError, says: "tolerance"),
        Case("extraction finds nothing", exact("x"), "y", .badFormat, says: "no \"####\"", after: [.after("####")]),
        Case(
            "extraction is broken", exact("x"), "x", .scorerError, says: "no pattern",
            after: [.regex("[", isLast: false)]),
        Case("json", .jsonValid(nil), "[1]", .right),
        Case("json: not", .jsonValid(nil), "{", .wrong, says: "it is not JSON"),
        Case("json: schema", .jsonValid(schema), #"{"total": 5}"#, .right),
        Case("json: against the schema", .jsonValid(schema), #"{"total": "5"}"#, .wrong, says: "total must be"),
        Case("json: missing member", .jsonValid(schema), "{}", .wrong, says: "total"),
        Case(
            "json: schema is none", .jsonValid(.object([JSONMember("type", .int(1))])), "{}", .scorerError,
            says: "schema"),
        Case("path", .jsonPath("$.v", exact("ACME")), #"{"v":"ACME"}"#, .right),
        Case("path: number", .jsonPath("$.t", number("12.5")), #"{"t":12.50}"#, .right),
        Case("path: number as text", .jsonPath("$.t", number("12.5")), #"{"t":"12.50"}"#, .right),
        Case("path: wrong inside", .jsonPath("$.v", exact("ACME")), #"{"v":"Foo"}"#, .wrong, says: "$.v: \"ACME\""),
        Case("path: missing", .jsonPath("$.v", exact("ACME")), #"{"w":"Foo"}"#, .wrong, says: "$ has no \"v\""),
        Case("path: not JSON", .jsonPath("$.v", exact("ACME")), "ACME", .badFormat, says: "not JSON"),
        Case("path: path is none", .jsonPath("v", exact("ACME")), "{}", .scorerError, says: "is no path"),
        Case("path: schema of the part", .jsonPath("$.a", .jsonValid(schema)), #"{"a":{"total":1}}"#, .right),
        Case("path: a text is JSON there", .jsonPath("$.a", .jsonValid(nil)), #"{"a":"x"}"#, .right),
        Case("path: in a path", .jsonPath("$.a", .jsonPath("$.b", exact("1"))), #"{"a":{"b":1}}"#, .right),
    ]

    static let combined = [
        Case("all", all([(exact("a"), 1), (exact("a"), 3)]), "a", .right, value: 1),
        Case(
            "all: weights", all([(exact("a"), 1), (exact("b"), 3)]), "b", .partial, says: "\"a\" is expected",
            value: 0.75),
        Case("all: none", all([(exact("a"), 1), (exact("b"), 3)]), "c", .wrong, value: 0),
        Case("all: bad format", all([(number("1"), 1), (exact("b"), 1)]), "c", .badFormat),
        Case("all: bad format in a part", all([(number("1"), 1), (exact("b"), 1)]), "b", .partial, value: 0.5),
        Case("all: a part fails", all([(exact("a"), 1), (.regex(t("(")), 1)]), "a", .scorerError),
        Case("all: nothing", all([]), "a", .scorerError, says: "no parts"),
        Case("all: weight 0", all([(exact("a"), 0)]), "a", .scorerError, says: "weight"),
        Case("any", any([(exact("a"), 1), (exact("b"), 1)]), "b", .right, value: 1),
        Case("any: none", any([(exact("a"), 1), (exact("b"), 1)]), "c", .wrong, says: "\"a\" is expected"),
        Case("any: a lighter one", any([(exact("a"), 2), (exact("b"), 1)]), "b", .right, value: 0.5),
        Case("any: a failing part does not matter", any([(.regex(t("(")), 1), (exact("b"), 1)]), "b", .right),
        Case("any: a failing part matters", any([(.regex(t("(")), 1), (exact("b"), 1)]), "c", .scorerError),
        Case("any: not asked when decided", any([(exact("b"), 1), (.regex(t("(")), 1)]), "b", .right),
        Case("any: partial", any([(contains(["b", "x"], all: true), 1), (exact("c"), 1)]), "b", .partial, value: 0.5),
        Case("not", .not(contains(["sorry"], all: true)), "fine", .right),
        Case("not: wrong", .not(contains(["sorry"], all: true)), "so sorry", .wrong, says: "not wanted"),
        Case("not: of bad format", .not(number("1")), "x", .badFormat),
        Case("not: of not JSON", .not(.jsonValid(nil)), "x", .right),
        Case("not not", .not(.not(exact("a"))), "a", .right),
    ]

    static let schema = JSONValue.object([
        JSONMember("type", .string("object")), JSONMember("required", .array([.string("total")])),
        JSONMember("properties", .object([JSONMember("total", .object([JSONMember("type", .string("number"))]))])),
    ])

    @Test(arguments: texts + values + combined) func scores(_ test: Case) async throws {
        let result = await ScoringRig.scorer().score(
            AnswerToScore(text: test.answer), of: try ScoringRig.sample(Self.fields), by: test.spec,
            extraction: test.extraction)
        #expect(result.outcome == test.outcome, "\(result)")
        #expect(result.says(test.says), "\(result)")
        #expect((result.score == nil) == (test.outcome == .scorerError))
        if let value = test.value { #expect(result.score?.value == value) }
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        var name: String
        var answer: AnswerToScore
        var spec: ScorerSpec
        var outcome: TrialOutcome
        var testDescription: String { name }
    }

    static let endings = [
        Ending(name: "refusal", answer: .init(refusal: "I cannot."), spec: exact("a"), outcome: .refused),
        Ending(
            name: "refusal that is wanted", answer: .init(refusal: "I cannot."),
            spec: contains(["cannot"], all: true), outcome: .right),
        Ending(
            name: "refusal where no call is wanted", answer: .init(refusal: "No."),
            spec: .calls(CallsSpec(expected: [])),
            outcome: .right),
        Ending(
            name: "withheld", answer: .init(text: "a b", finishReason: .contentFilter), spec: exact("c"),
            outcome: .refused),
        Ending(name: "cut", answer: .init(text: "b", finishReason: .length), spec: exact("a"), outcome: .truncated),
        Ending(
            name: "cut before its number", answer: .init(text: "b", finishReason: .length), spec: number("1"),
            outcome: .truncated),
        Ending(
            name: "cut, and right", answer: .init(text: "a", finishReason: .length), spec: exact("a"), outcome: .right),
        Ending(
            name: "cut, and the scorer fails", answer: .init(text: "a", finishReason: .length), spec: .regex(t("(")),
            outcome: .scorerError),
        Ending(
            name: "refused and cut", answer: .init(refusal: "No", finishReason: .length), spec: exact("a"),
            outcome: .refused),
        Ending(
            name: "tools ended it", answer: .init(toolFault: "no such function"), spec: exact("a"), outcome: .toolError),
        Ending(
            name: "tools ended it, and right", answer: .init(text: "a", toolFault: "too many turns"), spec: exact("a"),
            outcome: .right),
    ]

    @Test(arguments: endings) func tellsHowItEnded(_ test: Ending) async throws {
        let result = await ScoringRig.scorer().score(test.answer, of: try ScoringRig.sample(), by: test.spec)
        #expect(result.outcome == test.outcome, "\(result)")
    }

    @Test func keepsWhatWasScoredShort() async throws {
        let answer = AnswerToScore(text: String(repeating: "a", count: 100_000))
        let result = await ScoringRig.scorer().score(answer, of: try ScoringRig.sample(), by: Self.exact("b"))
        #expect(result.score?.answer?.unicodeScalars.count == 4_001)
        #expect((result.score?.explanation.utf8.count ?? 0) < 200)
    }

    @Test func aWholeResponseIsAnAnswer() {
        let response = ChatResponse(
            text: "t",
            toolCalls: [
                ToolCall(id: "", name: "b", arguments: "", rank: 1),
                ToolCall(id: "", name: "a", arguments: "", rank: 0),
            ],
            finishReason: .toolCalls)
        let answer = AnswerToScore(response, after: [ToolCall(id: "", name: "first", arguments: "")])
        #expect(answer.calls.map(\.name) == ["first", "a", "b"])
        #expect(answer.finishReason == .toolCalls)
    }
}
