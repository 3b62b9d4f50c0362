/// Turns beats into the numbered server-sent events of a streamed response.
struct ResponseEventEncoder: BeatEncoder {
    private let writer: ResponseEventWriter
    /// The number of the last event that the client has; what came until then is left out.
    private let last: Int
    private var draft: ResponseDraft
    private var sequence = 0
    private var isOpened = false
    private var changes: [ResponseDraft.Change] = []

    /// - Parameter last: the sequence number after which to begin; -1 begins at the start.
    init(_ context: ResponseContext, after last: Int = -1) {
        writer = ResponseEventWriter(context: context)
        self.last = last
        draft = ResponseDraft(status: context.firstStatus)
    }

    mutating func encode(_ beat: Beat, into cues: inout [Cue]) {
        if let action = beat.event.plainAction {
            if case .bytes = action, sequence <= last { return }
            return cues.append(Cue(due: beat.due, action: action))
        }
        open(before: beat, into: &cues)
        draft.play(beat, into: &changes)
        for change in changes {
            for event in writer.events(for: change, of: draft) { send(event, due: beat.due, into: &cues) }
        }
        changes.removeAll(keepingCapacity: true)
    }

    private mutating func open(before beat: Beat, into cues: inout [Cue]) {
        guard !isOpened else { return }
        switch beat.event {
        case .text, .token, .callStarted, .arguments, .finish, .failed: isOpened = true
        default: return
        }
        send(writer.response("created", draft), due: beat.due, into: &cues)
        if draft.status == .queued { send(writer.response("queued", draft), due: beat.due, into: &cues) }
        draft.status = .inProgress
        send(writer.response("in_progress", draft), due: beat.due, into: &cues)
    }

    private mutating func send(_ event: ResponseEvent, due: Int64, into cues: inout [Cue]) {
        defer { sequence += 1 }
        if sequence > last { cues.append(Cue(due: due, action: .bytes(event.bytes(number: sequence)))) }
    }
}

/// An event of a streamed response, without its number.
struct ResponseEvent {
    var type: String
    /// The members beside type and number, each with a comma before it.
    var members: [UInt8]

    func bytes(number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.count + 128)
        bytes.append(text: "event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":\(number)")
        bytes += members
        bytes.append(text: "}\n\n")
        return bytes
    }
}
