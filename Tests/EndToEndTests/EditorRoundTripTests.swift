import Foundation
import TestSupport
import Testing

/// The prompt in the person's own editor, and the keyboard protocols, in a pseudo-terminal.
@Suite(.serialized) struct EditorRoundTripTests {
    /// A script that is an editor: it says that it has the terminal, waits for a line of the keyboard, and does `body` with
    /// the file `$1`.
    private final class Script {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tickertape-edit-" + UUID().uuidString)
        var path: String { folder.appendingPathComponent("my editor").path }

        init(_ body: String) throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = """
                #!/bin/sh
                for file; do :; done
                stty -a | grep -q ' icanon' && echo 'EDITOR HAS A SANE TERMINAL'
                stat -c 'mode %a' "$file" "${file%/*}"
                cat "$file"
                read line
                \(body)
                """
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// Through `sh`: a file that was just written may be open in a child of another test, and cannot be started itself then.
        var environment: [String: String] {
            ["VISUAL": "sh '\(path)' --wait", "EDITOR": "false", "TMPDIR": folder.path]
        }
    }

    private func start(
        _ extra: [String: String], keyboard: ScreenEmulator.Keyboard = .xterm
    ) async throws -> PseudoTerminal {
        let terminal = try #require(
            PseudoTerminal(
                Program.path, ["--demo"], environment: Program.environment(extra), width: 80, height: 24,
                keyboard: keyboard))
        #expect(await terminal.screen("DEMO", "type here") != nil)
        return terminal
    }

    private func quit(_ terminal: PseudoTerminal) async {
        terminal.type("\u{3}\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored && terminal.isSane)
        #expect(terminal.screen.unknown.isEmpty)
    }

    @Test func theEditorGetsNoKey() async throws {
        let script = try Script(#"env | grep -c 'hunter22' > "$file"; true"#)
        let terminal = try await start(
            script.environment.merging(["OPENAI_API_KEY": "hunter22-key", "OPENAI_ADMIN_KEY": "hunter22-admin"]) { $1 })
        terminal.type("\u{7}")
        #expect(await terminal.screen("EDITOR HAS A SANE TERMINAL") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("> 0", "DEMO") != nil)
        await quit(terminal)
    }

    @Test(arguments: [ScreenEmulator.Keyboard.xterm, .kitty], ["\u{7}", "\u{18}e", "\u{18}\u{5}"])
    func thereAndBack(keyboard: ScreenEmulator.Keyboard, keys: String) async throws {
        let script = try Script(#"printf '%s and %s\n' "$(cat "$file")" "$line" > "$file""#)
        let terminal = try await start(script.environment, keyboard: keyboard)
        terminal.type("first")
        _ = await terminal.screen("first")
        terminal.type(keys)
        let away = try #require(await terminal.screen("EDITOR HAS A SANE TERMINAL", "mode 600", "mode 700", "first"))
        #expect(away.isRestored, "\(away.modes) \(away.keyboardFlags) \(away.otherKeys)")
        terminal.type("second\r")
        let back = try #require(await terminal.screen("> first and second", "DEMO"))
        #expect(back.modes.isSuperset(of: [1049, 2004, 1004]))
        #expect(back.keyboardFlags == (keyboard == .kitty ? [5] : []))
        terminal.type("!")
        #expect(await terminal.screen("> first and second!") != nil, "one newline at the end was the editor's")
        let left = try FileManager.default.contentsOfDirectory(atPath: script.folder.path)
        #expect(left == ["my editor"])
        await quit(terminal)
    }

    @Test func anEditorThatFailsChangesNothing() async throws {
        let script = try Script(#"echo lost > "$file"; exit 3"#)
        let terminal = try await start(script.environment)
        terminal.type("kept\u{7}")
        _ = await terminal.screen("EDITOR HAS A SANE TERMINAL")
        terminal.type("\r")
        #expect(await terminal.screen("> kept", "ended with 3", "stays as it was") != nil)
        await quit(terminal)
    }

    @Test func anEditorThatIsMissingIsTold() async throws {
        let terminal = try await start(["VISUAL": "no-such-editor -x"])
        terminal.type("kept\u{7}")
        #expect(await terminal.screen("> kept", "no-such-editor is not found ($VISUAL)") != nil)
        await quit(terminal)
    }

    @Test func aSignalEndsBoth() async throws {
        let script = try Script("exit 0")
        let terminal = try await start(script.environment)
        terminal.type("\u{7}")
        _ = await terminal.screen("EDITOR HAS A SANE TERMINAL")
        terminal.signal(SIGTERM)
        #expect(await terminal.exit() == -SIGTERM)
        #expect(terminal.screen.isRestored)
    }

    @Test(arguments: [ScreenEmulator.Keyboard.xterm, .kitty])
    func theKeyboardProtocolIsAskedForAndUndone(keyboard: ScreenEmulator.Keyboard) async throws {
        let terminal = try await start([:], keyboard: keyboard)
        let wanted: @Sendable (PseudoTerminal.State) -> Bool = { state in
            keyboard == .kitty ? state.screen.keyboardFlags == [5] : state.screen.otherKeys == 2
        }
        #expect(await terminal.wait(until: wanted) != nil)
        #expect(terminal.screen.modes.contains(1007))
        terminal.type("one\u{1B}[13;2utwo")
        let typed = try #require(await terminal.screen("> one", "two"))
        #expect(!typed.text.contains("13;2u") && !typed.text.contains("62;22c"))
        // Ctrl-C twice, as that protocol spells it.
        let interrupt = keyboard == .kitty ? "\u{1B}[99;5u" : "\u{1B}[27;5;99~"
        terminal.type(interrupt + interrupt + interrupt)
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored && terminal.screen.unknown.isEmpty)
    }

    @Test(arguments: [SIGTERM, SIGSEGV]) func crashesPopTheProtocol(number: Int32) async throws {
        let terminal = try await start([:], keyboard: .kitty)
        _ = await terminal.wait { $0.screen.keyboardFlags == [5] }
        terminal.signal(number)
        #expect(await terminal.exit() == -number)
        #expect(terminal.screen.isRestored && terminal.isSane)
    }

    @Test(arguments: [ScreenEmulator.Keyboard.xterm, .kitty])
    func suspendingUndoesAndRedoesIt(keyboard: ScreenEmulator.Keyboard) async throws {
        let terminal = try await start([:], keyboard: keyboard)
        let isOn: @Sendable (PseudoTerminal.State) -> Bool = { state in
            let isKitty = state.screen.keyboardFlags == [5] && state.screen.otherKeys == 0
            let isOther = state.screen.keyboardFlags.isEmpty && state.screen.otherKeys == 2
            return state.screen.modes.contains(1049) && (keyboard == .kitty ? isKitty : isOther)
        }
        #expect(await terminal.wait(until: isOn) != nil)
        terminal.type(keyboard == .kitty ? "\u{1B}[122;5u" : "\u{1B}[27;5;122~")
        // For a moment only: it may be on again before anybody looks.
        #expect(await terminal.wait { $0.screen.restorations == 1 } != nil)
        #expect(await terminal.wait(until: isOn) != nil, "nobody stops a group without a shell, so it comes back")
        terminal.type("still here")
        #expect(await terminal.screen("> still here") != nil)
        await quit(terminal)
    }

    /// The Linux console does not mark pastes.
    @Test func aPasteWithoutMarksIsNotSent() async throws {
        let terminal = try await start(["TERM": "linux"])
        terminal.type("one\rtwo\r")
        let pasted = try #require(await terminal.screen("> one", "two"))
        #expect(pasted.text.contains("ready"))
        await quit(terminal)
    }

    @Test func theWheelOfATerminalWithoutMouseMovesTheOutput() async throws {
        let terminal = try await start([:])
        terminal.type("draft")
        _ = await terminal.screen("> draft")
        terminal.type("\u{3}now")
        _ = await terminal.screen("> now")
        terminal.type("\u{1B}[A\u{1B}[A\u{1B}[A")
        terminal.type("!")
        #expect(await terminal.screen("> now!") != nil, "the history was not walked")
        // One arrow is a key.
        terminal.type("\u{1B}[A")
        #expect(await terminal.screen("> draft") != nil)
        await quit(terminal)
    }

    @Test func theHardwareCursorStandsInThePrompt() async throws {
        let terminal = try await start([:])
        /// Whether, with this text in the prompt, the cursor comes to stand so far right of its mark and below it.
        func stands(_ right: Int, _ below: Int = 0, with text: String) async -> Bool {
            await terminal.wait(for: "the cursor at \(right), \(below)") { state in
                let rows = state.screen.text.split(separator: "\n", omittingEmptySubsequences: false)
                guard let row = rows.firstIndex(where: { $0.contains("> ") && $0.hasPrefix("│") }) else { return false }
                return state.screen.text.contains(text) && state.screen.modes.contains(25)
                    && state.screen.x == 3 + right && state.screen.y == row + below
            } != nil
        }
        #expect(await stands(0, with: "type here"))
        terminal.type("ab漢")
        #expect(await stands(4, with: "> ab漢"))
        terminal.type("\u{1B}[D\u{1B}[DX")
        #expect(await stands(2, with: "> aXb漢"))
        terminal.type("\u{1B}[13;2uY")
        #expect(await stands(1, 1, with: "Yb漢"))
        // While an answer streams the cursor stays there.
        terminal.type("\u{3}")
        #expect(await stands(0, with: "Prompt cleared"))
        terminal.type("long\r")
        #expect(await terminal.screen("streaming") != nil)
        terminal.type("next")
        #expect(await stands(4, with: "> next"))
        await quit(terminal)
    }
}
