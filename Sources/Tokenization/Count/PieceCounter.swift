/// Counts pieces: from the front caches, else from the table of tokens, else by merging. Text is valid UTF-8.
final class PieceCounter {
    let vocabulary: Vocabulary
    let merger: Merger
    private let caches = FrontCaches()

    /// Longer pieces are encoded in windows.
    private static let windowed = 192
    /// How much of a long piece is kept to continue from; far more than any token or window.
    static let kept = 16_384

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        merger = Merger(vocabulary)
    }

    deinit { caches.deallocate() }

    /// The tokens of all pieces of a text.
    func count(_ start: BytePointer, _ end: BytePointer) -> Int {
        let scanner = vocabulary.scanner
        var open = false
        var total = 0
        var p = start
        if scanner.isO200k {
            while p < end {
                let next = scanner.o200k(p, end, &open)
                total &+= count(piece: p, next - p, end)
                p = next
            }
        } else {
            while p < end {
                let next = scanner.cl100k(p, end, &open)
                total &+= count(piece: p, next - p, end)
                p = next
            }
        }
        return total
    }

    /// The tokens of the pieces whose ends more text cannot move. Returns where the first one begins that it could.
    func countClosed(_ start: BytePointer, _ end: BytePointer, into total: inout Int) -> BytePointer {
        let scanner = vocabulary.scanner
        var open = false
        var p = start
        while p < end {
            let next = scanner.piece(p, end, open: &open)
            if open { break }
            total &+= count(piece: p, next - p, end)
            p = next
        }
        return p
    }

    /// The tokens of one piece. `end`: up to where memory can be read.
    @inline(__always)
    func count(piece p: BytePointer, _ length: Int, _ end: BytePointer) -> Int {
        if length <= 7 {
            let key = end - p >= 8 ? PieceKey.shortInside(p, length) : PieceKey.short(p, length)
            return caches.count(short: key) { miss(short: key, p, length) }
        }
        if length <= 15 {
            let (low, high) = PieceKey.mediumInside(p, length)
            return caches.count(low: low, high: high) { miss(low: low, high: high, p, length) }
        }
        return count(long: p, length)
    }

    @inline(never)
    private func miss(short key: UInt64, _ p: BytePointer, _ length: Int) -> Int {
        if vocabulary.pieces.token(short: key) != PairTable.none { return 1 }
        return merger.count(p, length)
    }

    @inline(never)
    private func miss(low: UInt64, high: UInt64, _ p: BytePointer, _ length: Int) -> Int {
        if vocabulary.pieces.token(low: low, high: high) != PairTable.none { return 1 }
        return merger.count(p, length)
    }

    @inline(never)
    private func count(long p: BytePointer, _ length: Int) -> Int {
        if length <= 30 { return caches.count(wide: p, length) { whole(p, length) ?? merger.count(p, length) } }
        // Longer tokens than that are rare but for runs of ASCII; merging finds the others as well.
        if length <= Self.windowed { return (p[0] < 0x80 ? whole(p, length) : nil) ?? merger.count(p, length) }
        return count(windowed: p, length)
    }

    /// 1 when the piece is a token.
    private func whole(_ p: BytePointer, _ length: Int) -> Int? {
        length <= 128 && vocabulary.pieces.token(long: p, length) != PairTable.none ? 1 : nil
    }

    private func count(windowed start: BytePointer, _ length: Int) -> Int {
        if let run = EqualRun(start, length, merger), let count = count(windowed: start, length, leaving: run) {
            return count
        }
        return count(windowed: start, length, leaving: nil) ?? 0
    }

    /// In windows, without the repeated tokens of a run at its start, which are added. `nil`: they may not be left out.
    private func count(windowed start: BytePointer, _ length: Int, leaving run: EqualRun?) -> Int? {
        var ends = TokenEnds()
        var base = start + (run?.bytes ?? 0)
        var folded = run?.tokens ?? 0
        var isOpen = run != nil
        let stop = start + length
        while base + ends.length < stop {
            ends.extend(base, to: min(stop - base, ends.length + Self.kept), merger)
            if isOpen, let run {
                guard base + ends.length == stop || ends.isFolding(keeping: Self.kept) else { continue }
                guard run.isFollowed(by: ends.ends) else { return nil }
                isOpen = false
            }
            let (tokens, bytes) = ends.fold(keeping: Self.kept)
            folded += tokens
            base += bytes
        }
        return folded + ends.count
    }

    /// The end of each token of one piece, counted from its start.
    func ends(piece p: BytePointer, _ length: Int, _ body: (Int) -> Void) {
        if length <= 128, vocabulary.pieces.token(p, length) != PairTable.none { return body(length) }
        var ends = TokenEnds()
        ends.extend(p, to: length, merger)
        for end in ends.ends { body(Int(end)) }
    }
}
