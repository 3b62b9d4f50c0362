import Foundation
import TestSupport
import Testing

/// The tool workbench of the built program: two parallel calls stream in, one is edited and run, one is answered by hand.
@Suite(.serialized) struct TraceStoryTests {
    private let data = Program.dataFolder()

    private func open(_ width: Int, _ height: Int) async throws -> PseudoTerminal {
        let terminal = try #require(Program.workspace(width: width, height: height, ["XDG_DATA_HOME": data]))
        _ = await terminal.screen("type here")
        terminal.type("weather\r")
        #expect(await terminal.screen("tool calls wait") != nil)
        terminal.type("\u{1B}3")
        return terminal
    }

    private func quit(_ terminal: PseudoTerminal) async {
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored)
    }

    @Test(arguments: [(120, 40), (80, 24)])
    func oneCallIsEditedAndRunTheOtherAnsweredByHand(width: Int, height: Int) async throws {
        defer { try? FileManager.default.removeItem(atPath: data) }
        let terminal = try await open(width, height)
        #expect(await terminal.screen("2 parallel calls", "Lisbon") != nil)
        terminal.type("e")
        #expect(await terminal.screen("arguments of get_weather") != nil)
        terminal.type(String(repeating: "\u{7F}", count: 120) + #"{"city": "Porto", "days": 1}"#)
        #expect(await terminal.screen(#"{"city": "Porto", "days": 1}"#) != nil)
        terminal.type("\r")
        #expect(await terminal.screen("The arguments are changed") != nil)
        terminal.type("y")
        #expect(await terminal.screen("✓ ran", "1 waiting") != nil)
        terminal.type("v")
        #expect(await terminal.screen("result of get_weather") != nil)
        terminal.type("9 degrees, strong wind\r")
        terminal.type("\u{1B}1")
        let isAnswered: @Sendable (PseudoTerminal.State) -> Bool = { state in
            let text = state.screen.text
            // Once as the result of the tool, once in the answer.
            return text.contains("21 °C, light rain in Porto") && text.contains("ready")
                && text.components(separatedBy: "9 degrees, strong wind").count > 2
        }
        #expect(await terminal.wait(for: "the answer with both results", until: isAnswered) != nil)
        await quit(terminal)

        let later = try await open(width, height)
        later.type("r")
        #expect(await later.screen("result of an earlier session") != nil)
        later.type("\r")
        #expect(await later.screen("1 waiting", "replayed") != nil)
        later.type("r")
        #expect(await later.screen("result of an earlier session") != nil)
        later.type("\r")
        later.type("\u{1B}1")
        #expect(await later.screen("9 degrees, strong wind", "ready") != nil)
        await quit(later)
    }

    @Test func aWrongCallIsMarkedAndNeverRun() async throws {
        defer { try? FileManager.default.removeItem(atPath: data) }
        let terminal = try #require(Program.workspace(width: 120, height: 40, ["XDG_DATA_HOME": data]))
        _ = await terminal.screen("type here")
        terminal.type("wrong arguments\r")
        #expect(await terminal.screen("tool calls wait", "invalid") != nil)
        terminal.type("\u{1B}3y")
        #expect(await terminal.screen("It is not run") != nil)
        terminal.type("x")
        #expect(await terminal.screen("error of get_weather", "do not match the schema") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("turn 2", "waits for you") != nil)
        await quit(terminal)
    }
}
