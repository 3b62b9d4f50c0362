import Testing

@testable import Simulator

@Suite struct ScenarioParserTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var text: String
        var line: Int
        var column: Int
        var message: String
        var testDescription: String { text }
        init(_ text: String, _ line: Int, _ column: Int, _ message: String) {
            (self.text, self.line, self.column, self.message) = (text, line, column, message)
        }
    }

    /// A line of a scenario, and where and how it is wrong.
    static let mistakes: [Mistake] = [
        Mistake("", 1, 1, "the file has no scenario"),
        Mistake("# only\n\n", 1, 1, "the file has no scenario"),
        Mistake("reply \"x\"", 1, 1, "must stand below a “scenario” line"),
        Mistake("scenario", 1, 9, "expected a name"),
        Mistake("scenario a/b", 1, 10, "a name has letters"),
        Mistake("scenario a b", 1, 12, "unexpected “b”"),
        Mistake("scenario a", 1, 1, "“a” plays nothing"),
        Mistake("scenario a\n reply \"x\"\nscenario a", 3, 10, "already a scenario “a”"),
        Mistake("scenario a\n  repyl \"x\"", 2, 3, "did you mean “reply”?"),
        Mistake("scenario a\n  frobnicate", 2, 3, "unknown word “frobnicate”"),
        Mistake("scenario a\n\treply", 2, 7, "expected a text"),
        Mistake("scenario a\n reply \"x", 2, 8, "never closed"),
        Mistake("scenario a\n reply 'x", 2, 8, "never closed"),
        Mistake("scenario a\n reply \"a\\qb\"", 2, 10, "unknown escape"),
        Mistake("scenario a\n reply \"\\x4\"", 2, 9, "two hexadecimal digits"),
        Mistake("scenario a\n reply \"\\xff\"", 2, 8, "do not form UTF-8"),
        Mistake("scenario a\n reply \"\\u{D800}\"", 2, 9, "needs a code point"),
        Mistake("scenario a\n reply \"x\" y", 2, 12, "unexpected “y”"),
        Mistake("scenario a\n reply <<END\n x\n", 2, 8, "never closed by a line “END”"),
        Mistake("scenario a\n reply <<END x\n", 2, 14, "unexpected"),
        Mistake("scenario a\n reply <<\n", 2, 8, "a block begins with"),
        Mistake("scenario a\n reply <<END\n    x\n  y\n    END", 4, 1, "indented less"),
        Mistake("scenario a\n when usr says \"x\"", 2, 7, "did you mean “user”?"),
        Mistake("scenario a\n when user shouts \"x\"", 2, 12, "expected “says”"),
        Mistake("scenario a\n when user says \"!\"", 2, 17, "no words"),
        Mistake("scenario a\n when last message is tol", 2, 23, "did you mean “tool”?"),
        Mistake("scenario a\n when step is 0", 2, 15, "must be 1 to 10000"),
        Mistake("scenario a\n times many", 2, 8, "not “many”"),
        Mistake("scenario a\n times 3 of 2", 2, 13, "must be 3 to"),
        Mistake("scenario a\n status 99", 2, 9, "must be 200 to 599"),
        Mistake("scenario a\n header Retry-After 2", 2, 9, "expected a header"),
        Mistake("scenario a\n header content-length: 2", 2, 9, "the server itself sets"),
        Mistake("scenario a\n header X: \u{7}", 2, 12, "no control characters"),
        Mistake("scenario a\n when api is chta", 2, 14, "did you mean “chat”?"),
        Mistake("scenario a\n limit 0 requests in 1s", 2, 8, "must be 1 to"),
        Mistake("scenario a\n limit 5 words in 1s", 2, 10, "unknown unit “words”"),
        Mistake("scenario a\n limit 5 requests of 1s", 2, 19, "expected “in”"),
        Mistake("scenario a\n limit 5 requests in 0s", 2, 22, "needs a span of time"),
        Mistake("scenario a\n limit 5 requests in 1s\n limit 6 request in 2s", 3, 10, "already a limit of requests"),
        Mistake("scenario a\n fail", 2, 6, "expected a text"),
        Mistake("scenario a\n rate 0 tokens/s", 2, 7, "a rate is above 0"),
        Mistake("scenario a\n rate 80", 2, 9, "expected “tokens/s”"),
        Mistake("scenario a\n rate nan tokens/s", 2, 7, "expected a rate"),
        Mistake("scenario a\n pieces of 3 words", 2, 14, "unknown unit “words”"),
        Mistake("scenario a\n wait 3 days", 2, 7, "expected a duration"),
        Mistake("scenario a\n wait 90000s", 2, 7, "at most a day"),
        Mistake("scenario a\n wait -1s", 2, 7, "expected a duration"),
        Mistake("scenario a\n call", 2, 6, "expected a function's name"),
        Mistake("scenario a\n call f wiht 'x'", 2, 9, "did you mean “with”?"),
        Mistake("scenario a\n token \"x\" 0.5", 2, 12, "0 or less"),
        Mistake("scenario a\n token \"x\" -inf", 2, 12, "expected a log probability"),
        Mistake("scenario a\n error \"x\" kind y", 2, 12, "unknown part of an error “kind”"),
        Mistake("scenario a\n usage promt 3", 2, 8, "did you mean “prompt”?"),
        Mistake("scenario a\n split in 3", 2, 8, "expected “at”"),
        Mistake("scenario a\n split every 0 bytes", 2, 14, "must be 1 to"),
        Mistake("scenario a\n after 3 tokens cut", 2, 10, "unknown unit “tokens”"),
        Mistake("scenario a\n after 3 bytes data 'x'", 2, 16, "unknown happening “data”"),
        Mistake("scenario a\n end", 2, 2, "nothing to end"),
        Mistake("scenario a\n repeat 3\n reply \"x\"", 2, 1, "has no “end”"),
        Mistake("scenario a\n repeat 3\n end", 2, 1, "nothing to repeat"),
        Mistake("scenario a\n together\n end", 2, 1, "no calls to play together"),
        Mistake("scenario a\n together\n call f", 2, 1, "this together has no “end”"),
        Mistake("scenario a\n together\n call f\n reply 'x'\n end", 4, 2, "only “call” lines"),
        Mistake("scenario a\n together\n repeat 2\n call f\n end\n end", 3, 2, "only “call” lines"),
        Mistake("scenario a\n together\n together\n call f\n end\n end", 3, 2, "only “call” lines"),
        Mistake("scenario a\n arguments f", 2, 12, "expected a text"),
        Mistake("scenario a\n when result is 'x'", 2, 14, "expected “says”"),
        Mistake("scenario a\n when result says '!'", 2, 19, "no words"),
        Mistake("scenario a\n when response format is json", 2, 26, "unknown format “json”"),
        Mistake("scenario a\n body 'x'\n reply 'y'", 1, 1, "both a body and a reply"),
    ]

    @Test(arguments: mistakes) func namesThePlaceOfAMistake(_ mistake: Mistake) throws {
        let error = try #require(throws: ScenarioError.self) {
            try ScenarioSet(parsing: mistake.text, file: "f.scenario")
        }
        #expect(error.file == "f.scenario")
        #expect("\(error.line):\(error.column)" == "\(mistake.line):\(mistake.column)", "\(error)")
        #expect(error.message.contains(mistake.message), "\(error)")
    }

    @Test func printsAsFileLineColumn() {
        let error = ScenarioError(file: "a.scenario", line: 3, column: 7, message: "what")
        #expect("\(error)" == "a.scenario:3:7: what")
    }

    @Test func readsTextsInAllThreeForms() throws {
        let script = """
            scenario a
              reply "a\\n\\t\\"\\\\\\u{1F4C8}\\x41"
              reply 'raw \\n "text"'   # a comment
              reply <<END
                indented
                  more

                # no comment
                END
              raw "\\xff\\x00"
            """
        let steps = try ScenarioSet(parsing: script, file: "f").scenarios[0].steps
        #expect(
            steps == [
                .text(.reply, "a\n\t\"\\\u{1F4C8}A"), .text(.reply, "raw \\n \"text\""),
                .text(.reply, "indented\n  more\n\n# no comment"), .raw([0xFF, 0]),
            ])
    }

    @Test func readsEverySetting() throws {
        let script = """
            scenario all
              when any
              when user says "two words" or "one"
              when model is "gpt-*"
              when last message is user
              when step is 2
              when turn is 3
              when path is "/v1/models"
              when path is "/v1/responses/*"
              when api is responses
              when response format is json_schema or text
              when result says "no" or "not so"
              times 2 of 5
              limit 5 requests in 1s
              limit 1 token in 2ms
              status 503 Too Busy
              header X-Empty:
              header Location: http://a/#b
              model m
              id i
              fingerprint none
              tier flex
              usage prompt 1 completion 2 cached 3 reasoning -4
              logprobs always
              heeds max_tokens up to 1000
              split every 7 bytes pause 1.5s
              after 1 piece wait forever
              after 9 bytes wait 80us
              done none
            """
        let scenario = try ScenarioSet(parsing: script, file: "f").scenarios[0]
        #expect(
            scenario.conditions == [
                .userSays([["two", "words"], ["one"]]), .model("gpt-", prefix: true), .lastRole("user"), .step(2),
                .turn(3), .path("/v1/models", prefix: false), .path("/v1/responses/", prefix: true), .api(.responses),
                .format([.jsonSchema, .text]), .resultSays([["no"], ["not", "so"]]),
            ])
        #expect(
            scenario.limits == [
                RateLimit(count: 5, unit: .requests, nanoseconds: 1_000_000_000),
                RateLimit(count: 1, unit: .tokens, nanoseconds: 2_000_000),
            ])
        #expect(scenario.times == Times(count: 2, period: 5))
        let settings = scenario.settings
        #expect(settings.status == 503 && settings.reason == "Too Busy")
        #expect(settings.headers.map(\.value) == ["", "http://a/#b"])
        #expect(settings.model == "m" && settings.id == "i")
        #expect(settings.fingerprint == nil && settings.serviceTier == "flex" && settings.logprobsAlways)
        #expect(settings.heededLimit == 1000)
        #expect(settings.usage == UsagePlan(prompt: 1, completion: 2, cached: 3, reasoning: -4))
        #expect(scenario.split == .every(7, pause: 1_500_000_000))
        #expect(scenario.pieceTriggers == [Trigger(count: 1, step: .wait(.forever))])
        #expect(scenario.byteTriggers == [Trigger(count: 9, step: .wait(.nanoseconds(80_000)))])
        #expect(scenario.steps == [.done(false)])
    }

    @Test func readsCalls() throws {
        let script = """
            scenario a
              repeat 2
                together
                  call f id x{{n}}
                  call none index 3 with '{'
                end
                arguments '}'
              end
            """
        let calls = [CallStep(name: "f", id: "x{{n}}", arguments: ""), CallStep(index: 3, arguments: "{")]
        let steps = try ScenarioSet(parsing: script, file: "f").scenarios[0].steps
        #expect(steps == [.repeated(2, [.together(calls), .arguments("}")])])
    }

    @Test func takesWindowsLinesAndAByteOrderMark() throws {
        let set = try ScenarioSet(parsing: "\u{FEFF}scenario a\r\n  reply <<E\r\n  x\r\n  y\r\n  E\r\n", file: "f")
        #expect(set.scenarios[0].steps == [.text(.reply, "x\ny")])
    }

    @Test func triesAddedScenariosFirstAndReplacesByName() throws {
        let base = try ScenarioSet(parsing: "scenario a\nreply '1'\nscenario b\nreply '2'", file: "f")
        let more = try ScenarioSet(parsing: "scenario c\nreply '3'\nscenario a\nreply '4'", file: "g")
        let both = base.adding(more)
        #expect(both.names == ["c", "a", "b"])
        #expect(both.scenarios[1].steps == [.text(.reply, "4")])
    }

    @Test func builtInScenariosAreWellFormed() throws {
        #expect(
            try ScenarioSet.builtIn().names == [
                "markdown", "reasoning", "logprobs", "refuse", "filter", "weather-answer", "weather", "add-answer",
                "add-multiply", "add", "corrected-call", "corrected-answer", "broken-arguments", "wrong-arguments",
                "unknown-function", "endless-arguments", "text-between-calls", "thoughts-between-calls", "forever",
                "many-calls", "thousand-calls", "calls-without-ids", "same-ids", "index-gaps", "huge-index",
                "json-wrong", "json-broken", "json", "json-without-a-form",
                "code-fizzbuzz-answer", "code-fizzbuzz", "code-is-palindrome-answer", "code-is-palindrome",
                "code-count-vowels-answer", "code-count-vowels", "code-fibonacci-answer", "code-fibonacci",
                "code-reverse-words-answer", "code-reverse-words", "code-median-answer", "code-median", "tool-result",
                "busy", "busy-no-more",
                "overloaded", "overloaded-no-more", "flaky", "flaky-no-more", "cut", "long",
                "sum", "json-anyway", "anything-else",
            ])
    }

    @Test(arguments: [
        ("replly", "reply"), ("wiat", "wait"), ("stauts", "status"), ("xx", nil), ("ct", "cut"), ("", nil),
        (String(repeating: "a", count: 1_000_000), nil),
    ])
    func suggestsTheNearestWord(_ word: String, _ expected: String?) {
        #expect(nearest(to: word, among: Directive.allCases.map(\.rawValue)) == expected)
    }

    @Test(arguments: 0..<400) func neverCrashesOnDamagedFiles(_ seed: Int) throws {
        let whole = embeddedFiles.keys.sorted().compactMap { embeddedFiles[$0]?.description }.joined()
        var bytes = Array(whole.utf8.prefix(8_000))
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<3 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let position = Int(state >> 33) % bytes.count
            switch state % 3 {
            case 0: bytes[position] = UInt8(truncatingIfNeeded: state >> 40)
            case 1: bytes.removeSubrange(position..<min(bytes.count, position + 40))
            default: bytes = Array(bytes[..<position]) + bytes[position / 2..<position] + Array(bytes[position...])
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        do {
            _ = try ScenarioSet(parsing: text, file: "f")
        } catch let error as ScenarioError {
            #expect((1...max(1, lines.count)).contains(error.line) && error.column >= 1, "\(error)")
        }
    }
}
