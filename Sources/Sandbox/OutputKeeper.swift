import FunctionTools

/// Keeps the first and the last half of an output of any length.
struct OutputKeeper {
    private var head: [UInt8] = []
    /// The last bytes beyond the head; a ring once it is full.
    private var ring: [UInt8] = []
    /// Where the oldest byte of a full ring is, and the next one goes.
    private var position = 0
    private var passed = 0
    private let headRoom: Int
    private let ringRoom: Int

    /// Keeps at most so many bytes.
    init(limit: Int) {
        ringRoom = max(0, limit) / 2
        headRoom = max(0, limit) - ringRoom
    }

    /// Takes what came next.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let first = bytes.prefix(headRoom - head.count)
        head.append(contentsOf: first)
        passed += bytes.count - first.count
        guard ringRoom > 0, bytes.count > first.count else { return }
        // What would be overwritten at once need not be written.
        var rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(first.count).suffix(ringRoom))
        let fill = rest.prefix(ringRoom - ring.count)
        ring.append(contentsOf: fill)
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(fill.count))
        while !rest.isEmpty { rest = overwrite(rest) }
    }

    /// Writes into the full ring up to its end; what is left over.
    private mutating func overwrite(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let count = min(bytes.count, ringRoom - position)
        ring.withUnsafeMutableBytes { target in
            UnsafeMutableRawBufferPointer(rebasing: target[position..<position + count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
        }
        position = (position + count) % ringRoom
        return UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count))
    }

    /// What is kept.
    var kept: KeptOutput {
        let dropped = passed - ring.count
        guard dropped > 0 else { return KeptOutput(head: head + ring) }
        return KeptOutput(head: head, tail: Array(ring[position...] + ring[..<position]), dropped: dropped)
    }
}
