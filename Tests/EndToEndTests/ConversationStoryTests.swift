import Foundation
import TestSupport
import Testing

/// Conversations by the built program: versions, copies, what waits its turn, what is found, what goes along.
@Suite(.serialized) struct ConversationStoryTests {
    /// A folder of one test, which holds its data and its files.
    private let folder = Program.dataFolder()

    private func open(_ width: Int = 80, _ height: Int = 24) async throws -> PseudoTerminal {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let terminal = try #require(
            Program.workspace(
                width: width, height: height,
                ["XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder, "HOME": folder]))
        #expect(await terminal.screen("DEMO", "type here") != nil)
        return terminal
    }

    private func quit(_ terminal: PseudoTerminal) async {
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored && terminal.screen.unknown.isEmpty)
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func aMessageIsEditedAndTheOldVersionStays() async throws {
        let terminal = try await open()
        terminal.type("refuse one\r")
        #expect(await terminal.screen("refuse one", "· TTFT", "ready") != nil)
        terminal.type("\u{1B}2e")
        #expect(await terminal.screen("edits a message", "> refuse one") != nil)
        terminal.type(" more\r")
        #expect(await terminal.screen("you  2/2", "refuse one more", "· TTFT", "ready") != nil)
        terminal.type("\u{18}v")
        #expect(await terminal.screen("branches", "1/2 you refuse one", "2/2 you refuse one more") != nil)
        terminal.type("\u{1B}")
        _ = await terminal.wait { !$0.screen.text.contains("Enter goes there") }
        terminal.type("\u{1B}2h")
        _ = await terminal.wait { $0.screen.text.contains("1/2") }
        terminal.type("f")
        let copy = try #require(await terminal.screen("A copy of the conversation"))
        #expect(!copy.text.contains("1/2"))
        terminal.type("\u{1B}1\u{18}l")
        let both = await terminal.wait(for: "both conversations") {
            let text = $0.screen.text
            return text.contains("Enter opens") && text.components(separatedBy: " refuse one ").count > 2
        }
        #expect(both != nil, "\(terminal.screen.text)")
        terminal.type("\u{1B}")
        _ = await terminal.wait { !$0.screen.text.contains("Enter opens") }
        await quit(terminal)
    }

    @Test func whatIsTypedMeanwhileWaitsAndHistoryFindsIt() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open(width: 80, height: 24)
        terminal.type("endless\r")
        #expect(await terminal.screen("streaming", "Line 1 of") != nil)
        terminal.type("refuse this\r")
        #expect(await terminal.screen("1 queued") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("streaming", "> refuse this") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("cancelled", "> refuse this") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("I am not going to answer", "ready", "type here") != nil)
        terminal.type("\u{12}refu")
        #expect(await terminal.screen("history", "▸ refuse this") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("> refuse this") != nil)
        await quit(terminal)
    }

    @Test func aWordIsFoundInTheTranscript() async throws {
        let terminal = try await open()
        terminal.type("hello\r")
        #expect(await terminal.screen("To talk to a real model", "ready") != nil)
        terminal.type("\u{1B}2/tool call")
        #expect(await terminal.screen("/tool call  1/3", "weather: two tool calls") != nil)
        terminal.type("\rn")
        #expect(await terminal.screen("/tool call  2/3") != nil)
        terminal.type("\u{1B}")
        _ = await terminal.wait { !$0.screen.text.contains("2/3") }
        await quit(terminal)
    }

    @Test(arguments: ["md", "json", "html"]) func whatIsExportedCanBeReadAgain(format: String) async throws {
        let terminal = try await open(120, 40)
        terminal.type("refuse to tell\r")
        #expect(await terminal.screen("refuse to tell", "· TTFT", "ready") != nil)
        let file = folder + "/out." + format
        terminal.type("/export \(format) \(file)\r")
        _ = await terminal.wait { _ in FileManager.default.fileExists(atPath: file) }
        #expect(await terminal.screen("out." + format, "type here") != nil)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("refuse to tell") && text.contains("gpt-5.4-mini"))
        guard format == "json" else { return await quit(terminal) }
        terminal.type("/new\r")
        _ = await terminal.wait { !$0.screen.text.contains("refuse to tell") }
        terminal.type("/import \(file)\r")
        #expect(await terminal.screen("refuse to tell", "gpt-5.4-mini") != nil)
        await quit(terminal)
    }

    @Test func filesAndOutputsGoAlong() async throws {
        // So wide that the name of a temporary folder stands on one line.
        let terminal = try await open(240, 40)
        try "the tide table says noon".write(toFile: folder + "/tide.txt", atomically: true, encoding: .utf8)
        terminal.type("refuse @\(folder)/tide.txt please")
        #expect(await terminal.screen("please", "1 file, ") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("tide.txt (24 bytes)", "· TTFT", "ready", "type here") != nil)
        terminal.type("!echo ebb and flow | tr e E\r")
        let told = try #require(
            await terminal.wait(for: "the command") { state in
                let text = state.screen.text
                return text.contains("NO SANDBOX") || text.contains("Ebb and flow")
            })
        // Where nothing can be run apart, the same again runs it.
        if !told.text.contains("Ebb and flow") { terminal.type("\r") }
        #expect(await terminal.screen("Ebb and flow", "goes with the next prompt", "type here") != nil)
        terminal.type("refuse why\r")
        let isAnswered: @Sendable (PseudoTerminal.State) -> Bool = { state in
            let text = state.screen.text
            return text.contains("refuse why") && text.contains("ready") && text.contains("type here")
                && text.components(separatedBy: "· TTFT").count == 3
        }
        #expect(await terminal.wait(for: "two answers", until: isAnswered) != nil)
        await quit(terminal)
    }

    @Test(arguments: [
        ("/", "is a folder"), ("/pipe", "is a pipe"), ("/big.txt", "10240 MiB"), ("/noise.bin", "is binary"),
        ("/link", "is a link"), ("/dev", "is a device"),
    ])
    func whatIsNoTextIsRefusedAtOnce(name: String, sentence: String) async throws {
        let terminal = try await open(200, 24)
        _ = mkfifo(folder + "/pipe", 0o600)
        try Data().write(to: URL(fileURLWithPath: folder + "/big.txt"))
        _ = truncate(folder + "/big.txt", 10 << 30)
        try Data([0, 255, 1, 254, 0, 0, 128]).write(to: URL(fileURLWithPath: folder + "/noise.bin"))
        _ = symlink("/dev/zero", folder + "/link")
        terminal.type("see @" + (name == "/dev" ? "/dev/zero" : folder + name))
        _ = await terminal.screen("see @")
        terminal.type("\r")
        let told = try #require(
            await terminal.wait(within: .seconds(30), for: sentence) { $0.screen.text.contains(sentence) })
        #expect(told.text.contains("> see @"), "nothing is sent")
        await quit(terminal)
    }
}
