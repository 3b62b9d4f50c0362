import ProviderCore
import Testing

@testable import FunctionTools

/// Files of definitions that are right.
@Suite struct ToolFileTests {
    static let schema =
        "{\"type\": \"object\", \"required\": [\"days\"], \"properties\": "
        + "{\"city\": {\"type\": \"string\"}, \"days\": {\"type\": \"integer\"}}}"

    static func read(_ text: String, _ origin: Tool.Origin = .user) -> ToolFileReading {
        ToolFile.read(Array(text.utf8), name: "t.json", origin: origin)
    }

    /// The one tool of a file without mistakes.
    static func tool(_ text: String, _ origin: Tool.Origin = .user) throws -> Tool {
        let reading = read(text, origin)
        #expect(reading.diagnostics.isEmpty)
        return try #require(reading.tools.first)
    }

    static let function =
        "\"name\": \"weather\", \"description\": \"Tells it\", \"strict\": false, \"parameters\": \(schema)"

    @Test(arguments: [
        "{\(function)}", "{\"type\": \"function\", \(function)}",
        "{\"type\": \"function\", \"function\": {\(function)}}",
        "{\"function\": {\(function)}}", "[{\(function)}]", "{\"tools\": [{\"function\": {\(function)}}]}",
        "\u{FEFF}{\(function)}",
    ])
    func everyShapeIsRead(_ text: String) throws {
        let tool = try Self.tool(text)
        #expect(
            tool.definition
                == ToolDefinition(
                    name: "weather", description: "Tells it", parameters: try JSONParser.parse(Self.schema),
                    strict: false))
        #expect(tool.run == .person && !tool.runsUnattended && tool.origin == .user)
    }

    @Test func manyToolsKnowTheirPlaces() {
        let reading = Self.read(
            "[\n  {\"name\": \"a\"},\n  {\"name\": \"b\", \"parameters\": null,\n   \"description\": null}\n]")
        #expect(reading.diagnostics.isEmpty && !reading.hasErrors)
        #expect(reading.tools.map(\.place) == ["t.json:2:3", "t.json:3:3"])
        #expect(reading.tools.map(\.definition) == [ToolDefinition(name: "a"), ToolDefinition(name: "b")])
    }

    static func run(_ run: String) -> String { "{\(function), \"run\": \(run)}" }

    static let slow = CommandLimits(
        time: .milliseconds(2_500), cpuSeconds: 3, memory: 64 << 20, processes: 1, fileSize: 0, output: 8 << 10,
        allowsNetwork: true)
    static let slowText =
        "\"timeout_seconds\": 2.5, \"cpu_seconds\": 3, \"memory_mb\": 64, \"processes\": 1, \"file_mb\": 0, \"output_kb\": 8, "
        + "\"network\": true"

    static let runs: [(text: String, run: ToolRun)] = [
        ("null", .person),
        ("{\"command\": [\"date\"]}", .command(CommandTemplate(["date"]))),
        (
            "{\"command\": [\"w\", \"--\", \"{city}\", \"{{x}}{days}\"], \(slowText)}",
            .command(CommandTemplate(["w", "--", "{city}", "{{x}}{days}"], limits: slow))
        ),
        ("{\"shell\": \"city\"}", .shell(argument: "city", CommandLimits())),
        ("{\"shell\": \"city\", \(slowText)}", .shell(argument: "city", slow)),
        (
            "{\"url\": \"http://127.0.0.1:8080/run/?a=b\", \"timeout_seconds\": 5}",
            .http(url: "http://127.0.0.1:8080/run/?a=b", timeout: .seconds(5))
        ),
        ("{\"url\": \"http://127.255.0.9\"}", .http(url: "http://127.255.0.9", timeout: .seconds(120))),
        ("{\"url\": \"HTTP://[::1]:80/x\"}", .http(url: "http://[::1]/x", timeout: .seconds(120))),
        ("{\"url\": \"https://localhost:1/\"}", .http(url: "https://localhost:1/", timeout: .seconds(120))),
        ("{\"reply\": \"sunny\"}", .reply("sunny")), ("{\"reply\": null}", .reply("null")),
        ("{\"reply\": {\"a\": [1.50, \"x\"]}, \"approval\": \"ask\"}", .reply("{\"a\":[1.50,\"x\"]}")),
    ]

    @Test(arguments: runs.indices) func everyRunIsRead(_ row: Int) throws {
        let (text, run) = Self.runs[row]
        #expect(try Self.tool(Self.run(text)).run == run)
        let wrapped = "{\"type\": \"function\", \"function\": {\(Self.function)}, \"run\": \(text)}"
        #expect(try Self.tool(wrapped).run == run)
        let inside = "{\"function\": {\(Self.function), \"run\": \(text)}}"
        #expect(try Self.tool(inside).run == run)
    }

    @Test func onlyTheUserAllowsToolsToRunAlone() throws {
        let text = Self.run("{\"command\": [\"date\"], \"approval\": \"automatic\", \"network\": true}")
        let own = try Self.tool(text)
        #expect(own.runsUnattended)
        #expect(own.run == .command(CommandTemplate(["date"], limits: CommandLimits(allowsNetwork: true))))
        let reading = Self.read(text, .project)
        #expect(reading.tools.map(\.runsUnattended) == [false] && !reading.hasErrors)
        #expect(reading.tools.map(\.run) == [.command(CommandTemplate(["date"]))])
        #expect(reading.tools.map(\.origin) == [.project])
        #expect(reading.diagnostics.map(\.severity) == [.warning, .warning])
    }

    @Test func fileOfGreatestSizeIsRead() {
        let text = "{\"name\": \"a\"}"
        let blanks = [UInt8](repeating: 0x20, count: ToolFile.greatestSize - text.utf8.count)
        #expect(ToolFile.read(blanks + Array(text.utf8), name: "t", origin: .user).tools.count == 1)
        let reading = ToolFile.read(blanks + Array((text + " ").utf8), name: "t", origin: .user)
        #expect(reading.diagnostics.map(\.description) == ["t:1:1: is larger than 16 MiB"])
    }

    @Test func goodToolsOfAFileWithMistakesAreKept() {
        let reading = Self.read("[{\"name\": \"a\"}, {\"name\": \"b c\"}, {\"name\": \"d\"}]")
        #expect(reading.tools.map(\.name) == ["a", "d"] && reading.hasErrors)
    }

    @Test func mistakesAreBounded() {
        let entries = Array(repeating: "{\"name\": \"\", \"x\": 1, \"y\": 1, \"z\": 1}", count: 128)
        let reading = Self.read("[\(entries.joined(separator: ","))]")
        #expect(reading.tools.isEmpty && reading.hasErrors)
        #expect(reading.diagnostics.count == ToolFile.mostDiagnostics + 1)
        #expect(reading.diagnostics.last?.message == "more mistakes are not shown")
    }

    @Test(arguments: [
        ("a", true), ("A-z_09", true), (String(repeating: "x", count: 64), true),
        (String(repeating: "x", count: 65), false),
        ("", false), ("a b", false), ("é", false), ("a.b", false), ("@", false), ("[", false), ("`", false),
        ("{", false),
    ])
    func namesAreChecked(_ name: String, _ isValid: Bool) { #expect(ToolName.isValid(name) == isValid) }
}
