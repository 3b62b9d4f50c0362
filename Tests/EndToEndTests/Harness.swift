import Foundation
import TestSupport

/// The built program, started as a user would.
enum Program {
    /// Where the build put it: beside the test bundle.
    static var path: String {
        Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
            .deletingLastPathComponent().appendingPathComponent("tickertape").path
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("tickertape").path
    }

    /// A private home, so that no file of the person who runs the tests is read or written.
    static let home = FileManager.default.temporaryDirectory.appendingPathComponent("tickertape-tests-home").path

    /// A folder for data of one test alone.
    static func dataFolder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("tickertape-data-" + UUID().uuidString).path
    }

    static func environment(_ extra: [String: String] = [:]) -> [String: String] {
        var environment = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": home, "PATH": "/usr/bin:/bin"]
        if let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
            environment["LD_LIBRARY_PATH"] = libraries
        }
        return environment.merging(extra) { $1 }
    }

    /// Opens the workspace on the simulator in a pseudo-terminal.
    static func workspace(
        _ arguments: [String] = ["--demo"], width: Int = 120, height: Int = 40, _ extra: [String: String] = [:]
    ) -> PseudoTerminal? {
        PseudoTerminal(path, arguments, environment: environment(extra), width: width, height: height)
    }

    struct Result: Sendable {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Runs the program without a terminal. Waits on a thread of its own, not on one that other tests need.
    static func run(
        _ arguments: [String], input: String? = nil, _ extra: [String: String] = [:], program: String = path
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(with: Swift.Result { try runAndWait(program, arguments, input: input, extra) })
            }.start()
        }
    }

    /// Starts the simulator as a process of its own; its base URL, once it listens.
    static func simulator(_ arguments: [String]) async throws -> (process: ChildProcess, baseURL: String) {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Swift.Result {
                        let process = ChildProcess()
                        process.executableURL = URL(fileURLWithPath: path)
                        process.arguments = ["simulate"] + arguments
                        process.environment = environment()
                        let output = Pipe()
                        process.standardOutput = output
                        try process.run()
                        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
                        let url = line.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
                        return (process, url)
                    })
            }.start()
        }
    }

    /// Runs the program with a standard input that gives nothing, sends it a signal, at once or when it has written
    /// something, and waits for its end.
    static func run(
        _ arguments: [String], program: String = path, signal: Int32, whenItWrites: Bool
    ) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Swift.Result {
                        let process = ChildProcess()
                        process.executableURL = URL(fileURLWithPath: program)
                        process.arguments = arguments
                        process.environment = environment()
                        let (input, output) = (Pipe(), Pipe())
                        process.standardInput = whenItWrites ? FileHandle.nullDevice : input
                        process.standardOutput = output
                        try process.run()
                        if whenItWrites { _ = output.fileHandleForReading.availableData }
                        kill(process.processIdentifier, signal)
                        _ = output.fileHandleForReading.readDataToEndOfFile()
                        process.waitUntilExit()
                        try input.fileHandleForWriting.close()
                        return process.terminationReason == .exit
                            ? process.terminationStatus : -process.terminationStatus
                    })
            }.start()
        }
    }

    private static func runAndWait(
        _ path: String, _ arguments: [String], input: String?, _ extra: [String: String]
    ) throws -> Result {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment(extra)
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            try process.run()
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        } else {
            process.standardInput = FileHandle.nullDevice
            try process.run()
        }
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let problems = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Result(
            code: code, output: String(decoding: text, as: UTF8.self), errors: String(decoding: problems, as: UTF8.self)
        )
    }
}
