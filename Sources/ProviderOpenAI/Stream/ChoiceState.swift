import ProviderCore

/// What must be remembered of one choice while it streams.
struct ChoiceState: Sendable {
    /// The kinds of text a choice has.
    enum Text: CaseIterable {
        case content
        case reasoning
        case refusal
    }

    /// The number events carry.
    let number: Int
    /// The number the server uses.
    let wireIndex: Int
    /// Whether any part of an answer came.
    var hasBegun = false
    var finishReason: FinishReason?
    private var characters = 0
    private var content = SurrogateJoiner()
    private var reasoning = SurrogateJoiner()
    private var refusal = SurrogateJoiner()
    private var toolCalls = ToolCallSlots()

    init(number: Int, wireIndex: Int) {
        self.number = number
        self.wireIndex = wireIndex
    }

    /// Whether half a surrogate pair of a text waits for its partner.
    var holdsHalfPair: Bool { content.isWaiting || reasoning.isWaiting || refusal.isWaiting }

    /// Adds a piece of text as it came. Throws when the choice grows too long.
    mutating func add(
        piece: String, isMarked: Bool, _ text: Text, _ limits: AnswerLimits, _ events: inout [StreamEvent]
    ) throws {
        let whole: String
        switch text {
        case .content: whole = content.take(piece, isMarked: isMarked)
        case .reasoning: whole = reasoning.take(piece, isMarked: isMarked)
        case .refusal: whole = refusal.take(piece, isMarked: isMarked)
        }
        if !whole.isEmpty { try add(whole, text, limits, &events) }
    }

    /// Adds text that is whole and not empty. Throws when the choice grows too long.
    mutating func add(
        _ whole: String, _ text: Text, _ limits: AnswerLimits, _ events: inout [StreamEvent]
    ) throws {
        characters += whole.utf16.count
        guard characters <= limits.characters else {
            throw AnswerLimits.Passed(message: "more than \(limits.characters) characters of text")
        }
        events.append(event(whole, text))
    }

    private func event(_ whole: String, _ text: Text) -> StreamEvent {
        switch text {
        case .content: .textDelta(whole, choice: number)
        case .reasoning: .reasoningDelta(whole, choice: number)
        case .refusal: .refusalDelta(whole, choice: number)
        }
    }

    /// Adds a piece of a tool call.
    mutating func add(
        toolCall entry: WireNode, index: Int?, _ limits: AnswerLimits, _ events: inout [StreamEvent]
    ) throws {
        if let delta = try toolCalls.take(entry, index: index, choice: number, limits: limits) {
            events.append(.toolCallDelta(delta))
        }
    }

    /// Tells what waits: nothing more of this choice is to come.
    mutating func endTexts(_ events: inout [StreamEvent]) {
        for (text, rest) in [(Text.reasoning, reasoning.end()), (.content, content.end()), (.refusal, refusal.end())]
        where !rest.isEmpty {
            events.append(event(rest, text))
        }
        events += toolCalls.end(choice: number).map(StreamEvent.toolCallDelta)
    }
}
