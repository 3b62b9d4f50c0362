import ProviderCore

/// A part of an output item: the item's position and the part's.
struct OutputPlace: Sendable, Hashable {
    let item: Int
    let part: Int

    init(_ item: Int, _ part: Int) {
        self.item = item
        self.part = part
    }
}

/// A text that was told in pieces, remembered by length and hash (FNV-1a), so that it can be told from its whole.
struct ToldText: Sendable {
    private var count = 0
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            count += bytes.count
        }
    }

    /// What follows it in a text that begins with it; nil when the text does not.
    func rest(of whole: String) -> String? {
        guard let end = whole.utf8.index(whole.startIndex, offsetBy: count, limitedBy: whole.endIndex),
            let place = end.samePosition(in: whole.unicodeScalars)
        else { return nil }
        var beginning = ToldText()
        beginning.append(String(whole[..<place]))
        return beginning.hash == hash ? String(whole[place...]) : nil
    }
}

/// What was told of the output items of one answer, so that nothing is told twice and every call keeps its slot.
struct ResponsesItems: Sendable {
    private struct Call: Sendable {
        let position: Int
        var itemID: String?
        var callID = ""
        var name = ""
        var isCustom = false
        var bytes = 0
        var joiner = SurrogateJoiner()
    }

    private var texts: [OutputPlace: ToldText] = [:]
    private var reasoningPlaces: Set<OutputPlace> = []
    /// Items whose reasoning came in full (true) or in short (false).
    private var reasoningKinds: [Int: Bool] = [:]
    private var calls: [Call] = []
    private var done: [Int: JSONValue] = [:]
    /// The part that is being told, kept apart: a stream stays at one for long.
    private var current: (place: OutputPlace, text: ToldText)?
    /// Text was told by a stream that this one goes on with.
    private let hadText: Bool

    init(callPositions: [Int] = [], hasText: Bool = false) {
        calls = callPositions.map { Call(position: $0) }
        hadText = hasText
    }

    /// Whether any part of an answer was told.
    var hasContent: Bool { hadText || current != nil || !reasoningPlaces.isEmpty || !calls.isEmpty }
    /// Positions of the calls in slot order.
    var callPositions: [Int] { calls.map(\.position) }
    /// The position after all that are known, for servers that leave it out.
    var nextPosition: Int { max(done.keys.max() ?? -1, calls.last?.position ?? -1) + 1 }
}

// MARK: Texts

extension ResponsesItems {
    /// Notes a piece of text that was told of a part.
    mutating func note(text: String, at place: OutputPlace) {
        if current?.place != place {
            if let current { texts[current.place] = current.text }
            current = (place, texts[place] ?? ToldText())
        }
        current?.text.append(text)
    }

    /// Whether text was told there; after a resumption that is not known, and then assumed.
    func hasText(at place: OutputPlace) -> Bool { hadText || told(at: place) != nil }

    /// What of a part's whole text was not told; nil when what was told is not its beginning.
    func untold(of whole: String, at place: OutputPlace) -> String? {
        if hadText { return nil }
        guard let told = told(at: place) else { return whole }
        return told.rest(of: whole)
    }

    private func told(at place: OutputPlace) -> ToldText? { current?.place == place ? current?.text : texts[place] }

    var hasAnyReasoning: Bool { !reasoningPlaces.isEmpty }
    func hasReasoning(at place: OutputPlace) -> Bool { reasoningPlaces.contains(place) }
    func hasReasoning(of item: Int) -> Bool { hadText || reasoningPlaces.contains { $0.item == item } }

    mutating func noteReasoning(at place: OutputPlace) { reasoningPlaces.insert(place) }

    /// Whether reasoning of this kind is taken of this item: the kind it began with.
    mutating func takesReasoning(at place: OutputPlace, isText: Bool) -> Bool {
        if let kind = reasoningKinds[place.item] { return kind == isText }
        reasoningKinds[place.item] = isText
        return true
    }
}

// MARK: Calls

extension ResponsesItems {
    /// The slot of the call that an event is about: by the item's position, else its id, else the last one.
    mutating func slot(of node: WireNode, _ limits: AnswerLimits) throws -> Int {
        let id = node["item_id"]?.text
        if let position = node.outputIndex { return try slot(at: position, id: id, limits) }
        if let id, let known = calls.lastIndex(where: { $0.itemID == id }) { return known }
        if id == nil, let last = calls.indices.last { return last }
        return try slot(at: nextPosition, id: id, limits)
    }

    /// The slot of the call at a position, new if need be. Throws when there are too many.
    mutating func slot(at position: Int, id: String?, _ limits: AnswerLimits) throws -> Int {
        if let known = calls.lastIndex(where: { $0.position == position || (id != nil && $0.itemID == id) }) {
            if calls[known].itemID == nil { calls[known].itemID = id }
            return known
        }
        guard calls.count < limits.toolCalls else {
            throw AnswerLimits.Passed(message: "more than \(limits.toolCalls) tool calls")
        }
        calls.append(Call(position: position, itemID: id))
        return calls.count - 1
    }

    /// Tells what an item says of its call and was not told yet.
    mutating func describe(_ slot: Int, _ item: WireNode, _ events: inout [StreamEvent]) {
        let isCustom = item["type"]?.text == "custom_tool_call"
        let id = item["call_id"]?.text ?? item["id"]?.text ?? ""
        let name = item["name"]?.text ?? ""
        var delta = ToolCallDelta(index: slot, rank: calls[slot].position)
        if !id.isEmpty, calls[slot].callID.isEmpty { delta.id = id }
        if !name.isEmpty, name != calls[slot].name { delta.name = name }
        if isCustom, !calls[slot].isCustom { delta.extraFields = [JSONMember("type", .string("custom"))] }
        guard delta.id != nil || delta.name != nil || !delta.extraFields.isEmpty else { return }
        if let id = delta.id { calls[slot].callID = id }
        if let name = delta.name { calls[slot].name = name }
        calls[slot].isCustom = isCustom
        events.append(.toolCallDelta(delta))
    }

    mutating func add(name: String, to slot: Int, _ events: inout [StreamEvent]) {
        guard calls[slot].name.isEmpty else { return }
        calls[slot].name = name
        events.append(.toolCallDelta(ToolCallDelta(index: slot, name: name)))
    }

    func hasArguments(_ slot: Int) -> Bool { calls[slot].bytes > 0 }

    /// Adds a piece of arguments; an object, which some servers send in place of text, is written out.
    mutating func add(
        arguments node: WireNode, to slot: Int, _ limits: AnswerLimits, _ events: inout [StreamEvent]
    ) throws {
        let text =
            node.piece.map { calls[slot].joiner.take($0, isMarked: node.marked != nil) }
            ?? JSONWriter.string(node.plain)
        guard !text.isEmpty else { return }
        calls[slot].bytes += text.utf8.count
        guard calls[slot].bytes <= limits.argumentBytes else {
            throw AnswerLimits.Passed(message: "tool call arguments of more than \(limits.argumentBytes) bytes")
        }
        events.append(.toolCallDelta(ToolCallDelta(index: slot, argumentsDelta: text)))
    }

    /// Tells halves of surrogate pairs that stay alone.
    mutating func endArguments(_ events: inout [StreamEvent]) {
        for slot in calls.indices {
            let rest = calls[slot].joiner.end()
            if !rest.isEmpty { events.append(.toolCallDelta(ToolCallDelta(index: slot, argumentsDelta: rest))) }
        }
    }
}

// MARK: What goes back

extension ResponsesItems {
    mutating func note(done item: JSONValue, at position: Int) {
        if done.count < 1024 { done[position] = item }
    }

    /// The items to be sent back in place of text and calls, in order; empty when these say all there is. Reasoning and
    /// hosted tools have to stand where they stood, so then everything goes back as it came.
    var opaque: [JSONValue] {
        let plain: Set<String> = ["message", "function_call", "custom_tool_call"]
        let ordered = done.sorted { $0.key < $1.key }.map(\.value)
        return ordered.contains { !plain.contains($0["type"]?.stringValue ?? "") } ? ordered : []
    }
}
