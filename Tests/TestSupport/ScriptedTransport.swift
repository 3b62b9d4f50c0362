public import ProviderCore
import Synchronization

/// A transport that plays answers from a list, one for each request in turn, and records what was asked.
public final class ScriptedTransport: HTTPTransport {
    /// What happens while an answer's body is read.
    public enum Step: Sendable {
        /// One read returns these bytes.
        case bytes([UInt8])
        /// The read waits on the script's clock.
        case pause(Duration)
        /// The read fails.
        case fail(TransportError)
    }

    /// One answer.
    public struct Answer: Sendable {
        /// The status code.
        public var status: Int
        /// The headers, names in lower case.
        public var headers: [HTTPHeader]
        /// The body, read by read.
        public var steps: [Step]
        /// When set, no answer comes but this.
        public var failure: TransportError?

        /// An answer in steps.
        public init(
            status: Int = 200, headers: [HTTPHeader] = [], steps: [Step] = [], failure: TransportError? = nil
        ) {
            self.status = status
            self.headers = headers
            self.steps = steps
            self.failure = failure
        }

        /// An answer whose body is one text; `type` is its content type.
        public static func text(
            _ body: String, status: Int = 200, type: String?, _ more: [HTTPHeader] = []
        ) -> Answer {
            let headers = type.map { [HTTPHeader("content-type", $0)] } ?? []
            let steps: [Step] = body.isEmpty ? [] : [.bytes(Array(body.utf8))]
            return Answer(status: status, headers: headers + more, steps: steps)
        }

        /// An event stream, a read for each element.
        public static func events(_ reads: [String], then last: Step? = nil) -> Answer {
            Answer(
                headers: [HTTPHeader("content-type", "text/event-stream; charset=utf-8")],
                steps: reads.map { .bytes(Array($0.utf8)) } + (last.map { [$0] } ?? []))
        }

        /// An exchange that fails before any answer.
        public static func failing(_ failure: TransportError) -> Answer { Answer(failure: failure) }
    }

    private struct State {
        var answers: [Answer]
        var requests: [HTTPRequest] = []
        var openBodies = 0
    }

    private let state: Mutex<State>
    private let clock: any MonotonicClock

    /// A transport that gives these answers in turn, and then only failures. Pauses run on `clock`; on a `TestClock`
    /// that nobody moves they last until the task is cancelled.
    public init(_ answers: [Answer], clock: any MonotonicClock = TestClock()) {
        state = Mutex(State(answers: answers))
        self.clock = clock
    }

    /// What was asked so far.
    public var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// How many bodies were handed out and not yet dropped: the connections that are still open.
    public var openBodies: Int { state.withLock { $0.openBodies } }

    /// Plays the next answer.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { throw TransportError(.connect, "the script has no further answer") }
        if let failure = answer.failure { throw failure }
        state.withLock { $0.openBodies += 1 }
        return HTTPResponse(
            status: answer.status, headers: answer.headers, body: ScriptedBody(answer.steps, clock: clock, owner: self))
    }

    fileprivate func bodyWasDropped() { state.withLock { $0.openBodies -= 1 } }
}

/// The body of a scripted answer.
private final class ScriptedBody: HTTPBody {
    private let steps: Mutex<ArraySlice<ScriptedTransport.Step>>
    private let clock: any MonotonicClock
    private let owner: ScriptedTransport

    init(_ steps: [ScriptedTransport.Step], clock: any MonotonicClock, owner: ScriptedTransport) {
        self.steps = Mutex(steps[...])
        self.clock = clock
        self.owner = owner
    }

    deinit { owner.bodyWasDropped() }

    func read() async throws -> [UInt8]? {
        while let step = steps.withLock({ $0.popFirst() }) {
            try Task.checkCancellation()
            switch step {
            case .bytes(let bytes): return bytes
            case .pause(let duration): try await clock.sleep(for: duration)
            case .fail(let failure): throw failure
            }
        }
        return nil
    }
}
