extension KeptOutput {
    /// The output as text for a model: UTF-8 with U+FFFD for what is none, at most `limit` Unicode scalars. What is too
    /// long is cut in the middle, and a line there says how many bytes are missing. Control characters stay: it is not
    /// gated for a screen.
    public func text(limit: Int = 30_000) -> String {
        let (first, last, missing) = contiguous
        if missing == 0, let whole = Self.decoded(first, limit) { return whole }
        // The mark of the most that can be missing, so that what is kept does not depend on its length.
        let room = max(0, limit - Self.mark(missing + first.count + last.count).unicodeScalars.count)
        let start = first.prefix(Self.length(of: room - room / 2, startOf: first))
        let rest = missing == 0 ? first.dropFirst(start.count) : last[...]
        let end = rest.suffix(Self.length(of: room / 2, endOf: rest))
        let left = missing + (missing == 0 ? 0 : first.count - start.count) + rest.count - end.count
        let text = String(decoding: start, as: UTF8.self) + Self.mark(left) + String(decoding: end, as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, limit))))
    }

    /// Both halves as one when nothing is missing; otherwise without the characters that the gap cuts through.
    private var contiguous: (first: [UInt8], last: [UInt8], missing: Int) {
        guard dropped > 0 else { return (head + tail, [], 0) }
        let first = head.dropLast(Self.unfinished(head))
        let last = tail.drop { Self.isContinuation($0) }
        let cut = head.count - first.count + tail.count - last.count
        return (Array(first), Array(last), dropped + cut)
    }

    private static func decoded(_ bytes: [UInt8], _ limit: Int) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.unicodeScalars.count <= limit ? text : nil
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// Bytes at the end that begin a character but do not end it.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        let back = bytes.suffix(4).reversed().prefix { isContinuation($0) }.count
        guard let lead = bytes.dropLast(back).last, lead >= 0xC0 else { return 0 }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        return back + 1 < length ? back + 1 : 0
    }

    /// How many bytes the first `count` scalars take.
    private static func length(of count: Int, startOf bytes: [UInt8]) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        return length(count) { parser.parseScalar(from: &iterator) }
    }

    /// How many bytes the last `count` scalars take.
    private static func length(of count: Int, endOf bytes: ArraySlice<UInt8>) -> Int {
        var parser = Unicode.UTF8.ReverseParser()
        var iterator = bytes.reversed().makeIterator()
        return length(count) { parser.parseScalar(from: &iterator) }
    }

    private static func length(_ count: Int, _ next: () -> Unicode.ParseResult<Unicode.UTF8.EncodedScalar>) -> Int {
        var length = 0
        for _ in 0..<count {
            switch next() {
            case .valid(let scalar): length += scalar.count
            case .error(let bytes): length += bytes
            case .emptyInput: return length
            }
        }
        return length
    }

    private static func mark(_ bytes: Int) -> String { "\n[… \(grouped(bytes)) bytes left out …]\n" }

    private static func grouped(_ number: Int) -> String {
        let digits = String(number)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
