import ProviderCore

/// The tolerant path: every deviation of compatible servers that we know of is dealt with here.
extension ChatChunkDecoder {
    /// Adds the events of one chunk, or of a whole answer. Throws `ProviderError` and `AnswerLimits.Passed`.
    mutating func readChunk(
        _ data: UnsafeRawBufferPointer, eventName: String, _ events: inout [StreamEvent]
    ) throws {
        let chunk: WireNode
        do {
            chunk = try WireNode(data)
        } catch {
            if Self.isForeign(eventName) { return }
            throw malformed(data, eventName: eventName, "\(error)")
        }
        let failure = ErrorBody.inAnswer(chunk.plain, eventName: eventName).map(errors.error)
        if chunk.plain.isNull, failure == nil { return }
        guard chunk.isObject else {
            if failure == nil, Self.isForeign(eventName) { return }
            throw failure ?? malformed(data, eventName: eventName, "expected an object")
        }
        let choices = chunk["choices"]?.elements ?? []
        // Even beside an error, text that came is kept.
        if failure == nil || !choices.isEmpty { take(chunk, &events) }
        for (position, choice) in choices.enumerated() where choice.isObject {
            try read(choice, position: position, isFailed: failure != nil, &events)
        }
        if let failure { throw failure }
        read(usage: chunk["usage"] ?? chunk["x_groq"]?["usage"], &events)
    }

    /// Whether an event has a name of its own, such as `ping`: then its data need not be a chunk.
    private static func isForeign(_ eventName: String) -> Bool { !["", "message", "error"].contains(eventName) }

    private func malformed(_ data: UnsafeRawBufferPointer, eventName: String, _ reason: String) -> ProviderError {
        if eventName == "error" { return errors.error(bytes: Array(data)) }
        let quote = Quote.body(data, hiding: errors.secrets, limit: 120)
        return errors.malformed("the server sent malformed data (\(reason)): \(quote)")
    }

    private mutating func read(
        _ choice: WireNode, position: Int, isFailed: Bool, _ events: inout [StreamEvent]
    ) throws {
        let index = choice["index"]?.plain.intValue
        let slot = try slot(ofChoice: index.flatMap { $0 < 0 ? nil : $0 } ?? position)
        if let delta = choice["delta"] ?? choice["message"], delta.isObject {
            choices[slot].hasBegun = true
            try read(delta: delta, isWhole: choice["delta"] == nil, slot, &events)
        } else if let text = choice["text"] {
            choices[slot].hasBegun = true
            try add(text, .content, slot, &events)
        }
        read(logprobs: choice["logprobs"], slot, &events)
        if let error = choice["error"] {
            throw errors.error(ErrorBody(error.plain) ?? ErrorBody())
        }
        if !isFailed { try read(finishReason: choice["finish_reason"]?.text, slot, &events) }
        read(usage: choice["usage"], &events)
    }

    private mutating func read(
        delta: WireNode, isWhole: Bool, _ slot: Int, _ events: inout [StreamEvent]
    ) throws {
        try readReasoning(delta, slot, &events)
        if let content = delta["content"] { try add(content, .content, slot, &events) }
        if let refusal = delta["refusal"] { try add(refusal, .refusal, slot, &events) }
        for (position, entry) in (delta["tool_calls"]?.elements ?? []).enumerated() where entry.isObject {
            let told = entry["index"].flatMap { $0.plain.intValue ?? $0.text.flatMap { Int($0) } }
            // In a whole message every entry is a call of its own.
            let index = told ?? (isWhole ? position : nil)
            try choices[slot].add(
                toolCall: entry, index: index.flatMap { $0 < 0 ? nil : $0 }, limits, &events)
        }
        if let call = delta["function_call"], call.isObject {
            try choices[slot].add(toolCall: call, index: ToolCallSlots.legacyIndex, limits, &events)
        }
    }

    /// Some servers tell the same reasoning under two or three names at once: the first that has any counts.
    private mutating func readReasoning(_ delta: WireNode, _ slot: Int, _ events: inout [StreamEvent]) throws {
        for name in ["reasoning_content", "reasoning"] {
            if let text = delta[name], text.text != nil { return try add(text, .reasoning, slot, &events) }
        }
        for detail in delta["reasoning_details"]?.elements ?? [] {
            if let text = detail["text"] ?? detail["summary"] { try add(text, .reasoning, slot, &events) }
        }
    }

    /// Adds a text given as a string or as parts.
    private mutating func add(
        _ node: WireNode, _ text: ChoiceState.Text, _ slot: Int, _ events: inout [StreamEvent]
    ) throws {
        if let piece = node.piece {
            try choices[slot].add(piece: piece, isMarked: node.marked != nil, text, limits, &events)
            return
        }
        for part in node.elements {
            if let thinking = part["thinking"] {
                try add(thinking, .reasoning, slot, &events)
            } else if let refusal = part["refusal"] {
                try add(refusal, .refusal, slot, &events)
            } else if let inner = part.isObject ? part["text"] : part, inner.piece != nil {
                try add(inner, text, slot, &events)
            }
        }
    }

    private func read(logprobs: WireNode?, _ slot: Int, _ events: inout [StreamEvent]) {
        for name in ["content", "refusal"] {
            let tokens = TokenLogprob.list(wire: logprobs?[name]?.plain)
            if !tokens.isEmpty { events.append(.logprobs(tokens, choice: choices[slot].number)) }
        }
    }

    private mutating func read(finishReason word: String?, _ slot: Int, _ events: inout [StreamEvent]) throws {
        guard let word else { return }
        choices[slot].endTexts(&events)
        if word == "error" {
            var body = ErrorBody()
            body.message = "the server ended the answer with finish reason \"error\""
            throw errors.error(body)
        }
        let reason = FinishReason(wire: errors.secrets.redacted(word))
        guard reason != choices[slot].finishReason else { return }
        choices[slot].finishReason = reason
        events.append(.finished(reason, choice: choices[slot].number))
    }

    private mutating func read(usage: WireNode?, _ events: inout [StreamEvent]) {
        guard let usage, let counts = TokenUsage(wire: usage.plain), counts != lastUsage else { return }
        lastUsage = counts
        events.append(.usage(counts))
    }
}
