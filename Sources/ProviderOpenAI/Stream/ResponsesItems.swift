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
        var callID = ""
        var name = ""
        var isCustom = false
        var bytes = 0
        var joiner = SurrogateJoiner()
    }

    private var texts: [OutputPlace: ToldText] = [:]
    private var reasoningPlaces: Set<OutputPlace> = []
    private var reasoningItems: Set<Int> = []
    /// Items whose reasoning came in full (true) or in short (false).
    private var reasoningKinds: [Int: Bool] = [:]
    private var calls: [Call] = []
    private var done: [Int: JSONValue] = [:]
    /// Where items stand in the final list.
    private var finalPlaces: [Int: Int] = [:]
    private var numbers: OutputNumbers
    /// Where the last piece of text was, as the wire told it: the next one mostly tells the same.
    private var lastPiece: (id: [UInt8], position: Int?, number: Int)?
    /// The part that is being told, kept apart: a stream stays at one for long.
    private var current: (place: OutputPlace, text: ToldText)?
    /// Text was told by a stream that this one goes on with.
    private let hadText: Bool

    init(callPositions: [Int] = [], hasText: Bool = false) {
        calls = callPositions.map { Call(position: $0) }
        numbers = OutputNumbers(calls: callPositions)
        hadText = hasText
    }

    /// Whether any part of an answer was told.
    var hasContent: Bool { hadText || current != nil || !reasoningPlaces.isEmpty || !calls.isEmpty }
    /// Positions of the calls in slot order.
    var callPositions: [Int] { calls.map(\.position) }
}

// MARK: Which item

extension ResponsesItems {
    /// The number of an item that stands in an event.
    mutating func number(of item: WireNode, at position: Int?, isDone: Bool) -> Int {
        let id = item["id"]?.text
        // Calls may share a `call_id`: an item that is known by its own id, or that begins at a place of its own, is not another.
        let isItsOwn = numbers.number(ofID: id) != nil || (!isDone && numbers.isFree(position))
        if !isItsOwn, let known = call(named: item["call_id"]?.text, at: position) { return known }
        let kind = OutputNumbers.Kind(type: item["type"]?.text)
        let number = numbers.number(id: id, position: position, kind, begins: !isDone)
        if isDone { numbers.finish(number) }
        return number
    }

    /// The numbers of the items in the final list.
    mutating func numbers(ofFinal items: [WireNode]) -> [Int] {
        let found = numbers.numbers(
            of: items.map { item in
                (item["id"]?.text, OutputNumbers.Kind(type: item["type"]?.text), call(named: item["call_id"]?.text))
            })
        for (place, number) in found.enumerated() { finalPlaces[number] = place }
        return found
    }

    /// The part of an item that an event is about.
    mutating func place(of node: WireNode, _ kind: OutputNumbers.Kind) -> OutputPlace {
        let id = node["item_id"]?.text
        let number = numbers.number(id: id, position: node.outputIndex, kind)
        if kind == .message { lastPiece = (Array((id ?? "").utf8), node.outputIndex, number) }
        let part = (node["content_index"] ?? node["summary_index"])?.plain.intValue ?? 0
        return OutputPlace(number, (0..<100_000).contains(part) ? part : 0)
    }

    /// The number of the item of a piece of text; nil when it is not the one of the piece before.
    func number(ofPiece id: UnsafeRawBufferPointer, at position: Int?) -> Int? {
        guard let lastPiece, lastPiece.position == position, lastPiece.id.elementsEqual(id) else { return nil }
        return lastPiece.number
    }

    /// The number of the call with this id, if possible of the one at a position.
    private func call(named id: String?, at position: Int? = nil) -> Int? {
        guard let id, !id.isEmpty else { return nil }
        return (calls.last { $0.callID == id && $0.position == position } ?? calls.last { $0.callID == id })?.position
    }
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
    func hasReasoning(of item: Int) -> Bool { hadText || reasoningItems.contains(item) }

    mutating func noteReasoning(at place: OutputPlace) {
        reasoningPlaces.insert(place)
        reasoningItems.insert(place.item)
    }

    /// Whether reasoning of this kind is taken of this item: the kind it began with.
    mutating func takesReasoning(at place: OutputPlace, isText: Bool) -> Bool {
        if let kind = reasoningKinds[place.item] { return kind == isText }
        reasoningKinds[place.item] = isText
        return true
    }
}

// MARK: Calls

extension ResponsesItems {
    /// The slot of the call that an event is about.
    mutating func slot(of node: WireNode, _ limits: AnswerLimits) throws -> Int {
        try slot(at: place(of: node, .call).item, limits)
    }

    /// The slot of the call with this number, new if need be. Throws when there are too many.
    mutating func slot(at number: Int, _ limits: AnswerLimits) throws -> Int {
        if let known = calls.lastIndex(where: { $0.position == number }) { return known }
        guard calls.count < limits.toolCalls else {
            throw AnswerLimits.Passed(message: "more than \(limits.toolCalls) tool calls")
        }
        calls.append(Call(position: number))
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
    private func place(of number: Int) -> (Int, Int) { (finalPlaces[number] ?? .max, number) }

    mutating func note(done item: JSONValue, at position: Int) {
        if done.count < 1024 { done[position] = item }
    }

    /// The items to be sent back in place of text and calls, in order; empty when these say all there is. Reasoning and
    /// hosted tools have to stand where they stood, so then everything goes back as it came.
    var opaque: [JSONValue] {
        let plain: Set<String> = ["message", "function_call", "custom_tool_call"]
        let ordered = done.sorted { place(of: $0.key) < place(of: $1.key) }.map(\.value)
        return ordered.contains { !plain.contains($0["type"]?.stringValue ?? "") } ? ordered : []
    }
}
