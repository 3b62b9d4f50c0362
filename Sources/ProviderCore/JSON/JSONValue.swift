/// One member of a JSON object.
public struct JSONMember: Sendable, Hashable {
    /// The name.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// A member.
    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

/// A JSON value that keeps what decoders usually lose: the order of members and the spelling of numbers. Both count when two
/// values are compared: `1` is not `1.0`.
public indirect enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as spelt, for example `1e3`; always valid JSON.
    case number(String)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object; members in order. Of repeated names the last one counts.
    case object([JSONMember])

    /// An integer.
    public static func int(_ value: Int) -> JSONValue { .number(String(value)) }
    /// A finite number; NaN and infinities become null, which JSON has instead.
    public static func double(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .null }
        if value == value.rounded(), abs(value) < 1e15 { return .number(String(Int(value))) }
        return .number(String(value))
    }

    /// The member of this name; nil when this is no object or has none.
    public subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text of a string.
    public var stringValue: String? { if case .string(let text) = self { text } else { nil } }
    /// The elements of an array.
    public var arrayValue: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members of an object.
    public var objectValue: [JSONMember]? { if case .object(let members) = self { members } else { nil } }
    /// The value of a boolean.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The value of a number.
    public var doubleValue: Double? { if case .number(let text) = self { Double(text) } else { nil } }
    /// The value of a number that is whole and fits (`5`, `5.0`, `1e3`).
    public var intValue: Int? {
        guard case .number(let text) = self else { return nil }
        if let value = Int(text) { return value }
        guard let value = Double(text) else { return nil }
        return Int(exactly: value)
    }
    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}
