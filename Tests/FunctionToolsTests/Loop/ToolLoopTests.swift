import FunctionTools
import ProviderCore
import Synchronization
import Testing

/// Runs nothing: gives outcomes by the first argument, and remembers what it was asked.
final class TableRunner: CommandRunner {
    let isolation = Isolation.sandboxed(by: "a table")
    private let asked = Mutex<[Command]>([])
    private let outcomes: [String: CommandOutcome]

    init(_ outcomes: [String: CommandOutcome] = [:]) { self.outcomes = outcomes }

    var commands: [Command] { asked.withLock(\.self) }

    func run(_ command: Command) async -> CommandOutcome {
        asked.withLock { $0.append(command) }
        let text = command.arguments.joined(separator: " ")
        return outcomes[command.arguments[0]]
            ?? CommandOutcome(end: .exited(0), output: KeptOutput(head: Array(text.utf8)), duration: .milliseconds(5))
    }
}

/// No network.
struct NoTransport: HTTPTransport {
    nonisolated(nonsending) func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        throw TransportError(.connect, "refused")
    }
}

@Suite struct ToolLoopTests {
    private let runner = TableRunner()

    private func tool(_ name: String, _ run: ToolRun, unattended: Bool = true) -> Tool {
        let schema = try? JSONParser.parse(
            #"{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}"#)
        return Tool(ToolDefinition(name: name, parameters: schema), run: run, runsUnattended: unattended)
    }

    private func loop(_ tools: [Tool], limits: ToolLoop.Limits = ToolLoop.Limits()) -> ToolLoop {
        ToolLoop(
            tools: ToolSet(tools), executor: ToolExecutor(commands: runner, transport: NoTransport()), limits: limits)
    }

    private func answer(_ calls: (String, String)...) -> ChatResponse {
        ChatResponse(
            text: "let me see",
            toolCalls: calls.enumerated().map { ToolCall(id: "c\($0)", name: $1.0, arguments: $1.1) },
            finishReason: .toolCalls)
    }

    private var echo: Tool { tool("echo", .command(CommandTemplate(["echo", "{a}"]))) }

    private func answered(_ step: ToolLoop.Step) -> [ToolLoop.AnsweredCall] {
        if case .answered(let calls) = step { calls } else { [] }
    }

    @Test(arguments: [true, false]) func callsAreAnsweredInTheModelsOrder(isParallel: Bool) async {
        let step = await loop([echo]).step(
            after: answer(("echo", #"{"a": 1}"#), ("echo", #"{"a": 2}"#), ("echo", #"{"a": 3}"#)), turn: 1,
            isParallel: isParallel)
        #expect(answered(step).map(\.result.text) == ["echo 1", "echo 2", "echo 3"])
        #expect(runner.commands.count == 3)
    }

    @Test func theConversationGoesOnWithTheAnswerAndItsResults() async {
        let response = answer(("echo", #"{"a": 1}"#))
        let calls = answered(await loop([echo]).step(after: response, turn: 1))
        let messages = ToolLoop.messages(after: response, calls)
        #expect(messages.map(\.role) == [.assistant, .tool])
        #expect(messages[0].text == "let me see")
        #expect(messages[0].toolCalls.map(\.id) == ["c0"])
        #expect(messages[1].toolCallID == "c0")
    }

    @Test func withoutCallsItIsOver() async {
        #expect(await loop([echo]).step(after: ChatResponse(text: "done", finishReason: .stop), turn: 1) == .finished)
    }

    @Test(arguments: [
        ("ecko", #"{"a": 1}"#, "did you mean \"echo\""), ("echo", #"{"a": "#, "not JSON"),
        ("echo", "[]", "JSON object"),
        ("echo", #"{"a": "x"}"#, "integer"), ("echo", "", "\"a\""), ("nothing", "{}", "defined: echo"),
    ]) func aWrongCallIsAnsweredWithWhatIsWrong(name: String, arguments: String, word: String) async {
        let calls = answered(await loop([echo]).step(after: answer((name, arguments)), turn: 1))
        #expect(calls.first?.result.kind == .error)
        #expect(calls.first?.result.text.contains(word) == true, "\(calls)")
        #expect(runner.commands.isEmpty)
    }

    @Test func aCallThatNeedsAPersonStopsTheWholeTurn() async {
        let person = tool("ask", .person)
        let asking = tool("careful", .command(CommandTemplate(["rm"])), unattended: false)
        for name in ["ask", "careful"] {
            let step = await loop([echo, person, asking]).step(
                after: answer(("echo", #"{"a": 1}"#), (name, #"{"a": 1}"#)), turn: 1)
            #expect(step == .needsPerson([name]))
        }
        #expect(runner.commands.isEmpty)
    }

    @Test func aThousandCallsOfWhichSixteenRun() async {
        let calls = (0..<1000).map { ToolCall(id: "", name: "echo", arguments: #"{"a": \#($0)}"#) }
        let response = ChatResponse(toolCalls: calls, finishReason: .toolCalls)
        let answered = answered(await loop([echo]).step(after: response, turn: 1))
        #expect(runner.commands.count == 16)
        #expect(answered.count == 1000)
        #expect(answered[999].result.text.contains("at most 16"))
        #expect(Set(answered.map(\.call.id)).count == 1000)
    }

    @Test func turnsAreLimited() async {
        let loop = loop([echo], limits: ToolLoop.Limits(turns: 2))
        #expect(await loop.step(after: answer(("echo", #"{"a": 1}"#)), turn: 3) == .tooManyTurns(limit: 2))
        #expect(runner.commands.isEmpty)
    }

    @Test(arguments: [
        (CommandOutcome.End.exited(3), "exit status 3\nout"), (.signalled(9), "ended by signal 9\nout"),
        (.timedOut, "stopped: its time was up\nout"), (.notStarted("no such program"), "not run: no such program\nout"),
    ]) func theModelIsToldHowAProgramEnded(end: CommandOutcome.End, text: String) async {
        let runner = TableRunner(["bad": CommandOutcome(end: end, output: KeptOutput(head: Array("out".utf8)))])
        let executor = ToolExecutor(commands: runner, transport: NoTransport())
        let result = await executor.result(
            of: tool("bad", .command(CommandTemplate(["bad"]))), arguments: .object([JSONMember("a", .int(1))]))
        #expect(result.text == text)
        #expect(!result.isSuccess)
    }

    @Test(arguments: [
        ("http://example.com/", "not on loopback"), ("http://127.0.0.1:1/x", "refused"),
        ("http://127.0.0.1.example.com/", "not on loopback"),
    ]) func onlyLoopbackIsAsked(url: String, word: String) async {
        let executor = ToolExecutor(commands: runner, transport: NoTransport())
        let result = await executor.result(of: tool("t", .http(url: url, timeout: .seconds(1))), arguments: .object([]))
        #expect(result.text.contains(word), "\(result.text)")
        #expect(result.kind == .error)
    }

    @Test func idsAreMadeWhereTheyAreMissingOrRepeated() {
        let calls = ["", "x", "x", "call_2_1"].map { ToolCall(id: $0, name: "n", arguments: "") }
        let ids = ToolLoop.identified(calls, turn: 2).map(\.id)
        #expect(Set(ids).count == 4)
        #expect(ids[1] == "x")
    }

    @Test(arguments: [
        (
            Tool(ToolDefinition(name: "t"), run: .command(CommandTemplate(["printf", "%s", "{x}"]))),
            "printf %s 'it'\\''s'"
        ),
        (Tool(ToolDefinition(name: "t"), run: .command(CommandTemplate(["cat"]))), "cat < arguments"),
        (Tool(ToolDefinition(name: "t"), run: .shell(argument: "x", CommandLimits())), "it's"),
        (
            Tool(ToolDefinition(name: "t"), run: .http(url: "http://[::1]/", timeout: .seconds(1))),
            "POST http://[::1]/ < arguments"
        ),
    ]) func aCommandIsSpeltOut(tool: Tool, text: String) {
        #expect(tool.spelling(with: .object([JSONMember("x", .string("it's"))])) == text)
    }

    @Test func whatCannotBeSeenIsSpeltOut() {
        #expect(Command(["a", "b\u{202E}c\n", ""]).spelling == #"a $'b\U0000202ec\n' ''"#)
    }
}
