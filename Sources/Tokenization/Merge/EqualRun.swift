/// The tokens at the start of a long run of one byte, all alike, that need not be looked for.
///
/// When the encoding of a text begins with the same token twice, and what stands before it is that token's bytes again, then the
/// longer text begins with that token and goes on as before: two encodings glued at an identical token. So of a million equal
/// bytes only the last thousand are encoded.
struct EqualRun {
    /// How many bytes may be left out, and of how many tokens they are.
    let bytes: Int
    let tokens: Int
    private let token: UInt32

    /// How much of the run is encoded: to learn its tokens, and to go on from.
    private static let probe = 512
    private static let rest = 1_024

    /// `nil`: the piece does not begin with a long run, or its tokens are not alike.
    init?(_ start: BytePointer, _ length: Int, _ merger: Merger) {
        guard length > Self.rest * 2, start[0] == start[Self.rest] else { return nil }
        var run = 1
        while run < length, start[run] == start[0] { run += 1 }
        guard run > Self.rest * 2 else { return nil }
        var ends = TokenEnds()
        ends.extend(start, to: Self.probe, merger)
        guard let first = ends.ends.first, ends.count > 1, ends.ends[1] == first * 2 else { return nil }
        token = first
        tokens = (run - Self.rest) / Int(first)
        bytes = tokens * Int(first)
    }

    /// Whether these tokens, of what follows the bytes left out, begin with the same one twice.
    func isFollowed(by ends: [UInt32]) -> Bool { ends.count > 1 && ends[0] == token && ends[1] == token * 2 }
}
