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
        guard let base = try? BaseURL(url), base.isLoopback else {
            return ToolResult("not run: \(url) is not on loopback", kind: .error)
        }
        let began = clock.now
        let request = HTTPRequest(
            method: "POST", url: url, headers: [HTTPHeader("Content-Type", "application/json")],
            body: JSONWriter.bytes(arguments),
            timeouts: HTTPTimeouts(firstByte: timeout, stall: timeout, event: nil, total: timeout))
        var kept = KeptOutput()
        do {
            let response = try await transport.send(request)
            try await Self.read(response.body, into: &kept)
            let head = Self.head(response)
            return ToolResult(
                head.map { "\($0)\n\(kept.text())" } ?? kept.text(), kind: .answered(status: response.status),
                duration: clock.now - began)
        } catch {
            // What came before it failed may be all that there was to say.
            let text = [Self.reason(error, base.displayName, timeout), kept.text()].filter { !$0.isEmpty }
            return ToolResult(text.joined(separator: "\n"), kind: .error, duration: clock.now - began)
        }
    }

    /// What is told of an answer beside its body; nil when all is well.
    private static func head(_ response: HTTPResponse) -> String? {
        switch response.status {
        case 200..<300: return nil
        case 300..<400:
            let target = response.header("location").map { "to \(Words.quoted($0))" } ?? "without saying where"
            return "HTTP status \(response.status): the server redirects \(target), and redirects are not followed"
        default: return "HTTP status \(response.status)"
        }
    }

    /// Why a server's answer is missing or cut, in words for the model.
    private static func reason(_ error: any Error, _ server: String, _ timeout: Duration) -> String {
        guard let failure = error as? TransportError else {
            return error is CancellationError ? "stopped by the user" : "\(server): the call was not answered"
        }
        let isLate = failure.kind == .timeout && failure.timeLimit != .connect
        let time = "\(Double(timeout.components.seconds) + Double(timeout.components.attoseconds) / 1e18)"
        let limit = (time.hasSuffix(".0") ? String(time.dropLast(2)) : time) + " s"
        let what =
            switch failure.progress {
            case .answering where isLate: "the answer did not end within \(limit)"
            case _ where isLate: "no answer within \(limit)"
            default: failure.message
            }
        let named = what.contains(server) ? what : "\(server): \(what)"
        switch failure.progress {
        case .notSent: return named + "; the call was not answered"
        case .sent: return named + "; whether the server did what was asked is not known"
        case .answering: return named + "; the answer is cut off"
        }
    }

    private static func read(_ body: any HTTPBody, into kept: inout KeptOutput) async throws {
        while let bytes = try await body.read() {
            let room = answerLimit - kept.head.count
            kept.head += bytes.prefix(room)
            if bytes.count > room {
                // The rest is not read: dropping the body closes the connection.
                kept.dropped = bytes.count - room
                break
            }
        }
    }
}
