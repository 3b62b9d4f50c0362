/// What a whole answer is made of, in the form of one API.
protocol AnswerFold {
    /// Whether an answer that failed is an answer all the same, and not an error.
    var holdsFailures: Bool { get }
    /// The body.
    var body: [UInt8] { get }
    /// Takes in a beat.
    mutating func add(_ beat: Beat)
}

/// Folds beats into an answer that is sent whole: a completion, a response, an error or a verbatim body.
struct WholeAnswer {
    private var fold: any AnswerFold
    private var error: ErrorObject?
    private var verbatim: [UInt8]?
    private var headersDue: Int64?
    private var ending: Cue?
    private var due: Int64 = 0
    private var hasContent = false

    /// Repeats can describe more than fits into memory; a whole answer ends here.
    private static let mostBeats = 4_000_000

    init(_ fold: any AnswerFold) {
        self.fold = fold
    }

    /// The cues for a scenario with this status; `bodyLength` is what `Content-Length` has to say.
    mutating func build(_ beats: BeatSequence, status: Int) -> (cues: [Cue], bodyLength: Int) {
        var beats = beats
        for _ in 0..<Self.mostBeats {
            guard let beat = beats.next() else { break }
            add(beat, status: status)
        }
        let bytes = rendered(status: status)
        var cues: [Cue] = []
        if let headersDue { cues.append(Cue(due: headersDue, action: .headers)) }
        guard let ending else {
            cues.append(Cue(due: due, action: bytes.isEmpty ? .headers : .bytes(bytes)))
            return (cues, bytes.count)
        }
        if hasContent, ending.action != .hang {
            cues.append(Cue(due: ending.due, action: .bytes(Array(bytes.prefix(bytes.count / 2)))))
        }
        cues.append(ending)
        return (cues, bytes.count)
    }

    private mutating func add(_ beat: Beat, status: Int) {
        due = beat.due
        switch beat.event {
        case .headers: headersDue = headersDue ?? beat.due
        case .failed where fold.holdsFailures && status == 200:
            fold.add(beat)
            hasContent = true
        case .error(let object), .failed(let object):
            error = object
            hasContent = true
        case .body(let bytes):
            verbatim = (verbatim ?? []) + bytes
            hasContent = true
        case .hang, .cut, .reset: ending = beat.event.plainAction.map { Cue(due: beat.due, action: $0) }
        case .text, .token, .callStarted:
            fold.add(beat)
            hasContent = true
        case .arguments, .finish, .usage: fold.add(beat)
        case .delta, .data, .comment, .raw, .done: break
        }
    }

    private func rendered(status: Int) -> [UInt8] {
        if let verbatim { return verbatim }
        if let error {
            var bytes: [UInt8] = []
            bytes.append(error)
            return bytes
        }
        return status == 200 || hasContent ? fold.body : []
    }
}
