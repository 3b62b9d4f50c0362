import ProviderCore
import Testing

@testable import FunctionTools

/// Files of definitions that are wrong, and what is said of them.
@Suite struct ToolFileMistakesTests {
    private static let good =
        "\"parameters\": {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}"

    static func run(_ run: String) -> String { "{\"name\": \"a\", \(good),\n \"run\": \(run)}" }
    static func parameters(_ schema: String) -> String { "{\"name\": \"a\", \"parameters\":\n\(schema)}" }
    static func strict(_ schema: String) -> String { "{\"name\": \"a\", \"strict\": true, \"parameters\":\n\(schema)}" }

    static let documents: [(text: String, told: [String])] = [
        ("", ["1:1: the text ends where a value is expected"]),
        ("{\n \"name\": \"a\",}", ["2:14: a comma too many before }"]),
        ("[{\"name\": \"a\"},\n]", ["2:1: a comma too many before ]"]),
        ("12", ["1:1: expected a tool, an array of tools, or an object with \"tools\""]),
        ("[]", ["1:1: the list of tools is empty"]), ("{\"tools\": {}}", ["1:11: \"tools\" must be an array of tools"]),
        ("{\"tools\": [], \"x\": 1}", ["1:11: the list of tools is empty", "1:15: warning: \"x\" means nothing here"]),
        ("[\n 5]", ["2:2: a tool is an object, and this is an integer"]), ("{}", ["1:1: a tool needs a \"name\""]),
        ("[{\"name\": 1}]", ["1:11: a name is a string, and this is an integer"]),
        (
            "{\"name\": \"get weather\"}",
            ["1:10: \"get weather\" is no name for a function: 1 to 64 of a-z A-Z 0-9 _ -"]
        ),
        (
            "[{\"name\": \"a\"},\n\n {\"name\": \"b\"},\n {\"name\": \"a\"}]",
            ["4:11: \"a\" is defined twice; first on line 1"]
        ),
        (
            "{\"type\": \"custom\", \"name\": \"a\"}",
            ["1:10: must be \"function\": other kinds of tools cannot be defined here"]
        ),
        ("{\"function\": \"a\"}", ["1:14: \"function\" must be an object with a name, and is a string"]),
        ("{\"name\": \"a\", \"name\": \"b\"}", ["1:15: warning: \"name\" is here twice; only this one counts"]),
        (
            "{\"name\": \"a\", \"desciption\": \"ü\", \"colour\": 1}",
            [
                "1:15: warning: \"desciption\" means nothing here; did you mean \"description\"?",
                "1:34: warning: \"colour\" means nothing here",
            ]
        ),
        (
            "{\"name\": \"a\", \"input_schema\": {}}",
            ["1:15: warning: \"input_schema\" means nothing here; did you mean \"parameters\"?"]
        ),
        ("{\"name\": \"a\", \"rum\": {}}", ["1:15: \"rum\" means nothing here; did you mean \"run\"?"]),
        ("{\"name\": \"a\", \"Strict\": true}", ["1:15: \"Strict\" means nothing here; did you mean \"strict\"?"]),
        ("{\"name\": \"a\", \"memory_mb\": 5}", ["1:15: \"memory_mb\" belongs into \"run\" and means nothing here"]),
        (
            "{\"name\": \"a\", \"description\": [], \"strict\": 1}",
            [
                "1:30: a description is a string, and this is an array",
                "1:44: \"strict\" is true or false, and this is an integer",
            ]
        ),
        (
            "{\"name\": \"a\", \"description\": \"\(String(repeating: "ü", count: 1_025))\"}",
            [
                "1:30: warning: a description has at most 1024 characters at OpenAI, and this 1025"
            ]
        ),
        (
            "[\(Array(repeating: "{\"name\": \"é\"}", count: 2).joined(separator: ",\n"))]",
            [
                "1:11: \"é\" is no name for a function: 1 to 64 of a-z A-Z 0-9 _ -",
                "2:10: \"é\" is no name for a function: 1 to 64 of a-z A-Z 0-9 _ -",
            ]
        ),
    ]

    static let schemas: [(text: String, told: [String])] = [
        (parameters("[]"), ["2:1: \"parameters\" is a JSON Schema for an object, and this is an array"]),
        (
            parameters("{\"type\": \"array\"}"),
            ["2:10: the arguments of a function are an object: this must be \"object\""]
        ),
        (parameters("{}"), ["2:1: warning: \"type\": \"object\" is missing, which OpenAI demands of parameters"]),
        (
            parameters("{\"type\": \"object\",\n \"propertis\": {}}"),
            [
                "3:2: warning: \"propertis\" is no keyword of JSON Schema; did you mean \"properties\"?"
            ]
        ),
        (
            parameters("{\"type\": \"object\", \"properties\": {\n \"a\": {\"type\": \"strng\"}}}"),
            [
                "3:16: properties.a.type must be one of null, boolean, integer, number, string, array, object, and is \"strng\"; "
                    + "did you mean \"string\"?"
            ]
        ),
        (
            parameters("{\"type\": \"object\", \"properties\": {\"city\": {}}, \"required\": [\"city\", \"citty\"]}"),
            [
                "2:69: warning: \"citty\" is required, but not in \"properties\"; did you mean \"city\"?"
            ]
        ),
        (
            parameters("{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/$defs/b\"}}, \"x-note\": 1}"),
            [
                "2:49: properties.a.$ref refers to \"#/$defs/b\", and nothing is there"
            ]
        ),
        (
            parameters("{\"type\": \"object\", \"properties\": {\"a\": {\"items\": {\"minimun\": 1}}}}"),
            [
                "2:51: warning: \"minimun\" is no keyword of JSON Schema; did you mean \"minimum\"?"
            ]
        ),
        (
            strict("{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", \"minLength\": 1}}}"),
            [
                "2:1: strict mode wants \"additionalProperties\": false in every object",
                "2:35: strict mode wants all properties in \"required\", and \"a\" is not; what may be missing is of type null, too",
                "2:59: \"minLength\" is not allowed in strict mode",
            ]
        ),
        (strict("{\"type\": \"object\", \"additionalProperties\": false}"), []),
        (strict("{}"), ["2:1: strict mode wants \"type\": \"object\" at the root"]),
    ]

    static let runs: [(text: String, told: [String])] = [
        (run("1"), ["2:9: \"run\" is an object with one of command, shell, url, reply, and this is an integer"]),
        (run("{}"), ["2:9: \"run\" needs one of command, shell, url, reply; without \"run\" a person answers"]),
        (run("{\"reply\": 1, \"shell\": \"city\"}"), ["2:10: \"run\" has \"shell\" already, and can have one only"]),
        (
            run("{\"reply\": 1, \"memory_md\": 1}"),
            ["2:22: \"memory_md\" is not known in \"run\"; did you mean \"memory_mb\"?"]
        ),
        (
            run("{\"reply\": 1, \"zzzzzzz\": 1}"),
            [
                "2:22: \"zzzzzzz\" is not known in \"run\"; known are command, shell, url, reply, timeout_seconds, cpu_seconds, "
                    + "memory_mb, processes, file_mb, output_kb and 2 more"
            ]
        ),
        (
            run("{\"reply\": 1, \"cpu_seconds\": 1}"),
            [
                "2:22: warning: \"cpu_seconds\" limits nothing here: \"reply\" starts no program"
            ]
        ),
        (
            run("{\"reply\": 1, \"approval\": \"Automatic\"}"),
            [
                "2:34: \"approval\" is \"ask\" or \"automatic\"; did you mean \"automatic\"?"
            ]
        ),
        (
            run("{\"command\": \"date\"}"),
            [
                "2:21: \"command\" is a list of a program and its arguments: [\"program\", \"argument\"]"
            ]
        ),
        (
            run("{\"command\": []}"),
            ["2:21: \"command\" is a list of a program and its arguments: [\"program\", \"argument\"]"]
        ),
        (
            run("{\"command\": [\"\", 1, \"a\\u0000\"]}"),
            [
                "2:22: the program has no name", "2:26: an argument is a string, and this is an integer",
                "2:29: has a NUL character, which no program can be given",
            ]
        ),
        (
            run("{\"command\": [\"{city}\"]}"),
            [
                "2:22: the program cannot be chosen by the model: placeholders may stand in its arguments only"
            ]
        ),
        (
            run("{\"command\": [\"w\", \"{citty}\", \"{zzzzzzzz}\"]}"),
            [
                "2:27: {citty} names no property of \"parameters\"; did you mean {city}?",
                "2:38: {zzzzzzzz} names no property of \"parameters\"; known are \"city\"",
            ]
        ),
        (
            "{\"name\": \"a\", \"run\": {\"command\": [\"w\", \"{city}\"]}}",
            [
                "1:40: {city} names no property of \"parameters\": there are no properties"
            ]
        ),
        (
            run("{\"command\": [\"w\", \"{city\", \"city}\", \"{}\"]}"),
            [
                "2:27: \"{city\" has a { without a } after its name; a brace itself is written {{",
                "2:36: \"city}\" has a } without a { before it; a brace itself is written }}",
                "2:45: \"{}\" has a {} without a name; braces themselves are written {{ and }}",
            ]
        ),
        (run("{\"command\": [\"w\", \"{city}\", \"--\", \"{{city}}\"]}"), []),
        (
            run("{\"command\": [\"w\", \"in {city}, {city}\", \"{citty}!\"]}"),
            [
                "2:27: warning: \"city\" may be missing, and then this word cannot be made: put it in \"required\", or let "
                    + "{city} be a word of its own",
                "2:48: {citty} names no property of \"parameters\"; did you mean {city}?",
            ]
        ),
        (
            "{\"name\": \"a\", \"run\": {\"command\": [\"w\", \"x{n}\"]}, \"parameters\": "
                + "{\"type\": \"object\", \"required\": [\"n\"], \"properties\": {\"n\": {}}}}", []
        ),
        (run("{\"shell\": [\"ls\"]}"), ["2:19: \"shell\" names the argument that is run, and this is an array"]),
        (run("{\"shell\": \"cite\"}"), ["2:19: \"cite\" is no property of \"parameters\"; did you mean \"city\"?"]),
        (
            "{\"name\": \"a\", \"run\": {\"shell\": \"n\"}, \"parameters\": {\"type\": \"object\", \"properties\": {\"n\": {\"type\": \"integer\"}}}}",
            [
                "1:32: the shell runs a string, and the type of \"n\" is another"
            ]
        ),
        (run("{\"url\": 1}"), ["2:17: \"url\" is a string, and this is an integer"]),
        (
            run("{\"url\": \"http://example.org:80/x\"}"),
            [
                "2:17: example.org is not this machine: only 127.0.0.0/8, [::1] and localhost are called"
            ]
        ),
        (
            run("{\"url\": \"http://127.0.0.1@example.org/\"}"),
            [
                "2:17: \"http://…\" is no URL that can be called: it holds a user name or password"
            ]
        ),
        (
            run("{\"url\": \"file:///etc/passwd\"}"),
            [
                "2:17: \"file:///etc/passwd\" is no URL that can be called: it does not begin with http:// or https://, as in "
                    + "http://localhost:11434/v1"
            ]
        ),
        (
            run("{\"reply\": 1, \"network\": \"yes\", \"timeout_seconds\": 0, \"memory_mb\": 1.5, \"processes\": 0}"),
            [
                "2:22: warning: \"network\" limits nothing here: \"reply\" starts no program",
                "2:33: \"network\" is true or false, and this is a string",
                "2:40: warning: \"timeout_seconds\" limits nothing here: \"reply\" starts no program",
                "2:59: \"timeout_seconds\" is a number from 0.1 to 86400",
                "2:62: warning: \"memory_mb\" limits nothing here: \"reply\" starts no program",
                "2:75: \"memory_mb\" is a whole number from 1 to 1048576",
                "2:80: warning: \"processes\" limits nothing here: \"reply\" starts no program",
                "2:93: \"processes\" is a whole number from 1 to 32768",
            ]
        ),
        (
            "{\"function\": {\"name\": \"a\", \"run\": {\"reply\": 1}},\n \"run\": {\"reply\": 2}}",
            [
                "1:28: \"run\" is here twice: beside the function and in it"
            ]
        ),
    ]

    static func told(_ text: String, _ origin: Tool.Origin = .user) -> [String] {
        ToolFile.read(Array(text.utf8), name: "t.json", origin: origin).diagnostics.map(\.description)
    }

    private static func check(_ row: (text: String, told: [String])) {
        #expect(told(row.text) == row.told.map { "t.json:" + $0 }, "\(row.text)")
    }

    @Test(arguments: documents.indices) func documentsAreTold(_ row: Int) { Self.check(Self.documents[row]) }
    @Test(arguments: schemas.indices) func schemasAreTold(_ row: Int) { Self.check(Self.schemas[row]) }
    @Test(arguments: runs.indices) func runsAreTold(_ row: Int) { Self.check(Self.runs[row]) }

    @Test func tooManyToolsAreTold() {
        let tools = (0..<130).map { "{\"name\": \"t\($0)\"}" }.joined(separator: ",\n")
        #expect(
            Self.told("[\(tools)]") == [
                "t.json:129:1: this is one tool too many: a request takes at most 128, and here are 130"
            ])
    }

    @Test func projectCannotAllowItself() {
        let text = Self.run("{\"command\": [\"w\"], \"approval\": \"automatic\", \"network\": true}")
        #expect(
            Self.told(text, .project) == [
                "t.json:2:40: warning: \"approval\" is ignored: a file of the working folder cannot allow its tools to run; your own tools "
                    + "folder can",
                "t.json:2:64: warning: \"network\" is ignored: a file of the working folder cannot open the network; your own tools folder "
                    + "can",
            ])
    }
}
