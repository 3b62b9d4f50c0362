internal import ProviderCore

/// A JSON value compared as schemas have it: numbers by value, strings by code points, objects without order. Values
/// nest at most as deep as `DocumentShape` allows, and no object repeats a name.
struct ExactValue: Sendable, Hashable {
    let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    static func == (left: ExactValue, right: ExactValue) -> Bool { equal(left.value, right.value) }

    func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher) }

    static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let first), .bool(let second)): first == second
        case (.number(let first), .number(let second)):
            first == second || ExactNumber(first) == ExactNumber(second)
        case (.string(let first), .string(let second)): ExactText.equal(first, second)
        case (.array(let first), .array(let second)):
            first.count == second.count && zip(first, second).allSatisfy { equal($0, $1) }
        case (.object(let first), .object(let second)): first.count == second.count && equal(first, second)
        default: false
        }
    }

    /// Above this many members names are looked up in a dictionary.
    private static let shortObject = 8

    private static func equal(_ left: [JSONMember], _ right: [JSONMember]) -> Bool {
        guard left.count > shortObject else {
            return left.allSatisfy { member in
                right.contains { ExactText.equal($0.key, member.key) && equal($0.value, member.value) }
            }
        }
        let values = Dictionary(right.map { (ExactName($0.key), $0.value) }) { _, last in last }
        return left.allSatisfy { member in
            values[ExactName(member.key)].map { equal($0, member.value) } ?? false
        }
    }

    private static func hash(_ value: JSONValue, into hasher: inout Hasher) {
        switch value {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag ? 1 : 2)
        case .number(let text): hasher.combine(ExactNumber(text))
        case .string(let text):
            hasher.combine(3)
            ExactText.hash(text, into: &hasher)
        case .array(let elements):
            hasher.combine(elements.count)
            for element in elements { hash(element, into: &hasher) }
        case .object(let members):
            // A sum, because the order of members does not count.
            hasher.combine(
                members.reduce(into: 0) { sum, member in
                    var own = Hasher()
                    ExactText.hash(member.key, into: &own)
                    hash(member.value, into: &own)
                    sum &+= own.finalize()
                })
        }
    }
}
