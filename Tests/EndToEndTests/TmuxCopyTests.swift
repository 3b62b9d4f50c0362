import Foundation
import TestSupport
import Testing

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
