import TerminalKit
import Testing

@Suite struct KeyDecoderTests {
    static let table: [(String, [Input])] = [
        ("a", [.key(.character("a"))]),
        ("é漢👍", [.key(.character("é")), .key(.character("漢")), .key(.character("👍"))]),
        ("\r", [.key(KeyChord(.enter))]), ("\n", [.key(.control("j"))]), ("\t", [.key(KeyChord(.tab))]),
        ("\u{7F}", [.key(KeyChord(.backspace))]), ("\u{8}", [.key(KeyChord(.backspace))]),
        ("\u{3}", [.key(.control("c"))]), ("\u{0}", [.key(.control(" "))]), ("\u{1F}", [.key(.control("_"))]),
        ("\u{1C}", [.key(.control("\\"))]),
        ("\u{1B}[A", [.key(KeyChord(.up))]), ("\u{1B}OA", [.key(KeyChord(.up))]),
        ("\u{1B}[1;5C", [.key(KeyChord(.right, .control))]), ("\u{1B}[1;2D", [.key(KeyChord(.left, .shift))]),
        ("\u{1B}[1;8A", [.key(KeyChord(.up, [.shift, .alt, .control]))]), ("\u{1B}[a", [.key(KeyChord(.up, .shift))]),
        ("\u{1B}[Z", [.key(KeyChord(.backTab))]), ("\u{1B}[9;2u", [.key(KeyChord(.backTab))]),
        ("\u{1B}[3~", [.key(KeyChord(.delete))]), ("\u{1B}[3;5~", [.key(KeyChord(.delete, .control))]),
        ("\u{1B}[5~", [.key(KeyChord(.pageUp))]), ("\u{1B}[H", [.key(KeyChord(.home))]),
        ("\u{1B}[1~", [.key(KeyChord(.home))]), ("\u{1B}[8~", [.key(KeyChord(.end))]),
        ("\u{1B}OP", [.key(KeyChord(.function(1)))]), ("\u{1B}[11~", [.key(KeyChord(.function(1)))]),
        ("\u{1B}[[A", [.key(KeyChord(.function(1)))]), ("\u{1B}[24~", [.key(KeyChord(.function(12)))]),
        ("\u{1B}[17~", [.key(KeyChord(.function(6)))]),
        ("\u{1B}[13;2u", [.key(KeyChord(.enter, .shift))]), ("\u{1B}[27;2;13~", [.key(KeyChord(.enter, .shift))]),
        ("\u{1B}[13;5u", [.key(KeyChord(.enter, .control))]), ("\u{1B}[27u", [.key(KeyChord(.escape))]),
        ("\u{1B}[112;5u", [.key(.control("p"))]), ("\u{1B}[97;3u", [.key(.alt("a"))]),
        ("\u{1B}\r", [.key(KeyChord(.enter, .alt))]), ("\u{1B}b", [.key(.alt("b"))]), ("\u{1B}é", [.key(.alt("é"))]),
        ("\u{1B}\u{7F}", [.key(KeyChord(.backspace, .alt))]),
        ("\u{1B}[I", [.focus(true)]), ("\u{1B}[O", [.focus(false)]),
        ("\u{1B}[200~hi\r\nthere\rx\u{1B}[201~", [.paste("hi\nthere\nx")]),
        ("\u{1B}[200~a\u{1B}[31mb\u{7}\tc\u{1B}[201~d", [.paste("a[31mb\tc"), .key(.character("d"))]),
        ("\u{1B}[200~\u{1B}[200~x\u{1B}[201~", [.paste("x")]),
        ("\u{1B}]11;rgb:0000/0000/0000\u{7}x", [.key(.character("x"))]),
        ("\u{1B}P1$r0m\u{1B}\\x", [.key(.character("x"))]),
        ("\u{1B}[?62;4cx", [.key(.character("x"))]), ("\u{1B}[99;99;99qx", [.key(.character("x"))]),
    ]

    @Test(arguments: table) func whole(bytes: String, expected: [Input]) {
        var decoder = KeyDecoder()
        let inputs = decoder.feed(Array(bytes.utf8))
        #expect(inputs == expected)
        #expect(decoder.pending == .nothing)
    }

    @Test(arguments: table) func splitAtEveryByte(bytes: String, expected: [Input]) {
        let bytes = Array(bytes.utf8)
        for split in 0...bytes.count {
            var decoder = KeyDecoder()
            var inputs = decoder.feed(bytes[..<split])
            inputs += decoder.feed(bytes[split...])
            #expect(inputs == expected, "split at \(split)")
        }
        var decoder = KeyDecoder()
        var inputs: [Input] = []
        for byte in bytes { inputs += decoder.feed([byte]) }
        #expect(inputs == expected)
    }

    @Test func aLoneEscapeIsDecidedByTime() {
        var decoder = KeyDecoder()
        var inputs = decoder.feed([0x1B])
        #expect(inputs.isEmpty)
        #expect(decoder.pending == .sequence)
        inputs = decoder.flush()
        #expect(inputs == [.key(KeyChord(.escape))])
        #expect(decoder.pending == .nothing)
        inputs = decoder.feed([0x1B, 0x5B])
        inputs = decoder.flush()
        #expect(inputs == [.key(.alt("["))])
    }

    @Test func aPasteWithoutItsEndIsNotLost() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("\u{1B}[200~never ends".utf8))
        #expect(decoder.pending == .paste)
        let inputs = decoder.flush()
        #expect(inputs == [.paste("never ends")])
    }

    @Test func noiseNeverCrashesNorGrows() {
        var state: UInt64 = 7
        var decoder = KeyDecoder()
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for case .key(let chord) in decoder.feed([UInt8(truncatingIfNeeded: state >> 33)]) {
                if case .character(let character) = chord.key {
                    #expect(
                        character.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
                }
            }
        }
    }
}
