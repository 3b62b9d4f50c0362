import Foundation
import TestSupport

/// A process that writes until it is killed.
enum KilledWriter {
    /// Runs `ledger-bench`, kills it when it has written so many lines, and gives what it said: a word and an id each.
    static func said(_ arguments: [String], afterLines lines: Int) async throws -> [(word: String, id: String)] {
        try await Self.lines(of: "ledger-bench", arguments, after: lines).compactMap { line in
            // The last line may be cut.
            guard line.count == 2, line[1].count == 15 else { return nil }
            return (line[0], line[1])
        }
    }

    /// Runs a program that stands beside the tests, kills it when it has written so many lines, and gives their words.
    static func lines(of name: String, _ arguments: [String], after lines: Int) async throws -> [[String]] {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(with: Result { try run(name, arguments, lines) })
            }.start()
        }
    }

    private static func run(_ name: String, _ arguments: [String], _ lines: Int) throws -> [[String]] {
        let process = ChildProcess()
        process.executableURL = program(name)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = Data()
        while text.count(where: { $0 == UInt8(ascii: "\n") }) < lines {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
        }
        kill(process.processIdentifier, SIGKILL)
        text += output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: " ").map(String.init)
        }
    }

    /// Where a program stands that was built with the tests.
    static func program(_ name: String) -> URL {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let folder = bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return folder.deletingLastPathComponent().appendingPathComponent(name)
    }
}
