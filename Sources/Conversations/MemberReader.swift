import ProviderCore

/// The members of a JSON object, taken by name. What has the wrong type is taken as missing and noted, so that one reading serves
/// both who wants all that can be had and who wants all or nothing.
struct MemberReader {
    /// What had another type than wanted: `usage: wanted an object`.
    private(set) var problems: [String] = []
    private let members: [JSONMember]
    private var taken: Set<String> = []

    /// Nil when the value is no object.
    init?(_ value: JSONValue) {
        guard case .object(let members) = value else { return nil }
        self.members = members
    }

    /// The members that nobody asked for: those of a newer program.
    var rest: [JSONMember] { members.filter { !taken.contains($0.key) } }

    /// A member that is there and not null.
    mutating func value(_ key: String) -> JSONValue? {
        taken.insert(key)
        guard let value = members.last(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }

    mutating func text(_ key: String) -> String? { read(key, "a string") { $0.stringValue } }
    mutating func flag(_ key: String) -> Bool? { read(key, "true or false") { $0.boolValue } }
    mutating func list(_ key: String) -> [JSONValue]? { read(key, "an array") { $0.arrayValue } }
    mutating func object(_ key: String) -> [JSONMember]? { read(key, "an object") { $0.objectValue } }

    /// A whole number of a range; counts unless another range is given.
    mutating func number(_ key: String, in range: ClosedRange<Int> = 0...Int.max) -> Int? {
        let wanted =
            range == 0...Int.max
            ? "a whole number from 0" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return read(key, wanted) { value in value.intValue.flatMap { range.contains($0) ? $0 : nil } }
    }

    /// A finite number from 0.
    mutating func amount(_ key: String) -> Double? {
        read(key, "a number from 0") { value in value.doubleValue.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
    }

    /// Notes a problem that only the reader of a value can see.
    mutating func note(_ problem: String) { problems.append(problem) }

    private mutating func read<Value>(_ key: String, _ wanted: String, _ convert: (JSONValue) -> Value?) -> Value? {
        guard let value = value(key) else { return nil }
        let converted = convert(value)
        if converted == nil { problems.append("\(key): wanted \(wanted)") }
        return converted
    }
}

/// Builds a JSON object without members that say nothing.
struct MemberWriter {
    private(set) var members: [JSONMember] = []

    var object: JSONValue { .object(members) }

    mutating func add(_ key: String, _ value: JSONValue?) {
        if let value { members.append(JSONMember(key, value)) }
    }

    mutating func add(_ key: String, _ text: String?) { add(key, text.map { .string($0) }) }
    mutating func add(_ key: String, _ number: Int?) { add(key, number.map { .int($0) }) }
    mutating func add(_ key: String, _ amount: Double?) { add(key, amount.map { .double($0) }) }
    mutating func add(_ key: String, list: [JSONValue]) { if !list.isEmpty { add(key, .array(list)) } }

    /// Members that this program does not know, behind those it does.
    mutating func add(unknown: [JSONMember]) {
        let known = Set(members.map(\.key))
        members += unknown.filter { !known.contains($0.key) }
    }
}
