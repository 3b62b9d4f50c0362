import Testing

@testable import TerminalKit

@Suite struct ClipboardTextTests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64(text: String, encoded: String) {
        #expect(String(decoding: ClipboardText.base64(Array(text.utf8)), as: UTF8.self) == encoded)
    }

    @Test(arguments: [
        ("a\nb\tc", "a\nb\tc"), ("a\u{1B}[31mb", "a[31mb"), ("a\u{1B}[201~rm -rf\n", "arm -rf\n"),
        ("a\u{1B}[200~b", "ab"), ("x\r\ny", "x\ny"), ("a\u{9B}31m", "a31m"), ("a\u{0}\u{7}b\u{7F}", "ab"),
        ("\u{1B}\u{1B}[201~[201~", "[201~"), ("äöü 漢字 👩‍🚀", "äöü 漢字 👩‍🚀"),
    ])
    func cleaning(text: String, cleaned: String) {
        #expect(Array(ClipboardText.cleaned(text).unicodeScalars) == Array(cleaned.unicodeScalars))
        #expect(ClipboardText.cleaned(cleaned) == cleaned)
    }

    @Test func sequencesAreOursOnly() throws {
        var source = HostileText(seed: 21)
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".utf8)
        for _ in 0..<300 {
            let bytes = try #require(ClipboardText.sequence(source.next(most: 20) + "\u{1B}]52;c;x\u{7}"))
            let body = bytes.dropFirst(7).dropLast(2)
            #expect(bytes.starts(with: Array("\u{1B}]52;c;".utf8)))
            #expect(Array(bytes.suffix(2)) == [0x1B, 0x5C])
            let isEncoded = body.allSatisfy { digits.contains($0) }
            #expect(isEncoded)
        }
    }

    @Test func aLimitThatTerminalsHave() {
        let longest = ClipboardText.sequence(String(repeating: "x", count: 74_994))
        #expect(longest?.count == 100_001)
        #expect(ClipboardText.sequence(String(repeating: "x", count: 74_995)) == nil)
        #expect(ClipboardText.sequence(String(repeating: "ä", count: 37_498)) == nil)
    }
}
