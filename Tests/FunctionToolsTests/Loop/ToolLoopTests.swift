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

    @Test(arguments: [
        (FinishReason.contentFilter, ToolLoop.Step.finished), (.length, .cutOff),
    ]) func callsOfAnAnswerThatWasCutAreNotRun(reason: FinishReason, step: ToolLoop.Step) async {
        var response = answer(("echo", #"{"a": 1}"#))
        response.finishReason = reason
        #expect(await loop([echo]).step(after: response, turn: 1) == step)
        #expect(runner.commands.isEmpty)
        response.finishReason = .stop
        #expect(answered(await loop([echo]).step(after: response, turn: 1)).count == 1, "some servers say stop")
    }

    /// Programs of which one ends at once and the other when its task is cancelled.
    private struct OneThatWaits: CommandRunner {
        let isolation = Isolation.sandboxed(by: "nothing")
        let started: AsyncStream<Void>.Continuation

        func run(_ command: Command) async -> CommandOutcome {
            guard command.arguments.last == "2" else { return CommandOutcome(end: .exited(0), duration: .zero) }
            started.yield()
            while !Task.isCancelled { await Task.yield() }
            return CommandOutcome(end: .cancelled)
        }
    }

    @Test(arguments: [true, false]) func whatHadEndedIsKeptWhenItIsStopped(isParallel: Bool) async {
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let executor = ToolExecutor(commands: OneThatWaits(started: started), transport: NoTransport())
        let loop = ToolLoop(tools: ToolSet([echo]), executor: executor)
        let response = answer(("echo", #"{"a": 1}"#), ("echo", #"{"a": 2}"#), ("echo", #"{"a": 1}"#))
        let task = Task { await loop.step(after: response, turn: 1, isParallel: isParallel) }
        for await _ in starts { break }
        task.cancel()
        let kinds = answered(await task.value).map(\.result.kind)
        #expect(kinds.count == 3)
        #expect(kinds.first == .ran(.exited(0)))
        #expect(kinds.dropFirst().first == .ran(.cancelled))
        if !isParallel { #expect(kinds.last == .error, "it was not begun") }
    }

    @Test(arguments: [
        ("echo", #"{"a": 1}"#, true), ("echo", #"{"a": "x"}"#, false), ("echo", "[]", false), ("echo", "{", false),
        ("other", #"{"a": "x"}"#, true), ("other", "[]", true), ("other", "{", false), ("other", "", true),
    ]) func validIsJSONAndWhatTheKnownDefinitionAllows(name: String, arguments: String, isValid: Bool) {
        let check = ToolSet([echo]).check(ToolCall(id: "", name: name, arguments: arguments))
        #expect(check.isValid == isValid)
    }

    @Test func noMarkFollowsAQuestion() {
        let enumeration = try? JSONParser.parse(
            #"{"properties": {"unit": {"enum": ["celsius"]}, "days": {"type": "integer"}}}"#)
        let set = ToolSet([Tool(ToolDefinition(name: "w", parameters: enumeration))])
        let fault = set.check(ToolCall(id: "", name: "w", arguments: #"{"unit": "celcius", "days": "x"}"#)).fault
        #expect(fault?.sentence.contains("did you mean \"celsius\"? days must be") == true, "\(fault?.sentence ?? "")")
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

    @Test func theTimeThatWasUpIsNamed() {
        #expect(CommandOutcome(end: .timedOut, limit: "3 s").text == "stopped: its time of 3 s was up")
        #expect(CommandOutcome(end: .signalled(9), limit: "60 s of CPU").text == "ended by signal 9 (60 s of CPU)")
    }

    /// Bytes, then a failure.
    private final class BrokenBody: HTTPBody {
        private let pieces: Mutex<[[UInt8]]>
        private let failure: TransportError?

        init(_ text: String, _ failure: TransportError?) {
            pieces = Mutex([Array(text.utf8)])
            self.failure = failure
        }

        nonisolated(nonsending) func read() async throws -> [UInt8]? {
            let piece = pieces.withLock { $0.popLast() }
            if piece == nil, let failure { throw failure }
            return piece
        }
    }

    private struct OneAnswer: HTTPTransport {
        let answer: Result<HTTPResponse, TransportError>
        nonisolated(nonsending) func send(_ request: HTTPRequest) async throws -> HTTPResponse { try answer.get() }
    }

    private static let lost = TransportError(.lost, "connection lost after 4 bytes", progress: .answering)
    private static let late = TransportError(.timeout, "x", progress: .answering, timeLimit: .stall)

    static let httpAnswers: [(Result<HTTPResponse, TransportError>, String, ToolResult.Kind)] = [
        (
            .failure(TransportError(.connect, "connection refused by 127.0.0.1:8766")),
            "connection refused by 127.0.0.1:8766; the call was not answered", .error
        ),
        (
            .failure(TransportError(.timeout, "x", progress: .sent, timeLimit: .total)),
            "127.0.0.1:8766: no answer within 2.5 s; whether the server did what was asked is not known", .error
        ),
        (
            .success(HTTPResponse(status: 200, headers: [], body: BrokenBody("half", lost))),
            "127.0.0.1:8766: connection lost after 4 bytes; the answer is cut off\nhalf", .error
        ),
        (
            .success(HTTPResponse(status: 200, headers: [], body: BrokenBody("half", late))),
            "127.0.0.1:8766: the answer did not end within 2.5 s; the answer is cut off\nhalf", .error
        ),
        (
            .success(
                HTTPResponse(
                    status: 302, headers: [HTTPHeader("location", "http://evil.example/\u{1B}")],
                    body: BrokenBody("moved", nil))),
            "HTTP status 302: the server redirects to \"http://evil.example/\\u001b\", and redirects are not followed\nmoved",
            .answered(status: 302)
        ),
        (
            .success(HTTPResponse(status: 500, headers: [], body: BrokenBody("oh", nil))), "HTTP status 500\noh",
            .answered(status: 500)
        ),
        (.success(HTTPResponse(status: 200, headers: [], body: BrokenBody("ok", nil))), "ok", .answered(status: 200)),
    ]

    @Test(arguments: httpAnswers.indices) func aServersFailureIsToldInPlainWords(row: Int) async {
        let (answer, text, kind) = Self.httpAnswers[row]
        let executor = ToolExecutor(commands: runner, transport: OneAnswer(answer: answer))
        let run = ToolRun.http(url: "http://127.0.0.1:8766/x", timeout: .milliseconds(2500))
        let result = await executor.result(of: tool("t", run), arguments: .object([]))
        #expect(result.text == text)
        #expect(result.kind == kind)
    }

    @Test(arguments: [
        ("./count.py", "/h/tools/count.py"), ("../bin/x", "/h/tools/../bin/x"), ("count.py", "count.py"),
        ("bin/x", "bin/x"), ("/bin/x", "/bin/x"), (".hidden", ".hidden"), (".//x", "/h/tools/x"),
    ]) func aProgramBesideItsDefinitionIsFound(written: String, path: String) {
        let template = CommandTemplate([written, "./{a}"]).placed(in: "/h/tools")
        #expect(template.arguments == [path, "./{a}"])
    }

    @Test func bracesOfAFolderAreNoPlaceholders() throws {
        let template = CommandTemplate(["./x"]).placed(in: "/h/{a}")
        #expect(try template.expanded(with: .object([])).arguments == ["/h/{a}/x"])
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
