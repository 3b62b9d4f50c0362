import Foundation
import Simulator
import TestSupport

/// The built `provider-examples`, started as a user would.
enum ExampleProgram {
    struct Result: Sendable {
        let code: Int32
        /// Standard output.
        let output: String
    }

    /// Where the build put it: beside the test bundle.
    private static var path: String {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        return (bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
            .appendingPathComponent("provider-examples").path
    }

    /// Runs it without standard input, or behind a shell command that writes to it. Waits on a thread of its own, not on
    /// one that other tests need.
    static func run(
        _ arguments: [String], _ environment: [String: String] = [:], behind pipe: String? = nil
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(with: Swift.Result { try runAndWait(arguments, environment, pipe) })
            }.start()
        }
    }

    private static func runAndWait(
        _ arguments: [String], _ environment: [String: String], _ pipe: String?
    ) throws -> Result {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: pipe == nil ? path : "/bin/sh")
        process.arguments = pipe.map { ["-c", "\($0) | \"$0\" \"$@\"", path] + arguments } ?? arguments
        let kept = ProcessInfo.processInfo.environment.filter { ["PATH", "LD_LIBRARY_PATH"].contains($0.key) }
        process.environment = kept.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Result(code: code, output: String(decoding: text, as: UTF8.self))
    }
}

/// Runs a test against a simulator that plays a script before the built-in scenarios, without their pauses.
func withSimulator<Value>(
    _ script: String, _ body: (SimulatorServer) async throws -> Value
) async throws -> Value {
    let scenarios = try ScenarioSet.builtIn().adding(ScenarioSet(parsing: script, file: "guide.scenario"))
    let server = try await SimulatorServer.start(scenarios: scenarios.withoutPauses())
    do {
        let value = try await body(server)
        await server.stop()
        return value
    } catch {
        await server.stop()
        throw error
    }
}
