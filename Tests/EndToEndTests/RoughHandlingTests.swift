import Foundation
import TestSupport
import Testing

/// Windows that shake, programs that are killed, two programs at once.
@Suite(.serialized) struct RoughHandlingTests {
    @Test(.disabled("did not end within 75 s on a machine under load; to be looked at"))
    func twoThousandResizesWhileAnAnswerStreams() async throws {
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let words = (1...9_000).map { $0 % 40 == 0 ? "**word**.\\n\\n" : "word\($0)" }.joined(separator: " ")
        try "scenario endless\n  rate 100 tokens/s\n  reply \"\(words)\"\n  finish stop\n"
            .write(toFile: folder + "/endless", atomically: true, encoding: .utf8)
        let (server, url) = try await Program.simulator(["--port", "0", "--scenario", folder + "/endless"])
        defer { server.terminate() }
        let terminal = try #require(
            Program.workspace([], width: 80, height: 24, ["XDG_DATA_HOME": folder, "OPENAI_BASE_URL": url]))
        _ = await terminal.screen("type here")
        terminal.type("tell\r")
        #expect(await terminal.screen("streaming", "word3") != nil)
        let random = SeededRandom(6)
        for turn in 1...2_000 {
            let isTiny = turn % 100 == 50
            terminal.resize(
                width: isTiny ? 1 : 1 + random.next(below: 300), height: isTiny ? 1 : 1 + random.next(below: 100))
            guard turn % 40 == 0 else { continue }
            // Now and then it must have caught up.
            terminal.resize(width: 120, height: 40)
            let caughtUp = await terminal.wait(within: .seconds(20)) { state in
                ["┌▸ prompt", "┌─ meter", "┌─ tools", "streaming"].allSatisfy { state.screen.text.contains($0) }
            }
            try #require(caughtUp != nil, "turn \(turn)")
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

    @Test func aKilledProgramLosesNeitherTheDraftNorTheAnswerThatRan() async throws {
        let folder = Program.dataFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try #require(Program.workspace(width: 120, height: 40, ["XDG_DATA_HOME": folder]))
        _ = await first.screen("type here")
        first.type("long\r")
        #expect(await first.screen("Reel 2", "streaming") != nil)
        first.type("half a thought")
        #expect(await first.screen("> half a thought") != nil)
        // At most the last second may be lost: what stands there now must be found two seconds later.
        let end = DispatchTime.now() + .seconds(2)
        _ = await first.wait(within: .seconds(10)) { _ in DispatchTime.now() >= end }
        first.signal(SIGKILL)
        #expect(await first.exit() == -SIGKILL)
        let second = try #require(Program.workspace(width: 120, height: 40, ["XDG_DATA_HOME": folder]))
        _ = await second.screen("type here")
        second.type("\u{18}l")
        #expect(await second.screen("long", "Enter opens") != nil)
        second.type("\r")
        #expect(await second.screen("> half a thought") != nil)
        second.type("\u{1B}2/reel 2\r")
        #expect(await second.screen("Reel 2", "/reel 2  1/") != nil)
        second.type("\u{1B}")
        _ = await second.wait { !$0.screen.text.contains("/reel 2") }
        second.type("\u{3}\u{3}\u{3}")
        #expect(await second.exit() == 0)
    }
}

/// Copying inside tmux.
@Suite struct TmuxCopyTests {
    private static let tmux = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: tmux != nil, "tmux is not installed")) func whatIsCopiedIsInItsBuffer() async throws {
        let tmux = try #require(Self.tmux)
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let socket = folder + "/socket"
        let terminal = try #require(
            PseudoTerminal(
                tmux, ["-S", socket, "-f", "/dev/null", "new-session", Program.path, "--demo"],
                environment: Program.environment(["XDG_DATA_HOME": folder]), width: 120, height: 40))
        #expect(await terminal.screen("DEMO", "type here") != nil)
        terminal.type("refuse\r")
        let answered = try #require(await terminal.screen("· TTFT", "ready", "type here"))
        terminal.type("/copy\r")
        #expect(await terminal.screen("copied", "tmux buffer") != nil)
        let buffer = try await Program.run(["-S", socket, "show-buffer"], program: tmux).output
        #expect(!buffer.isEmpty)
        let line = try #require(buffer.split(separator: " ").first.map(String.init))
        #expect(answered.text.contains(line))
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }
}
