import ProviderCore

/// Turns the data of a Responses stream into events. One value per answer; pure, no I/O.
///
/// Events are told by their `type`; the `event:` line stands in where a server leaves it out. The usual one, a piece of text,
/// takes a fast path (`ResponsesScanner`); all others are parsed whole. What is not known passes by. The terminal event's
/// object is the last word on usage and on what no delta had told.
struct ResponsesDecoder: AnswerDecoder {
    let errors: AnswerErrors
    let limits: AnswerLimits
    private(set) var hasStarted = false
    private(set) var isComplete = false
    private(set) var isDone = false
    var metadata: ResponseMetadata
    /// The counts of the last object that told any.
    var usage: TokenUsage?
    /// Text, reasoning and refusal, with halves of surrogate pairs joined.
    var texts = ChoiceState(number: 0, wireIndex: 0)
    /// What was told of each output item, by its position.
    var items = ResponsesItems()
    /// Number of the last event.
    private var sequence: Int?
    private let canResume: Bool
    private let usesScanner: Bool

    /// A decoder at the beginning of an answer, or where an earlier one broke off. `canResume`: the server goes on when
    /// the connection is lost.
    init(
        errors: AnswerErrors, canResume: Bool = false, from resumption: Resumption? = nil, usesScanner: Bool = true,
        limits: AnswerLimits = AnswerLimits()
    ) {
        self.errors = errors
        self.limits = limits
        self.canResume = canResume
        self.usesScanner = usesScanner
        metadata = ResponseMetadata(requestID: errors.requestID, api: .responses, rateLimits: errors.rateLimits)
        guard let resumption else { return }
        metadata.id = resumption.responseID
        sequence = resumption.sequenceNumber
        items = ResponsesItems(callPositions: resumption.callPositions, hasText: resumption.hasText)
        hasStarted = true
    }

    /// All that was asked for is here.
    mutating func markComplete() { isComplete = true }

    var noun: String { "response" }
    var hasContent: Bool { items.hasContent }

    var resumption: Resumption? {
        guard canResume, !isComplete, let id = metadata.id, let sequence else { return nil }
        return Resumption(
            responseID: id, sequenceNumber: sequence, callPositions: items.callPositions, hasText: items.hasContent)
    }

    mutating func decode(_ event: ServerSentEvent, into events: inout [StreamEvent]) throws -> Bool {
        let data = event.data.withoutTrailingBlanks
        if data.isEmpty { return true }
        if data.isDoneMark {
            isDone = true
            return false
        }
        do {
            if usesScanner, hasStarted, try scan(data, &events) { return true }
            try read(data, eventName: event.name, &events)
        } catch let passed as AnswerLimits.Passed {
            throw errors.malformed("the answer was cut: \(passed.message)")
        }
        if isComplete { isDone = true }
        return !isDone
    }

    mutating func decodeWhole(_ body: [UInt8], into events: inout [StreamEvent]) throws {
        let node: WireNode
        do {
            node = try body.withUnsafeBytes { try WireNode($0.withoutTrailingBlanks) }
        } catch {
            throw malformed(body, "\(error)")
        }
        guard node.isObject, node["output"] != nil || node["status"]?.text != nil else {
            if let failure = ErrorBody.inAnswer(node.plain).map(errors.error) { throw failure }
            throw malformed(body, "it has neither output nor status")
        }
        do {
            try end(with: node, calledBy: "completed", &events)
        } catch let passed as AnswerLimits.Passed {
            throw errors.malformed("the answer was cut: \(passed.message)")
        }
        isDone = true
    }

    mutating func finish(into events: inout [StreamEvent]) throws {
        texts.endTexts(&events)
        if isComplete { return }
        throw errors.cut(
            isDone
                ? "the server ended the answer without saying how it ended; it may be incomplete"
                : "the answer was cut: the server closed the connection before the end")
    }

    private func malformed(_ bytes: some Sequence<UInt8>, _ reason: String) -> ProviderError {
        errors.malformed(
            "the server sent malformed data (\(reason)): \(Quote.body(bytes, hiding: errors.secrets, limit: 120))")
    }
}

// MARK: Events

extension ResponsesDecoder {
    /// The fast path; false when the event is not a piece of text, and then nothing has changed.
    private mutating func scan(_ data: UnsafeRawBufferPointer, _ events: inout [StreamEvent]) throws -> Bool {
        var scanner = ResponsesScanner(data)
        guard !texts.holdsHalfPair, let found = scanner.textDelta(), let delta = scanner.text(found.delta),
            let item = items.number(
                ofPiece: UnsafeRawBufferPointer(rebasing: data[found.item.start..<found.item.end]), at: found.position)
        else { return false }
        if let number = found.sequence { sequence = number }
        guard !delta.isEmpty else { return true }
        items.note(text: delta, at: OutputPlace(item, found.part))
        try texts.add(delta, .content, limits, &events)
        return true
    }

    /// The tolerant path.
    private mutating func read(
        _ data: UnsafeRawBufferPointer, eventName: String, _ events: inout [StreamEvent]
    ) throws {
        let node: WireNode
        do {
            node = try WireNode(data)
        } catch {
            if eventName == "error" { throw errors.error(bytes: Array(data)) }
            throw malformed(data, "\(error)")
        }
        if node.plain.isNull, eventName.isEmpty { return }
        guard node.isObject else { throw malformed(data, "expected an object") }
        let type = node["type"]?.text ?? eventName
        if let number = node["sequence_number"]?.plain.intValue, number >= 0 { sequence = number }
        if type == "error" || (node["error"] != nil && !type.hasPrefix("response.")) {
            throw errors.error(ErrorBody.inAnswer(node.plain, eventName: "error") ?? ErrorBody())
        }
        if let response = node["response"] { take(response, &events) }
        try read(node, type: type, &events)
    }

    private mutating func read(_ node: WireNode, type: String, _ events: inout [StreamEvent]) throws {
        switch type {
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            begin(&events)
            try end(with: node["response"] ?? node, calledBy: String(type.dropFirst(9)), &events)
        case "response.output_item.added", "response.output_item.done":
            begin(&events)
            let isDone = type == "response.output_item.done"
            if let item = node["item"] {
                let number = items.number(of: item, at: node.outputIndex, isDone: isDone)
                try take(item: item, numbered: number, isDone: isDone, &events)
            }
        case "response.content_part.done":
            begin(&events)
            if let part = node["part"] { try take(part: part, at: items.place(of: node, .message), &events) }
        case let type where type.hasSuffix(".delta"):
            try take(delta: node, of: String(type.dropLast(6)), &events)
        case let type where type.hasSuffix(".done"):
            try take(whole: node, of: String(type.dropLast(5)), &events)
        case let type where type.hasPrefix("response."): begin(&events)
        default: break
        }
    }

    /// The answer has begun, whatever it has told of itself.
    private mutating func begin(_ events: inout [StreamEvent]) {
        guard !hasStarted else { return }
        hasStarted = true
        events.append(.responseStarted(metadata))
    }

    /// Takes what a response object says about the answer as a whole, and tells it when it is the first or new.
    mutating func take(_ response: WireNode, _ events: inout [StreamEvent]) {
        let before = metadata
        if metadata.id == nil { metadata.id = response["id"]?.text }
        metadata.model = response["model"]?.text ?? metadata.model
        usage = response["usage"].flatMap { TokenUsage(wire: $0.plain) } ?? usage
        // "auto" is what was asked, not what served.
        if let tier = response["service_tier"]?.text, tier != "auto" { metadata.serviceTier = tier }
        guard !hasStarted || metadata != before else { return }
        hasStarted = true
        events.append(.responseStarted(metadata))
    }

    private mutating func take(delta node: WireNode, of type: String, _ events: inout [StreamEvent]) throws {
        guard let delta = node["delta"] else { return }
        begin(&events)
        switch type {
        case "response.output_text":
            try add(delta, .content, at: items.place(of: node, .message), &events)
            let tokens = TokenLogprob.list(wire: node["logprobs"]?.plain)
            if !tokens.isEmpty { events.append(.logprobs(tokens, choice: 0)) }
        case "response.refusal":
            try add(delta, .refusal, at: items.place(of: node, .message), &events)
        case "response.reasoning_summary_text", "response.reasoning_text":
            try take(reasoning: delta, at: node, isText: type == "response.reasoning_text", &events)
        case "response.function_call_arguments", "response.custom_tool_call_input":
            let slot = try items.slot(of: node, limits)
            try items.add(arguments: delta, to: slot, limits, &events)
        default: break
        }
    }

    /// The end of a part: tells it whole where no delta did.
    private mutating func take(whole node: WireNode, of type: String, _ events: inout [StreamEvent]) throws {
        begin(&events)
        switch type {
        case "response.output_text":
            if let text = node["text"] { try complete(text, .content, at: items.place(of: node, .message), &events) }
        case "response.refusal":
            if let text = node["refusal"] { try complete(text, .refusal, at: items.place(of: node, .message), &events) }
        case "response.reasoning_summary_text", "response.reasoning_text":
            guard let text = node["text"], !items.hasReasoning(at: items.place(of: node, .reasoning)) else { return }
            try take(reasoning: text, at: node, isText: type == "response.reasoning_text", &events)
        case "response.function_call_arguments", "response.custom_tool_call_input":
            let slot = try items.slot(of: node, limits)
            if let name = node["name"]?.text { items.add(name: name, to: slot, &events) }
            if let whole = node["arguments"] ?? node["input"], !items.hasArguments(slot) {
                try items.add(arguments: whole, to: slot, limits, &events)
            }
        default: break
        }
    }

    /// Adds a piece of text of a part.
    private mutating func add(
        _ node: WireNode, _ text: ChoiceState.Text, at place: OutputPlace, _ events: inout [StreamEvent]
    ) throws {
        guard let piece = node.piece, try add(node, text, &events) else { return }
        items.note(text: piece, at: place)
    }

    /// Adds what of a part's whole text no delta had told.
    mutating func complete(
        _ node: WireNode, _ text: ChoiceState.Text, at place: OutputPlace, _ events: inout [StreamEvent]
    ) throws {
        guard let whole = node.piece, let rest = items.untold(of: whole, at: place), !rest.isEmpty else { return }
        items.note(text: rest, at: place)
        texts.hasBegun = true
        try texts.add(piece: rest, isMarked: node.marked != nil, text, limits, &events)
    }

    /// Adds a piece of text; false when it was empty.
    mutating func add(
        _ node: WireNode, _ text: ChoiceState.Text, _ events: inout [StreamEvent]
    ) throws -> Bool {
        guard let piece = node.piece, !piece.isEmpty else { return false }
        texts.hasBegun = true
        try texts.add(piece: piece, isMarked: node.marked != nil, text, limits, &events)
        return true
    }
}
