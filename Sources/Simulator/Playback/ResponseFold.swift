/// A response of the Responses API that is sent whole.
struct ResponseFold: AnswerFold {
    private let context: ResponseContext
    private var draft = ResponseDraft()
    private var changes: [ResponseDraft.Change] = []

    init(_ context: ResponseContext) {
        self.context = context
    }

    /// A response says itself that it failed, and why.
    var holdsFailures: Bool { true }
    var body: [UInt8] { context.object(draft) + [0x0A] }

    mutating func add(_ beat: Beat) {
        draft.play(beat, into: &changes)
        changes.removeAll(keepingCapacity: true)
    }
}
