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

    private func folder(_ suite: String = suite) throws -> URL {
        let folder = URL(fileURLWithPath: Program.dataFolder())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try suite.write(to: folder.appendingPathComponent("suite.yaml"), atomically: true, encoding: .utf8)
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
        // On its own: with a key right behind it, it would be that key with Alt.
        terminal.type("\u{1B}")
        #expect(await terminal.screen("─▸ended") != nil)
        let watcher = try #require(Program.workspace(["bench", "watch"] + runs, width: 80, height: 24))
        #expect(await watcher.screen("watched", "RUNNING", "1/2", "request open") != nil)
        terminal.type("p")
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

    /// Who leaves the screen is told how to come back, and sees how far it is; the interrupt key stops it there, too.
    @Test func leftItGoesOnWithLines() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let runs = ["--runs-dir", folder.appendingPathComponent("runs").path]
        let tape = try await Tape()
        let terminal = try await tape.open(
            ["bench", "run", folder.appendingPathComponent("suite.yaml").path] + runs, showing: "RUNNING")
        #expect(await terminal.screen("live 1", "right 1") != nil)
        terminal.type("q")
        #expect(await terminal.screen("The run is not over") != nil)
        terminal.type("l")
        #expect(
            await terminal.screen("goes on here", "tickertape bench watch", "1/2 trials  right 1/1  running 1") != nil)
        #expect(terminal.screen.isRestored && terminal.isSane)
        terminal.signal(SIGINT)
        #expect(await terminal.screen("stopping: stopped by hand") != nil)
        terminal.signal(SIGINT)
        #expect(await terminal.exit() == 3)
        #expect(terminal.screen.text.contains("bench resume"))
    }

    /// The suite allows one request a minute: the others wait until a person lifts that.
    @Test func limitsOfTheSuiteHoldUntilTheyAreLifted() async throws {
        let suite = Self.suite.replacing("run:\n", with: "run:\n  limits: {rpm: 1}\n")
            .replacing("question: \"endless\", answer: \"no end\"", with: "question: \"lighthouse\", answer: \"word\"")
        let folder = try folder(suite)
        defer { try? FileManager.default.removeItem(at: folder) }
        let runs = ["--runs-dir", folder.appendingPathComponent("runs").path]
        let tape = try await Tape()
        let terminal = try await tape.open(
            ["bench", "run", folder.appendingPathComponent("suite.yaml").path] + runs, showing: "RUNNING")
        #expect(await terminal.screen("1/2", "right 1", "held by limiter", "req/min 1/1") != nil)
        #expect(await terminal.screen("bound by requests a minute") != nil)
        terminal.type("l")
        #expect(await terminal.screen("requests and tokens a minute (now 1 -): 1 -") != nil)
        terminal.type("\u{15}\r")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored && terminal.screen.text.contains("right 2"))
    }

    /// However the screen ends, the terminal is a shell's again and the run can go on.
    @Test(arguments: [("interrupted twice", SIGINT, 2, Int32(3)), ("told to end", SIGTERM, 1, -SIGTERM)])
    func theTerminalIsRestored(how: String, signal: Int32, times: Int, code: Int32) async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let runs = ["--runs-dir", folder.appendingPathComponent("runs").path]
        let tape = try await Tape()
        let terminal = try await tape.open(
            ["bench", "run", folder.appendingPathComponent("suite.yaml").path] + runs, showing: "RUNNING")
        #expect(await terminal.screen("live 1", "right 1") != nil)
        if times > 1 {
            terminal.type("\u{3}")
            #expect(await terminal.screen("STOPPING", "again cuts what runs") != nil)
            terminal.type("\u{3}")
        } else {
            terminal.signal(signal)
        }
        #expect(await terminal.exit() == code)
        #expect(terminal.screen.isRestored && terminal.isSane)
        #expect(terminal.screen.text.contains("bench resume"))
    }

    /// A bar that is wrapped could not be drawn over, and a table that is wrapped could not be read.
    @Test func linesFitANarrowTerminal() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let runs = ["--runs-dir", folder.appendingPathComponent("runs").path, "--no-watch"]
        let tape = try await Tape()
        let terminal = try await tape.open(
            ["bench", "run", folder.appendingPathComponent("suite.yaml").path] + runs, width: 56, height: 24,
            showing: "1/2 trials")
        let bars = terminal.screen.text.split(separator: "\n").filter { $0.contains("right 1/1") }
        #expect(bars.count == 1 && bars.first?.hasPrefix("[") == true, "\(bars)")
        terminal.signal(SIGINT)
        #expect(await terminal.screen("stopping") != nil)
        terminal.signal(SIGINT)
        #expect(await terminal.exit() == 3)
        let rows = terminal.screen.text.split(separator: "\n").map(String.init)
        let head = try #require(rows.firstIndex { $0.hasPrefix("task") })
        #expect(rows[head].contains("accuracy") && rows[head + 1].hasPrefix("sums"), "\(rows)")
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
        // Of a run that is over its report is what there is to see.
        #expect(watched.code == 0 && watched.output == result.output, "\(watched.errors)")
    }
}
