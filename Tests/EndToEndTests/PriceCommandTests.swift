import Foundation
import TestSupport
import Testing

/// Prices of the settings, in the built program.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PriceCommandTests {
    private static let settings = """
        [prices."gpt-5.4-mini"]
        input = 1000
        output = "2000"
        [prices.my-model]
        input = 1
        output = 2
        """

    /// A settings file that goes away with the test.
    private func withSettings(_ text: String = settings, _ work: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).toml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await work(file.path)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func askUsesThem() async throws {
        try await withSettings { file in
            let result = try await Program.run(["ask", "--demo", "--config", file, "-o", "json", "hello"])
            let answer = try object(result.output)
            let usage = try #require(answer["usage"] as? [String: Any])
            let input = try #require(usage["input_tokens"] as? Int)
            let output = try #require(usage["output_tokens"] as? Int)
            let cost = try #require(answer["cost"] as? [String: Any])
            // In tenths of cents, since 1,000 dollars a million are one tenth of a cent a token.
            let tenths = input + 2 * output
            let digits = String(String(tenths + 1_000_000).suffix(3))
            #expect(cost["usd"] as? String == "\(tenths / 1000).\(digits)000")
        }
    }

    @Test func tokensUsesThem() async throws {
        try await withSettings { file in
            let arguments = ["tokens", "--config", file, "-m", "gpt-5.4-mini"]
            let result = try await Program.run(arguments, input: "hello world")
            #expect(result.output.contains("$0.002000"))
        }
    }

    @Test func modelsMarksThem() async throws {
        try await withSettings { file in
            let table = try await Program.run(["models", "--config", file])
            let rows = table.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            #expect(rows.contains(["gpt-5.4-mini", "400000", "128000", "1000", "2000", "*", "active"]))
            #expect(rows.contains(["my-model", "–", "–", "1", "2", "*", "not", "in", "the", "catalog"]))
            #expect(rows.filter { $0.contains("*") }.count == 3, "and the dated model that gpt-5.4-mini stands for")
            #expect(table.errors.isEmpty)
            let plain = try await Program.run(["models"]).output.split(separator: "\n")
            #expect(plain.contains { $0.hasPrefix("gpt-4o ") } && !plain.contains { $0.contains("*") })
        }
    }

    @Test func modelsTellsTheSource() async throws {
        try await withSettings { file in
            let text = try await Program.run(["models", "--config", file, "-o", "json"]).output
            let list = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
            func source(_ id: String) -> String? {
                (list.first { $0["id"] as? String == id }?["prices"] as? [String: Any])?["source"] as? String
            }
            #expect(source("gpt-5.4-mini") == "settings \(file):1")
            #expect(source("my-model") == "settings \(file):4")
            #expect(source("gpt-4o")?.hasPrefix("catalog 20") == true)
        }
    }

    @Test func aTerminalIsToldOfThem() async throws {
        try await withSettings { file in
            for (arguments, words) in [
                (["ask", "--demo", "--config", file, "hello"], "(your prices) · "),
                (["models", "--config", file], "* your prices, from the settings"),
            ] {
                let terminal = try #require(
                    PseudoTerminal(
                        Program.path, arguments, environment: Program.environment(), width: 200, height: 40))
                #expect(await terminal.exit() == 0)
                #expect(terminal.screen.text.contains(words), "\(terminal.screen.text)")
            }
        }
    }

    @Test func configKnowsThem() async throws {
        try await withSettings { file in
            let shown = try await Program.run(["config", "show", "--config", file]).output
            #expect(
                shown.contains(
                    "[prices]\n\"gpt-5.4-mini\" = { \"input\" = \"1000\", \"output\" = \"2000\" }  # \(file):1"))
            #expect(try await Program.run(["config", "check", "--config", file]).output == "\(file): ok\n")
        }
        try await withSettings("[prices.m]\ninput = -1\noutput = 1\n") { file in
            for command in [["config", "check"], ["models"], ["tokens"], ["ask", "--demo", "x"]] {
                let result = try await Program.run(command + ["--config", file], input: "")
                #expect(result.code == 78)
                #expect(result.errors.contains("\(file):2:1: prices.\"m\" input takes US dollars"))
            }
        }
    }
}
