internal import ProviderCore

/// What has to be known of a document before anything may descend into it: how deep it nests, and whether an object
/// repeats a name.
enum DocumentShape {
    /// How deep schemas and instances may nest, the root being level 1: what `JSONParser` reads, and a scalar inside.
    static let greatestDepth = JSONParser.maximumDepth + 1

    /// The document with only the last of equally named members, which is the one that counts; nil when it nests too
    /// deep.
    static func normalized(_ value: JSONValue) -> JSONValue? {
        var repeats = false
        guard isShallow(value, levels: greatestDepth, repeats: &repeats) else { return nil }
        return repeats ? withoutRepeats(value) : value
    }

    private static func isShallow(_ value: JSONValue, levels: Int, repeats: inout Bool) -> Bool {
        guard levels > 0 else { return false }
        switch value {
        case .array(let elements):
            for element in elements where !isShallow(element, levels: levels - 1, repeats: &repeats) { return false }
        case .object(let members):
            if !repeats { repeats = repeatsName(members) }
            for member in members where !isShallow(member.value, levels: levels - 1, repeats: &repeats) { return false }
        default: break
        }
        return true
    }

    /// Up to this many members names are compared by pairs.
    private static let shortObject = 8

    private static func repeatsName(_ members: [JSONMember]) -> Bool {
        guard members.count > 1 else { return false }
        guard members.count <= shortObject else { return Set(members.map { ExactName($0.key) }).count < members.count }
        for later in members.indices.dropFirst() {
            let name = members[later].key
            for earlier in 0..<later where ExactText.equal(members[earlier].key, name) { return true }
        }
        return false
    }

    private static func withoutRepeats(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(withoutRepeats))
        case .object(let members):
            var last: [ExactName: Int] = [:]
            for (position, member) in members.enumerated() { last[ExactName(member.key)] = position }
            let kept = members.enumerated().filter { last[ExactName($0.element.key)] == $0.offset }
            return .object(kept.map { JSONMember($0.element.key, withoutRepeats($0.element.value)) })
        default: return value
        }
    }
}
