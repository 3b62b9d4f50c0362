import TerminalKit
import TestSupport
import Testing

@Suite struct TextDiffTests {
    /// Pieces as text: `[-old-]`, `{+new+}`, equal text as it is.
    private func shown(_ old: String, _ new: String, work: Int = TextDiff.defaultWork) -> String {
        TextDiff(from: old, to: new, work: work).runs.reduce(into: "") { text, run in
            switch run.kind {
            case .equal: text += Self.slice(old, run.old)
            case .removed: text += "[-" + Self.slice(old, run.old) + "-]"
            case .added: text += "{+" + Self.slice(new, run.new) + "+}"
            }
        }
    }

    static func slice(_ text: String, _ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    /// What is wrong with a comparison; nil when its pieces make both texts.
    static func fault(_ runs: [TextDiff.Run], _ old: String, _ new: String) -> String? {
        let (a, b) = (Array(old.utf8), Array(new.utf8))
        var (i, j) = (0, 0)
        var last: TextDiff.Kind?
        for run in runs {
            if run.old.lowerBound != i || run.new.lowerBound != j { return "gap at \(i), \(j)" }
            (i, j) = (run.old.upperBound, run.new.upperBound)
            let isRight =
                switch run.kind {
                case .equal: !run.old.isEmpty && a[run.old].elementsEqual(b[run.new]) && last != .equal
                case .removed: !run.old.isEmpty && run.new.isEmpty && last != .removed && last != .added
                case .added: run.old.isEmpty && !run.new.isEmpty && last != .added
                }
            if !isRight { return "\(run.kind) at \(i), \(j) after \(last.map { "\($0)" } ?? "nothing")" }
            last = run.kind
        }
        return i == a.count && j == b.count ? nil : "ends at \(i), \(j)"
    }

    @Test(arguments: [
        ("", "", ""), ("", "a", "{+a+}"), ("a b", "", "[-a b-]"), ("same text", "same text", "same text"),
        ("the old house", "the new house", "the [-old-]{+new+} house"),
        ("a b", "x y", "[-a b-]{+x y+}"),
        ("one two", "one and two", "one {+and +}two"),
        ("one, two", "one; two", "one[-,-]{+;+} two"),
        ("I don't know", "I can't know", "I [-don't-]{+can't+} know"),
        ("line\nmore\n", "line\nless\n", "line\n[-more-]{+less+}\n"),
        ("a\nb", "a\n\nb", "a\n{+\n+}b"),
        ("私は猫です", "私は犬です", "私は[-猫-]{+犬+}です"),
        ("naïve cafe", "naïve café", "naïve [-cafe-]{+café+}"),
        ("a 👩‍👩‍👧 b", "a 👩‍👩‍👦 b", "a [-👩‍👩‍👧-]{+👩‍👩‍👦+} b"),
        ("a 👩‍👩‍👧 b", "a 👩‍👩‍👧 c", "a 👩‍👩‍👧 [-b-]{+c+}"),
        ("🇩🇪🇫🇷", "🇩🇪🇮🇹", "🇩🇪[-🇫🇷-]{+🇮🇹+}"),
        ("x = 12", "x = 13", "x = [-12-]{+13+}"),
        ("tab\tend", "tab  end", "tab[-\t-]{+  +}end"),
        ("a\r\nb", "a\nb", "a[-\r\n-]{+\n+}b"),
        ("é", "e\u{301}", "[-é-]{+e\u{301}+}"),
    ])
    func knownPairs(old: String, new: String, expected: String) {
        #expect(shown(old, new) == expected)
        #expect(Self.fault(TextDiff(from: old, to: new).runs, old, new) == nil)
        #expect(Self.fault(TextDiff(from: new, to: old).runs, new, old) == nil)
    }

    private func text(_ random: SeededRandom, words: Int) -> String {
        let pieces = [
            "a", "b", "see", "the", "don't", "漢", "字", "é", "👩‍👩‍👧", ",", ".", "\n", "\r\n", "  ", "\u{301}", "🇩🇪", "x1",
        ]
        return (0..<words).map { _ in pieces[random.next(below: pieces.count)] + (random.next(below: 2) == 0 ? " " : "")
        }
        .joined()
    }

    @Test(arguments: [TextDiff.defaultWork, 400, 60, 1, 0])
    func piecesMakeBothTexts(work: Int) {
        let random = SeededRandom(UInt64(work) &+ 11)
        for _ in 0..<400 {
            let old = text(random, words: random.next(below: 60))
            let new = random.next(below: 2) == 0 ? text(random, words: random.next(below: 60)) : edited(old, random)
            let diff = TextDiff(from: old, to: new, work: work)
            if let fault = Self.fault(diff.runs, old, new) {
                Issue.record("\(fault): \(old.debugDescription) \(new.debugDescription)")
                return
            }
        }
    }

    private func edited(_ text: String, _ random: SeededRandom) -> String {
        var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<3 where !words.isEmpty {
            let place = random.next(below: words.count)
            random.next(below: 2) == 0 ? _ = words.remove(at: place) : words.insert("new", at: place)
        }
        return words.joined(separator: " ")
    }

    @Test func theCheckFindsDefects() {
        func run(_ kind: TextDiff.Kind, _ old: Range<Int>, _ new: Range<Int>) -> TextDiff.Run {
            TextDiff.Run(kind, old: old, new: new)
        }
        #expect(Self.fault([run(.equal, 0..<1, 0..<1)], "a", "a") == nil)
        #expect(Self.fault([run(.equal, 0..<1, 0..<1)], "a", "b") != nil)
        #expect(Self.fault([run(.removed, 0..<1, 0..<0)], "ab", "") != nil)
        #expect(Self.fault([run(.added, 0..<0, 0..<1), run(.removed, 0..<1, 1..<1)], "a", "b") != nil)
    }

    @Test func editsAreShortest() {
        let random = SeededRandom(5)
        for _ in 0..<300 {
            let old = (0..<random.next(below: 12)).map { _ in ["a", "b", "c"][random.next(below: 3)] }
            let new = (0..<random.next(below: 12)).map { _ in ["a", "b", "c"][random.next(below: 3)] }
            // Newlines are tokens that never fold, so equal bytes less those between count the words kept.
            let (one, other) = (old.map { $0 + "\n" }.joined(), new.map { $0 + "\n" }.joined())
            let kept = TextDiff(from: one, to: other).runs.filter { $0.kind == .equal }.reduce(0) { $0 + $1.old.count }
            #expect(kept == Self.longestCommon(Array(one.utf8), Array(other.utf8)))
        }
    }

    /// The longest common subsequence by the table, in bytes: every token here is one byte.
    static func longestCommon(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(repeating: 0, count: b.count + 1)
        for byte in a {
            var diagonal = 0
            for (index, other) in b.enumerated() {
                let above = row[index + 1]
                row[index + 1] = byte == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[b.count]
    }

    @Test func workIsBounded() {
        let random = SeededRandom(3)
        func prose(_ lines: Int, _ salt: Int) -> String {
            (0..<lines).map { _ in
                (0..<12).map { _ in "w\(random.next(below: 3_000) * salt)" }.joined(separator: " ")
            }.joined(separator: "\n")
        }
        let old = prose(1_600, 1)
        #expect(old.utf8.count > 90_000)
        let changed = old.replacing("w17 ", with: "other ").replacing(" w2999\n", with: "\n")
        let near = TextDiff(from: old, to: changed)
        #expect(near.precision == .words)
        #expect(Self.fault(near.runs, old, changed) == nil)

        let foreign = prose(1_600, 1)
        let far = TextDiff(from: old, to: foreign)
        #expect(far.precision != .words)
        #expect(Self.fault(far.runs, old, foreign) == nil)

        let half = old.split(separator: "\n").enumerated().map { $0.offset % 3 == 0 ? prose(1, 1) : String($0.element) }
            .joined(separator: "\n")
        let mixed = TextDiff(from: old, to: half, work: 1_000_000)
        #expect(mixed.precision == .lines)
        #expect(Self.fault(mixed.runs, old, half) == nil)
        #expect(TextDiff(from: old, to: foreign, work: 100).precision == .ends)
    }
}
