import Testing
import Tokenization

@Suite struct HardInputTests {
    @Test(arguments: TokenEncoding.allCases)
    func bytesThatAreNotUTF8CountAsTheirReplacement(encoding: TokenEncoding) {
        let counter = TokenCounter(encoding)
        var chance = Chance(state: 11)
        let bytes: [UInt8] = [
            0x00, 0x20, 0x41, 0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE4, 0xED,
            0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 1...24, using: &chance)).map { _ in bytes.randomElement(using: &chance) ?? 0
            }
            let wanted = counter.count(String(decoding: text, as: UTF8.self))
            #expect(counter.count(utf8: text) == wanted, "\(text)")
            var stream = StreamingTokenCounter(counter)
            var start = 0
            while start < text.count {
                let end = min(start + Int.random(in: 1...5, using: &chance), text.count)
                stream.append(utf8: text[start..<end])
                start = end
            }
            stream.finish()
            #expect(stream.count == wanted, "\(text)")
        }
    }

    @Test func nulAndSpecialTokensAreOrdinaryText() {
        let counter = TokenCounter(.cl100kBase)
        #expect(counter.tokens("\0") == [188])
        #expect(counter.tokens("<|endoftext|>") == [27, 91, 8862, 728, 428, 91, 29])
        #expect(TokenCounter(.o200kBase).tokens("<|endoftext|>").allSatisfy { $0 < 199_998 })
    }

    /// tiktoken itself fails on some of these.
    @Test(arguments: TokenEncoding.allCases)
    func aMillionOfOneCharacterIsCounted(encoding: TokenEncoding) {
        let counter = TokenCounter(encoding)
        // Runs are linear: ten times the length, ten times the tokens.
        for (unit, times) in [("a", 1_000_000), (" ", 1_000_000), ("中", 100_000), ("\n", 100_000), ("^", 100_000)] {
            let some = counter.count(String(repeating: unit, count: times / 10))
            let many = counter.count(String(repeating: unit, count: times))
            #expect(abs(many - some * 10) <= 10, "\(unit.debugDescription)")
        }
        let spaces = String(repeating: " ", count: 100_000)
        #expect(counter.count(spaces + "x") == counter.count(String(spaces.dropLast())) + counter.count(" x"))
    }

    @Test func aLongFileIsCountedInChunks() {
        let counter = TokenCounter(.o200kBase)
        let line =
            "Lorem ipsum dolor sit amet, 中文字 consectetur 1234567 adipiscing\r\n\t elit's — we'll see: x = y /* z */;\n"
        let text = Array(String(repeating: line, count: 500).utf8)
        let wanted = counter.count(utf8: text)
        for size in [1_000, 4_096, 65_536] {
            var stream = StreamingTokenCounter(counter)
            for start in stride(from: 0, to: text.count, by: size) {
                stream.append(utf8: text[start..<min(start + size, text.count)])
            }
            stream.finish()
            #expect(stream.count == wanted)
        }
    }
}
