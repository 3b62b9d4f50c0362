/// Reads patches: every line is added, removed, a heading, or neither.
enum PatchReader {
    /// The runs of a line.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ state: inout LexerState) -> [CodeSpan] {
        guard !bytes.isEmpty else { return [] }
        var list = SpanList(bytes)
        var left = (old: 0, new: 0)
        if case .hunk(let old, let new) = state.mode { left = (old, new) }
        // A removed line may begin with `-- `, which looks like a heading; the counts of the hunk tell.
        let isInside = left.old > 0 || left.new > 0
        switch bytes[0] {
        case UInt8(ascii: "@") where starts("@@", bytes):
            left = counts(bytes)
            list.add(to: bytes.count, .keyword)
        case UInt8(ascii: "+") where (isInside && left.new > 0) || !starts("+++ ", bytes):
            left.new -= 1
            list.add(to: bytes.count, .added)
        case UInt8(ascii: "-") where (isInside && left.old > 0) || !starts("--- ", bytes):
            left.old -= 1
            list.add(to: bytes.count, .removed)
        case UInt8(ascii: ">"): list.add(to: bytes.count, .added)
        case UInt8(ascii: "<"): list.add(to: bytes.count, .removed)
        case UInt8(ascii: " "), UInt8(ascii: "\\"):
            if bytes[0] == 0x20 { left = (left.old - 1, left.new - 1) }
            list.add(to: bytes.count, .plain)
        default:
            if headings.contains(where: { Delimiter.matches($0, bytes, at: 0, before: bytes.count) }) {
                left = (0, 0)
                list.add(to: bytes.count, .attribute)
            } else {
                list.add(to: bytes.count, .plain)
            }
        }
        state.mode = .hunk(old: max(0, left.old), new: max(0, left.new))
        return list.spans
    }

    private static let headings = [
        "diff ", "index ", "+++ ", "--- ", "Index:", "====", "new file", "deleted file", "old mode", "new mode",
        "rename ", "copy ", "similarity ", "dissimilarity ", "Binary files", "GIT binary patch", "Only in ",
    ].map { Array($0.utf8) }

    private static func starts(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        Delimiter.matches(Array(text.utf8), bytes, at: 0, before: bytes.count)
    }

    /// Lines of a hunk by its heading, `@@ -1,3 +1,4 @@`; 1 each where no count stands.
    private static func counts(_ bytes: UnsafeBufferPointer<UInt8>) -> (old: Int, new: Int) {
        func count(after mark: UInt8) -> Int {
            guard let start = bytes.prefix(80).firstIndex(of: mark) else { return 0 }
            var place = start + 1
            while place < bytes.count, CodeReader.isDigit(bytes[place]) { place += 1 }
            guard place < bytes.count, bytes[place] == UInt8(ascii: ",") else { return 1 }
            var number = 0
            for byte in bytes[(place + 1)...].prefix(8) {
                guard CodeReader.isDigit(byte) else { break }
                number = number * 10 + Int(byte - 0x30)
            }
            return number
        }
        return (count(after: UInt8(ascii: "-")), count(after: UInt8(ascii: "+")))
    }
}
