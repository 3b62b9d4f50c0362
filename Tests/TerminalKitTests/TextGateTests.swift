import Foundation
import Testing

@testable import TerminalKit

@Suite struct TextGateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let input: String
        let output: String
        let hidden: Int
        var testDescription: String { name }
        init(_ name: String, _ input: String, _ output: String, _ hidden: Int = 0) {
            (self.name, self.input, self.output, self.hidden) = (name, input, output, hidden)
        }
    }

    static let attacks: [Case] = [
        Case("D1 CSI", "a\u{1B}[31mred", "a␛[31mred"),
        Case("D1 reset", "\u{1B}c", "␛c"),
        Case("D1 charset", "\u{1B}(0\u{E}", "␛(0␎"),
        Case("D1 DCS", "\u{1B}P1$r\u{1B}\\", "␛P1$r␛\\"),
        Case("D1 APC, PM, SOS", "\u{1B}_x\u{1B}^y\u{1B}Xz", "␛_x␛^y␛Xz"),
        Case("D2 unterminated OSC", "\u{1B}]0;title and more", "␛]0;title and more"),
        Case("D3 OSC 52", "\u{1B}]52;c;aGk=\u{7}", "␛]52;c;aGk=␇"),
        Case("D4 title with C1", "\u{9D}2;x\u{9C}", "‹9D›2;x‹9C›"),
        Case("D5 OSC 8", "\u{1B}]8;;http://x\u{1B}\\t", "␛]8;;http://x␛\\t"),
        Case("D6 query", "\u{1B}[6n\u{5}", "␛[6n␅"),
        Case("D7 C1 CSI", "\u{9B}31m", "‹9B›31m"),
        Case("D7 NEL", "a\u{85}b", "a‹85›b"),
        Case("D8 RLO", "a\u{202E}b\u{202C}", "a‹RLO›b‹PDF›"),
        Case("D8 isolates", "\u{2066}\u{2067}\u{2068}\u{2069}", "‹LRI›‹RLI›‹FSI›‹PDI›"),
        Case("D8 marks", "\u{200E}\u{200F}\u{61C}", "‹LRM›‹RLM›‹ALM›"),
        Case("D9 zero width", "pass\u{200B}word\u{2060}\u{FEFF}", "password", 3),
        Case("D9 tags", "hi\u{E0068}\u{E0069}", "hi", 2),
        Case("D9 unknown flag", "🏴\u{E0075}\u{E0073}\u{E007F}", "🏴", 3),
        Case("D9 selectors on a letter", "a\u{E0100}\u{E0101}\u{FE0F}", "a", 3),
        Case("D9 selectors on an emoji", "❤\u{FE0F}\u{FE0E}\u{FE0F}", "❤\u{FE0F}", 2),
        Case("D9 joiners in Latin", "a\u{200D}b\u{200C}c", "abc", 2),
        Case("D10 zalgo", "a" + String(repeating: "\u{300}", count: 50), "à\u{300}\u{300}\u{300}\u{300}", 45),
        Case("D13 bells", "\u{7}\u{7}\u{7}", "␇␇␇"),
        Case("DEL and NUL", "\u{7F}\u{0}", "␡␀"),
        Case("backspace", "abc\u{8}\u{8}", "abc␈␈"),
        Case("mark at the beginning", "\u{301}a", "\u{25CC}\u{301}a"),
        Case("mark after a newline", "a\n\u{301}", "a\n\u{25CC}\u{301}"),
        Case("noncharacter", "\u{FFFE}", "\u{FFFD}"),
        Case("mark after something hidden", "e\u{200B}\u{301}", "é", 1),
    ]

    static let newlines: [Case] = [
        Case("LF", "a\nb", "a\nb"), Case("CRLF", "a\r\nb", "a\nb"), Case("lone CR", "a\rb", "a␍b"),
        Case("CR at the end", "a\r", "a␍"), Case("CR CR LF", "\r\r\n", "␍\n"), Case("LF CR", "\n\r", "\n␍"),
        Case("line separator", "a\u{2028}b\u{2029}c", "a\nb\nc"), Case("VT, FF", "\u{B}\u{C}", "␋␌"),
        Case("tab", "a\tb", "a\tb"),
    ]

    static let scripts: [Case] = [
        Case("NFC", "e\u{301} o\u{323}\u{302} \u{212B}", "é ộ Å"),
        Case("Hangul", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
        Case("Devanagari conjunct", "क्\u{200D}ष", "क्\u{200D}ष"),
        Case("Malayalam old chillu", "ന്\u{200D} x", "ന്\u{200D} x"),
        Case("Persian", "می\u{200C}خواهم", "می\u{200C}خواهم"),
        Case("astronaut", "👩🏽\u{200D}🚀", "👩🏽\u{200D}🚀"),
        Case("heart on fire", "❤\u{FE0F}\u{200D}🔥", "❤\u{FE0F}\u{200D}🔥"),
        Case("joiner after the last emoji", "👩\u{200D}", "👩", 1),
        Case("England", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"), Case("keycap", "1\u{FE0F}\u{20E3}", "1\u{FE0F}\u{20E3}"),
        Case("flag", "🇩🇪", "🇩🇪"), Case("ideographic variant", "葛\u{E0100}", "葛\u{E0100}"), Case("CJK", "漢字かな。", "漢字かな。"),
    ]

    @Test(arguments: attacks + newlines + scripts)
    func table(_ test: Case) {
        let gated = TextGate.gate(test.input)
        #expect(Array(gated.text.unicodeScalars) == Array(test.output.unicodeScalars))
        #expect(gated.hiddenCount == test.hidden)
        #expect(check(test.input) == nil)
    }

    @Test func oneLine() {
        #expect(TextGate.gate("a\r\nb\nc\u{2028}d\te", allowNewlines: false).text == "a␊b␊c␊d\te")
        #expect(TextGate.gate("plain", allowNewlines: false).text == "plain")
    }

    /// Each code point on a line of its own is the same as each alone: a newline joins nothing.
    @Test(arguments: 0..<17)
    func everyCodePoint(plane: Int) {
        var text = ""
        for value in UInt32(plane) << 16..<UInt32(plane + 1) << 16 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            text.unicodeScalars.append(scalar)
            text.unicodeScalars.append("\n")
        }
        let gated = TextGate.gate(text)
        #expect(GateGrammar.violation(in: gated.text) == nil)
        #expect(gated.text.utf8.count <= 8 * text.utf8.count)
        #expect(TextGate.gate(gated.text) == GatedText(text: gated.text, hiddenCount: 0))
        let separators = plane == 0 ? 2 : 0
        #expect(gated.text.utf8.count { $0 == 10 } == text.utf8.count { $0 == 10 } + separators)
    }

    @Test func everythingAfterEscape() {
        for first in UInt8(0)..<128 {
            for second in UInt8(0)..<128 {
                let text = "\u{1B}" + String(Unicode.Scalar(first)) + String(Unicode.Scalar(second))
                let gated = TextGate.gate(text).text
                #expect(GateGrammar.violation(in: gated) == nil)
                #expect(gated.hasPrefix("␛"))
            }
        }
    }

    @Test func randomTexts() {
        var source = HostileText(seed: 0x7E57)
        for round in 0..<20_000 {
            let text = source.next()
            if let fault = check(text) {
                Issue.record("round \(round): \(fault): \(text.debugDescription)")
                return
            }
        }
    }

    @Test func hugeCluster() {
        let marks = String(repeating: "\u{301}", count: 1_000_000)
        let gated = TextGate.gate("a" + marks + "b")
        #expect(gated.text.unicodeScalars.count == 6)
        #expect(gated.hiddenCount == 1_000_000 - 5)
        let chain = TextGate.gate(String(repeating: "👩\u{200D}", count: 10_000) + "👩").text
        #expect(chain.allSatisfy { $0.unicodeScalars.count <= 32 })
        #expect(chain.unicodeScalars.count { $0 == "👩" } == 10_001)
    }

    @Test func streamedInTwoPieces() {
        var source = HostileText(seed: 42)
        for _ in 0..<1_500 {
            let scalars = Array(source.next(most: 14).unicodeScalars)
            let whole = TextGate.gate(string(scalars[...]))
            for split in 0...scalars.count {
                var gate = StreamingGate()
                var text = gate.append(string(scalars[..<split])).text
                let preview = text + gate.pending.text
                #expect(preview == TextGate.gate(string(scalars[..<split])).text)
                text += gate.append(string(scalars[split...])).text
                text += gate.finish().text
                #expect(Array(text.unicodeScalars) == Array(whole.text.unicodeScalars))
                #expect(gate.hiddenCount == whole.hiddenCount)
            }
        }
    }

    @Test func streamedScalarByScalar() {
        var source = HostileText(seed: 43)
        for _ in 0..<2_000 {
            let text = source.next()
            var gate = StreamingGate()
            var result = text.unicodeScalars.reduce(into: "") { $0 += gate.append(String($1)).text }
            result += gate.finish().text
            #expect(result.utf8.elementsEqual(TextGate.gate(text).text.utf8))
        }
    }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// What is wrong with the gate's answer to a text; nil = nothing.
    private func check(_ text: String) -> String? {
        let gated = TextGate.gate(text)
        if let fault = GateGrammar.violation(in: gated.text) { return fault }
        if gated.text.utf8.count > 8 * text.utf8.count { return "too long" }
        if TextGate.gate(gated.text) != GatedText(text: gated.text, hiddenCount: 0) { return "not idempotent" }
        // The platform's NFC takes U+30067 for a g; there is nothing to compose beyond plane 2.
        if !gated.text.unicodeScalars.contains(where: { $0.value > 0x2FFFF }) {
            let composed = gated.text.precomposedStringWithCanonicalMapping
            if !composed.unicodeScalars.elementsEqual(gated.text.unicodeScalars) { return "not NFC" }
        }
        let oneLine = TextGate.gate(text, allowNewlines: false)
        if let fault = GateGrammar.violation(in: oneLine.text, newlines: false) { return "one line: " + fault }
        let drawn = drawnText(gated.text)
        if TextGate.gate(drawn).text != drawn { return "drawing is not gated: \(drawn.debugDescription)" }
        return nil
    }

    private func drawnText(_ text: String) -> String {
        text.split(separator: "\n").map { line in
            var drawn = ""
            CellWidth.forEachCluster(in: String(line)) { cluster, _ in
                drawn += cluster
                return true
            }
            return drawn
        }.joined(separator: "\n")
    }
}
