import ProviderCore

/// A value of a chunk, in two readings when it holds half surrogate pairs: one to use, one to join pieces with.
struct WireNode {
    /// The value; half pairs are U+FFFD.
    let plain: JSONValue
    /// The same value with `LoneSurrogate` scalars; nil when there are none anywhere in the chunk.
    let marked: JSONValue?

    /// Reads a chunk. Throws `JSONSyntaxError`.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        (plain, marked) = try JSONParser.parseKeepingSurrogates(bytes)
    }

    init(plain: JSONValue, marked: JSONValue?) {
        self.plain = plain
        self.marked = marked
    }

    /// A member that is there and not null.
    subscript(_ key: String) -> WireNode? {
        guard let value = plain[key], !value.isNull else { return nil }
        return WireNode(plain: value, marked: marked?[key])
    }

    /// The elements of an array; an object counts as an array of one, anything else as empty.
    var elements: [WireNode] {
        if plain.objectValue != nil { return [self] }
        let second = marked?.arrayValue
        return (plain.arrayValue ?? []).enumerated().map { WireNode(plain: $1, marked: second?[$0]) }
    }

    /// Whether this is an object.
    var isObject: Bool { plain.objectValue != nil }

    /// A string that is not empty.
    var text: String? { plain.stringValue.flatMap { $0.isEmpty ? nil : $0 } }

    /// A string for a `SurrogateJoiner`.
    var piece: String? { marked?.stringValue ?? plain.stringValue }
}
