import NIOCore
import Synchronization

/// An answer that can be asked for again.
///
/// It needs no timer and no connection to go on: a script says what has been played at any time after its start, so
/// asking plays it up to now.
final class StoredResponse: Sendable {
    let context: ResponseContext
    /// Whether it was asked for as a stream.
    let isStreamed: Bool
    let start: NIODeadline
    let cancellation = Cancellation()
    private let scenario: Scenario
    private let options: BeatSequence.Options
    private let conversation: [Message]
    private let state: Mutex<State>

    private struct State {
        var beats: BeatSequence
        /// What has been made but is not due.
        var next: Beat?
        var draft: ResponseDraft
        var changes: [ResponseDraft.Change] = []

        /// Plays what is due until a time.
        mutating func advance(to time: Int64) {
            while let beat = next ?? beats.next() {
                guard beat.due <= time else {
                    next = beat
                    return
                }
                next = nil
                draft.play(beat, into: &changes)
                changes.removeAll(keepingCapacity: true)
            }
        }
    }

    /// - Parameters:
    ///   - options: how the answer is played; here it outlives its connection.
    ///   - conversation: what it answers.
    init(
        _ scenario: Scenario, options: BeatSequence.Options, context: ResponseContext, isStreamed: Bool,
        conversation: [Message], start: NIODeadline = .now()
    ) {
        self.scenario = scenario
        self.context = context
        self.isStreamed = isStreamed
        self.conversation = conversation
        self.start = start
        var options = options
        options.skipsCuts = true
        self.options = options
        state = Mutex(State(beats: BeatSequence(scenario, options: options), draft: ResponseDraft()))
    }

    /// The nanoseconds since its start.
    var age: Int64 { (NIODeadline.now() - start).nanoseconds }

    /// About how much memory it takes.
    var byteCount: Int {
        let texts = conversation.reduce(0) { $0 + $1.text.utf8.count + 64 }
        return texts + context.echo.count + state.withLock { $0.draft.byteCount }
    }

    /// The response so many nanoseconds after its start.
    func draft(at age: Int64) -> ResponseDraft {
        let cancelled = cancellation.time
        return state.withLock { state in
            state.advance(to: min(age, cancelled ?? age))
            var draft = state.draft
            if cancelled != nil, !draft.status.isFinal { draft.status = .cancelled }
            return draft
        }
    }

    /// The conversation with this answer, for one that goes on from here.
    var continued: [Message] {
        let items = draft(at: age).items
        var answer = Message(role: "assistant", text: "")
        for (index, item) in items.enumerated() {
            switch item.kind {
            case .message: answer.text += item.parts.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            case .call(let id, let name):
                answer.calls.append(Message.Call(id: context.callID(index, given: id), name: name ?? ""))
            case .reasoning: break
            }
        }
        return conversation + (items.isEmpty ? [] : [answer])
    }

    /// The events after one of this number, those to come included.
    func events(after last: Int) -> CueSequence {
        CueSequence(
            BeatSequence(scenario, options: options), encoder: ResponseEventEncoder(context, after: last),
            stage: ByteStage(split: scenario.split), until: cancellation.time ?? .max)
    }
}

/// The last responses.
final class ResponseStore: Sendable {
    private let responses = Mutex<[StoredResponse]>([])
    private let limit: Int
    private let byteLimit: Int

    /// - Parameters:
    ///   - limit: how many responses are kept.
    ///   - byteLimit: how many bytes they may take together.
    init(limit: Int, byteLimit: Int) {
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// Keeps a response, in place of one with the same id.
    func add(_ response: StoredResponse) {
        responses.withLock { responses in
            responses.removeAll { $0.context.answer.id == response.context.answer.id }
            responses.append(response)
        }
        trim()
    }

    func find(_ id: String) -> StoredResponse? {
        responses.withLock { $0.last { $0.context.answer.id == id } }
    }

    /// Takes a response out.
    func remove(_ id: String) -> StoredResponse? {
        responses.withLock { responses in
            guard let index = responses.lastIndex(where: { $0.context.answer.id == id }) else { return nil }
            return responses.remove(at: index)
        }
    }

    /// Lets go of the oldest while there are too many or they are too large; they grow while they are played.
    func trim() {
        responses.withLock { responses in
            var sizes = responses.map(\.byteCount)
            var total = sizes.reduce(0, +)
            while responses.count > limit || (total > byteLimit && responses.count > 1) {
                responses.removeFirst()
                total -= sizes.removeFirst()
            }
        }
    }
}
