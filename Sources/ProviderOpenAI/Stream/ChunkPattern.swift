/// The last usual chunk of a stream, to know the next one by: most chunks differ from the one before in their text alone.
/// Then two comparisons replace all reading, and mean the same, since equal bytes around a string read equal.
struct ChunkPattern: Sendable {
    /// Longer chunks are not worth keeping.
    private static let limit = 2048

    /// What stands before the text and after it, quotes left out.
    private var around: [UInt8] = []
    private var before: UInt16 = 0
    private var choice: UInt16 = 0
    private var isReasoning = false
    /// Grows with chunks that fit, falls with others. At 0 the stream is of a kind that never repeats itself, such as with
    /// random padding in each chunk, and nothing is kept any more.
    private var credit: Int8 = 12

    /// The finding of a chunk that fits; nil when it does not, and then the scanner is where it was.
    mutating func match(_ scanner: inout ByteScanner) -> ChunkScanner.Finding? {
        guard before > 0 else { return nil }
        let start = scanner
        let text = around.withUnsafeBytes { around -> ByteSpan? in
            guard scanner.takeExactly(around[..<Int(before)]), let text = scanner.string(),
                scanner.takeExactly(around[Int(before)...]), scanner.isAtEnd()
            else { return nil }
            return text
        }
        // Without text a chunk may mean something else.
        guard let text, !text.isEmpty else {
            scanner = start
            credit = max(credit - 4, 0)
            if credit == 0 { before = 0 }
            return nil
        }
        credit = min(credit + 1, 12)
        return ChunkScanner.Finding(
            choice: Int(choice), content: isReasoning ? ByteSpan() : text, reasoning: isReasoning ? text : ByteSpan())
    }

    /// Keeps a chunk that was read, if it holds one text.
    mutating func learn(_ bytes: UnsafeRawBufferPointer, _ finding: ChunkScanner.Finding) {
        before = 0
        let text = finding.content.isEmpty ? finding.reasoning : finding.content
        guard credit > 0, !text.isEmpty, finding.content.isEmpty || finding.reasoning.isEmpty,
            bytes.count - (text.end - text.start) <= Self.limit, let choice = UInt16(exactly: finding.choice)
        else { return }
        around.removeAll(keepingCapacity: true)
        around.reserveCapacity(bytes.count - (text.end - text.start) - 2)
        around.append(contentsOf: bytes[..<(text.start - 1)])
        before = UInt16(around.count)
        around.append(contentsOf: bytes[(text.end + 1)...])
        self.choice = choice
        isReasoning = finding.content.isEmpty
    }
}
