/// Folds beats into a response that is sent whole: a completion, an error or a verbatim body.
struct CompletionBuilder {
    private let context: AnswerContext
    private var texts: [TextKind: [UInt8]] = [:]
    private var calls: [Call] = []
    private var tokens: [ScoredToken] = []
    private var finish: String?
    private var error: ErrorObject?
    private var body: [UInt8]?
    private var counts: TokenCounts?
    private var headersDue: Int64?
    private var ending: Cue?
    private var due: Int64 = 0
    private var hasContent = false

    /// Repeats can describe more than fits into memory; a whole answer ends here.
    private static let mostBeats = 4_000_000

    private struct Call {
        var index: Int
        var id: String?
        var name: String?
        var arguments: [UInt8] = []
    }

    init(_ context: AnswerContext) {
        self.context = context
    }

    /// The cues for a scenario with this status; `bodyLength` is what `Content-Length` has to say.
    mutating func build(_ beats: BeatSequence, status: Int) -> (cues: [Cue], bodyLength: Int) {
        var beats = beats
        for _ in 0..<Self.mostBeats {
            guard let beat = beats.next() else { break }
            add(beat)
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

    private mutating func add(_ beat: Beat) {
        due = beat.due
        switch beat.event {
        case .headers: headersDue = headersDue ?? beat.due
        case .text(let kind, let text): texts[kind, default: []] += text
        case .token(let token):
            texts[.reply, default: []] += Array(token.chosen.text.utf8)
            tokens.append(token)
        case .callStarted(let index, let id, let name): calls.append(Call(index: index, id: id, name: name))
        case .arguments(let index, let text):
            if let slot = calls.lastIndex(where: { $0.index == index }) { calls[slot].arguments += text }
        case .error(let object): error = object
        case .body(let bytes): body = (body ?? []) + bytes
        case .finish(let reason): finish = reason
        case .usage(let total): counts = total
        case .hang, .cut, .reset: ending = cue(beat)
        case .delta, .data, .comment, .raw, .done: return
        }
        switch beat.event {
        case .text, .token, .callStarted, .error, .body: hasContent = true
        default: break
        }
    }

    private func cue(_ beat: Beat) -> Cue {
        switch beat.event {
        case .cut: Cue(due: beat.due, action: .cut)
        case .reset: Cue(due: beat.due, action: .reset)
        default: Cue(due: beat.due, action: .hang)
        }
    }

    private func rendered(status: Int) -> [UInt8] {
        if let body { return body }
        if let error {
            var bytes: [UInt8] = []
            bytes.append(error)
            return bytes
        }
        return status == 200 || hasContent ? completion() : []
    }

    private func completion() -> [UInt8] {
        var bytes = context.opening(object: "chat.completion")
        bytes.append(text: #","choices":[{"index":0,"message":{"role":"assistant","content":"#)
        bytes.append(text: texts[.reply] == nil && (!calls.isEmpty || texts[.refusal] != nil) ? "null" : "")
        if bytes.last == 0x3A { bytes.append(jsonString: texts[.reply] ?? []) }
        bytes.append(text: #","refusal":"#)
        if let refusal = texts[.refusal] { bytes.append(jsonString: refusal) } else { bytes.append(text: "null") }
        if let reasoning = texts[.reasoning] {
            bytes.append(text: #","reasoning_content":"#)
            bytes.append(jsonString: reasoning)
        }
        if !calls.isEmpty { appendCalls(to: &bytes) }
        bytes.append(text: #"},"logprobs":"#)
        appendLogprobs(to: &bytes)
        bytes.append(text: #","finish_reason":"#)
        bytes.append(json: finish)
        bytes.append(text: "}]")
        if let counts {
            bytes.append(text: #","usage":"#)
            bytes.append(context.usage, counted: counts, prompt: context.promptTokens)
        }
        bytes.append(text: "}\n")
        return bytes
    }

    private func appendCalls(to bytes: inout [UInt8]) {
        for (position, call) in calls.enumerated() {
            bytes.append(text: position == 0 ? #","tool_calls":[{"# : ",{")
            if let id = call.id {
                bytes.append(text: #""id":"#)
                bytes.append(jsonString: id.utf8)
                bytes.append(0x2C)
            }
            bytes.append(text: #""type":"function","function":{"name":"#)
            bytes.append(json: call.name)
            bytes.append(text: #","arguments":"#)
            bytes.append(jsonString: call.arguments)
            bytes.append(text: "}}")
        }
        bytes.append(text: "]")
    }

    private func appendLogprobs(to bytes: inout [UInt8]) {
        guard let top = context.topLogprobs, !tokens.isEmpty else { return bytes.append(text: "null") }
        bytes.append(text: #"{"content":["#)
        for (position, token) in tokens.enumerated() {
            if position > 0 { bytes.append(0x2C) }
            bytes.append(token, top: top)
        }
        bytes.append(text: #"],"refusal":null}"#)
    }
}
