import Foundation

/// A process that writes until it is killed.
enum KilledWriter {
    /// Runs `ledger-bench`, kills it when it has written so many lines, and gives what it said: a word and an id each.
    static func said(_ arguments: [String], afterLines lines: Int) async throws -> [(word: String, id: String)] {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(with: Result { try run(arguments, lines) })
            }.start()
        }
    }

    private static func run(_ arguments: [String], _ lines: Int) throws -> [(word: String, id: String)] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
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
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            // The last line may be cut.
            guard words.count == 2, words[1].count == 15 else { return nil }
            return (String(words[0]), String(words[1]))
        }
    }

    private static var program: String {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let folder = bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return folder.deletingLastPathComponent().appendingPathComponent("ledger-bench").path
    }
}
