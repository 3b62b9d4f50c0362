import Tokenization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Standard output of many lines.
func print(_ line: String, flush: Bool) {
    print(line)
    if flush { fflush(nil) }
}

extension TokenBench {
    /// The texts on standard input, each after 4 bytes of its length, lowest first.
    static func texts() -> [ArraySlice<UInt8>] {
        let bytes = readFile("-")
        var found: [ArraySlice<UInt8>] = []
        var at = 0
        while at + 4 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << ($1 * 8) }
            guard at + 4 + length <= bytes.count else { break }
            found.append(bytes[at + 4..<at + 4 + length])
            at += 4 + length
        }
        return found
    }

    static func ids(_ encoding: TokenEncoding) {
        let counter = TokenCounter(encoding)
        for text in texts() {
            let ids = counter.tokens(utf8: text)
            let count = counter.count(utf8: text)
            print(count == ids.count ? ids.map(String.init).joined(separator: " ") : "count \(count), ids \(ids.count)")
        }
    }

    static func steps(_ encoding: TokenEncoding, _ seed: UInt64) {
        let counter = TokenCounter(encoding)
        var state = seed
        var (steps, different) = (0, 0)
        for text in texts() {
            var stream = StreamingTokenCounter(counter)
            var at = text.startIndex
            while at < text.endIndex {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var next = min(at + Int(state >> 60) + 1, text.endIndex)
                while next < text.endIndex, text[next] & 0xC0 == 0x80 { next += 1 }
                stream.append(utf8: text[at..<next])
                at = next
                steps += 1
                let whole = counter.count(utf8: text[..<next])
                if stream.count != whole {
                    different += 1
                    print(
                        "at \(next - text.startIndex): \(stream.count), whole \(whole): \(Array(text[..<next].suffix(60)))"
                    )
                }
            }
        }
        print("steps \(steps), different \(different)")
    }
}
