import Foundation
import Testing

/// `tickertape tokens` of the built program.
@Suite struct TokensCommandTests {
    private static func file(_ bytes: some Sequence<UInt8>) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(arguments: [
        ([], "hello world", "2 tokens  11 bytes  $0.0000015\n"),
        (["-m", "gpt-4"], "hello world", "2 tokens  11 bytes  $0.000060\n"),
        (["--encoding", "cl100k_base"], "hello world", "2 tokens  11 bytes\n"),
        (["--encoding", "o200k_base", "-"], "<|endoftext|>", "7 tokens  13 bytes\n"),
        (["-m", "ft:gpt-4o-2024-08-06:me::x"], "中文", "1 tokens  6 bytes\n"),
        ([], "", "0 tokens  0 bytes  $0.000000\n"),
    ])
    func countsStandardInput(arguments: [String], input: String, expected: String) async throws {
        let result = try await Program.run(["tokens"] + arguments, input: input)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.hasPrefix(expected.dropLast()), "\(result.output)")
    }

    @Test func countsFilesAndTheirSum() async throws {
        let one = try Self.file("hello world".utf8)
        let two = try Self.file([0x61, 0xFF, 0x00, 0xE4, 0xBD])
        defer { for path in [one, two] { try? FileManager.default.removeItem(atPath: path) } }
        let result = try await Program.run(["tokens", one, two, "/no/such", "/"])
        #expect(result.code == 65)
        let lines = result.output.split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[0].hasSuffix("11 bytes  $0.0000015  \(one)"))
        #expect(lines[1].contains(" 5 bytes "))
        #expect(lines[2].contains("16 bytes") && lines[2].hasSuffix("in all"))
        #expect(result.errors.contains("/no/such: No such file") && result.errors.contains("/: Is a directory"))
    }

    @Test func countsLines() async throws {
        let input =
            #"{"text":"hello world","encoding":"cl100k_base"}"# + "\r\n\n" + #"{"text":"\ud83d","model":"gpt-4"}"#
            + "\n"
            + #"{"text":""}"#
        let result = try await Program.run(["tokens", "--jsonl", "--ids"], input: input)
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            result.output
                == "{\"count\":2,\"ids\":[15339,1917]}\n{\"count\":1,\"ids\":[5809]}\n{\"count\":0,\"ids\":[]}\n")
    }

    @Test(arguments: [
        (["--jsonl"], "{\"text\":\"a\"}\n{\"text\":1}", 65, "standard input:2:1: an object with a string named"),
        (["--jsonl"], "{\"text\":\"a\"}\n{\"text\":]", 65, "standard input:2:9: "),
        (["--jsonl"], "{\"text\":\"a\"}\n{\"text\":\"a\",\"encoding\":\"p50k\"}", 65, "there is no encoding \"p50k\""),
        (["-m", "llama-9"], "a", 64, "no encoding is known for model \"llama-9\""),
        (["--encoding", "x"], "a", 64, "there is no encoding \"x\" (known: cl100k_base, o200k_base)"),
        (["--encoding", "cl100k_base", "-m", "gpt-4"], "a", 64, "not both"),
        (["--ids"], "a", 64, "--ids goes with --jsonl"),
    ])
    func badInput(arguments: [String], input: String, code: Int32, message: String) async throws {
        let result = try await Program.run(["tokens"] + arguments, input: input)
        #expect(result.code == code)
        #expect(result.errors.contains(message), "\(result.errors)")
        // What came before the wrong line was counted.
        #expect(result.output == (code == 65 ? "{\"count\":1}\n" : ""))
    }
}
