import FunctionTools
import ProviderCore
import Testing

@testable import Benchmarking

@Suite struct CallScoringTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var calls: [String]
        var expected: [ExpectedCall]?
        var match = CallsSpec.Match.strict
        var isOrdered = false
        var outcome: TrialOutcome
        var says = ""
        var testDescription: String { name }
    }

    typealias Argument = ExpectedCall.Argument

    static func weather(_ city: String, _ unit: String? = nil) -> ExpectedCall {
        ExpectedCall(
            "get_weather",
            [Argument("city", allowed: [.string(city)])]
                + (unit.map { [Argument("unit", allowed: [.string($0)])] } ?? []))
    }

    static func f(_ arguments: Argument...) -> ExpectedCall { ExpectedCall("f", arguments) }
    static func x(_ allowed: JSONValue...) -> ExpectedCall { f(Argument("x", allowed: allowed)) }

    static let paris = #"get_weather {"city": "Paris"}"#
    static let rome = #"get_weather {"city": "Rome"}"#

    /// Texts of a suite's own calls are filled from the sample; a single field keeps its type.
    @Test(arguments: [
        ("{{city}}", "city {\"x\": \"Lima\"}", TrialOutcome.right), ("{{city}}", "city {\"x\": \"{{city}}\"}", .wrong),
        ("{{city|upper}}!", "city {\"x\": \"LIMA!\"}", .right), ("{{days}}", "city {\"x\": 3}", .right),
        ("{{days}}", "city {\"x\": \"3\"}", .wrong), ("for {{days}} days", "city {\"x\": \"for 3 days\"}", .right),
        ("{{tags}}", "city {\"x\": [\"a\", 2]}", .right), ("{{{{city}}}}", "city {\"x\": \"{{city}}\"}", .right),
    ]) func fillsFromTheSample(text: String, call: String, outcome: TrialOutcome) async throws {
        let sample = try ScoringRig.sample(#"{"city": "Lima", "days": 3, "tags": ["a", 2]}"#)
        let parts = call.split(separator: " ", maxSplits: 1).map(String.init)
        for isNested in [false, true] {
            let wanted: JSONValue = isNested ? .object([JSONMember("in", .array([.string(text)]))]) : .string(text)
            let plain = parts[1].dropFirst(6).dropLast()
            let given = isNested ? "{\"x\": {\"in\": [\(plain)]}}" : parts[1]
            let result = await ScoringRig.scorer().score(
                AnswerToScore(calls: [ToolCall(id: "", name: parts[0], arguments: given)]), of: sample,
                by: .calls(CallsSpec(expected: [ExpectedCall("city", [Argument("x", allowed: [wanted])])])))
            #expect(result.outcome == outcome, "\(given): \(result)")
        }
    }

    @Test func aFieldThatIsNotThereIsNoAnswersFault() async throws {
        let call = ExpectedCall("city", [Argument("x", allowed: [.string("{{town}}")])])
        let result = await ScoringRig.scorer().score(
            AnswerToScore(), of: try ScoringRig.sample(#"{"city": "Lima"}"#), by: .calls(CallsSpec(expected: [call])))
        #expect(result.outcome == .scorerError && result.failure?.contains("town") == true, "\(result)")
    }

    static let sets = [
        Case(name: "one", calls: [paris], expected: [weather("Paris")], outcome: .right),
        Case(
            name: "another value", calls: [rome], expected: [weather("Paris")], outcome: .wrong,
            says: "0 of 1 match: get_weather: city is \"Rome\", not \"Paris\""),
        Case(
            name: "two in any order", calls: [rome, paris], expected: [weather("Paris"), weather("Rome")],
            outcome: .right),
        Case(
            name: "two in this order", calls: [rome, paris], expected: [weather("Paris"), weather("Rome")],
            isOrdered: true,
            outcome: .partial, says: "not called in this order"),
        Case(
            name: "in order", calls: [paris, rome], expected: [weather("Paris"), weather("Rome")], isOrdered: true,
            outcome: .right),
        Case(
            name: "one is missing", calls: [paris], expected: [weather("Paris"), weather("Rome")], outcome: .partial,
            says: "1 of 2 match: missing: get_weather(city: \"Rome\")"),
        Case(
            name: "one too many", calls: [paris, rome], expected: [weather("Paris")], outcome: .partial,
            says: "not expected: get_weather(city: \"Rome\")"),
        Case(
            name: "twice the same", calls: [paris, paris], expected: [weather("Paris"), weather("Paris")],
            outcome: .right),
        Case(
            name: "the same once only", calls: [paris], expected: [weather("Paris"), weather("Paris")],
            outcome: .partial),
        Case(name: "no call is wanted", calls: [], expected: [], outcome: .right),
        Case(name: "no call is wanted by the data", calls: [], expected: nil, outcome: .right),
        Case(
            name: "a call where none is wanted", calls: [paris], expected: [], outcome: .wrong,
            says: "no call is expected"),
        Case(name: "no call", calls: [], expected: [weather("Paris")], outcome: .wrong, says: "there is no call"),
        Case(
            name: "another function", calls: [#"get_wether {"city":"Paris"}"#], expected: [weather("Paris")],
            outcome: .wrong, says: "the function is \"get_wether\", not \"get_weather\""),
        // Greedy matching in order gives the first call the wide expectation, and the second none.
        Case(
            name: "only a whole matching finds it", calls: [paris, rome],
            expected: [
                ExpectedCall("get_weather", [Argument("city", allowed: [.string("Paris"), .string("Rome")])]),
                weather("Paris"),
            ], outcome: .right),
    ]

    static let arguments = [
        Case(name: "missing argument", calls: ["f {}"], expected: [x(.int(1))], outcome: .wrong, says: "x is missing"),
        Case(
            name: "may be absent", calls: ["f {}"],
            expected: [f(Argument("x", allowed: [.int(1)], mayBeAbsent: true))], outcome: .right),
        Case(name: "nothing written at all", calls: ["f "], expected: [f()], outcome: .right),
        Case(
            name: "one more argument", calls: [#"f {"x":1,"y":2}"#], expected: [x(.int(1))], outcome: .wrong,
            says: "y is not expected"),
        Case(name: "any value", calls: [#"f {"x":[1]}"#], expected: [x()], outcome: .right),
        Case(name: "one of the values", calls: [#"f {"x":2}"#], expected: [x(.int(1), .int(2))], outcome: .right),
        Case(
            name: "none of the values", calls: [#"f {"x":3}"#], expected: [x(.int(1), .int(2))], outcome: .wrong,
            says: "x is 3, none of 1, 2"),
        Case(name: "1.0 is 1", calls: [#"f {"x":1.0}"#], expected: [x(.int(1))], outcome: .right),
        Case(name: "1 is not \"1\"", calls: [#"f {"x":"1"}"#], expected: [x(.int(1))], outcome: .wrong),
        Case(name: "not JSON", calls: ["f {x"], expected: [x(.int(1))], outcome: .wrong, says: "not JSON"),
        Case(
            name: "no object", calls: ["f [1]"], expected: [x(.int(1))], outcome: .wrong, says: "must be a JSON object"),
        Case(
            name: "deep down", calls: [#"f {"x":{"a":[{"b":"no"}]}}"#],
            expected: [x(parsed(#"{"a":[{"b":"yes"}]}"#))], outcome: .wrong, says: "x.a[0].b is \"no\", not \"yes\""),
        Case(
            name: "order of members does not count", calls: [#"f {"x":{"a":1,"b":2}}"#],
            expected: [x(parsed(#"{"b":2,"a":1}"#))], outcome: .right),
        Case(
            name: "length of a list", calls: [#"f {"x":[1,2]}"#], expected: [x(parsed("[1]"))], outcome: .wrong,
            says: "x has 2 elements, not 1"),
        Case(name: "the last of repeated names", calls: [#"f {"x":1,"x":2}"#], expected: [x(.int(2))], outcome: .right),
    ]

    static let bfcl = [
        Case(
            name: "bfcl: case and marks", calls: [#"f {"x":"new-york, NY"}"#], expected: [x(.string("New York NY"))],
            match: .bfcl, outcome: .right),
        Case(
            name: "strict: case and marks", calls: [#"f {"x":"new-york, NY"}"#], expected: [x(.string("New York NY"))],
            outcome: .wrong),
        Case(
            name: "bfcl: 5 for 5.0", calls: [#"f {"x":5}"#], expected: [x(.number("5.0"))], match: .bfcl,
            outcome: .right),
        Case(
            name: "bfcl: lists", calls: [#"f {"x":["A b"]}"#], expected: [x(parsed(#"["ab"]"#))], match: .bfcl,
            outcome: .right),
        Case(
            name: "bfcl: lists have an order", calls: [#"f {"x":["b","a"]}"#], expected: [x(parsed(#"["a","b"]"#))],
            match: .bfcl, outcome: .wrong),
        Case(
            name: "bfcl: members have lists of values", calls: [#"f {"x":{"color":"RED"}}"#],
            expected: [x(parsed(#"{"color":["red","blue"],"size":["", "l"]}"#))], match: .bfcl, outcome: .right),
        Case(
            name: "bfcl: a member that may not be absent", calls: [#"f {"x":{}}"#],
            expected: [x(parsed(#"{"color":["red"]}"#))], match: .bfcl, outcome: .wrong),
        Case(
            name: "bfcl: a member too many", calls: [#"f {"x":{"color":"red","y":1}}"#],
            expected: [x(parsed(#"{"color":["red"]}"#))], match: .bfcl, outcome: .wrong),
        Case(
            name: "bfcl: dots of names", calls: [#"math_sqrt {"x":4}"#],
            expected: [ExpectedCall("math.sqrt", [Argument("x", allowed: [.int(4)])])], match: .bfcl, outcome: .right),
        Case(
            name: "strict: dots of names", calls: [#"math_sqrt {"x":4}"#],
            expected: [ExpectedCall("math.sqrt", [Argument("x", allowed: [.int(4)])])], outcome: .wrong),
        Case(
            name: "bfcl: not a text for a number", calls: [#"f {"x":"4"}"#], expected: [x(.int(4))], match: .bfcl,
            outcome: .wrong),
    ]

    private static func parsed(_ text: String) -> JSONValue { (try? JSONParser.parse(text)) ?? .null }

    static func call(_ text: String) -> ToolCall {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        return ToolCall(id: "", name: String(parts[0]), arguments: parts.count > 1 ? String(parts[1]) : "")
    }

    @Test(arguments: sets + arguments + bfcl) func matches(_ test: Case) async throws {
        let spec = ScorerSpec.calls(CallsSpec(expected: test.expected, isOrdered: test.isOrdered, match: test.match))
        let answer = AnswerToScore(calls: test.calls.map(Self.call))
        let result = await ScoringRig.scorer().score(answer, of: try ScoringRig.sample(), by: spec)
        #expect(result.outcome == test.outcome, "\(result)")
        #expect(result.says(test.says), "\(result)")
    }

    /// The control: a greedy matcher does not find what the bipartite one does, so that the case above can fail.
    @Test func greedyMatchingFindsLess() {
        let fits = [[0, 1], [0]]
        var taken: Set<Int> = []
        let greedy = fits.map { $0.first { taken.insert($0).inserted } }
        #expect(greedy == [0, nil])
        #expect(BipartiteMatching.maximum(fits) == [1, 0])
    }

    /// Against all ways to pair, on small random tables.
    @Test func matchingIsMaximal() {
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        func best(_ fits: [[Int]], _ left: Int, _ used: Set<Int>) -> Int {
            guard left < fits.count else { return 0 }
            let others = fits[left].filter { !used.contains($0) }.map { 1 + best(fits, left + 1, used.union([$0])) }
            return max(best(fits, left + 1, used), others.max() ?? 0)
        }
        func bestInOrder(_ fits: [[Int]], _ left: Int, _ from: Int) -> Int {
            guard left < fits.count else { return 0 }
            let others = fits[left].filter { $0 >= from }.map { 1 + bestInOrder(fits, left + 1, $0 + 1) }
            return max(bestInOrder(fits, left + 1, from), others.max() ?? 0)
        }
        for _ in 0..<300 {
            let fits = (0..<5).map { _ in (0..<5).filter { _ in next() % 3 == 0 } }
            let found = BipartiteMatching.maximum(fits)
            #expect(found.count { $0 != nil } == best(fits, 0, []))
            #expect(Set(found.compactMap { $0 }).count == found.compactMap { $0 }.count)
            for (left, right) in found.enumerated() { if let right { #expect(fits[left].contains(right)) } }
            let ordered = BipartiteMatching.inOrder(fits, count: 5).compactMap { $0 }
            #expect(ordered.count == bestInOrder(fits, 0, 0))
            #expect(ordered == ordered.sorted())
        }
    }

    static let tool = Tool(
        ToolDefinition(
            name: "book",
            parameters: parsed(
                #"""
                {"type":"object","required":["stay"],"properties":{"stay":{"type":"object","required":["nights"],
                "properties":{"nights":{"type":"integer","minimum":1}}}}}
                """#)))

    @Test(arguments: [
        (CallsSpec.Match.schemaOnly, #"book {"stay":{"nights":2}}"#, TrialOutcome.right, ""),
        (.schemaOnly, #"book {"stay":{"nights":0}}"#, .wrong, "stay.nights must be"),
        (.schemaOnly, #"book {"stay":{}}"#, .wrong, "nights"),
        (.schemaOnly, #"bok {"stay":{"nights":2}}"#, .wrong, "there is no function \"bok\""),
        (.schemaOnly, "", .wrong, "there is no call"),
    ]) func schemasAlone(_ match: CallsSpec.Match, _ call: String, _ outcome: TrialOutcome, _ says: String) async throws
    {
        let answer = AnswerToScore(calls: call.isEmpty ? [] : [Self.call(call)], tools: [Self.tool])
        let result = await ScoringRig.scorer().score(
            answer, of: try ScoringRig.sample(), by: .calls(CallsSpec(match: match)))
        #expect(result.outcome == outcome)
        #expect(result.says(says), "\(result)")
    }

    @Test(arguments: [
        (CallsSpec.Match.strict, #"{"nights":0}"#, TrialOutcome.wrong), (.strict, #"{"nights":2}"#, .right),
        // The answer of BFCL decides where it breaks its own schema.
        (.bfcl, #"{"nights":0}"#, .right), (.schemaOnly, #"{"nights":7}"#, .right),
    ]) func theSchemaCountsToo(_ match: CallsSpec.Match, _ stay: String, _ outcome: TrialOutcome) async throws {
        let expected = ExpectedCall(
            "book", [Argument("stay", allowed: [Self.parsed(#"{"nights":0}"#), Self.parsed(#"{"nights":2}"#)])])
        let sample = try ScoringRig.sample(tools: [Self.tool], calls: [expected])
        let result = await ScoringRig.scorer().score(
            AnswerToScore(calls: [Self.call("book {\"stay\":\(stay)}")]), of: sample,
            by: .calls(CallsSpec(match: match)))
        #expect(result.outcome == outcome, "\(result)")
    }

    @Test func extractionDoesNotMatterToCalls() async throws {
        let result = await ScoringRig.scorer().score(
            AnswerToScore(calls: [Self.call(Self.paris)]), of: try ScoringRig.sample(),
            by: .calls(CallsSpec(expected: [Self.weather("Paris")])), extraction: [.after("####")])
        #expect(result.outcome == .right)
    }
}
