/// A call the model asks for.
public struct ToolCall: Sendable, Hashable {
    /// The call's id, which the result must name. Empty when the server gave none.
    public var id: String
    /// The function's name.
    public var name: String
    /// The arguments as the model wrote them: meant to be JSON, not checked here.
    public var arguments: String
    /// Members of the wire's call that we do not know (for example a thought signature) and must send back unchanged.
    public var extraFields: [JSONMember]
    /// The number that the server gave it among the calls of its answer; nil when it gave none.
    public var rank: Int?

    /// A call.
    public init(id: String, name: String, arguments: String, extraFields: [JSONMember] = [], rank: Int? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.extraFields = extraFields
        self.rank = rank
    }

    /// Adds one streamed piece: the arguments grow, everything else is set and never erased.
    public mutating func apply(_ delta: ToolCallDelta) {
        if let id = delta.id { self.id = id }
        if let name = delta.name { self.name = name }
        if let rank = delta.rank { self.rank = rank }
        arguments += delta.argumentsDelta
        for member in delta.extraFields {
            if let known = extraFields.firstIndex(where: { $0.key == member.key }) {
                extraFields[known] = member
            } else {
                extraFields.append(member)
            }
        }
    }
}

/// A streamed piece of a tool call.
public struct ToolCallDelta: Sendable, Hashable {
    /// Which answer it belongs to; 0 unless several were asked for.
    public var choice: Int
    /// The call's slot: 0, 1, 2 … in order of first appearance, without gaps.
    public var index: Int
    /// Set when this piece tells the id.
    public var id: String?
    /// Set when this piece tells the name.
    public var name: String?
    /// More of the arguments; may be empty.
    public var argumentsDelta: String
    /// Members of the wire's call that we do not know.
    public var extraFields: [JSONMember]
    /// Set when this piece tells which number the server gave the call.
    public var rank: Int?

    /// A piece.
    public init(
        choice: Int = 0, index: Int, id: String? = nil, name: String? = nil, argumentsDelta: String = "",
        extraFields: [JSONMember] = [], rank: Int? = nil
    ) {
        self.choice = choice
        self.index = index
        self.id = id
        self.name = name
        self.argumentsDelta = argumentsDelta
        self.extraFields = extraFields
        self.rank = rank
    }
}
