import Markdown
import TerminalKit
import Testing

@testable import AppUI

/// An answer's text is laid out when it is drawn, not with each piece.
@Suite struct AnswerTextTests {
    private static let pieces = [
        "## He", "ad\n\nSome **wo", "rds** and `co", "de`\n\n- one\n- tw", "o\n\n```swift\nlet x", " = 1\n", "```\n",
    ]

    private func rows(_ text: MarkdownText) -> [String] {
        (0..<text.count).map { index in text.row(index).spans.map(\.text).joined() }
    }

    @Test(arguments: [20, 80, 140]) func frameByFrameIsAsWhole(width: Int) {
        var grown = AnswerText()
        for (index, piece) in Self.pieces.enumerated() {
            grown.append(piece)
            if index % 3 == 2 { grown.layOut(width: width, wrapsCode: false) }
        }
        grown.finish()
        #expect(!grown.isLaidOut(width: width, wrapsCode: false))
        grown.layOut(width: width, wrapsCode: false)
        #expect(grown.isLaidOut(width: width, wrapsCode: false))
        #expect(rows(grown.markdown) == rows(MarkdownText(Self.pieces.joined(), width: width)))
    }

    @Test func piecesWaitForTheFrame() {
        var text = AnswerText()
        text.append("first")
        text.layOut(width: 40, wrapsCode: false)
        text.append(" second")
        text.append(" third")
        #expect(rows(text.markdown) == ["first"])
        text.layOut(width: 40, wrapsCode: false)
        #expect(rows(text.markdown) == ["first second third"])
    }

    @Test func theLastCharacterIsShownWhileMoreMayJoinIt() {
        var text = AnswerText()
        text.append("cafe")
        text.layOut(width: 40, wrapsCode: false)
        #expect(rows(text.markdown) == ["cafe"])
        text.append("\u{301}")
        text.layOut(width: 40, wrapsCode: false)
        #expect(rows(text.markdown) == ["caf\u{E9}"])
        text.finish()
        text.append("!")
        text.layOut(width: 40, wrapsCode: false)
        #expect(rows(text.markdown) == ["caf\u{E9}!"])
    }

    @Test func anotherWidthOrWrapIsNotLaidOut() {
        var text = AnswerText("words that are long enough")
        text.layOut(width: 10, wrapsCode: false)
        #expect(text.isLaidOut(width: 10, wrapsCode: false))
        #expect(!text.isLaidOut(width: 11, wrapsCode: false))
        #expect(!text.isLaidOut(width: 10, wrapsCode: true))
    }
}
