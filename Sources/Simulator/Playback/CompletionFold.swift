/// A chat completion as far as it has been played.
struct CompletionFold: AnswerFold {
    private let context: AnswerContext
    private var texts: [TextKind: [UInt8]] = [:]
    private var calls: [Call] = []
    private var tokens: [ScoredToken] = []
    private var finish: String?
    private var counts: TokenCounts?

    private struct Call {
        var id: String?
        var name: String?
        var index: Int
        var arguments: [UInt8] = []
    }

    init(_ context: AnswerContext) {
        self.context = context
    }

    /// A completion has no place for an error: that is the whole body then.
    var holdsFailures: Bool { false }

    mutating func add(_ beat: Beat) {
        switch beat.event {
        case .text(let kind, let text): texts[kind, default: []] += text
        case .token(let token):
            texts[.reply, default: []] += Array(token.chosen.text.utf8)
            tokens.append(token)
        case .callStarted(let start): calls.append(Call(id: start.id, name: start.name, index: start.index))
        case .arguments(let index, let text):
            if let slot = calls.lastIndex(where: { $0.index == index }) { calls[slot].arguments += text }
        case .finish(let reason, _): finish = reason
        case .usage(let total): counts = total
        default: break
        }
    }

    var body: [UInt8] {
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
