import TerminalKit
import Testing

/// What the timing of keys tells.
@Suite struct InputBurstTests {
    private let start = ContinuousClock.Instant.now

    private func keys(_ text: String) -> [Input] {
        text.map { .key($0 == "\n" ? KeyChord(.enter) : .character($0)) }
    }

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func aPasteWithoutMarks() {
        var burst = InputBurst(findsPastes: true)
        var inputs = burst.take(keys("ls\nx"), at: at(0))
        #expect(inputs.isEmpty)
        #expect(burst.deadline == at(5))
        inputs = burst.take(keys("y"), at: at(3))
        inputs += burst.flush(at: at(7))
        #expect(inputs.isEmpty && burst.deadline == at(8))
        inputs = burst.flush(at: at(8))
        #expect(inputs == [.paste("ls\nxy")])
        #expect(burst.deadline == nil)
    }

    @Test func typingIsNotHeldBack() {
        var burst = InputBurst(findsPastes: true)
        for (number, input) in keys("ls -l\n").enumerated() {
            let inputs = burst.take([input], at: at(number * 6))
            #expect(inputs == [input])
        }
    }

    @Test func fewCharactersAndOneLineAreKeys() {
        for text in ["a\n", "ab\n", "abcdef"] {
            var burst = InputBurst(findsPastes: true)
            var inputs = burst.take(keys(text), at: at(0))
            inputs += burst.flush(at: at(5))
            #expect(inputs == keys(text))
        }
    }

    @Test func theOrderIsKept() {
        var burst = InputBurst(findsPastes: true)
        let inputs = burst.take(keys("ab") + [.key(KeyChord(.left))] + keys("cd\ne"), at: at(0))
        #expect(inputs == keys("ab") + [.key(KeyChord(.left))])
        let rest = burst.take(keys("z"), at: at(50))
        #expect(rest == [.paste("cd\ne")] + keys("z"))
    }

    @Test func aTerminalThatMarksPastesIsBelieved() {
        var burst = InputBurst(findsPastes: true)
        var inputs = burst.take([.paste("x")], at: at(0))
        #expect(inputs == [.paste("x")])
        inputs = burst.take(keys("hello\n"), at: at(50))
        #expect(inputs == keys("hello\n"))
    }

    @Test func threeLinesInOneReadAreAPasteInAnyTerminal() {
        for (text, isPaste) in [("a\nb\nc\n", true), ("a\nb\nc\nd", true), ("a\nb\n", false), ("one line\n", false)] {
            var burst = InputBurst(findsPastes: false)
            let inputs = burst.take(keys(text), at: at(0))
            #expect(inputs == (isPaste ? [.paste(text)] : keys(text)), "\(text)")
        }
        var burst = InputBurst(findsPastes: false)
        let mixed = burst.take([.key(.control("u"))] + keys("a\nb\nc\n") + [.key(KeyChord(.left))], at: at(0))
        #expect(mixed == [.key(.control("u")), .paste("a\nb\nc\n"), .key(KeyChord(.left))])
    }

    @Test func arrowsAtOnceAreTheWheel() {
        var burst = InputBurst(findsPastes: false)
        let up = Input.key(KeyChord(.up))
        let down = Input.key(KeyChord(.down))
        var inputs = burst.take([up, up, up, down, down, down, down, down], at: at(0))
        #expect(
            inputs == [
                .mouse(MouseEvent(.wheel(rows: -3), at: nil)), .mouse(MouseEvent(.wheel(rows: 5), at: nil)),
            ])
        inputs = burst.take([up, up, down, up], at: at(1))
        #expect(inputs == [up, up, down, up])
    }
}
