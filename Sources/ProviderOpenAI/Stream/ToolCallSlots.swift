import ProviderCore

/// Finds out which tool call a streamed piece belongs to, whatever the server leaves out or repeats.
///
/// Slots count from 0 in order of first appearance. A piece with an index belongs to the slot of that index; one that
/// also has a new id and a name begins a new call. A piece without an index begins a call when its id is new, or when it
/// has no id but a name and the last call is already whole; otherwise it continues the call of its id, or the last one. A call that
/// is whole is not continued under another name, nor by more arguments with its name: then two calls share an id.
struct ToolCallSlots: Sendable {
    private struct Slot: Sendable {
        var wireIndex: Int?
        var id = ""
        var name = ""
        var bytes = 0
        var unknownMembers = 0
        var joiner = SurrogateJoiner()
        var balance = JSONBalance()
    }

    /// The wire index under which the deprecated `function_call` is kept.
    static let legacyIndex = -1

    private var slots: [Slot] = []

    /// Takes one entry of `delta.tool_calls` and returns what it adds; nil when it adds nothing.
    mutating func take(
        _ entry: WireNode, index: Int?, choice: Int, limits: AnswerLimits
    ) throws -> ToolCallDelta? {
        let custom = entry["custom"]
        let body = entry["function"] ?? custom ?? entry
        let id = entry["id"]?.text ?? ""
        let name = body["name"]?.text ?? ""
        if let index, index >= limits.toolCalls {
            throw AnswerLimits.Passed(message: "tool call index \(index) (cap: \(limits.toolCalls - 1))")
        }
        let known = slot(index: index, id: id, name: name, body)
        let slot = try known ?? open(index: index, limits: limits)
        var delta = ToolCallDelta(choice: choice, index: slot)
        if known == nil, let index, index >= 0 { delta.rank = index }
        if !id.isEmpty, id != slots[slot].id {
            slots[slot].id = id
            delta.id = id
        }
        if !name.isEmpty, name != slots[slot].name {
            slots[slot].name = name
            delta.name = name
        }
        delta.argumentsDelta = try arguments(body["arguments"] ?? body["input"], slot, limits)
        delta.extraFields = Self.unknownMembers(entry, isCustom: custom != nil && entry["function"] == nil)
        slots[slot].unknownMembers += delta.extraFields.count
        guard slots[slot].unknownMembers <= limits.unknownMembers else {
            throw AnswerLimits.Passed(message: "a tool call with more than \(limits.unknownMembers) unknown members")
        }
        let isNews = known == nil || delta.id != nil || delta.name != nil || !delta.argumentsDelta.isEmpty
        return isNews || !delta.extraFields.isEmpty ? delta : nil
    }

    /// What is left in the joiners at the end of the choice.
    mutating func end(choice: Int) -> [ToolCallDelta] {
        slots.indices.compactMap { index in
            let rest = slots[index].joiner.end()
            return rest.isEmpty ? nil : ToolCallDelta(choice: choice, index: index, argumentsDelta: rest)
        }
    }

    private func slot(index: Int?, id: String, name: String, _ body: WireNode) -> Int? {
        if let index {
            guard let last = slots.lastIndex(where: { $0.wireIndex == index }) else { return nil }
            return beginsNewCall(after: slots[last], id: id, name: name) ? nil : last
        }
        if !id.isEmpty {
            guard let last = slots.lastIndex(where: { $0.id == id }) else { return nil }
            return sharesID(with: slots[last], name: name, body) ? nil : last
        }
        guard let last = slots.indices.last else { return nil }
        return beginsNewCall(after: slots[last], id: id, name: name) ? nil : last
    }

    private func beginsNewCall(after slot: Slot, id: String, name: String) -> Bool {
        guard !name.isEmpty else { return false }
        if !id.isEmpty { return !slot.id.isEmpty && id != slot.id }
        // With an index and an id the server is orderly, and a name without an id only repeats.
        if slot.wireIndex != nil, !slot.id.isEmpty { return false }
        return !slot.name.isEmpty && (slot.balance.isWhole || name != slot.name)
    }

    private func sharesID(with slot: Slot, name: String, _ body: WireNode) -> Bool {
        guard slot.balance.isWhole, !name.isEmpty, !slot.name.isEmpty else { return false }
        guard name == slot.name else { return true }
        let more = body["arguments"] ?? body["input"]
        return more?.isObject == true || more?.piece?.contains { !$0.isWhitespace } == true
    }

    private mutating func open(index: Int?, limits: AnswerLimits) throws -> Int {
        guard slots.count < limits.toolCalls else {
            throw AnswerLimits.Passed(message: "more than \(limits.toolCalls) tool calls")
        }
        slots.append(Slot(wireIndex: index))
        return slots.count - 1
    }

    private mutating func arguments(_ value: WireNode?, _ slot: Int, _ limits: AnswerLimits) throws -> String {
        guard let value else { return "" }
        let text =
            value.piece.map { slots[slot].joiner.take($0, isMarked: value.marked != nil) }
            ?? JSONWriter.string(value.plain)
        slots[slot].bytes += text.utf8.count
        guard slots[slot].bytes <= limits.argumentBytes else {
            throw AnswerLimits.Passed(message: "tool call arguments of more than \(limits.argumentBytes) bytes")
        }
        slots[slot].balance.take(text)
        return text
    }

    /// What must be sent back with the call. A custom tool is told by its `type`.
    private static func unknownMembers(_ entry: WireNode, isCustom: Bool) -> [JSONMember] {
        let known: Set<String> = ["index", "id", "function", "custom", "type", "name", "arguments", "input"]
        let others = (entry.plain.objectValue ?? []).filter { !known.contains($0.key) && !$0.value.isNull }
        return isCustom ? [JSONMember("type", .string("custom"))] + others : others
    }
}

/// Follows the brackets of JSON text that comes in pieces.
struct JSONBalance: Sendable {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Whether a bracket was opened and all are closed.
    private(set) var isWhole = false

    /// Takes the next piece.
    mutating func take(_ text: String) {
        for byte in text.utf8 {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else {
                bracket(byte)
            }
        }
    }

    private mutating func bracket(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            depth += 1
            isWhole = false
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            isWhole = depth == 0
        default: break
        }
    }
}
