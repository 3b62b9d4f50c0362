import ProviderCore

extension [ChatMessage] {
    /// The conversation with an id of its own for every call of an answer, and the same for its result. Some servers give calls
    /// none, or all of them one, but no API takes a conversation back in which calls and results do not name each other.
    /// Results that name no call, or several, answer these in order.
    var withCallIDs: [ChatMessage] {
        guard contains(where: { $0.toolCalls.shareIDs }) else { return self }
        var taken = Set(flatMap { $0.toolCalls.map(\.id) })
        var unanswered: [(told: String, sent: String)] = []
        return map { message in
            var message = message
            if !message.toolCalls.isEmpty {
                let told = message.toolCalls.map(\.id)
                message.toolCalls.giveOwnIDs(beside: &taken)
                unanswered = zip(told, message.toolCalls.map(\.id)).map { ($0, $1) }
            }
            guard message.role == .tool else { return message }
            if let next = unanswered.firstIndex(where: { $0.told == message.toolCallID ?? "" }) {
                message.toolCallID = unanswered.remove(at: next).sent
            }
            return message
        }
    }
}

extension [ToolCall] {
    /// Whether one has no id, or that of another.
    fileprivate var shareIDs: Bool {
        contains { $0.id.isEmpty } || (count > 1 && Set(map(\.id)).count < count)
    }

    /// Gives new ids to those that have none, or one that came before.
    fileprivate mutating func giveOwnIDs(beside taken: inout Set<String>) {
        var seen: Set<String> = []
        for index in indices where self[index].id.isEmpty || !seen.insert(self[index].id).inserted {
            self[index].id = Self.newCallID(beside: taken)
            taken.insert(self[index].id)
        }
    }

    /// Nine letters and digits, which is the only form that Mistral takes.
    private static func newCallID(beside taken: Set<String>) -> String {
        let numbers = (taken.count...).lazy.map { "call" + String(100_000 + $0).suffix(5) }
        return numbers.first { !taken.contains($0) } ?? ""
    }
}
