import Foundation
import TestSupport
import Testing
import Tokenization

/// Comparison with tiktoken itself on fresh random texts.
@Suite struct TiktokenTests {
    @Test(.enabled(if: Tiktoken.python != nil, "no python3 with tiktoken 0.14"))
    func randomTextsHaveTheTokensOfTiktoken() async throws {
        let seed = Int.random(in: 0..<1_000_000)
        let different = try await withThrowingTaskGroup(of: [String].self) { group in
            for part in 0..<4 {
                group.addTask { try Tiktoken.differences(count: 12_500, seed: seed + part) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(different.isEmpty, "seed \(seed): \(different.count) differences, such as \(different.prefix(5))")
    }
}

private enum Tiktoken {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// A Python that has tiktoken: of the environment, or the one that `make bench` has made.
    static let python: String? = {
        let cache = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        let candidates = ["python3", cache + "/tickertape-bench/tiktoken/bin/python"]
        return candidates.first {
            (try? run([$0, "-c", "import tiktoken; assert tiktoken.__version__.startswith('0.14.')"]))?.status == 0
        }
    }()

    /// What differs among so many texts, each in both encodings.
    static func differences(count: Int, seed: Int) throws -> [String] {
        let script = folder.appending(path: "compare_tokens.py").path
        let answer = try run([python ?? "python3", script, String(count), String(seed)])
        guard answer.status == 0 else { return ["compare_tokens.py ended with \(answer.status)"] }
        let counters = Counters()
        var found: [String] = []
        var seen = 0
        for line in answer.output.split(separator: UInt8(ascii: "\n")) {
            let one = try JSONDecoder().decode(TextCase.self, from: line)
            seen += 1
            let tokens = counters[one.encoding].tokens(one.text)
            let count = counters[one.encoding].count(one.text)
            if tokens != one.tokens || count != tokens.count {
                found.append("\(one.encoding) \(one.text.debugDescription)")
            }
        }
        return seen == count * 2 ? found : found + ["\(seen) texts"]
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
        let process = ChildProcess()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, data)
    }
}
