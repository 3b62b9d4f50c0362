import Testing
import Tokenization

@Suite struct StreamingTests {
    @Test func streamsCountAsTiktokenAtEveryStep() throws {
        let counters = Counters()
        let cases = try fixtures("tokens_stream.jsonl", as: StreamCase.self)
        #expect(cases.count == 50)
        for one in cases {
            var text = StreamingTokenCounter(counters[one.encoding])
            var bytes = text
            for (delta, wanted) in zip(one.deltas, one.counts) {
                text.append(delta)
                bytes.append(utf8: delta.utf8)
                #expect(text.count == wanted, "\(one.encoding) \(one.deltas) at \(delta.debugDescription)")
                #expect(bytes.count == wanted)
            }
        }
    }

    @Test(arguments: TokenEncoding.allCases)
    func aGrowingTextCountsAsTheWholeAtEveryPrefix(encoding: TokenEncoding) throws {
        let counter = TokenCounter(encoding)
        var texts = try fixtures("tokens.jsonl", as: TextCase.self).filter { $0.encoding == encoding.rawValue }.map(
            \.text)
        texts += try fixtures("tokens_stream.jsonl", as: StreamCase.self)
            .filter { $0.encoding == encoding.rawValue }.map { $0.deltas.joined() }
        for text in texts {
            var stream = StreamingTokenCounter(counter)
            var prefix: [UInt8] = []
            for scalar in text.unicodeScalars {
                let delta = String(scalar)
                stream.append(delta)
                prefix += delta.utf8
                let whole = counter.count(utf8: prefix)
                #expect(stream.count == whole, "\(String(decoding: prefix.suffix(40), as: UTF8.self).debugDescription)")
            }
        }
    }

    /// Runs that never end, of every kind that is continued, and what ends them.
    @Test(arguments: TokenEncoding.allCases)
    func longPiecesCountAsTheWholeAtEveryStep(encoding: TokenEncoding) {
        let units = [
            "a", "A", "Ab", " ", " \n", "\t", "\u{3000}", "中", "中文字", "中A", "é", "е", "!", "/", "\n", "=-", "👨\u{200D}",
            "e\u{301}", "A\u{301}", "ก", " \u{A0}", "ʰ", "Dž",
        ]
        let ends = ["x", "'ll", "'x", "'l x", " x", "\n", "\n/x", "!", "中", "B", "\u{301}", "1", "  ", "'", "ſ"]
        let counter = TokenCounter(encoding)
        var chance = Chance(state: 7)
        for unit in units {
            for prefix in ["", " ", "中", "("] {
                let end = (ends.randomElement(using: &chance) ?? "") + (ends.randomElement(using: &chance) ?? "")
                check(prefix, unit, end, counter, &chance)
            }
        }
    }

    private func check(_ prefix: String, _ unit: String, _ end: String, _ counter: TokenCounter, _ chance: inout Chance)
    {
        var stream = StreamingTokenCounter(counter)
        var whole: [UInt8] = []
        var deltas = [prefix] + Array(repeating: unit, count: 60)
        for _ in 0..<12 { deltas.append(String(repeating: unit, count: Int.random(in: 1...60, using: &chance))) }
        deltas += end.unicodeScalars.map { String($0) } + [unit, " and", " more"]
        for (step, delta) in deltas.enumerated() {
            stream.append(delta)
            whole += delta.utf8
            // Before that the piece is short, and counted anew anyway.
            guard step > 40 || step % 8 == 0 else { continue }
            let wanted = counter.count(utf8: whole)
            #expect(
                stream.count == wanted,
                "\(prefix.debugDescription) \(unit.debugDescription) \(end.debugDescription) \(step)")
        }
    }

    @Test func bytesMayBeCutInsideCharacters() {
        let counter = TokenCounter(.o200kBase)
        let text = Array("naïve 中文 👨‍👩‍👧 końcówka 한국어 \u{1F600}\u{1F600}".utf8)
        for size in 1...7 {
            var stream = StreamingTokenCounter(counter)
            for start in stride(from: 0, to: text.count, by: size) {
                stream.append(utf8: text[start..<min(start + size, text.count)])
            }
            stream.finish()
            #expect(stream.count == counter.count(utf8: text))
        }
    }

    @Test func anIncompleteCharacterDoesNotCountUntilTheEnd() {
        var stream = StreamingTokenCounter(.cl100kBase)
        stream.append("a ")
        let before = stream.count
        stream.append(utf8: [0xE4, 0xB8])
        #expect(stream.count == before)
        var given = stream
        given.append("b")
        #expect(given.count == TokenCounter(.cl100kBase).count("a \u{FFFD}b"))
        stream.finish()
        #expect(stream.count == TokenCounter(.cl100kBase).count("a \u{FFFD}"))
    }

    @Test func aCopyCountsOnByItself() {
        var one = StreamingTokenCounter(.o200kBase)
        one.append(String(repeating: "a", count: 1000))
        var other = one
        one.append(String(repeating: "b", count: 1000))
        other.append("!")
        let counter = TokenCounter(.o200kBase)
        #expect(other.count == counter.count(String(repeating: "a", count: 1000) + "!"))
        #expect(one.count == counter.count(String(repeating: "a", count: 1000) + String(repeating: "b", count: 1000)))
        one.reset()
        #expect(one.count == 0)
        one.append("hello")
        #expect(one.count == 1)
    }
}
