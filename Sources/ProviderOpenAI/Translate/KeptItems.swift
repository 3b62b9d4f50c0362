import ProviderCore

extension ChatMessage {
    /// The provider's own items as they go back: as they came, but for the calls among them, which say what `toolCalls` says.
    /// A call that is not among `toolCalls` is left out; one that is not among the items stands in the place of such a one,
    /// else at the end.
    ///
    /// A call that was edited keeps the item's own id. Reasoning items have an id, by which the API pairs them with the item
    /// that has to follow: without one there it refuses the reasoning. The encrypted reasoning is bound to the reasoning's id
    /// only, and nothing is bound to the arguments, so that a call with others is taken.
    var keptItems: [JSONValue] {
        var calls = ChatResponse(toolCalls: toolCalls).orderedCalls
        let matches = opaqueItems.matches(among: &calls)
        let kept = opaqueItems.enumerated().map { place, item in
            item.isCall ? matches[place].map(item.calling) : item
        }
        var sent: [JSONValue] = []
        for (place, item) in kept.enumerated() {
            if let item {
                // Reasoning without the item that it led to is refused.
                if !(item.isReasoning && kept.lostWhatFollowed(place)) { sent.append(item) }
            } else if !calls.isEmpty {
                sent.append(calls.removeFirst().responsesItem)
            }
        }
        return sent + calls.map(\.responsesItem)
    }
}

extension [JSONValue] {
    /// Ways in which a call can be that of an item, the surest first. Servers leave ids out, or give several calls one, and then
    /// the ids of the calls are others than those of the items.
    private static let likenesses: [@Sendable (JSONValue, ToolCall) -> Bool] = [
        { $0.callID == $1.id && $0.saysTheSame(as: $1) }, { $0.callID == $1.id }, { $0.saysTheSame(as: $1) },
        { $0["name"]?.stringValue == $1.name }, { _, _ in true },
    ]

    /// The calls of the items by their places; what remains is that of none.
    fileprivate func matches(among calls: inout [ToolCall]) -> [Int: ToolCall] {
        var found: [Int: ToolCall] = [:]
        for isAlike in Self.likenesses {
            for (place, item) in enumerated() where item.isCall && found[place] == nil {
                let match = calls.firstIndex { item.isCustomCall == $0.isCustom && isAlike(item, $0) }
                if let match { found[place] = calls.remove(at: match) }
            }
        }
        return found
    }
}

extension [JSONValue?] {
    /// Whether all that the reasoning at a place led to was left out.
    fileprivate func lostWhatFollowed(_ place: Int) -> Bool {
        let following = self[place...].drop { $0?.isReasoning == true }.prefix { $0?.isReasoning != true }
        return !following.isEmpty && following.allSatisfy { $0 == nil }
    }
}

extension JSONValue {
    fileprivate var isReasoning: Bool { self["type"]?.stringValue == "reasoning" }
    fileprivate var isCustomCall: Bool { self["type"]?.stringValue == "custom_tool_call" }
    fileprivate var isCall: Bool { isCustomCall || self["type"]?.stringValue == "function_call" }
    /// The id that a call was told by.
    fileprivate var callID: String? { (self["call_id"] ?? self["id"])?.stringValue }
    private var argumentsKey: String { isCustomCall ? "input" : "arguments" }

    /// The arguments of an item as text; some servers send an object.
    private var callArguments: String {
        guard let value = self[argumentsKey] else { return "" }
        return value.stringValue ?? JSONWriter.string(value)
    }

    fileprivate func saysTheSame(as call: ToolCall) -> Bool {
        self["name"]?.stringValue == call.name && callArguments == call.arguments
    }

    /// The item with the id, name and arguments of a call; what is the same stays as it came.
    fileprivate func calling(_ call: ToolCall) -> JSONValue {
        var item = JSONObject(members: objectValue ?? [])
        if self["call_id"]?.stringValue != call.id { item.replace(JSONMember("call_id", .string(call.id))) }
        if self["name"]?.stringValue != call.name { item.replace(JSONMember("name", .string(call.name))) }
        if callArguments != call.arguments {
            item.replace(JSONMember(argumentsKey, .string(call.sentArguments)))
        }
        return .object(item.members)
    }
}
