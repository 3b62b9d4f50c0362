/// A word of at most 16 ASCII bytes as two numbers, so that looking it up needs no text.
struct PackedWord: Sendable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// The word of these bytes; nil when it is longer or not ASCII.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, lowercased: Bool = false) {
        guard range.count <= 16 else { return nil }
        for index in range {
            var byte = bytes[index]
            guard byte < 0x80 else { return nil }
            if lowercased, byte &- 0x41 < 26 { byte |= 0x20 }
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
    }

    /// The word of a text.
    init?(_ text: String) {
        var text = text
        let packed = text.withUTF8 { PackedWord($0, 0..<$0.count) }
        guard let packed else { return nil }
        self = packed
    }
}

/// A set of ASCII bytes.
struct ByteSet: Sendable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// The bytes of a text.
    init(_ text: String = "") {
        for byte in text.utf8 { insert(byte) }
    }

    /// Adds a byte; others than ASCII are ignored.
    mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    /// Whether a byte is in it.
    func contains(_ byte: UInt8) -> Bool {
        byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 && high >> UInt64(byte - 64) & 1 == 1
    }
}
