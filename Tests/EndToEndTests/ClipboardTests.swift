import AppUI
import Foundation
import Testing

@testable import tickertape

/// Copying goes down a ladder, and says where it stopped.
@Suite struct ClipboardTests {
    /// A folder with programs that write what they read into a file beside them, or fail.
    private final class Programs {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tickertape-clip-" + UUID().uuidString)

        init(_ programs: [String: String]) throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, body) in programs {
                let file = folder.appendingPathComponent(name)
                try "#!/bin/sh\n\(body)\n".write(to: file, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
            }
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func kept(_ name: String) -> String? {
            try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        }

        func environment(_ extra: [String: String]) -> [String: String] {
            ["PATH": folder.path + ":/usr/bin:/bin", "OUT": folder.path].merging(extra) { $1 }
        }
    }

    private static let keeps = #"echo "$@" > "$OUT/arguments"; cat > "$OUT/kept""#

    @Test func theSettingsCommandComesFirst() async throws {
        let programs = try Programs(["mine": Self.keeps, "tmux": "exit 1"])
        let environment = programs.environment(["TMUX": "x", "DISPLAY": ":0"])
        let report = await ClipboardWriter(environment: environment, command: ["mine", "to here"]).copy("äb\u{1B}c")
        #expect(report.sentence == "copied 3 characters (mine)" && report.isCopied && report.bytes.isEmpty)
        #expect(programs.kept("kept") == "äbc")
        #expect(programs.kept("arguments") == "to here\n")
    }

    @Test func tmuxBeforeTheDisplay() async throws {
        let programs = try Programs(["tmux": Self.keeps, "wl-copy": "exit 1"])
        let environment = programs.environment(["TMUX": "x", "WAYLAND_DISPLAY": "w"])
        let text = String(repeating: "long ", count: 60_000)
        let report = await ClipboardWriter(environment: environment, command: nil).copy(text)
        #expect(report.sentence == "copied 300,000 characters (tmux buffer)")
        #expect(programs.kept("kept") == text)
        #expect(programs.kept("arguments") == "load-buffer -w -\n")
    }

    @Test func whatFailsIsPassedOver() async throws {
        let programs = try Programs(["tmux": "exit 1", "xsel": Self.keeps])
        let environment = programs.environment(["TMUX": "x", "DISPLAY": ":0"])
        let report = await ClipboardWriter(environment: environment, command: ["no-such-program"]).copy("a")
        #expect(report.sentence == "copied 1 character (xsel)")
    }

    @Test func theTerminalIsNext() async throws {
        let report = await ClipboardWriter(environment: ["PATH": "/nowhere"], command: nil).copy("foobar")
        #expect(report.sentence == "copied 6 characters (OSC 52)")
        #expect(String(decoding: report.bytes, as: UTF8.self) == "\u{1B}]52;c;Zm9vYmFy\u{1B}\\")
    }

    @Test func whatIsTooLongForItGoesIntoAFile() async throws {
        let programs = try Programs([:])
        let environment = programs.environment(["XDG_RUNTIME_DIR": programs.folder.path])
        let text = String(repeating: "x", count: 80_000)
        let report = await ClipboardWriter(environment: environment, command: nil).copy(text)
        let path = programs.folder.path + "/tickertape/copied.txt"
        #expect(report.sentence == "copied 80,000 characters (too long for the terminal: file \(path))")
        #expect(programs.kept("tickertape/copied.txt") == text)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: programs.folder.path + "/tickertape")
        let refused = await ClipboardWriter(environment: environment, command: nil).copy(text)
        #expect(!refused.isCopied && refused.sentence.contains("private"))
    }

    @Test func nothingIsNotCopied() async {
        let report = await ClipboardWriter(environment: [:], command: nil).copy("\u{1B}")
        #expect(!report.isCopied && report.bytes.isEmpty)
    }
}
