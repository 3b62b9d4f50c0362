import ProviderCore
import Testing

@testable import FunctionTools

/// Commands made of a call's arguments.
@Suite struct CommandExpansionTests {
    /// What becomes of a command: its arguments, or why it is refused.
    static func expanded(_ command: [String], _ arguments: String) throws -> [String] {
        do {
            return try CommandTemplate(command).expanded(with: JSONParser.parse(arguments)).arguments
        } catch let refusal as CallRefusal { return ["REFUSED", refusal.description] }
    }

    static let table: [(command: [String], arguments: String, expected: [String])] = [
        (["w", "{city}"], "{\"city\": \"Bern; rm -rf $HOME `x`\\n*\"}", ["w", "Bern; rm -rf $HOME `x`\n*"]),
        (["w", "{city}", "{city}"], "{\"city\": \"\"}", ["w", "", ""]),
        (["w", "--city={city}", "{n}"], "{\"city\": \"-a\", \"n\": 1.50}", ["w", "--city=-a", "1.50"]),
        (["w", "{a}{b}"], "{\"a\": true, \"b\": [1, {\"c\": null}]}", ["w", "true[1,{\"c\":null}]"]),
        (["w", "{a}"], "{\"a\": {\"b\" : 1e3}}", ["w", "{\"b\":1e3}"]),
        (["w", "{{{a}}}"], "{\"a\": 1}", ["w", "{1}"]),
        (["w", "{{a}}"], "{}", ["w", "{a}"]), (["w", "{größe}"], "{\"größe\": \"é\"}", ["w", "é"]),
        (["w", "{a}", "z"], "{}", ["w", "z"]), (["w", "{a}", "z"], "{\"a\": null}", ["w", "z"]),
        (["w", "x{a}"], "{}", ["REFUSED", "argument \"a\" is missing"]),
        (["w", "{a}{b}"], "{\"a\": 1, \"b\": null}", ["REFUSED", "argument \"b\" is missing"]),
        (
            ["w", "{a}"], "{\"a\": \"x\\u0000y\"}",
            [
                "REFUSED", "argument \"a\" has a NUL character, which no program can be given",
            ]
        ),
        (
            ["w", "{a}"], "{\"a\": \"-rf\"}",
            [
                "REFUSED",
                "argument \"a\" begins with \"-\", which the program may take for an option; the definition must have \"--\" before it",
            ]
        ),
        (
            ["w", "{a}"], "{\"a\": -5}",
            [
                "REFUSED",
                "argument \"a\" begins with \"-\", which the program may take for an option; the definition must have \"--\" before it",
            ]
        ),
        (
            ["w", "{a}{b}"], "{\"a\": \"\", \"b\": \"-x\"}",
            [
                "REFUSED",
                "argument \"a\" begins with \"-\", which the program may take for an option; the definition must have \"--\" before it",
            ]
        ),
        (["w", "--", "{a}", "{b}"], "{\"a\": \"-rf\", \"b\": \"--\"}", ["w", "--", "-rf", "--"]),
        (["w", "{b}", "--", "{a}"], "{\"a\": \"-rf\", \"b\": 1}", ["w", "1", "--", "-rf"]),
        // A "--" that the model gives opens nothing.
        (
            ["w", "x", "{b}", "{a}"], "{\"a\": \"-rf\", \"b\": \"--\"}",
            [
                "REFUSED",
                "argument \"b\" begins with \"-\", which the program may take for an option; the definition must have \"--\" before it",
            ]
        ),
        (["w", "{a}"], "[1]", ["REFUSED", "the arguments are no JSON object"]),
        (
            ["w", "{a"], "{}",
            [
                "REFUSED",
                "the definition's command \"{a\" has a { without a } after its name; a brace itself is written {{",
            ]
        ),
        // What an argument says is never expanded again.
        (["w", "{a}"], "{\"a\": \"{b}\", \"b\": \"secret\"}", ["w", "{b}"]),
        (["w", "{a}"], "{\"a\": 1, \"a\": 2}", ["w", "2"]),
    ]

    @Test(arguments: table.indices) func placeholdersAreOneArgumentEach(_ row: Int) throws {
        let (command, arguments, expected) = Self.table[row]
        #expect(try Self.expanded(command, arguments) == expected)
    }

    @Test func argumentsAreReadFromInputWithoutPlaceholders() throws {
        let limits = CommandLimits(memory: 5)
        let plain = try CommandTemplate(["w", "{{}}"], limits: limits).expanded(
            with: JSONParser.parse("{\"a\": [1, 2.0]}"))
        #expect(plain == Command(["w", "{}"], input: Array("{\"a\":[1,2.0]}".utf8), limits: limits))
        let holding = try CommandTemplate(["w", "{a}"], limits: limits).expanded(with: JSONParser.parse("{\"a\": 1}"))
        #expect(holding == Command(["w", "1"], input: nil, limits: limits))
        // One that is left out counts as well: what is on standard input does not depend on the call.
        #expect(try CommandTemplate(["w", "{a}"]).expanded(with: .object([])).input == nil)
    }

    @Test(arguments: [
        ("{code}", "{\"code\": \"-print(1)\"}", "-print(1)"), ("{{{a}}} {b}", "{\"a\": 1, \"b\": [2]}", "{1} [2]"),
        ("fixed", "{}", "fixed"), ("{code}", "{}", ""), ("x {code}", "{}", "REFUSED: argument \"code\" is missing"),
    ]) func inputIsATemplateToo(input: String, arguments: String, expected: String) throws {
        let template = CommandTemplate(["w"], input: input)
        do throws(CallRefusal) {
            let command = try template.expanded(with: (try? JSONParser.parse(arguments)) ?? .null)
            #expect(command == Command(["w"], input: Array(expected.utf8)))
        } catch { #expect("REFUSED: \(error)" == expected) }
    }

    static let shell: [(arguments: String, expected: String)] = [
        ("{\"text\": \"ls -l | wc\\n\\techo 'é 🎈 日本'\"}", "ls -l | wc\n\techo 'é 🎈 日本'"), ("{\"text\": \"-x\"}", "-x"),
        ("{}", "REFUSED: argument \"text\" is missing"), ("{\"text\": null}", "REFUSED: argument \"text\" is missing"),
        ("{\"text\": 1}", "REFUSED: argument \"text\" is no string, and only a string can be run by the shell"),
        ("[]", "REFUSED: argument \"text\" is missing"),
        ("{\"text\": \" \\n\"}", "REFUSED: argument \"text\" is empty"),
        ("{\"text\": \"ls\(String(repeating: " ", count: 19))x\"}", "ls\(String(repeating: " ", count: 19))x"),
        (
            "{\"text\": \"ls\(String(repeating: " ", count: 20))x\"}",
            "REFUSED: argument \"text\" has 20 or more blanks in a row from character 3 on"
        ),
        (
            "{\"text\": \"ls\(String(repeating: " \\t\u{A0}\u{3000}\u{2800}", count: 4))x\"}",
            "REFUSED: argument \"text\" has 20 or more blanks in a row from character 3 on"
        ),
        ("{\"text\": \"ls \\u001b[8m\"}", "REFUSED: argument \"text\" has a hidden character, U+001B, at character 4"),
    ]

    @Test(arguments: shell.indices) func shellRunsTheWholeText(_ row: Int) throws {
        let limits = CommandLimits(cpuSeconds: 7)
        let (arguments, expected) = Self.shell[row]
        do {
            let command = try ToolRun.shell(argument: "text", limits).command(for: JSONParser.parse(arguments))
            #expect(command == Command(["/bin/sh", "-c", "--", expected], limits: limits))
        } catch let refusal as CallRefusal { #expect("REFUSED: \(refusal)" == expected) }
    }

    @Test(
        arguments: [
            "\u{0}", "\u{7}", "\u{8}", "\r", "\u{1B}", "\u{7F}", "\u{80}", "\u{85}", "\u{9B}", "\u{AD}", "\u{34F}",
            "\u{61C}",
            "\u{115F}", "\u{17B4}", "\u{180E}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{2028}",
            "\u{2029}",
            "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2060}", "\u{2064}", "\u{2066}", "\u{2067}",
            "\u{2068}",
            "\u{2069}", "\u{3164}", "\u{FE0F}", "\u{FEFF}", "\u{FFA0}", "\u{FFF9}", "\u{1D173}", "\u{E0001}",
            "\u{E0041}", "\u{E0100}",
            "\u{FFFE}",
        ] as [Unicode.Scalar])
    func hiddenCharactersAreRefused(_ scalar: Unicode.Scalar) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        #expect(ShellText.refusal(of: "ls \(scalar)x") == "has a hidden character, \(name), at character 4")
    }

    @Test func onlyProgramsAreCommands() throws {
        let none: [ToolRun] = [.person, .reply("x"), .http(url: "http://localhost", timeout: .seconds(1))]
        for run in none { #expect(try run.command(for: .object([])) == nil) }
        #expect(try ToolRun.command(CommandTemplate(["w"])).command(for: .object([]))?.arguments == ["w"])
    }
}
