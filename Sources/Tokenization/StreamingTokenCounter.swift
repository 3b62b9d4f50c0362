/// Counts the tokens of a text that grows, exactly after every delta, in time that depends on the delta alone.
///
/// The count may fall as well as rise: more text may join what were two tokens before. Keeps only the bytes whose tokens more text
/// can still change, so that a file of any size can be counted in chunks. A copy counts on by itself. Not thread-safe: it uses
/// the caches of its counter, which several streams of one thread or actor may share.
public struct StreamingTokenCounter {
    private let counter: PieceCounter
    /// Tokens of the pieces that nothing can change any more.
    private var settled = 0
    /// Valid text from there on; with `run`, only what has not been taken by it.
    private var tail: [UInt8] = []
    private var run: OpenRun?
    /// The start of a character whose other bytes have not come yet: up to three bytes.
    private var held: [UInt8] = []

    /// The number of tokens of the text so far. The start of a character that is still incomplete does not count.
    public private(set) var count = 0

    /// An open piece that is longer is counted by continuing, not anew.
    private static let longPiece = 160

    /// Counts with the caches of `counter`.
    public init(_ counter: TokenCounter) {
        self.counter = counter.pieces
    }

    /// Counts with caches of its own; see `TokenCounter.init(_:)`.
    public init(_ encoding: TokenEncoding) {
        self.init(TokenCounter(encoding))
    }

    /// Which encoding it counts.
    public var encoding: TokenEncoding { counter.vocabulary.encoding }

    /// Appends text. A character that bytes have begun before is given up: it counts as U+FFFD.
    public mutating func append(_ delta: String) {
        if !held.isEmpty {
            held = []
            tail += UTF8Text.replacement
        }
        var delta = delta
        delta.withUTF8 { tail.append(contentsOf: $0) }
        advance()
    }

    /// Appends UTF-8 bytes, which may begin and end inside a character. Bytes that are not UTF-8 count as U+FFFD, as
    /// `String(decoding:as:)` reads them.
    public mutating func append(utf8 bytes: some Sequence<UInt8>) {
        if held.isEmpty, bytes.withContiguousStorageIfAvailable({ take($0) }) != nil { return advance() }
        let all = held + bytes
        held = []
        all.withUnsafeBufferPointer { take($0) }
        advance()
    }

    /// Ends the text: the start of a character that is still incomplete counts as U+FFFD then.
    public mutating func finish() {
        append("")
    }

    /// Forgets the text.
    public mutating func reset() {
        settled = 0
        count = 0
        tail.removeAll(keepingCapacity: true)
        held = []
        run = nil
    }

    /// Repaired bytes into the tail.
    private mutating func take(_ buffer: UnsafeBufferPointer<UInt8>) {
        guard let start = buffer.baseAddress else { return }
        let end = start + buffer.count
        let cut = UTF8Text.append(start, end, to: &tail)
        held = Array(UnsafeBufferPointer(start: end - cut, count: cut))
    }

    private mutating func advance() {
        while continueRun() {}
        guard run == nil else { return }
        var settled = settled
        let (taken, open) = tail.withUnsafeBufferPointer { buffer -> (Int, Int) in
            guard let start = buffer.baseAddress else { return (0, 0) }
            let end = start + buffer.count
            let p = counter.countClosed(start, end, into: &settled)
            if end - p > Self.longPiece, let run = OpenRun(p, end, counter) {
                self.run = run
                return (buffer.count, run.count(counter.vocabulary.scanner))
            }
            return (p - start, counter.count(p, end))
        }
        tail.removeFirst(taken)
        self.settled = settled
        count = settled + open
    }

    /// Gives the tail to the run, if there is one. True: it has ended there, and left a tail that is to be looked at.
    private mutating func continueRun() -> Bool {
        guard var run else { return false }
        // One owner only, so that its arrays grow in place.
        self.run = nil
        var left: [UInt8] = []
        var ended = false
        let taken = tail.withUnsafeBufferPointer { buffer -> Int in
            guard let start = buffer.baseAddress else { return 0 }
            let end = start + buffer.count
            var p = start
            if case .closed(let tokens, let bytes) = run.advance(&p, end, counter) {
                settled += tokens
                left = bytes
                ended = true
            } else {
                count = settled + run.count(counter.vocabulary.scanner) + counter.count(p, end)
            }
            return p - start
        }
        tail.replaceSubrange(0..<taken, with: left)
        if !ended { self.run = run }
        return ended
    }
}
