import TerminalKit
import Testing

/// What a terminal answers of its background.
@Suite struct BackgroundTests {
    @Test(
        arguments: [
            ("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\", [.background(isLight: true)]),
            ("\u{1B}]11;rgb:0000/0000/0000\u{7}", [.background(isLight: false)]),
            ("\u{1B}]11;rgb:fd/f6/e3\u{7}", [.background(isLight: true)]),
            ("\u{1B}]11;rgba:1e1e/1e1e/2e2e/ffff\u{7}", [.background(isLight: false)]),
            ("\u{1B}]11;rgb:f/f/f\u{7}", [.background(isLight: true)]),
            // Blue is dark, yellow is light, though both are halves of white.
            ("\u{1B}]11;rgb:0000/0000/ffff\u{7}", [.background(isLight: false)]),
            ("\u{1B}]11;rgb:ffff/ffff/0000\u{7}", [.background(isLight: true)]),
            ("\u{1B}]10;rgb:ffff/ffff/ffff\u{7}", []), ("\u{1B}]11;?\u{7}", []), ("\u{1B}]11;rgb:ffff/ffff\u{7}", []),
            ("\u{1B}]11;rgb:fffff/0/0\u{7}", []), ("\u{1B}]11;rgb:+f/0/0\u{7}", []),
            ("\u{1B}]11;rgb:xx/yy/zz\u{7}", []),
            ("\u{1B}P11;rgb:ffff/ffff/ffff\u{1B}\\", []), ("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}x", []),
            ("\u{1B}[200~\u{1B}]11;rgb:ffff/ffff/ffff\u{7}\u{1B}[201~", []),
        ] as [(String, [TerminalReply])])
    func answers(sent: String, expected: [TerminalReply]) {
        var whole = KeyDecoder()
        _ = whole.feed(Array(sent.utf8))
        #expect(whole.takeReplies() == expected)
        var parts = KeyDecoder()
        for byte in sent.utf8 { _ = parts.feed([byte]) }
        #expect(parts.takeReplies() == expected, "byte by byte")
    }

    @Test func itIsAskedBeforeWhatEveryTerminalAnswers() {
        var modes = TerminalModes()
        #expect(String(decoding: modes.ask(background: true), as: UTF8.self) == "\u{1B}]11;?\u{1B}\\\u{1B}[?u\u{1B}[c")
        #expect(modes.take(.background(isLight: true)).isEmpty)
        #expect(modes.keyboard == .asked, "the keyboard's answer is still to come")
        var other = TerminalModes()
        #expect(String(decoding: other.ask(), as: UTF8.self) == "\u{1B}[?u\u{1B}[c")
    }
}
