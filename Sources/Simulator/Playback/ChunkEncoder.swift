/// Turns beats into the server-sent events of a streamed chat completion.
struct ChunkEncoder: BeatEncoder {
    private let context: AnswerContext
    /// `data: {…,"choices":[{"index":0,"delta":`, the same in every chunk.
    private let beforeDelta: [UInt8]
    private let afterChoices: [UInt8]
    private var hasRole = false

    init(_ context: AnswerContext) {
        self.context = context
        var opening = Array("data: ".utf8) + context.opening(object: "chat.completion.chunk")
        opening.append(text: #","choices":[{"index":0,"delta":"#)
        beforeDelta = opening
        afterChoices = Array((context.reportsUsage ? #"],"usage":null}"# : "]}").utf8) + [0x0A, 0x0A]
    }

    /// Appends the cues for a beat.
    mutating func encode(_ beat: Beat, into cues: inout [Cue]) {
        addRole(before: beat, into: &cues)
        let action = beat.event.plainAction ?? .bytes(bytes(for: beat.event))
        cues.append(Cue(due: beat.due, action: action))
    }

    private mutating func addRole(before beat: Beat, into cues: inout [Cue]) {
        guard !hasRole else { return }
        let content: String
        switch beat.event {
        case .callStarted: content = "null"
        case .text, .token, .arguments, .delta, .finish: content = #""""#
        default: return
        }
        hasRole = true
        let role = chunk { $0.append(text: #"{"role":"assistant","content":\#(content),"refusal":null}"#) }
        cues.append(Cue(due: beat.due, action: .bytes(role)))
    }

    private func bytes(for event: Beat.Event) -> [UInt8] {
        switch event {
        case .text(let kind, let text):
            return chunk {
                $0.append(text: "{\"\(kind.member)\":")
                $0.append(jsonString: text)
                $0.append(0x7D)
            }
        case .token(let token):
            return chunk(logprobs: token) {
                $0.append(text: #"{"content":"#)
                $0.append(jsonString: token.chosen.text.utf8)
                $0.append(0x7D)
            }
        case .callStarted(let start): return call(start)
        case .arguments(let index, let text):
            return chunk {
                $0.append(text: #"{"tool_calls":[{"index":\#(index),"function":{"arguments":"#)
                $0.append(jsonString: text)
                $0.append(text: "}}]}")
            }
        case .delta(let json): return chunk { $0.append(text: json) }
        case .finish(let reason, _): return chunk(finish: reason) { $0.append(text: "{}") }
        case .usage(let counts): return usage(counts)
        case .error(let error), .failed(let error):
            var bytes = Array("data: ".utf8)
            bytes.append(error)
            return bytes + [0x0A, 0x0A]
        case .headers, .hang, .cut, .reset, .raw, .body, .data, .comment, .done: return []
        }
    }

    private func call(_ start: Beat.Call) -> [UInt8] {
        chunk {
            $0.append(text: #"{"tool_calls":[{"index":\#(start.index),"#)
            if let id = start.id {
                $0.append(text: #""id":"#)
                $0.append(jsonString: id.utf8)
                $0.append(0x2C)
            }
            $0.append(text: #""type":"function","function":{"#)
            if let name = start.name {
                $0.append(text: #""name":"#)
                $0.append(jsonString: name.utf8)
                $0.append(0x2C)
            }
            $0.append(text: #""arguments":""}}]}"#)
        }
    }

    private func usage(_ counts: TokenCounts) -> [UInt8] {
        var bytes = Array("data: ".utf8) + context.opening(object: "chat.completion.chunk")
        bytes.append(text: #","choices":[],"usage":"#)
        bytes.append(context.usage, counted: counts, prompt: context.promptTokens)
        bytes.append(text: "}\n\n")
        return bytes
    }

    private func chunk(
        logprobs token: ScoredToken? = nil, finish: String? = nil, delta: (inout [UInt8]) -> Void
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(beforeDelta.count + afterChoices.count + 96)
        bytes.append(contentsOf: beforeDelta)
        delta(&bytes)
        bytes.append(text: #","logprobs":"#)
        if let token, let top = context.topLogprobs {
            bytes.append(text: #"{"content":["#)
            bytes.append(token, top: top)
            bytes.append(text: #"],"refusal":null}"#)
        } else {
            bytes.append(text: "null")
        }
        bytes.append(text: #","finish_reason":"#)
        bytes.append(json: finish)
        bytes.append(0x7D)
        bytes.append(contentsOf: afterChoices)
        return bytes
    }
}

extension TextKind {
    /// The member of a delta or message.
    var member: String {
        switch self {
        case .reply: "content"
        case .reasoning: "reasoning_content"
        case .refusal: "refusal"
        }
    }
}
