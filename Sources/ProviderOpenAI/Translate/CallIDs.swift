import ProviderCore

extension [ChatMessage] {
    /// The conversation with an id for every call and its result. Some servers give calls none, but no API takes a
    /// conversation back in which calls and results do not name each other. Results without an id answer such calls in order.
    var withCallIDs: [ChatMessage] {
        guard contains(where: { $0.toolCalls.contains { $0.id.isEmpty } }) else { return self }
        var taken = Set(flatMap { $0.toolCalls.map(\.id) })
        var unanswered: [String] = []
        return map { message in
            var message = message
            if !message.toolCalls.isEmpty { unanswered = [] }
            for index in message.toolCalls.indices where message.toolCalls[index].id.isEmpty {
                let id = Self.newCallID(beside: taken)
                taken.insert(id)
                unanswered.append(id)
                message.toolCalls[index].id = id
            }
            if message.role == .tool, message.toolCallID ?? "" == "", !unanswered.isEmpty {
                message.toolCallID = unanswered.removeFirst()
            }
            return message
        }
    }

    /// Nine letters and digits, which is the only form that Mistral takes.
    private static func newCallID(beside taken: Set<String>) -> String {
        let numbers = (taken.count...).lazy.map { "call" + String(100_000 + $0).suffix(5) }
        return numbers.first { !taken.contains($0) } ?? ""
    }
}
