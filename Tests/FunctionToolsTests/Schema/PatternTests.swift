import Testing

@testable import FunctionTools

@Suite struct PatternTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var matching: [String]
        var others: [String]
        var testDescription: String { pattern }

        init(_ pattern: String, _ matching: [String], not others: [String]) {
            self.pattern = pattern
            self.matching = matching
            self.others = others
        }
    }

    static let cases = [
        Case("", ["", "a"], not: []),
        Case("b", ["b", "abc"], not: ["", "ac"]),
        Case("^b", ["b", "bc"], not: ["ab", ""]),
        Case("b$", ["b", "ab"], not: ["ba", "b\n"]),
        Case("^(a|bc)$", ["a", "bc"], not: ["abc", "b", ""]),
        Case("^a|b$", ["ax", "xb"], not: ["xa", "bx"]),
        Case("^a?b*c+$", ["c", "abbcc", "bc"], not: ["a", "ab", "aac"]),
        Case("^a{2}$", ["aa"], not: ["a", "aaa"]),
        Case("^a{2,}$", ["aa", "aaaa"], not: ["a"]),
        Case("^a{0,2}?b$", ["b", "ab", "aab"], not: ["aaab"]),
        Case("^(?:ab){1,2}$", ["ab", "abab"], not: ["", "aba", "ababab"]),
        Case("^(a*)*$", ["", "aaa"], not: ["b"]),
        Case("^(a*)+b$", ["b", "aab"], not: ["aa"]),
        Case("^(?<year>\\d{4})$", ["2026"], not: ["226", "٢٠٢٦"]),
        Case("^.$", ["a", "é", "😀"], not: ["", "\n", "\r", "\u{2028}", "ab"]),
        Case("^[^]$", ["\n", "😀"], not: ["", "ab"]),
        Case("^[]$", [], not: ["", "a"]),
        Case("^[a-c_-]+$", ["abc", "a-c", "_"], not: ["d", "a.c"]),
        Case("^[^a-c]$", ["d", "😀", "\n"], not: ["a", ""]),
        Case("^[\\w.]+$", ["a_1.b"], not: ["é", "a b"]),
        Case("^[\\d-x]+$", ["1-x"], not: ["a"]),
        Case("^[\\]\\\\]+$", ["]\\"], not: ["["]),
        Case("^\\s$", [" ", "\t", "\u{A0}", "\u{FEFF}", "\u{2029}"], not: ["a", "\u{200B}"]),
        Case("^\\S\\D\\W$", ["aa ", "1x-"], not: ["a1-"]),
        Case("\\bcat\\b", ["cat", "a cat."], not: ["cats", "concat"]),
        Case("\\Bat", ["cat"], not: ["at"]),
        Case("^\\p{L}+$", ["Größe", "Ωμέγα", "日本"], not: ["a1", ""]),
        Case("^\\p{Lu}\\P{Lu}$", ["Éa", "A1"], not: ["aa", "AA"]),
        Case("^[\\p{Letter}\\p{Nd}]+$", ["a1é٣"], not: ["-"]),
        Case("^\\p{General_Category=Sc}$", ["€", "$"], not: ["E"]),
        Case("^\\x41\\u0042\\u{43}\\cJ$", ["ABC\n"], not: ["ABC"]),
        Case("^\\uD83D\\uDE00$", ["😀"], not: ["\u{FFFD}"]),
        Case("^[😀-😂]$", ["😁"], not: ["😎"]),
        Case("^\\/\\.\\-\\*\\{$", ["/.-*{"], not: ["/a-*{"]),
        Case("^{a}$", ["{a}"], not: ["a"]),
        Case("^a{,2}]$", ["a{,2}]"], not: ["aa"]),
        Case("^(?=.*\\d)(?=.*[a-z]).{4,}$", ["abc1", "1zzzz"], not: ["abcd", "1234", "a1"]),
        Case("^(?!.*admin)[a-z]+$", ["user", "adm"], not: ["admin", "xadminx"]),
        Case("(?<=\\$)\\d+", ["$42"], not: ["€42", "42"]),
        Case("(?<!\\$)\\b\\d+", ["€42"], not: ["$42"]),
        Case("^(?=(?=ab)a(?!c))", ["ab"], not: ["ac", "b"]),
        Case("^é$", ["é"], not: ["e\u{301}"]),
    ]

    @Test(arguments: cases) func matches(_ test: Case) throws {
        let pattern = try BoundedPattern(test.pattern)
        #expect(test.matching.filter { !pattern.matches($0) } == [])
        #expect(test.others.filter { pattern.matches($0) } == [])
    }

    @Test(arguments: [
        ("(a)\\1", "character 5: back-references cannot be matched in bounded time"),
        ("(?<n>a)\\k<n>", "character 9: back-references cannot be matched in bounded time"),
        ("(a", "character 1: a group is not closed"),
        ("a)", "character 2: a ) that closes nothing"),
        ("[a", "character 1: a class is not closed"),
        ("[b-a]", "character 3: a range in the wrong order"),
        ("*a", "character 1: nothing to repeat before *"),
        ("a**", "character 3: nothing to repeat before *"),
        ("{2}", "character 1: nothing to repeat before {"),
        ("a{3,2}", "character 2: the numbers of a repetition are in the wrong order"),
        ("\\q", "character 1: \\q is no escape of ECMA-262"),
        ("\\", "character 2: a pattern ends with a backslash"),
        ("\\u12", "character 3: four hexadecimal digits follow \\u"),
        ("\\u{110000}", "character 10: a code point in hexadecimal follows \\u{"),
        ("\\p{Klingon}", "character 3: \\p{Klingon} is not known"),
        ("(?i)a", "character 3: (? is followed by none of"),
        ("a{1,100000}", "character 12: too large"),
        ("((a{100}){100}){100}", "character 21: too large"),
    ])
    func tellsWhatIsWrong(_ pattern: String, _ message: String) {
        let problem = #expect(throws: PatternProblem.self) { try BoundedPattern(pattern) }
        #expect(problem?.description.hasPrefix(message) == true, "\(String(describing: problem))")
    }

    /// What takes a backtracking engine longer than the age of the world.
    @Test(arguments: [
        "(a+)+$", "^(a|a)*$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?=(a+)+$)b", "a*a*a*a*a*a*a*a*a*a*b",
        "(a?){50}a{50}$",
    ])
    func catastrophesCostNothing(_ source: String) throws {
        let pattern = try BoundedPattern(source)
        let text = String(repeating: "a", count: 2_000) + "!"
        let time = ContinuousClock().measure { #expect(!pattern.matches(text)) }
        #expect(time < .seconds(30))
    }

    @Test(.timeLimit(.minutes(1))) func sizesAreBounded() throws {
        #expect(try BoundedPattern("(((a{0}){1000000000}){1000000000}){1000000000}").size < 10)
        #expect(try BoundedPattern("^.{1,4096}$").matches(String(repeating: "é", count: 4_096)))
        #expect(throws: PatternProblem.self) {
            try BoundedPattern(String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000))
        }
        #expect(throws: PatternProblem.self) { try BoundedPattern(String(repeating: "a", count: 1_000_000)) }
        #expect(throws: PatternProblem.self) { try BoundedPattern(String(repeating: "(?=a)", count: 51)) }
        #expect(throws: PatternProblem.self) {
            try BoundedPattern("(" + String(repeating: "(?=a{9999})|", count: 20) + ")")
        }
    }
}
