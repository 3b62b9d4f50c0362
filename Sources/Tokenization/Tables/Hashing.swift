#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Multiplicative hashing: the top bits of a product depend on all bits of the key.
@inline(__always)
func spread(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }

/// The same for a key of two words.
@inline(__always)
func spread(_ low: UInt64, _ high: UInt64) -> UInt64 {
    let mixed = low &* 0xC2B2_AE3D_27D4_EB4F ^ high
    return spread(mixed ^ mixed >> 29)
}

/// The smallest power of two whose half is not less than `count`, as its exponent.
func tableBits(for count: Int) -> UInt64 {
    var bits: UInt64 = 4
    while 1 << bits < count * 2 { bits += 1 }
    return bits
}

/// A zero-filled array outside of the heap's bookkeeping: pages that nobody touches take no memory.
func zeroed<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
    let stride = MemoryLayout<Element>.stride
    guard let memory = calloc(count, stride) else {
        // Without memory the standard library ends the program, too.
        let plain = UnsafeMutablePointer<Element>.allocate(capacity: count)
        memset(plain, 0, count * stride)
        return plain
    }
    return memory.bindMemory(to: Element.self, capacity: count)
}
