import ProviderCore

/// Output items, and the object that ends the answer.
extension ResponsesDecoder {
    /// Takes an item, known by its number, as it stands at its beginning or its end.
    mutating func take(
        item: WireNode, numbered position: Int, isDone: Bool, _ events: inout [StreamEvent]
    ) throws {
        switch item["type"]?.text {
        case "function_call", "custom_tool_call":
            let slot = try items.slot(at: position, limits)
            items.describe(slot, item, &events)
            if isDone, !items.hasArguments(slot), let whole = item["arguments"] ?? item["input"] {
                try items.add(arguments: whole, to: slot, limits, &events)
            }
        case "message" where isDone: try take(message: item, at: position, &events)
        case "reasoning" where isDone: try take(reasoningItem: item, at: position, &events)
        default: break
        }
        if isDone { items.note(done: item.plain, at: position) }
    }

    private mutating func take(message: WireNode, at position: Int, _ events: inout [StreamEvent]) throws {
        for (index, part) in (message["content"]?.elements ?? []).enumerated() where part.isObject {
            let place = OutputPlace(position, index)
            let isNew = !items.hasText(at: place)
            try take(part: part, at: place, &events)
            let tokens = isNew ? TokenLogprob.list(wire: part["logprobs"]?.plain) : []
            if !tokens.isEmpty { events.append(.logprobs(tokens, choice: 0)) }
        }
    }

    /// Takes a part of a message as it stands at its end; kinds that are not known pass by.
    mutating func take(part: WireNode, at place: OutputPlace, _ events: inout [StreamEvent]) throws {
        switch part["type"]?.text {
        case "output_text", "text", nil: if let text = part["text"] { try complete(text, .content, at: place, &events) }
        case "refusal": if let text = part["refusal"] { try complete(text, .refusal, at: place, &events) }
        default: break
        }
    }

    private mutating func take(reasoningItem item: WireNode, at position: Int, _ events: inout [StreamEvent]) throws {
        guard !items.hasReasoning(of: position) else { return }
        for part in (item["content"] ?? item["summary"])?.elements ?? [] {
            if let text = part["text"] {
                try add(reasoning: text, at: OutputPlace(position, 0), isNewPart: true, &events)
            }
        }
    }

    /// Adds a piece of reasoning. A server may tell the same thoughts in full and in short: what an item began with holds.
    mutating func take(
        reasoning text: WireNode, at node: WireNode, isText: Bool, _ events: inout [StreamEvent]
    ) throws {
        let place = items.place(of: node, .reasoning)
        guard items.takesReasoning(at: place, isText: isText) else { return }
        try add(reasoning: text, at: place, isNewPart: !items.hasReasoning(at: place), &events)
    }

    /// Parts of a summary stand apart like paragraphs.
    private mutating func add(
        reasoning text: WireNode, at place: OutputPlace, isNewPart: Bool, _ events: inout [StreamEvent]
    ) throws {
        guard text.text != nil else { return }
        if isNewPart, items.hasAnyReasoning { try texts.add("\n\n", .reasoning, limits, &events) }
        if try add(text, .reasoning, &events) { items.noteReasoning(at: place) }
    }

    /// Ends the answer with the object that the server calls its final state; `name` is the state when the object has none.
    mutating func end(with response: WireNode, calledBy name: String, _ events: inout [StreamEvent]) throws {
        take(response, &events)
        let output = (response["output"]?.elements ?? []).filter(\.isObject)
        for (number, item) in zip(items.numbers(ofFinal: output), output) {
            try take(item: item, numbered: number, isDone: true, &events)
        }
        texts.endTexts(&events)
        items.endArguments(&events)
        events += items.opaque.map(StreamEvent.opaqueItem)
        if let usage { events.append(.usage(usage)) }
        try conclude(response, status: response["status"]?.text ?? name, &events)
    }

    private mutating func conclude(_ response: WireNode, status: String, _ events: inout [StreamEvent]) throws {
        switch status {
        case "completed":
            finish(items.callPositions.isEmpty ? .stop : .toolCalls, &events)
        case "incomplete":
            switch response["incomplete_details"]?["reason"]?.text {
            case "max_output_tokens", "max_tokens", "length": finish(.length, &events)
            case let reason?: finish(FinishReason(wire: errors.secrets.redacted(reason)), &events)
            case nil: throw errors.cut("the answer was cut: the server calls it incomplete, and does not say why")
            }
        case "failed":
            throw errors.error(response["error"].flatMap { ErrorBody($0.plain) } ?? ErrorBody())
        case "cancelled":
            // Not here: whoever waits for it did not want that.
            throw ProviderError(
                kind: .server, status: errors.status, message: "the answer was cancelled at the server",
                requestID: errors.requestID, retryHint: false)
        default:
            let word = Quote.line(errors.secrets.redacted(status), limit: 40)
            throw errors.malformed("the answer is not finished: the server calls it \(word)")
        }
    }

    private mutating func finish(_ reason: FinishReason, _ events: inout [StreamEvent]) {
        markComplete()
        events.append(.finished(reason, choice: 0))
    }
}

extension WireNode {
    /// Position of the output item that an event is about; nil when it does not say.
    var outputIndex: Int? {
        self["output_index"]?.plain.intValue.flatMap { (0..<100_000).contains($0) ? $0 : nil }
    }
}
