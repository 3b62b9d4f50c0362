import Foundation
import TestSupport
import Testing

/// Windows that shake, programs that are killed, two programs at once.
@Suite(.serialized) struct RoughHandlingTests {
    /// Whether the screen is whole: every pane of the large window, and the answer that streams.
    private static let isWhole: @Sendable (PseudoTerminal.State) -> Bool = { state in
        let text = state.screen.text
        return ["┌─ output", "┌▸ prompt", "┌─ meter", "┌─ tools", "streaming", "of the endless tape."]
            .allSatisfy { text.contains($0) }
    }

    @Test func twoThousandResizesWhileAnAnswerStreams() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open()
        terminal.type("endless\r")
        try #require(await terminal.wait(for: "the answer", until: Self.isWhole) != nil)
        let random = SeededRandom(6)
        for turn in 1...2_000 {
            let isTiny = turn % 100 == 50
            terminal.resize(
                width: isTiny ? 1 : 1 + random.next(below: 300), height: isTiny ? 1 : 1 + random.next(below: 100))
            guard turn % 40 == 0 else { continue }
            // Now and then it must have caught up.
            terminal.resize(width: 120, height: 40)
            try #require(await terminal.wait(for: "a whole screen", until: Self.isWhole) != nil, "turn \(turn)")
        }
        terminal.resize(width: 80, height: 24)
        #expect(await terminal.screen("output", "prompt", "meter", "streaming") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("cancelled", "kept") != nil)
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored && terminal.isSane)
        #expect(terminal.screen.unknown.isEmpty)
    }

    /// Two changes of size in one look of the program: the size is the same, and what stood in the window is gone.
    @Test func aWindowThatShrankAndGrewBeforeItWasLookedAtIsDrawnAnew() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open()
        terminal.type("lighthouse\r")
        try #require(await terminal.screen("about lighthouses.", "· TTFT", "ready", "type here") != nil)
        terminal.shake()
        #expect(await terminal.screen("about lighthouses.", "· TTFT", "ready", "type here", "┌─ tools") != nil)
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }

    @Test func aKilledProgramLosesNeitherTheDraftNorTheAnswerThatRan() async throws {
        let tape = try await Tape()
        let folder = tape.folder
        let first = try await tape.open()
        first.type("endless\r")
        #expect(await first.screen("Line 3 of the endless tape.", "streaming") != nil)
        first.type("half a thought")
        #expect(await first.screen("> half a thought") != nil)
        // The answer goes on, so that the screen changes, and this is looked at, until it is so.
        let kept = await first.wait(for: "what is kept") { _ in
            Tape.keeps(["half a thought", "Line 3 of the endless tape."], in: folder)
        }
        try #require(kept?.text.contains("streaming") == true)
        first.signal(SIGKILL)
        #expect(await first.exit() == -SIGKILL)
        let second = try await tape.open()
        second.type("\u{18}l")
        #expect(await second.screen("▸ endless", "Enter opens") != nil)
        second.type("\r")
        #expect(await second.screen("> half a thought", "The text that came is kept.") != nil)
        second.type("\u{1B}2/line 3 of\r")
        #expect(await second.screen("Line 3 of the endless tape.", "/line 3 of  1/1") != nil)
        second.type("\u{1B}")
        #expect(await second.wait { !$0.screen.text.contains("/line 3 of") } != nil)
        // The draft came back: the first Ctrl-C clears it.
        second.type("\u{3}\u{3}\u{3}")
        #expect(await second.exit() == 0)
        #expect(second.screen.isRestored)
    }

    @Test func twoProgramsOnOneConversation() async throws {
        let tape = try await Tape()
        let folder = tape.folder
        let first = try await tape.open()
        first.type("lighthouse\r")
        #expect(await first.screen("about lighthouses.", "· TTFT", "ready", "type here") != nil)
        first.type("endless\r")
        #expect(await first.screen("Line 1 of the endless tape.", "streaming") != nil)
        first.type("half a thought")
        #expect(await first.screen("> half a thought") != nil)
        let kept = await first.wait(for: "what is kept") { _ in
            Tape.keeps(["about lighthouses.", "half a thought", "Line 1 of the endless tape."], in: folder)
        }
        try #require(kept != nil)
        // Another process may look while this one runs, and gets a copy.
        let second = try await tape.open()
        second.type("\u{18}l")
        #expect(await second.screen("▸ lighthouse", "Enter opens") != nil)
        second.type("\r")
        #expect(await second.screen("about lighthouses.", "> half a thought", "this is a copy") != nil)
        // The draft came along: the first Ctrl-C clears it.
        second.type("\u{3}\u{3}\u{3}")
        #expect(await second.exit() == 0)
        #expect(first.screen.text.contains("streaming"))
        first.signal(SIGKILL)
        #expect(await first.exit() == -SIGKILL)
        let third = try await tape.open()
        third.type("\u{18}/lighthouses")
        #expect(await third.screen("> lighthouses", "word about lighthouses", "Enter opens") != nil)
        third.type("\r")
        let opened = await third.wait(for: "the conversation") { state in
            let text = state.screen.text
            return text.contains("word about lighthouses") && !text.contains("Enter opens")
        }
        #expect(opened != nil)
        third.type("\u{3}\u{3}\u{3}")
        #expect(await third.exit() == 0)
    }
}
