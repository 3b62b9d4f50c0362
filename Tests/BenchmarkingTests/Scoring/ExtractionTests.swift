import ProviderCore
import Testing

@testable import Benchmarking

@Suite struct ExtractionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [ExtractionStep]
        var text: String
        var found: String?
        var reason: String
        var testDescription: String { name }

        init(_ name: String, _ steps: [ExtractionStep], _ text: String, _ found: String) {
            (self.name, self.steps, self.text, self.found, reason) = (name, steps, text, found, "")
        }

        init(_ name: String, _ steps: [ExtractionStep], _ text: String, fails reason: String) {
            (self.name, self.steps, self.text, self.reason) = (name, steps, text, reason)
        }
    }

    static let first = ExtractionStep.number(isLast: false)
    static let last = ExtractionStep.number(isLast: true)
    static let block = ExtractionStep.codeBlock(language: nil, isLast: false)
    static let python = ExtractionStep.codeBlock(language: "python", isLast: true)

    static let texts = [
        Case("no steps", [], " as it is ", " as it is "),
        Case("after the last mark", [.after("####")], "#### 1 then #### 2", " 2"),
        Case("after a mark at the end is empty", [.after("####")], "x ####", ""),
        Case("after without the mark", [.after("####")], "42", fails: "step 1: there is no \"####\""),
        Case("before the first mark", [.before("\n\n")], "one\n\ntwo\n\nthree", "one"),
        Case("before without the mark", [.before("END")], "one", fails: "there is no \"END\""),
        Case("first line that is not blank", [.line(isLast: false)], "\n  \n yes \nno", "yes"),
        Case("last line that is not blank", [.line(isLast: true)], "yes\nno \n\n\t\n", "no"),
        Case("lines end with \\r\\n too", [.line(isLast: true)], "a\r\nb\r\n", "b"),
        Case("no line", [.line(isLast: true)], " \n\t", fails: "no line that is not blank"),
        Case("trim", [.trim], "\u{A0} x\n", "x"),
        Case("lower", [.lower], "ÄB", "äb"),
        Case("steps follow each other", [.after("####"), last], "1 #### 2 or 3", "3"),
        Case("the failing step is named", [.trim, last], "none", fails: "step 2: there is no number in \"none\""),
        Case("pattern: its first group", [.regex("answer: (\\w+)", isLast: false)], "answer: b. answer: c", "b"),
        Case("pattern: the last match", [.regex("answer: (\\w+)", isLast: true)], "answer: b. answer: c", "c"),
        Case("pattern: without a group the match", [.regex("[A-D]\\b", isLast: true)], "A or B?", "B"),
        Case("pattern: a group without part", [.regex("x(y)?", isLast: false)], "x", "x"),
        Case("pattern: lazy", [.regex("is (.+?)\\.", isLast: true)], "a is b. c is d. e", "d"),
        Case("pattern: matches nothing", [.regex("\\d+", isLast: false)], "none", fails: "matches nothing in \"none\""),
        Case("pattern: is none", [.regex("(", isLast: false)], "x", fails: "is no pattern: character"),
        Case("path", [.jsonPath("$.a[0]['b']")], #"{"a":[{"b":"x"}]}"#, "x"),
        Case("path: double quotes, from the end", [.jsonPath(#"$["a"][-1]"#)], #"{"a":[1,2.50]}"#, "2.50"),
        Case("path: an object is JSON", [.jsonPath("$.a")], #"{"a": {"b" : [1, null]}}"#, #"{"b":[1,null]}"#),
        Case("path: the whole", [.jsonPath("$")], "[1]", "[1]"),
        Case("path: dashes and other letters", [.jsonPath("$.größe-x")], #"{"größe-x":true}"#, "true"),
        Case("path: an escaped quote", [.jsonPath(#"$['it\'s']"#)], #"{"it's":1}"#, "1"),
        Case("path: no such name", [.jsonPath("$.cty")], #"{"city":1}"#, fails: #"$ has no "cty"; there is "city""#),
        Case("path: no such element", [.jsonPath("$.a[3]")], #"{"a":[1]}"#, fails: "$.a has 1 element, and so no [3]"),
        Case("path: into a number", [.jsonPath("$.a.b")], #"{"a":1}"#, fails: "$.a is a number, and so has no \"b\""),
        Case("path: an index of an object", [.jsonPath("$[0]")], "{}", fails: "$ is an object"),
        Case("path: not JSON", [.jsonPath("$.a")], "no", fails: "is not JSON"),
        Case("path: without $", [.jsonPath("a")], "{}", fails: "is no path: a path begins with $"),
        Case("path: wildcard", [.jsonPath("$.a[*]")], "{}", fails: "wildcards"),
        Case("path: descent", [.jsonPath("$..a")], "{}", fails: "wildcards"),
        Case("path: not closed", [.jsonPath("$['a")], "{}", fails: "is not closed"),
        Case("path: bare word in brackets", [.jsonPath("$[a]")], "{}", fails: "no number and not quoted"),
    ]

    static let code = [
        Case("block", [block], "text\n```\ncode\n```\nmore", "code"),
        Case("block: tildes", [block], "~~~js\na\n```\nb\n~~~", "a\n```\nb"),
        Case("block: never closed", [block], "```python\nx = 1\ny = 2", "x = 1\ny = 2"),
        Case("block: none is the whole text", [block], "x = 1", "x = 1"),
        Case("block: longer fence holds shorter", [block], "````\n```\na\n```\n````", "```\na\n```"),
        Case("block: indented in a list", [block], "1. so:\n   ```\n   a\n     b\n   ```", "a\n  b"),
        Case("block: code in a sentence is none", [block], "use ```x``` here\n```\ny\n```", "y"),
        Case("block: \\r\\n", [block], "```\r\na\r\nb\r\n```\r\n", "a\nb"),
        Case("block: the first", [block], "```\na\n```\n```\nb\n```", "a"),
        Case("block: the last", [.codeBlock(language: nil, isLast: true)], "```\na\n```\n```\nb\n```", "b"),
        Case("language: the last of it", [python], "```python\na\n```\n```sh\nb\n```\n```py\nc\n```\n```\nd\n```", "c"),
        Case("language: case does not count", [python], "```Python3 title=x\na\n```", "a"),
        Case("language: in braces", [python], "```{.python}\na\n```", "a"),
        Case("language: none named", [python], "```\na\n```\n```text\nb\n```", "a"),
        Case("language: only others", [python], "```text\nb\n```", fails: "no block of python, but of \"text\""),
        Case("block: empty", [block], "```\n```", ""),
    ]

    static let json = [
        Case("json: the whole", [.json], " {\"a\": 1} ", "{\"a\": 1}"),
        Case("json: in prose", [.json], "Sure: {\"a\": \"}\"} as said.", "{\"a\": \"}\"}"),
        Case("json: in a fence, before prose", [.json], "See [1].\n```json\n{\"a\": 2}\n```", "{\"a\": 2}"),
        Case("json: an array", [.json], "It is [1, [2]] or so", "[1, [2]]"),
        Case("json: braces of prose", [.json], "a {b} and {\"c\": 1}", "{\"c\": 1}"),
        Case("json: inside of what is cut", [.json], "[ {\"a\":1}, {\"b\":", "{\"a\":1}"),
        Case("json: escaped quotes", [.json], #"x {"a":"\"{\\"} y"#, #"{"a":"\"{\\"}"#),
        Case("json: in an unclosed fence", [.json], "```json\n{\"a\": 1}", "{\"a\": 1}"),
        Case("json: a number is none", [.json], "42", fails: "no JSON object or array"),
        Case("json: single quotes are none", [.json], "{'a': 1}", fails: "no JSON object or array"),
    ]

    @Test(arguments: texts + code + json + numbers) func takesOut(_ test: Case) {
        do throws(Extraction.Problem) {
            let found = try Extraction.run(test.steps, on: test.text)
            #expect(found == test.found)
        } catch {
            #expect(test.found == nil, "\(error)")
            #expect(error.description.contains(test.reason), "\(error)")
        }
    }

    @Test(arguments: [
        ([ExtractionStep.regex("(", isLast: false)], true), ([.jsonPath("a")], true), ([.jsonPath("$.a")], false),
        ([.regex("a", isLast: false)], false), ([.json], false),
    ]) func aBrokenStepIsTheSuitesFault(_ steps: [ExtractionStep], _ isSuiteFault: Bool) {
        #expect(throws: Extraction.Problem.self) { try Extraction.run(steps, on: "none") }
        do throws(Extraction.Problem) { _ = try Extraction.run(steps, on: "none") } catch {
            #expect(error.isSuiteFault == isSuiteFault)
        }
    }
}

extension ExtractionTests {
    static let numbers = [
        Case("number: the first", [first], "3 of 5", "3"),
        Case("number: the last", [last], "3 of 5.", "5"),
        Case("number: thousands", [last], "about 1,234,567.89 in all", "1234567.89"),
        Case("number: a sentence's comma", [first], "in 1,000, or so", "1000"),
        Case("number: a list is none of thousands", [first], "1,2,3", "1"),
        Case("number: the last of a list", [last], "12,34,567", "567"),
        Case("number: four digits are no group", [first], "1,2345", "1"),
        Case("number: underscores", [last], "1_000_000", "1000000"),
        Case("number: apostrophes", [last], "1'234'567", "1234567"),
        Case("number: narrow blanks", [last], "1\u{202F}234\u{202F}567", "1234567"),
        Case("number: plain blanks separate", [last], "12 345", "345"),
        Case("number: mixed separators", [first], "1,234_567", "1234"),
        Case("number: negative", [last], "it is -5", "-5"),
        Case("number: Unicode minus", [last], "it is \u{2212}5.5", "-5.5"),
        Case("number: plus", [last], "+7", "7"),
        Case("number: a hyphen is no sign", [last], "10-5", "5"),
        Case("number: a bracket before a minus", [last], "(3)-5", "5"),
        Case("number: an opened bracket", [last], "(-5)", "-5"),
        Case("number: a dash of two hyphens", [last], "so --5", "5"),
        Case("number: dollars", [last], "costs $1,234.50.", "1234.50"),
        Case("number: minus before the currency", [last], "-$5", "-5"),
        Case("number: minus behind the currency", [last], "€-5", "-5"),
        Case("number: percent", [last], "12.5%", "12.5"),
        Case("number: exponent", [last], "1.5e-3", "1.5e-3"),
        Case("number: an e that is none", [last], "5e", "5"),
        Case("number: a unit", [last], "5kg", "5"),
        Case("number: an ordinal", [last], "the 3rd", "3"),
        Case("number: point first", [last], "p = .05", "0.05"),
        Case("number: point last", [last], "It is 5.", "5"),
        Case("number: fractions are none", [last], "about 2, or 3/4", "2"),
        Case("number: nothing but a fraction", [last], "3/4", fails: "there is no number"),
        Case("number: a date with slashes is none", [last], "on 2026/11/29", fails: "there is no number"),
        Case("number: a version is none", [last], "7 with 1.2.3", "7"),
        Case("number: hexadecimal is none", [last], "7 or 0x1F", "7"),
        Case("number: zero and x is", [last], "0x", "0"),
        Case("number: the end of a word is none", [last], "5 of GPT4 and x_2", "5"),
        Case("number: behind a hyphen of a word", [last], "GPT-4", "4"),
        Case("number: no blanks in Chinese", [last], "答案是42。", "42"),
        Case("number: emphasis", [last], "**42**", "42"),
        Case("number: boxed", [last], "$\\boxed{-42}$", "-42"),
        Case("number: leading zeros stay", [last], "007", "007"),
        Case("number: equals", [last], "x=5", "5"),
        Case("number: other digits are none", [last], "٤٢", fails: "there is no number"),
    ]

    @Test(arguments: [
        ("42", "42"), (" $1,234.50 ", "1234.50"), ("50 %", "50"), ("**-3**.", "-3"), ("12.50 EUR", "12.50"),
        ("USD 5", "5"), ("€ 5", "5"), ("\"7\"", "7"), ("1e3", "1e3"), ("-$5", "-5"), ("`8`", "8"), (".5", "0.5"),
    ]) func aNumberAlone(_ text: String, _ number: String) { #expect(NumberScanner.whole(text) == number) }

    @Test(arguments: ["", "42 apples", "3/4", "1 2", "x=5", "five", "1.2.3", "-", "$", "EUR", "12-", "4 or 5"])
    func notANumberAlone(_ text: String) { #expect(NumberScanner.whole(text) == nil) }

    struct Distance: Sendable, CustomTestStringConvertible {
        var answer: String
        var expected: String
        var tolerance = 0.0
        var relative = 0.0
        var isWithin: Bool
        var testDescription: String { "\(answer) of \(expected), \(tolerance), \(relative)" }
    }

    static let distances = [
        Distance(answer: "0.3", expected: "0.30", isWithin: true),
        Distance(answer: "1e2", expected: "100", isWithin: true),
        Distance(answer: "-0", expected: "0", isWithin: true),
        Distance(answer: "0.1000001", expected: "0.1", isWithin: false),
        // 0.3 - 0.2 is less than 0.1 in binary.
        Distance(answer: "0.3", expected: "0.2", tolerance: 0.1, isWithin: true),
        Distance(answer: "0.100001", expected: "0.1", tolerance: 1e-6, isWithin: true),
        Distance(answer: "0.1000011", expected: "0.1", tolerance: 1e-6, isWithin: false),
        Distance(answer: "12345678901234567890.1", expected: "12345678901234567890", tolerance: 0.1, isWithin: true),
        Distance(answer: "12345678901234567890.2", expected: "12345678901234567890", tolerance: 0.1, isWithin: false),
        Distance(answer: "101", expected: "100", relative: 0.01, isWithin: true),
        Distance(answer: "101.1", expected: "100", relative: 0.01, isWithin: false),
        Distance(answer: "-99", expected: "-100", relative: 0.01, isWithin: true),
        Distance(answer: "1", expected: "-1", tolerance: 1.9, isWithin: false),
        Distance(answer: "1", expected: "-1", tolerance: 2, isWithin: true),
        Distance(answer: "1e1000000000", expected: "1", tolerance: 5, isWithin: false),
        Distance(answer: "1e1000000000", expected: "10e999999999", isWithin: true),
        Distance(answer: "1e-1000000000", expected: "0", tolerance: 1e-9, isWithin: true),
        Distance(answer: "1000", expected: "999.5", tolerance: 0.5, isWithin: true),
        Distance(answer: "5", expected: "0", relative: 0.5, isWithin: false),
    ]

    @Test(arguments: distances) func comparesAsDecimals(_ test: Distance) {
        let isWithin = NumberComparison.isWithin(
            test.answer, of: test.expected, tolerance: test.tolerance, relative: test.relative)
        #expect(isWithin == test.isWithin)
    }
}
