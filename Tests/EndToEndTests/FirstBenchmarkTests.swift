import Foundation
import TestSupport
import Testing

/// The page "Your first benchmark in five minutes", followed to the letter.
@Suite struct FirstBenchmarkTests {
    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Examples/FIRST-BENCHMARK.md")

    /// The fenced blocks of a page: their language and text.
    private static func blocks(_ page: String) -> [(language: String, text: String)] {
        var blocks: [(String, String)] = []
        var open: (String, [Substring])?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let (language, lines) = open { blocks.append((language, lines.joined(separator: "\n"))) }
                open = open == nil ? (String(line.dropFirst(3)), []) : nil
            } else {
                open?.1.append(line)
            }
        }
        return blocks
    }

    @Test func everyCommandDoesWhatThePageSays() async throws {
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/bin/tickertape", withDestinationPath: Program.path)
        let blocks = Self.blocks(try String(contentsOf: Self.page, encoding: .utf8))
        #expect(blocks.map(\.language) == ["sh", "sh", "sh", "text", "sh", "text", "sh"])
        var place = folder
        var output = ""
        for (language, text) in blocks {
            guard language == "sh" else {
                let shown = BenchExampleTests.masked(output)
                for line in text.split(separator: "\n") {
                    #expect(shown.contains(BenchExampleTests.masked(String(line))), "\(line) is not in\n\(output)")
                }
                continue
            }
            // Each block is typed where the one before it left off.
            let script = "cd '\(place)' && \(text)\necho \"in $PWD\""
            let result = try await Program.run(
                ["-e", "-c", script],
                ["XDG_DATA_HOME": folder + "/data", "PATH": folder + "/bin:/usr/bin:/bin"], program: "/bin/bash")
            #expect(result.code == 0, "\(text)\n\(result.output)\n\(result.errors)")
            output = result.output
            let last = output.split(separator: "\n").last { $0.hasPrefix("in /") }
            place = last.map { String($0.dropFirst(3)) } ?? place
        }
    }
}
