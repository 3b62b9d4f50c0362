/// Multiplicative hashing: the top bits of a product depend on all bits of the key.
@inline(__always)
func spread(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }

/// The same for a key of two words.
@inline(__always)
func spread(_ low: UInt64, _ high: UInt64) -> UInt64 {
    let mixed = low &* 0xC2B2_AE3D_27D4_EB4F ^ high
    return spread(mixed ^ mixed >> 29)
}

/// The size of a table for so many entries, as an exponent of two: at most 5 of 8 places are taken.
func tableBits(for count: Int) -> UInt64 {
    var bits: UInt64 = 4
    while 5 << bits < count * 8 { bits += 1 }
    return bits
}
