public import ProviderCore

/// Whether two JSON values mean the same, as JSON Schema's `const` has it.
public enum JSONEquality {
    /// Numbers compare by value and exactly (`1` is `1.0`), texts by code points, objects without order; of repeated names the
    /// last counts. Values that nest deeper than `JSONParser` reads equal nothing.
    public static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard let first = DocumentShape.normalized(left), let second = DocumentShape.normalized(right) else {
            return false
        }
        return ExactValue.equal(first, second)
    }
}
