#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// A zero-filled array: pages that nobody touches take no memory. Given back by `free`.
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

/// The memory of all tables of a vocabulary, which are read at random places: one range, for which Linux is asked for large
/// pages. Lives as long as the program.
struct TableMemory {
    private var next: UnsafeMutableRawPointer
    private let end: UnsafeMutableRawPointer

    private static let largePage = 2 << 20

    init(_ size: Int) {
        let rounded = (size + Self.largePage - 1) / Self.largePage * Self.largePage
        var memory: UnsafeMutableRawPointer?
        if posix_memalign(&memory, Self.largePage, rounded) != 0 { memory = nil }
        let start = memory ?? .allocate(byteCount: rounded, alignment: 64)
        #if os(Linux)
            madvise(start, rounded, MADV_HUGEPAGE)
        #endif
        memset(start, 0, rounded)
        next = start
        end = start + rounded
    }

    /// The next `count` elements, on a cache line of their own; elsewhere when there is no room left.
    mutating func zeroed<Element: BitwiseCopyable>(
        _ count: Int, of type: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        let size = (count * MemoryLayout<Element>.stride + 63) & ~63
        guard end - next >= size else { return Tokenization.zeroed(count, of: type) }
        defer { next += size }
        return next.bindMemory(to: Element.self, capacity: count)
    }
}
