import TerminalKit
import TestSupport
import Testing

/// What is switched on is switched off again, whatever was asked, answered and changed in between.
@Suite struct TerminalModesTests {
    @Test(arguments: [ScreenEmulator.Keyboard.xterm, .kitty], [false, true])
    func everythingIsUndone(keyboard: ScreenEmulator.Keyboard, capturesMouse: Bool) {
        var screen = ScreenEmulator(width: 20, height: 5)
        screen.keyboard = keyboard
        var modes = TerminalModes()
        var decoder = KeyDecoder()
        screen.feed(Array(modes.on.utf8) + modes.ask())
        #expect(modes.ask().isEmpty, "asked once")
        let keys = decoder.feed(screen.answers)
        #expect(keys.isEmpty, "answers are no keys")
        for reply in decoder.takeReplies() { screen.feed(modes.take(reply)) }
        #expect(modes.keyboard == (keyboard == .kitty ? .kitty : .modifyOtherKeys))
        #expect(screen.keyboardFlags == (keyboard == .kitty ? [5] : []))
        #expect(screen.otherKeys == (keyboard == .kitty ? 0 : 2))
        screen.feed(modes.captureMouse(capturesMouse))
        #expect(modes.captureMouse(capturesMouse).isEmpty)
        #expect(screen.modes.isSuperset(of: capturesMouse ? [2004, 1004, 1000, 1002, 1006] : [2004, 1004, 1007]))
        #expect(screen.modes.contains(1007) != capturesMouse)
        #expect(!screen.isRestored)
        for _ in 0..<2 {
            screen.feed(Array(modes.off.utf8))
            #expect(screen.isRestored, "\(screen.modes) \(screen.keyboardFlags) \(screen.otherKeys)")
            screen.feed(Array(modes.on.utf8))
            #expect(!screen.isRestored)
        }
        screen.feed(Array(modes.off.utf8))
        #expect(screen.isRestored && screen.unknown.isEmpty)
    }

    @Test func whoWasNotAskedIsNotBelieved() {
        var modes = TerminalModes()
        #expect(modes.take(.keyboardFlags(0)).isEmpty && modes.keyboard == .plain)
        _ = modes.ask()
        #expect(!modes.take(.deviceAttributes).isEmpty)
        #expect(modes.take(.keyboardFlags(31)).isEmpty && modes.keyboard == .modifyOtherKeys)
    }

    @Test func aTerminalThatAnswersNothingIsAskedAndLeftAlone() {
        var modes = TerminalModes()
        let before = modes
        _ = modes.ask()
        #expect(modes.on == before.on && modes.off == before.off)
    }

    @Test func theWheelsSettingIsLeftAsItWasFound() {
        var screen = ScreenEmulator(width: 20, height: 5)
        var modes = TerminalModes()
        screen.feed(Array("\u{1B}[?1007h".utf8) + Array(modes.on.utf8))
        screen.feed(modes.captureMouse(true))
        screen.feed(modes.captureMouse(false))
        screen.feed(Array(modes.off.utf8))
        #expect(screen.modes.contains(1007))
    }
}
