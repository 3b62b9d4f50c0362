import ProviderCore

/// Turns the data of a chat stream into events. One value per answer; pure, no I/O.
///
/// The usual chunk takes the fast path (`ChunkScanner`); all others, and all of them when `usesScanner` is off, are
/// parsed whole and read tolerantly (`ChatChunkDecoder+Chunk`). Both give the same events.
struct ChatChunkDecoder: AnswerDecoder {
    /// What is known about the answer so far.
    var metadata: ResponseMetadata
    /// Whether the answer came as one body.
    private var isWhole = false
    /// Whether any chunk came.
    var hasStarted = false
    /// Whether the server said that it is done.
    private(set) var isDone = false
    /// The choices in order of appearance.
    var choices: [ChoiceState] = []
    var lastUsage: TokenUsage?
    let errors: AnswerErrors
    let limits: AnswerLimits
    private let asksSeveral: Bool
    private let usesScanner: Bool
    private var known = KnownMetadata()

    /// A decoder at the beginning of an answer. With `asksSeveral` the wire's choice indexes are told as they are;
    /// otherwise the first choice to appear is 0, whatever the server calls it.
    init(
        errors: AnswerErrors, asksSeveral: Bool = false, usesScanner: Bool = true, limits: AnswerLimits = AnswerLimits()
    ) {
        self.errors = errors
        self.asksSeveral = asksSeveral
        self.usesScanner = usesScanner
        self.limits = limits
        metadata = ResponseMetadata(requestID: errors.requestID, api: .chat, rateLimits: errors.rateLimits)
    }

    /// Chat streams cannot be resumed.
    var resumption: Resumption? { nil }
    var noun: String { "completion" }
    var hasContent: Bool { choices.contains(where: \.hasBegun) }

    /// Adds the events of one server-sent event. False after `[DONE]`: nothing more may be fed. Throws `ProviderError`
    /// for an error of the server, malformed data and a passed limit; the events before it have been added.
    mutating func decode(_ event: ServerSentEvent, into events: inout [StreamEvent]) throws -> Bool {
        let data = event.data.withoutTrailingBlanks
        if data.isEmpty { return true }
        if data.isDoneMark {
            isDone = true
            return false
        }
        do {
            if usesScanner, hasStarted, event.name.isEmpty || event.name == "message", try scan(data, &events) {
                return true
            }
            try readChunk(data, eventName: event.name, &events)
        } catch let passed as AnswerLimits.Passed {
            throw errors.malformed("the answer was cut: \(passed.message)")
        }
        return true
    }

    /// Adds the events of a whole answer that came as one JSON body. Throws as `decode`.
    mutating func decodeWhole(_ body: [UInt8], into events: inout [StreamEvent]) throws {
        do {
            try body.withUnsafeBytes { try readChunk($0.withoutTrailingBlanks, eventName: "", &events) }
        } catch let passed as AnswerLimits.Passed {
            throw errors.malformed("the answer was cut: \(passed.message)")
        }
        if choices.isEmpty {
            events = []
            let quote = Quote.body(body, hiding: errors.secrets)
            throw errors.malformed("the answer is no completion, it has no choices: \(quote)")
        }
        endTexts(&events)
        isWhole = true
        isDone = true
    }

    /// Whether every choice that began has ended, and one did.
    var isComplete: Bool {
        let begun = choices.filter { $0.hasBegun || $0.finishReason != nil }
        return !begun.isEmpty && begun.allSatisfy { $0.finishReason != nil }
    }

    /// Ends the stream. Throws `ProviderError` of kind `connection` when the answer is not complete.
    mutating func finish(into events: inout [StreamEvent]) throws {
        endTexts(&events)
        if isComplete { return }
        if isWhole { throw errors.malformed("the answer does not say how it ended; it may be incomplete") }
        if isDone {
            throw errors.cut("the server ended the answer without a finish reason; it may be incomplete")
        }
        throw errors.cut("the answer was cut: the server closed the connection before the end")
    }

    private mutating func endTexts(_ events: inout [StreamEvent]) {
        for slot in choices.indices where choices[slot].holdsHalfPair { choices[slot].endTexts(&events) }
    }

    /// The fast path; false when the chunk is not of the usual kind, and then nothing has changed.
    private mutating func scan(_ data: UnsafeRawBufferPointer, _ events: inout [StreamEvent]) throws -> Bool {
        var scanner = ChunkScanner(data)
        guard let finding = scanner.chunk(&known),
            let slot = choices.firstIndex(where: { $0.wireIndex == finding.choice }), !choices[slot].holdsHalfPair,
            let reasoning = scanner.text(finding.reasoning), let content = scanner.text(finding.content)
        else { return false }
        choices[slot].hasBegun = true
        if !reasoning.isEmpty { try choices[slot].add(reasoning, .reasoning, limits, &events) }
        if !content.isEmpty { try choices[slot].add(content, .content, limits, &events) }
        return true
    }

    /// The place of a choice in `choices`. Throws when there are too many.
    mutating func slot(ofChoice wireIndex: Int) throws -> Int {
        if let slot = choices.firstIndex(where: { $0.wireIndex == wireIndex }) { return slot }
        let number = asksSeveral ? wireIndex : choices.count
        guard number < limits.choices, choices.count < limits.choices else {
            throw AnswerLimits.Passed(message: "more than \(limits.choices) choices")
        }
        choices.append(ChoiceState(number: number, wireIndex: wireIndex))
        return choices.count - 1
    }

    /// Takes what a chunk says about the answer as a whole, and tells it when it is the first or new.
    mutating func take(_ chunk: WireNode, _ events: inout [StreamEvent]) {
        let before = metadata
        if metadata.id == nil { metadata.id = chunk["id"]?.text }
        metadata.model = chunk["model"]?.text ?? metadata.model
        metadata.serviceTier = chunk["service_tier"]?.text ?? metadata.serviceTier
        metadata.systemFingerprint = chunk["system_fingerprint"]?.text ?? metadata.systemFingerprint
        guard !hasStarted || metadata != before else { return }
        hasStarted = true
        known = KnownMetadata(metadata)
        events.append(.responseStarted(metadata))
    }
}
