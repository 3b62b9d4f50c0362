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

    /// Every spelling of a newline, as terminals send it, and the same of other keys.
    static let escapes: [(String, KeyChord)] = [
        ("[13;2u", KeyChord(.enter, .shift)), ("[13;5u", KeyChord(.enter, .control)),
        ("[13;3u", KeyChord(.enter, .alt)), ("[27;2;13~", KeyChord(.enter, .shift)),
        ("[27;5;13~", KeyChord(.enter, .control)), ("[27;3;13~", KeyChord(.enter, .alt)),
        ("\r", KeyChord(.enter, .alt)), ("[13;2:1u", KeyChord(.enter, .shift)), ("[13;2:2u", KeyChord(.enter, .shift)),
        ("[13u", KeyChord(.enter)), ("[57414u", KeyChord(.enter)), ("[57414;2u", KeyChord(.enter, .shift)),
        ("OM", KeyChord(.enter)), ("[106;5u", .control("j")), ("[109;5u", KeyChord(.enter)),
        // Letters.
        ("[97;5u", .control("a")), ("[97;6u", .control("a")), ("[97:65;6u", .control("a")), ("[97;3u", .alt("a")),
        ("[97;4u", .alt("A")), ("[97:65;4u", .alt("A")), ("[44:60;4u", .alt("<")), ("[27;4;60~", .alt("<")),
        ("[45:95;6u", .control("_")), ("[47;5u", .control("/")), ("[27;5;95~", .control("_")),
        ("[99;5:1u", .control("c")), ("[27;5;99~", .control("c")), ("[97;65u", .character("a")),
        ("[97;33u", .alt("a")), ("[91;3u", .alt("[")), ("[228;3u", .alt("ä")),
        // One byte elsewhere, one key here.
        ("[105;5u", KeyChord(.tab)), ("[104;5u", KeyChord(.backspace)), ("[91;5u", KeyChord(.escape)),
        ("[32;5u", .control(" ")), ("[64;5u", .control(" ")), ("[27;5;32~", .control(" ")),
        ("[9;2u", KeyChord(.backTab)), ("[9;5u", KeyChord(.tab, .control)), ("[105;6u", KeyChord(.backTab)),
        ("[127;5u", KeyChord(.backspace, .control)), ("[127;2u", KeyChord(.backspace, .shift)),
        ("[27;3u", KeyChord(.escape, .alt)),
        // Arrows and keypads.
        ("[1;5A", KeyChord(.up, .control)), ("[1;1:1A", KeyChord(.up)), ("[1;1:2B", KeyChord(.down)),
        ("[5A", KeyChord(.up, .control)), ("O5A", KeyChord(.up, .control)), ("O1;5A", KeyChord(.up, .control)),
        ("Oa", KeyChord(.up, .control)), ("Od", KeyChord(.left, .control)), ("Op", .character("0")),
        ("[57400u", .character("1")), ("[57419u", KeyChord(.up)), ("[57424;2u", KeyChord(.end, .shift)),
        ("[3$", KeyChord(.delete, .shift)), ("[3@", KeyChord(.delete, [.control, .shift])),
        ("[13~", KeyChord(.function(3))), ("[1;2R", KeyChord(.function(3), .shift)),
        ("[57376u", KeyChord(.function(13))),
    ]

    @Test(arguments: escapes) func spellings(after escape: String, chord: KeyChord) {
        let bytes = Array("\u{1B}\(escape)x".utf8)
        for split in 0...bytes.count {
            var decoder = KeyDecoder()
            var inputs = decoder.feed(bytes[..<split])
            inputs += decoder.feed(bytes[split...])
            #expect(inputs == [.key(chord), .key(.character("x"))], "split at \(split)")
        }
    }

    /// Releases, keys of the desktop, answers that come late or were never asked for: nothing of them is typed.
    @Test(arguments: [
        "[13;2:3u", "[97;1:3u", "[1;1:3A", "[97;9u", "[1;9A", "[57358u", "[57441;2u", "[?1u", "[?0u", "[?62;22c",
        "[>1;5202;0c", "[24;80R", "[1;80R", "[0n", "[8;24;80t", "[?2026;1$y", "[4;2$y", "[?1;2;3S", "[=1;2c",
        "]10;rgb:ff/ff/ff\u{7}", "]11;rgb:00/00/00\u{1B}\\", "P>|term 1\u{1B}\\", "_Gi=1;OK\u{1B}\\", "[<35;5;5M",
        "[<0;5;5m", "[<32;5;5M", "[<99;1;1M", "[<0;1M", "[5;5;5A", "[1114112u", "[55296u", "[127;5;1;1;1q",
    ])
    func isSwallowed(after escape: String) {
        let bytes = Array("\u{1B}\(escape)x".utf8)
        for split in 0...bytes.count {
            var decoder = KeyDecoder()
            var inputs = decoder.feed(bytes[..<split])
            inputs += decoder.feed(bytes[split...])
            #expect(inputs == [.key(.character("x"))], "split at \(split)")
        }
    }

    @Test func answersAreKept() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("\u{1B}[?5u\u{1B}[?62;4c\u{1B}[?2026;1$y".utf8))
        #expect(decoder.takeReplies() == [.keyboardFlags(5), .deviceAttributes])
        #expect(decoder.takeReplies().isEmpty)
        for _ in 0..<1000 { _ = decoder.feed(Array("\u{1B}[?5u".utf8)) }
        #expect(decoder.takeReplies().count <= 16)
        _ = decoder.feed(Array("\u{1B}[200~\u{1B}[?5u\u{1B}[201~".utf8))
        #expect(decoder.takeReplies().isEmpty, "what is pasted is no answer")
    }

    static let reports: [(String, [MouseEvent])] = [
        ("[<0;5;3M", [MouseEvent(.press(.left), at: Position(x: 4, y: 2))]),
        ("[<2;1;1M", [MouseEvent(.press(.right), at: Position(x: 0, y: 0))]),
        ("[<16;5;3M", [MouseEvent(.press(.left), at: Position(x: 4, y: 2), .control)]),
        ("[<64;5;3M", [MouseEvent(.wheel(rows: -1), at: Position(x: 4, y: 2))]),
        ("[<65;5;3M", [MouseEvent(.wheel(rows: 1), at: Position(x: 4, y: 2))]),
        ("[<73;5;3M", [MouseEvent(.wheel(rows: 1), at: Position(x: 4, y: 2), .alt)]),
        ("[<67;5;3M", [MouseEvent(.wheelSideways(columns: 1), at: Position(x: 4, y: 2))]),
        ("[<0;0;0M", [MouseEvent(.press(.left), at: Position(x: 0, y: 0))]),
        ("[<0;99999;99999M", [MouseEvent(.press(.left), at: Position(x: 9_999, y: 9_999))]),
        (
            "[<0;5;3M\u{1B}[<32;6;3M\u{1B}[<0;6;3m\u{1B}[<0;6;3m\u{1B}[<32;6;3M",
            [
                MouseEvent(.press(.left), at: Position(x: 4, y: 2)), MouseEvent(.drag(.left), at: Position(x: 5, y: 2)),
                MouseEvent(.release(.left), at: Position(x: 5, y: 2)),
            ]
        ),
        ("[<0;5;3M\u{1B}[<2;5;3m", [MouseEvent(.press(.left), at: Position(x: 4, y: 2))]),
    ]

    @Test(arguments: reports) func mouse(after escape: String, events: [MouseEvent]) {
        var decoder = KeyDecoder()
        let inputs = decoder.feed(Array("\u{1B}\(escape)".utf8))
        #expect(inputs == events.map(Input.mouse))
    }

    @Test func aPersonSeesWhatAKeySends() {
        var decoder = KeyDecoder()
        decoder.isObserving = true
        var inputs = decoder.feed(Array("\u{1B}[13;2ué\u{1}\u{1B}[?1c\u{1B}[200~a\u{1B}[201~ \u{7F}\u{1B}".utf8))
        inputs += decoder.flush()
        let seen = inputs.compactMap { if case .observed(let record) = $0 { record } else { nil } }
        #expect(
            seen.map(\.spelling) == [
                "ESC [ 1 3 ; 2 u", "C3 A9", "^A", "ESC [ ? 1 c", "ESC [ 2 0 0 ~", "SP", "DEL", "ESC",
            ])
        #expect(
            seen.map(\.input) == [
                .key(KeyChord(.enter, .shift)), .key(.character("é")), .key(.control("a")), nil, .paste("a"),
                .key(.character(" ")), .key(KeyChord(.backspace)), .key(KeyChord(.escape)),
            ])
        decoder.isObserving = false
        inputs = decoder.feed(Array("a".utf8))
        #expect(inputs == [.key(.character("a"))])
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
