import Testing

@testable import TerminalKit

@Suite struct CellWidthTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let clusters: [String]
        let width: Int
        var testDescription: String { text.debugDescription }
        init(_ text: String, _ clusters: [String], _ width: Int) {
            (self.text, self.clusters, self.width) = (text, clusters, width)
        }
    }

    static let cases: [Case] = [
        Case("", [], 0), Case("abc", ["a", "b", "c"], 3), Case("漢字", ["漢", "字"], 4), Case("한글", ["한", "글"], 4),
        Case("ｆｕ", ["ｆ", "ｕ"], 4), Case("ﾊﾝ", ["ﾊ", "ﾝ"], 2), Case("·…“”─", ["·", "…", "“", "”", "─"], 5),
        Case("e\u{301}x", ["e\u{301}", "x"], 2), Case("é", ["é"], 1), Case("漢\u{301}", ["漢\u{301}"], 2),
        Case("👍", ["👍"], 2), Case("👍🏽!", ["👍", "!"], 3), Case("👩🏽‍🚀x", ["👩", "x"], 3),
        Case("👨‍👩‍👧‍👦", ["👨"], 2), Case("❤️x", ["❤", "x"], 2), Case("❤️‍🔥", ["❤"], 1),
        Case("⌚\u{FE0E}", ["⌚"], 2), Case("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"], 4), Case("🇩", ["🇩"], 1), Case("🇩🇪🇫", ["🇩🇪", "🇫"], 3),
        Case("1️⃣2", ["1", "2"], 2), Case("#⃣", ["#"], 1), Case("🏴󠁧󠁢󠁥󠁮󠁧󠁿", ["🏴"], 2),
        Case("\u{1FAE8}\u{1FAC6}", ["\u{1FAE8}", "\u{1FAC6}"], 4),
        Case("\u{1FADB}", ["\u{1FADB}"], 2), Case("क्षि", ["क\u{94D}", "ष", "\u{93F}"], 3),
        Case("กำ", ["ก", "ำ"], 2), Case("\u{1112}\u{1161}\u{11AB}", ["\u{1112}\u{1161}\u{11AB}"], 2),
        Case("a\u{1B}[b", ["a", "␛", "[", "b"], 4), Case("\u{9B}\u{202E}", ["\u{FFFD}", "\u{FFFD}"], 2),
        Case("a\u{200B}b", ["a", "b"], 2), Case("\u{301}a", ["\u{301}", "a"], 1), Case("\u{200B}", [], 0),
        Case("a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", ["a\u{301}\u{302}\u{303}\u{304}"], 1),
    ]

    @Test(arguments: cases)
    func table(_ test: Case) {
        var clusters: [String] = []
        var sum = 0
        CellWidth.forEachCluster(in: test.text) { cluster, width in
            clusters.append(cluster)
            sum += width
            return true
        }
        // Swift compares canonically; the screen does not.
        #expect(clusters.map { Array($0.unicodeScalars) } == test.clusters.map { Array($0.unicodeScalars) })
        let width = CellWidth.width(of: test.text)
        #expect(width == test.width)
        #expect(sum == width)
    }

    @Test func stopsWhenTold() {
        var count = 0
        CellWidth.forEachCluster(in: "aé漢bc") { _, _ in
            count += 1
            return count < 3
        }
        #expect(count == 3)
    }

    @Test func clustersAreSmall() {
        var source = HostileText(seed: 7)
        for _ in 0..<3_000 {
            CellWidth.forEachCluster(in: source.next()) { cluster, width in
                #expect((1...5).contains(cluster.unicodeScalars.count) && (0...2).contains(width))
                return true
            }
        }
    }

    @Test(arguments: [
        ("hello", 10, "hello"), ("hello", 4, "hel…"), ("漢字漢字", 5, "漢字…"), ("漢字漢字", 4, "漢…"), ("abc", 1, "…"),
        ("abc", 0, ""),
    ])
    func truncation(text: String, width: Int, expected: String) {
        let cut = CellWidth.truncate(text, to: width)
        #expect(cut == expected)
        #expect(CellWidth.width(of: cut) <= width)
    }
}
