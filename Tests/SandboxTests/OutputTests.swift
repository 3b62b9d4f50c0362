import FunctionTools
import Testing

@testable import Sandbox

/// What is kept of an output, and its text for a model.
@Suite struct OutputTests {
    /// Against the plain way: keep everything, cut at the end.
    @Test(arguments: [0, 1, 2, 7, 10, 64], [1, 3, 5, 64, 1000])
    func keepsFirstAndLastHalf(_ limit: Int, _ piece: Int) {
        for count in [0, 1, limit / 2, limit, limit + 1, 3 * limit + 2, 997] {
            let all = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
            var keeper = OutputKeeper(limit: limit)
            for start in stride(from: 0, to: count, by: piece) {
                all[start..<min(count, start + piece)].withUnsafeBytes { keeper.append($0) }
            }
            let kept = keeper.kept
            if count <= limit {
                #expect(kept == KeptOutput(head: all))
            } else {
                #expect(kept.head == Array(all.prefix(limit - limit / 2)))
                #expect(kept.tail == Array(all.suffix(limit / 2)))
                #expect(kept.dropped == count - limit)
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let output: KeptOutput
        var limit = 30_000
        let text: String
        var testDescription: String { name }

        init(
            _ name: String, _ head: [UInt8], _ tail: [UInt8] = [], _ dropped: Int = 0, limit: Int = 30_000,
            is text: String
        ) {
            self.name = name
            output = KeptOutput(head: head, tail: tail, dropped: dropped)
            self.limit = limit
            self.text = text
        }
    }

    static let cases = [
        Case("empty", [], is: ""),
        Case("short", Array("hello\n".utf8), is: "hello\n"),
        Case("no UTF-8", [0x61, 0xFF, 0x62], is: "a\u{FFFD}b"),
        Case("two halves, nothing dropped", Array("ab".utf8), Array("cd".utf8), 0, is: "abcd"),
        Case(
            "dropped", Array("ab".utf8), Array("yz".utf8), 1_073_000_000,
            is: "ab\n[… 1,073,000,000 bytes left out …]\nyz"),
        Case("dropped little", [0x61], [0x7A], 7, is: "a\n[… 7 bytes left out …]\nz"),
        Case(
            "gap within characters", Array("aé€".utf8.dropLast()), Array("€z".utf8.dropFirst()), 1000,
            is: "aé\n[… 1,004 bytes left out …]\nz"),
        Case(
            "gap within a long one", Array("a😀".utf8.dropLast(2)), Array("😀z".utf8.dropFirst(3)), 10,
            is: "a\n[… 13 bytes left out …]\nz"),
        Case(
            "whole characters at the gap", Array("a😀".utf8), Array("😀z".utf8), 10, is: "a😀\n[… 10 bytes left out …]\n😀z"
        ),
        Case(
            "too many characters", Array(String(repeating: "ä", count: 100).utf8), limit: 50,
            is: String(repeating: "ä", count: 12) + "\n[… 152 bytes left out …]\n" + String(repeating: "ä", count: 12)),
    ]

    @Test(arguments: cases) func text(_ item: Case) {
        let text = item.output.text(limit: item.limit)
        #expect(text == item.text)
        #expect(text.unicodeScalars.count <= item.limit)
    }

    @Test func textIsNeverLongerThanItsLimit() {
        var random = SystemRandomNumberGenerator()
        for limit in [0, 1, 30, 64, 500, 3_000] {
            for dropped in [0, 1, 1 << 40] {
                let bytes = (0..<4_000).map { _ in UInt8.random(in: 0...255, using: &random) }
                let output = KeptOutput(head: bytes, tail: dropped == 0 ? [] : bytes, dropped: dropped)
                #expect(output.text(limit: limit).unicodeScalars.count <= limit)
            }
        }
    }
}
