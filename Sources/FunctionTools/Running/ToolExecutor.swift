public import ProviderCore

/// Answers calls without a person: runs programs, asks servers on loopback, gives fixed replies. Decides nothing: whoever uses
/// it has checked the call and has leave to run it.
public struct ToolExecutor: Sendable {
    private let commands: any CommandRunner
    private let transport: any HTTPTransport
    private let clock: any MonotonicClock

    /// Bytes of an answer of a server that are read.
    private static let answerLimit = 1 << 20

    /// An executor.
    public init(
        commands: any CommandRunner, transport: any HTTPTransport, clock: any MonotonicClock = ContinuousClock()
    ) {
        self.commands = commands
        self.transport = transport
        self.clock = clock
    }

    /// How programs are kept apart.
    public var isolation: Isolation { commands.isolation }

    /// The result of a call with these arguments. Cancelling the task ends what runs.
    public func result(of tool: Tool, arguments: JSONValue) async -> ToolResult {
        switch tool.run {
        case .person: return ToolResult("no way to run \"\(tool.name)\" is defined", kind: .error)
        case .reply(let text): return ToolResult(text, kind: .fixed)
        case .command, .shell:
            do throws(CallRefusal) {
                guard let command = try tool.run.command(for: arguments) else {
                    return ToolResult("not run: there is no command", kind: .error)
                }
                return await run(command)
            } catch {
                return ToolResult("not run: \(error)", kind: .error)
            }
        case .http(let url, let timeout): return await post(arguments, to: url, timeout: timeout)
        }
    }

    private func run(_ command: Command) async -> ToolResult {
        let outcome = await commands.run(command)
        if case .notStarted = outcome.end { return ToolResult(outcome.text, kind: .error) }
        return ToolResult(outcome.text, kind: .ran(outcome.end), duration: outcome.duration)
    }

    private func post(_ arguments: JSONValue, to url: String, timeout: Duration) async -> ToolResult {
        guard (try? BaseURL(url))?.isLoopback == true else {
            return ToolResult("not run: \(url) is not on loopback", kind: .error)
        }
        let began = clock.now
        let request = HTTPRequest(
            method: "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")],
            body: JSONWriter.bytes(arguments),
            timeouts: HTTPTimeouts(firstByte: timeout, stall: timeout, event: nil, total: timeout))
        do {
            let response = try await transport.send(request)
            let kept = try await Self.read(response.body)
            let text = kept.text()
            let isGood = 200..<300 ~= response.status
            return ToolResult(
                isGood ? text : "HTTP status \(response.status)\n\(text)", kind: .answered(status: response.status),
                duration: clock.now - began)
        } catch {
            let reason = error is CancellationError ? "stopped by the user" : "\(error)"
            return ToolResult("\(url): \(reason)", kind: .error, duration: clock.now - began)
        }
    }

    private static func read(_ body: any HTTPBody) async throws -> KeptOutput {
        var kept = KeptOutput()
        while let bytes = try await body.read() {
            let room = answerLimit - kept.head.count
            kept.head += bytes.prefix(room)
            if bytes.count > room {
                // The rest is not read: dropping the body closes the connection.
                kept.dropped = bytes.count - room
                break
            }
        }
        return kept
    }
}
