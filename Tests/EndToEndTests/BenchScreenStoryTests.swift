import Foundation
import TestSupport
import Testing

/// A benchmark's run on its live screen, in a pseudo-terminal.
@Suite(.serialized) struct BenchScreenStoryTests {
    private static let suite = """
        suite: 1
        name: story
        models:
          small: {model: gpt-5.4-mini}
        prompts:
          plain:
            - {role: user, text: "{{question}}"}
        run:
          concurrency: {start: 2, max: 2, adapt: false}
        tasks:
          - id: sums
            data:
              inline:
                - {id: a, question: "endless", answer: "no end"}
                - {id: b, question: "lighthouse", answer: "lighthouses"}
            score: {contains: "{{answer}}"}
        """

    private func folder() throws -> URL {
        let folder = URL(fileURLWithPath: Program.dataFolder())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.suite.write(to: folder.appendingPathComponent("suite.yaml"), atomically: true, encoding: .utf8)
        return folder
    }

    /// One trial never ends: what is seen of it waits for the person, however slow the machine is.
    @Test func runsIsWatchedStopsAndTells() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("suite.yaml").path
        let runs = ["--runs-dir", folder.appendingPathComponent("runs").path]
        let tape = try await Tape()
        let terminal = try await tape.open(["bench", "run", path] + runs, showing: "RUNNING")
        #expect(await terminal.screen("RUNNING", "live 1", "1/2", "right 1", "writing") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("#0 sums/a", "of the endless tape.") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("─▸live") != nil)
        terminal.type("\t\r")
        #expect(await terminal.screen("score", "A recorded word about lighthouses.") != nil)
        let watcher = try #require(Program.workspace(["bench", "watch"] + runs, width: 80, height: 24))
        #expect(await watcher.screen("watched", "RUNNING", "1/2", "request open") != nil)
        terminal.type("\u{1B}p")
        #expect(await terminal.screen("PAUSED") != nil)
        #expect(await watcher.screen("PAUSED") != nil)
        terminal.type("X")
        #expect(await terminal.exit() == 3)
        #expect(terminal.screen.isRestored && terminal.screen.text.contains("incomplete"))
        #expect(terminal.screen.text.contains("bench resume"))
        #expect(await watcher.screen("INCOMPLETE") != nil)
        watcher.type("q")
        #expect(await watcher.exit() == 0)
        #expect(watcher.screen.isRestored)
    }

    /// The screen stays while somebody reads, but not against a signal.
    @Test func aSignalEndsItAlsoWhereSomebodyReads() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("suite.yaml").path
        let runs = ["--runs-dir", folder.appendingPathComponent("runs").path]
        let tape = try await Tape()
        let terminal = try await tape.open(["bench", "run", path] + runs, showing: "RUNNING")
        #expect(await terminal.screen("live 1", "1/2", "writing") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("#0 sums/a", "of the endless tape.") != nil)
        terminal.signal(SIGTERM)
        #expect(await terminal.exit() == -SIGTERM)
        #expect(terminal.screen.isRestored && terminal.screen.text.contains("bench resume"))
    }

    @Test func withoutWatchingThereAreLines() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try await Program.run([
            "bench", "run", folder.appendingPathComponent("suite.yaml").path, "--demo", "--limit", "1", "--only",
            "sums",
            "--runs-dir", folder.appendingPathComponent("runs").path,
        ])
        #expect(result.output.contains("story") && !result.output.contains("\u{1B}"))
        let watched = try await Program.run([
            "bench", "watch", "--runs-dir", folder.appendingPathComponent("runs").path,
        ])
        #expect(watched.code == 64 && watched.errors.contains("bench report"))
    }
}
