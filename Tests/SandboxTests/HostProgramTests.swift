import Foundation
import Sandbox
import Testing

/// Programs of the person's own choosing, run without a sandbox.
@Suite struct HostProgramTests {
    private static let environment = ["PATH": "/usr/bin:/bin", "MARK": "here"]

    private func program(_ words: String...) throws -> HostProgram {
        try #require(HostProgram(words, environment: Self.environment))
    }

    @Test func endsAreTold() async throws {
        #expect(await (try program("sh", "-c", "exit 7")).feed([], within: .seconds(60)) == .exited(7))
        #expect(await (try program("sh", "-c", "kill -TERM $$")).feed([], within: .seconds(60)) == .signalled(SIGTERM))
        #expect(await (try program("sleep", "600")).feed([], within: .milliseconds(30)) == .tookTooLong)
    }

    @Test func whatIsNotThereIsNoProgram() {
        #expect(HostProgram(["no-such-program"], environment: Self.environment) == nil)
        #expect(HostProgram(["/etc/passwd"], environment: Self.environment) == nil)
        #expect(HostProgram([], environment: Self.environment) == nil)
        #expect(HostProgram(["sh", "a\u{0}b"], environment: Self.environment) == nil)
    }

    @Test func getsAllOfItsInputAndItsEnvironment() async throws {
        let bytes = [UInt8](repeating: 0x61, count: 300_000)
        let check = try program("sh", "-c", "test \"$MARK$(wc -c)\" = here300000")
        #expect(await check.feed(bytes, within: .seconds(60)) == .exited(0))
        let control = try program("sh", "-c", "test \"$MARK$(wc -c)\" = here299999")
        #expect(await control.feed(bytes, within: .seconds(60)) == .exited(1))
    }

    @Test func aProgramThatReadsNothingIsNoTrouble() async throws {
        let bytes = [UInt8](repeating: 0x61, count: 300_000)
        #expect(await (try program("true")).feed(bytes, within: .seconds(60)) == .exited(0))
    }

    /// Words are words: nothing is expanded.
    @Test func noShellStandsBetween() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tickertape-host-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = try program("mkdir", folder.path + ";$(x) y")
        #expect(await made.feed([], within: .seconds(60)) == .exited(0))
        let path = folder.path + ";$(x) y"
        #expect(FileManager.default.fileExists(atPath: path))
        try FileManager.default.removeItem(atPath: path)
    }
}
