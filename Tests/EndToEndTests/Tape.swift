import Foundation
import TestSupport
import Testing

/// A simulator of one test, and a folder for what the programs keep that ask it.
///
/// Its answer to "endless" streams until it is stopped, so that no story depends on how fast the machine is.
final class Tape {
    private static let scenarios = #"""
        scenario endless
          when user says "endless"
          rate 20 tokens/s
          repeat forever
            reply "Line {{n}} of the endless tape.\n\n"
          end

        scenario lighthouse
          when user says "lighthouse"
          reply "A recorded word about lighthouses."
          finish stop

        # Longer than anybody waits who has something to type.
        scenario busy
          when user says "busy"
          times 1 of 2
          status 429
          header Retry-After: 90
          error "Try again later." type requests code rate_limit_exceeded

        """#

    /// Everything of the test: settings, data, files.
    let folder: String
    /// Where the simulator listens.
    let url: String
    private let server: ChildProcess

    init() async throws {
        folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder + "/tickertape", withIntermediateDirectories: true)
        try "default_model = \"gpt-5.4-mini\"\n"
            .write(toFile: folder + "/tickertape/config.toml", atomically: true, encoding: .utf8)
        try Self.scenarios.write(toFile: folder + "/scenarios", atomically: true, encoding: .utf8)
        (server, url) = try await Program.simulator(["--port", "0", "--scenario", folder + "/scenarios"])
    }

    deinit {
        server.terminate()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Opens the program, and waits until it takes keys.
    func open(
        _ arguments: [String] = [], width: Int = 120, height: Int = 40, showing text: String = "type here",
        _ extra: [String: String] = [:]
    ) async throws -> PseudoTerminal {
        let own = [
            "OPENAI_BASE_URL": url, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder,
        ]
        let terminal = try #require(
            Program.workspace(arguments, width: width, height: height, own.merging(extra) { $1 }))
        try #require(await terminal.screen(text) != nil)
        return terminal
    }

    /// Whether the file of conversations holds all these texts, and no transaction is open that could still take them back.
    static func keeps(_ texts: [String], in folder: String) -> Bool {
        let file = folder + "/tickertape/conversations.sqlite"
        guard let bytes = FileManager.default.contents(atPath: file),
            texts.allSatisfy({ bytes.range(of: Data($0.utf8)) != nil })
        else { return false }
        return (FileManager.default.contents(atPath: file + "-journal") ?? Data()).isEmpty
    }
}
