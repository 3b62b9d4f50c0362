/// Reads JSON from foreign hands.
///
/// Strict RFC 8259, in linear time and without recursion, with these exceptions: a leading byte order mark is skipped,
/// bytes that are not UTF-8 and escapes of half a surrogate pair become U+FFFD instead of spoiling the whole document,
/// and more than `maximumDepth` nested containers are refused. Order and repetition of members and the spelling of
/// numbers are kept.
public enum JSONParser {
    /// How deep arrays and objects may nest.
    public static let maximumDepth = 512

    /// Reads one document. Throws `JSONSyntaxError`. The bytes are only read during the call.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws -> JSONValue {
        var reader = JSONReader(bytes, marksLoneSurrogates: false)
        return try reader.document()
    }

    /// Reads one document. Throws `JSONSyntaxError`.
    public static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        try bytes.withUnsafeBytes { try parse($0) }
    }

    /// Reads one document. Throws `JSONSyntaxError`.
    public static func parse(_ text: String) throws -> JSONValue {
        try parse(Array(text.utf8))
    }

    /// A document and, when it has escapes of half a surrogate pair, a second reading in which each half is kept as a
    /// scalar of `LoneSurrogate`, so that a pair split over two documents can be joined.
    package static func parseKeepingSurrogates(
        _ bytes: UnsafeRawBufferPointer
    ) throws -> (plain: JSONValue, marked: JSONValue?) {
        var reader = JSONReader(bytes, marksLoneSurrogates: false)
        let plain = try reader.document()
        guard reader.foundLoneSurrogate else { return (plain, nil) }
        var second = JSONReader(bytes, marksLoneSurrogates: true)
        return (plain, try second.document())
    }
}

/// Stand-ins for half surrogate pairs, which a Swift string cannot hold: scalars at the end of the private plane 16.
package enum LoneSurrogate {
    private static let first: UInt32 = 0x10F000

    /// The stand-in for a code unit 0xD800...0xDFFF.
    static func mark(_ unit: UInt16) -> UInt32 { first + UInt32(unit) - 0xD800 }

    /// The code unit a scalar stands for; nil for all others.
    package static func unit(of scalar: Unicode.Scalar) -> UInt16? {
        guard (first..<first + 0x800).contains(scalar.value) else { return nil }
        return UInt16(scalar.value - first + 0xD800)
    }
}
