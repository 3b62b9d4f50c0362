import FunctionTools
import ProviderCore
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where `ask` writes what happens. One batch is what one read of the network held.
protocol AskOutput {
    /// Whether the report needs the texts; text output has already written them.
    var keepsText: Bool { get }
    /// The request is about to leave.
    mutating func started(_ report: AskReport) throws
    /// Events came, `at` after the request left.
    mutating func took(_ batch: [StreamEvent], at: Duration) throws
    /// The calls of a turn were answered, `at` after the first request left; another request follows.
    mutating func answered(_ calls: [ToolLoop.AnsweredCall], turn: Int, at: Duration) throws
    /// It is over, one way or the other.
    mutating func ended(_ report: AskReport, _ catalog: ModelCatalog) throws
}

/// Nobody reads standard output any more: the quiet end.
struct OutputClosed: Error {}

/// The answer as it streams, and nothing else; all of a batch in one write.
struct TextOutput: AskOutput {
    let keepsText = false
    private let toTerminal = Terminal.isTerminal(STDOUT_FILENO)
    private var gate = StreamingGate()
    private var buffer: [UInt8] = []
    private var lastByte: UInt8?
    private var notices = PolicyNotices()

    mutating func started(_ report: AskReport) {}

    mutating func took(_ batch: [StreamEvent], at: Duration) throws {
        buffer.removeAll(keepingCapacity: true)
        for event in batch {
            switch event {
            case .textDelta(let text, choice: 0), .refusalDelta(let text, choice: 0): append(text)
            case .policy(let event): notices.tell(event)
            default: break
            }
        }
        try flush()
    }

    private mutating func append(_ text: String) {
        if toTerminal {
            buffer.append(contentsOf: gate.append(text).text.utf8)
        } else {
            var text = text
            text.withUTF8 { buffer.append(contentsOf: $0) }
        }
    }

    private mutating func flush() throws {
        guard let last = buffer.last else { return }
        lastByte = last
        try Terminal.put(buffer)
    }

    mutating func answered(_ calls: [ToolLoop.AnsweredCall], turn: Int, at: Duration) throws {
        notices.end()
        try finishText()
        // Before the text of the next turn, whoever reads it.
        if !toTerminal, let lastByte, lastByte != UInt8(ascii: "\n") { try Terminal.put([UInt8(ascii: "\n")]) }
        lastByte = nil
        for call in calls { Terminal.complain(ToolWords.line(call)) }
    }

    /// Puts out what the gate holds, and ends the line where somebody watches.
    private mutating func finishText() throws {
        guard toTerminal else { return }
        buffer = Array(gate.finish().text.utf8)
        try flush()
        if let lastByte, lastByte != UInt8(ascii: "\n") {
            _ = Terminal.write([UInt8(ascii: "\n")], to: STDOUT_FILENO)
        }
        gate = StreamingGate()
    }

    mutating func ended(_ report: AskReport, _ catalog: ModelCatalog) throws {
        notices.end()
        try finishText()
        for call in report.openCalls { Terminal.complain(ToolWords.open(call, report.tools)) }
        for violation in report.violations ?? [] { Terminal.complain("the answer breaks the schema: \(violation)") }
        if let error = report.ending { Terminal.complain(AskReport.line(error)) }
        if Terminal.isTerminal(STDERR_FILENO), report.hasContent {
            Terminal.complain(report.closingLine(catalog))
        }
    }
}

/// One object at the end.
struct JSONOutput: AskOutput {
    let keepsText = true
    private var notices = PolicyNotices()

    mutating func started(_ report: AskReport) {}

    mutating func took(_ batch: [StreamEvent], at: Duration) {
        for case .policy(let event) in batch { notices.tell(event) }
    }

    mutating func answered(_ calls: [ToolLoop.AnsweredCall], turn: Int, at: Duration) { notices.end() }

    mutating func ended(_ report: AskReport, _ catalog: ModelCatalog) throws {
        notices.end()
        try Terminal.put(JSONWriter.bytes(report.json(catalog)) + [UInt8(ascii: "\n")])
    }
}

/// One object a line, as it happens.
struct EventsOutput: AskOutput {
    let keepsText = false
    private var lines: [UInt8] = []

    mutating func started(_ report: AskReport) throws {
        add(
            "started", at: .zero,
            [JSONMember("model", .string(report.last.askedModel)), JSONMember("endpoint", .string(report.endpoint))])
        try flush()
    }

    mutating func took(_ batch: [StreamEvent], at: Duration) throws {
        for event in batch { add(event, at: at) }
        try flush()
    }

    mutating func answered(_ calls: [ToolLoop.AnsweredCall], turn: Int, at: Duration) throws {
        for call in calls { add("tool_result", at: at, AskReport.json(call, turn: turn).objectValue ?? []) }
        try flush()
    }

    mutating func ended(_ report: AskReport, _ catalog: ModelCatalog) throws {
        let at = report.ended - report.sent
        if let error = report.ending, error.kind != .contentFiltered || report.response.finishReason == nil {
            add("error", at: at, [JSONMember("error", AskReport.json(error))])
        } else {
            let reason = report.response.finishReason?.wireName
            let ids = report.openCalls.filter { report.tools.check($0).needsPerson }.map { JSONValue.string($0.id) }
            let left = report.needsPerson ? [JSONMember(ToolWords.forPerson, .array(ids))] : []
            add("finished", at: at, [JSONMember("finish_reason", reason.map(JSONValue.string) ?? .null)] + left)
        }
        try flush()
    }

    private mutating func add(_ event: StreamEvent, at: Duration) {
        switch event {
        case .textDelta(let text, choice: 0): add("text", at: at, [JSONMember("delta", .string(text))])
        case .reasoningDelta(let text, choice: 0): add("reasoning", at: at, [JSONMember("delta", .string(text))])
        case .refusalDelta(let text, choice: 0): add("refusal", at: at, [JSONMember("delta", .string(text))])
        case .toolCallDelta(let delta) where delta.choice == 0:
            add(
                "tool_call", at: at,
                [
                    JSONMember("index", .int(delta.index)), JSONMember("id", delta.id.map(JSONValue.string) ?? .null),
                    JSONMember("name", delta.name.map(JSONValue.string) ?? .null),
                    JSONMember("arguments_delta", .string(delta.argumentsDelta)),
                ])
        case .logprobs(let tokens, choice: 0):
            add("logprobs", at: at, [JSONMember("tokens", .array(tokens.map(Self.json)))])
        case .usage(let usage): add("usage", at: at, Self.members(usage))
        case .policy(let event): add(event, at: at)
        default: break
        }
    }

    private mutating func add(_ event: PolicyEvent, at: Duration) {
        func milliseconds(_ wait: Duration?) -> JSONValue { wait.map { .int(Int($0.milliseconds.rounded())) } ?? .null }
        switch event {
        case .attemptStarted: break
        case .retryScheduled(let notice):
            add(
                "retry", at: at,
                [
                    JSONMember("attempt", .int(notice.attempt)), JSONMember("max_attempts", .int(notice.limit)),
                    JSONMember("wait_ms", milliseconds(notice.wait)),
                    JSONMember("reason", .string(notice.error.kind.rawValue)),
                    JSONMember("basis", .string(notice.basis.rawValue)),
                    JSONMember("message", .string(notice.error.message)),
                ])
        case .held(let notice):
            add(
                "held", at: at,
                [
                    JSONMember("wait_ms", milliseconds(notice.wait)),
                    JSONMember("reason", .string(notice.cause.rawValue)), JSONMember("ahead", .int(notice.ahead)),
                ])
        case .circuit(let notice): add("circuit", at: at, Self.members(notice))
        case .budget(let notice):
            add(
                "budget", at: at,
                [
                    JSONMember("scope", .string(notice.scope.rawValue)),
                    JSONMember("spent_usd", .string(notice.spent.exact)),
                    JSONMember("soft_cap_usd", .string(notice.cap.exact)),
                ])
        }
    }

    private static func members(_ notice: CircuitNotice) -> [JSONMember] {
        switch notice {
        case .opened(let time, let failures):
            [
                JSONMember("state", .string("open")), JSONMember("for_ms", .int(Int(time.milliseconds.rounded()))),
                JSONMember("failures", .int(failures)),
            ]
        case .probing: [JSONMember("state", .string("half_open"))]
        case .closed: [JSONMember("state", .string("closed"))]
        }
    }

    private static func json(_ token: TokenLogprob) -> JSONValue {
        let top = token.top.map {
            JSONValue.object([JSONMember("token", .string($0.token)), JSONMember("logprob", .double($0.logprob))])
        }
        return .object([
            JSONMember("token", .string(token.token)), JSONMember("logprob", .double(token.logprob)),
            JSONMember("top", .array(top)),
        ])
    }

    private static func members(_ usage: TokenUsage) -> [JSONMember] {
        func count(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        return [
            JSONMember("input_tokens", count(usage.inputTokens)),
            JSONMember("cached_input_tokens", count(usage.cachedInputTokens)),
            JSONMember("output_tokens", count(usage.outputTokens)),
            JSONMember("reasoning_tokens", count(usage.reasoningTokens)), JSONMember("source", .string("server")),
        ]
    }

    private mutating func add(_ event: String, at: Duration, _ members: [JSONMember]) {
        let head = [JSONMember("event", .string(event)), JSONMember("at_ms", AskReport.milliseconds(at))]
        lines += JSONWriter.bytes(.object(head + members))
        lines.append(UInt8(ascii: "\n"))
    }

    private mutating func flush() throws {
        defer { lines.removeAll(keepingCapacity: true) }
        try Terminal.put(lines)
    }
}
