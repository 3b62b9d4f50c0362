import FunctionTools
import ProviderCore
import Testing

@testable import Benchmarking

/// Answers that were made to be slow, or to end us. Each takes a fraction of a second; with quadratic work it would take hours.
@Suite struct ScoringHostileTests {
    static let size = 1_000_000
    static func many(_ text: String, _ end: String = "") -> String {
        String(repeating: text, count: size / text.utf8.count) + end
    }
    static let t = FieldTemplate.init

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [ExtractionStep] = []
        var spec: ScorerSpec = .exact(FieldTemplate("x"), TextMatch())
        var answer: @Sendable () -> String
        var outcome: TrialOutcome
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "brackets", steps: [.json], answer: { many("[") }, outcome: .badFormat),
        Case(name: "brackets and quotes", steps: [.json], answer: { many("[\"") }, outcome: .badFormat),
        Case(name: "brackets and a quote", steps: [.json], answer: { many("[", "\"") }, outcome: .badFormat),
        Case(name: "objects that end nowhere", steps: [.json], answer: { many("{\"a\":1,") }, outcome: .badFormat),
        Case(name: "half an array after another", steps: [.json], answer: { many("[1,2,") }, outcome: .badFormat),
        Case(name: "an escape at the end", steps: [.json], answer: { many("[\"\\") }, outcome: .badFormat),
        Case(
            name: "fences", steps: [.codeBlock(language: "python", isLast: true)], answer: { many("```\n") },
            outcome: .wrong),
        Case(
            name: "a long fence", steps: [.codeBlock(language: nil, isLast: true)], answer: { many("`") },
            outcome: .wrong),
        Case(name: "thousands", steps: [.number(isLast: true)], answer: { many("123,", "1") }, outcome: .wrong),
        Case(name: "points", steps: [.number(isLast: true)], answer: { many("1.") }, outcome: .badFormat),
        Case(name: "minus signs", steps: [.number(isLast: true)], answer: { many("-") }, outcome: .badFormat),
        Case(
            name: "a number of a million digits", spec: .number(t("1"), tolerance: 1, relative: 0.1),
            answer: { many("9") }, outcome: .wrong),
        Case(name: "lines", steps: [.line(isLast: true)], answer: { many("\n") }, outcome: .badFormat),
        Case(
            name: "the mark nearly", steps: [.after(String(repeating: "a", count: 50_000) + "b")],
            answer: { many("a") },
            outcome: .badFormat),
        Case(
            name: "contained nearly",
            spec: .contains([t(String(repeating: "a", count: 50_000) + "b")], all: true, TextMatch()),
            answer: { many("a") }, outcome: .wrong),
        Case(name: "a pattern in a pattern", spec: .regex(t("(a+)+$")), answer: { many("a", "b") }, outcome: .wrong),
        Case(
            name: "a pattern in a pattern, taken out", steps: [.regex("(a+)+$", isLast: true)],
            answer: { String(many("a").prefix(200_000)) + "b" }, outcome: .badFormat),
        Case(name: "blanks", spec: .exact(t("x"), TextMatch(foldsCase: true)), answer: { many(" ") }, outcome: .wrong),
        Case(
            name: "combining marks", spec: .exact(t("x"), TextMatch()), answer: { "e" + many("\u{301}") },
            outcome: .wrong),
        Case(name: "deep JSON", spec: .jsonValid(nil), answer: { many("[") }, outcome: .wrong),
        Case(name: "NUL", spec: .exact(t("x"), TextMatch()), answer: { many("\u{0}") }, outcome: .wrong),
    ]

    @Test(arguments: cases) func finishes(_ test: Case) async throws {
        let clock = ContinuousClock()
        let began = clock.now
        let result = await ScoringRig.scorer().score(
            AnswerToScore(text: test.answer()), of: try ScoringRig.sample(), by: test.spec, extraction: test.steps)
        #expect(result.outcome == test.outcome, "\(result.outcome) \(result.failure ?? "")")
        // Wide: other tests run beside it, without optimization.
        #expect(clock.now - began < .seconds(60))
    }

    @Test func aLargePatternOnALargeAnswerIsRefused() async throws {
        let spec = ScorerSpec.regex(FieldTemplate("(abcdefghij){900}"))
        let result = await ScoringRig.scorer().score(
            AnswerToScore(text: Self.many("a")), of: try ScoringRig.sample(), by: spec)
        #expect(result.outcome == .scorerError)
        #expect(result.failure?.contains("too large for an answer of this length") == true)
    }

    @Test func aThousandCalls() async throws {
        let calls = (0..<1_000).map { ToolCall(id: "", name: "f", arguments: "{\"x\":\($0)}") }
        let expected = (0..<20).map { ExpectedCall("f", [.init("x", allowed: [.int(999 - $0)])]) }
        let result = await ScoringRig.scorer().score(
            AnswerToScore(calls: calls), of: try ScoringRig.sample(), by: .calls(CallsSpec(expected: expected)))
        #expect(result.score?.detail?["matched"] == .int(20))
        #expect(result.outcome == .partial)
        #expect((result.score?.explanation.utf8.count ?? .max) < 600)
    }

    @Test func deepArguments() async throws {
        let arguments = "{\"x\":" + String(repeating: "[", count: 500) + String(repeating: "]", count: 500) + "}"
        let call = ToolCall(id: "", name: "f", arguments: arguments)
        for match in CallsSpec.Match.allCases {
            let result = await ScoringRig.scorer().score(
                AnswerToScore(calls: [call]), of: try ScoringRig.sample(),
                by: .calls(
                    CallsSpec(
                        expected: [ExpectedCall("f", [.init("x", allowed: [.array([.array([])])])])], match: match)))
            #expect(result.outcome == (match == .schemaOnly ? .right : .wrong))
        }
    }
}
