import ProviderCore
import Testing

@testable import Benchmarking

@Suite struct ScorerDigestTests {
    static func t(_ text: String) -> FieldTemplate { FieldTemplate(text) }
    static func judge(_ change: (inout JudgeSpec) -> Void = { _ in }) -> ScorerSpec {
        var spec = JudgeSpec(model: "m", rubric: t("r"), scale: [0, 1], passAt: 1)
        change(&spec)
        return .judge(spec)
    }
    static func call(_ allowed: [JSONValue], absent: Bool = false) -> ScorerSpec {
        .calls(CallsSpec(expected: [ExpectedCall("f", [.init("x", allowed: allowed, mayBeAbsent: absent)])]))
    }
    static let exact = ScorerSpec.exact(t("a"), TextMatch())

    /// All different: each differs from one before it in one thing that matters.
    static let different: [ScorerSpec] = [
        exact, .exact(t("b"), TextMatch()), .exact(t("a"), TextMatch(foldsCase: true)),
        .exact(t("a"), TextMatch(foldsSpace: false)), .contains([t("a")], all: true, TextMatch()),
        .contains([t("a")], all: false, TextMatch()), .contains([t("a"), t("b")], all: true, TextMatch()),
        .oneOf([t("a")], TextMatch()), .regex(t("a")), .number(t("1"), tolerance: 0, relative: 0),
        .number(t("1"), tolerance: 0.1, relative: 0), .number(t("1"), tolerance: 0, relative: 0.1), .jsonValid(nil),
        .jsonValid(.bool(true)), .jsonPath("$.a", exact), .jsonPath("$.b", exact), .calls(CallsSpec()),
        .calls(CallsSpec(expected: [])), .calls(CallsSpec(isOrdered: true)), .calls(CallsSpec(match: .bfcl)),
        call([.int(1)]), call([.int(2)]), call([.int(1)], absent: true), call([.number("1.0")]),
        .unitTests(UnitTestSpec(language: "sh", program: t("p"))),
        .unitTests(UnitTestSpec(language: "python", program: t("p"))),
        .unitTests(UnitTestSpec(language: "sh", program: t("q"))),
        .unitTests(UnitTestSpec(language: "sh", program: t("p"), timeout: .milliseconds(1))), judge(),
        judge { $0.model = "n" }, judge { $0.rubric = t("s") }, judge { $0.scale = [0, 1, 2] }, judge { $0.passAt = 0 },
        judge { $0.votes = 3 }, judge { $0.swapsPositions = true }, .command(["a"], timeout: .seconds(1)),
        .command(["a", "b"], timeout: .seconds(1)), .command(["a"], timeout: .seconds(2)), .all([.init(exact)]),
        .any([.init(exact)]), .all([.init(exact, weight: 2)]), .all([.init(exact), .init(exact)]), .not(exact),
    ]

    @Test func whatMattersChangesIt() {
        let digests = Self.different.map { $0.digest() }
        #expect(Set(digests).count == Self.different.count)
        #expect(digests.allSatisfy { $0.utf8.count == 64 })
    }

    static let steps: [[ExtractionStep]] = [
        [], [.trim], [.lower], [.trim, .lower], [.lower, .trim], [.after("a")], [.after("b")], [.before("a")],
        [.line(isLast: true)], [.line(isLast: false)], [.number(isLast: true)], [.number(isLast: false)],
        [.regex("a", isLast: true)], [.regex("a", isLast: false)], [.regex("b", isLast: false)], [.json],
        [.codeBlock(language: nil, isLast: true)], [.codeBlock(language: "python", isLast: true)],
        [.codeBlock(language: nil, isLast: false)], [.jsonPath("$.a")], [.jsonPath("$.b")],
    ]

    @Test func theExtractionMatters() {
        #expect(Set(Self.steps.map { Self.exact.digest(extraction: $0) }).count == Self.steps.count)
    }

    @Test func whatDoesNotMatterChangesNothing() throws {
        let one = try JSONParser.parse(#"{"type":"object","required":["a","b"]}"#)
        let other = try JSONParser.parse(#"{ "required": ["a","b"], "type": "string", "type": "object"}"#)
        #expect(ScorerSpec.jsonValid(one).digest() == ScorerSpec.jsonValid(other).digest())
        let swapped = try JSONParser.parse(#"{"type":"object","required":["b","a"]}"#)
        #expect(ScorerSpec.jsonValid(one).digest() != ScorerSpec.jsonValid(swapped).digest())
        #expect(Self.judge().digest() == Self.judge { $0.calibration = "labels.csv" }.digest())
    }

    /// Scores that are kept name this: it may change only together with what it stands for.
    @Test func itStaysTheSame() {
        #expect(
            Self.exact.canonicalText(extraction: [.trim])
                == #"{"kind":"scoring","version":1,"extract":[{"kind":"trim"}],"score":{"kind":"exact","text":"a","#
                + #""match":{"kind":"text","fold_case":false,"fold_space":true}}}"#)
        #expect(
            Self.exact.digest(extraction: [.trim]) == SHA256.hex(Self.exact.canonicalText(extraction: [.trim]).utf8))
    }
}
