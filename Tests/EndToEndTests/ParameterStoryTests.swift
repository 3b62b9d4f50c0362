import Foundation
import TestSupport
import Testing

/// Three answers at three temperatures, one of them changed while the answer before it streams, beside each other.
@Suite(.serialized) struct ParameterStoryTests {
    private static let sea = """
        scenario first
          when user says "sea"
          times 1
          rate 6 tokens/s
          reply "The sea is calm today. A light wind comes from the west, and the boats lie still in the harbour."
          finish stop

        scenario second
          when user says "sea"
          times 1
          reply "The sea is wild today! A hard wind comes from the west, and the boats dance in the harbour."
          finish stop

        scenario third
          when user says "sea"
          reply "The sea is calm today. A light wind comes from the west."
          finish stop
        """

    /// Whether every letter of a word on the screen is bold.
    private static func isBold(_ word: String, in screen: ScreenEmulator) -> Bool {
        let letters = word.map(String.init)
        return screen.cells.contains { row in
            row.indices.contains { start in
                row[start...].prefix(letters.count).map(\.text) == letters
                    && row[start...].prefix(letters.count).allSatisfy(\.isBold)
            }
        }
    }

    @Test(arguments: [(120, 40), (80, 24)]) func threeTemperaturesBesideEachOther(width: Int, height: Int) async throws
    {
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.sea.write(toFile: folder + "/sea.scenario", atomically: true, encoding: .utf8)
        let (server, url) = try await Program.simulator(["--port", "0", "--scenario", folder + "/sea.scenario"])
        defer { server.terminate() }
        let terminal = try #require(
            Program.workspace(
                [], width: width, height: height,
                ["OPENAI_BASE_URL": url, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder]))
        _ = await terminal.screen("type here")
        terminal.type("\u{1B}t")
        _ = await terminal.screen("temperature", "change")
        terminal.type("\u{1B}[D\u{1B}[D\u{1B}[D\r")
        #expect(await terminal.screen("T=0.7") != nil)
        terminal.type("tell me of the sea\r")
        try #require(await terminal.screen("streaming", "The sea") != nil, "\(terminal.screen.text)")
        terminal.type("/set temperature 1.5\r")
        let changed = try #require(await terminal.screen("temperature 1.50"))
        #expect(changed.text.contains("T=0.7"))
        let first = try #require(await terminal.screen("in the harbour.", "· TTFT", "ready"))
        #expect(first.text.contains("T=0.7") && !first.text.contains("T=1.5"))
        terminal.type("\u{1B}2r")
        let second = try #require(await terminal.screen("T=1.5  2/2", "wild today!", "· TTFT", "ready"))
        #expect(!second.text.contains("calm"))
        terminal.type("\u{1B}5\r")
        #expect(await terminal.screen("▸ temperature", "Enter takes it") != nil)
        terminal.type("\u{15}0.2\r")
        _ = await terminal.wait { !$0.screen.text.contains("Enter takes it") }
        terminal.type("\u{1B}2r")
        #expect(await terminal.screen("T=0.2  3/3", "from the west.", "· TTFT", "ready") != nil)
        terminal.type("\u{18}d")
        let plain = try #require(await terminal.screen("T=0.7", "T=1.5", "T=0.2", "wild", "d mark"))
        #expect(["1/3", "2/3", "3/3"].allSatisfy { plain.text.contains($0) })
        #expect(!Self.isBold("wild", in: plain))
        terminal.type("d")
        let isMarked: @Sendable (PseudoTerminal.State) -> Bool = { state in
            Self.isBold("wild", in: state.screen) && Self.isBold("dance", in: state.screen)
        }
        let marked = try #require(await terminal.wait(until: isMarked))
        #expect(Self.isBold("dance", in: marked) && !Self.isBold("wind", in: marked))
        #expect(Self.isBold("T=1.5", in: marked))
        terminal.type("\u{1B}")
        #expect(await terminal.screen("T=0.2  3/3", "Enter sends") != nil)
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored)
    }
}
