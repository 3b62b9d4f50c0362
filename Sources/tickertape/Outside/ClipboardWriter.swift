import AppUI
import Sandbox
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Puts texts where they can be pasted from, by the first way that works: the command of the settings, tmux, the tool of the
/// display, the terminal (OSC 52), a file. Control characters never travel.
struct ClipboardWriter {
    /// A way by a program.
    struct Way: Hashable {
        /// What the person is told.
        let name: String
        let words: [String]
    }

    private static let patience = Duration.seconds(2)

    private let environment: [String: String]
    private let command: [String]?

    /// `command` is the program of the settings with its arguments; nil = none.
    init(environment: [String: String], command: [String]?) {
        (self.environment, self.command) = (environment, command)
    }

    /// The programs to be tried, in order.
    var ways: [Way] {
        var ways: [Way] = []
        if let command, let name = command.first { ways.append(Way(name: name, words: command)) }
        if isSet("TMUX") { ways.append(Way(name: "tmux buffer", words: ["tmux", "load-buffer", "-w", "-"])) }
        if isSet("WAYLAND_DISPLAY") { ways.append(Way(name: "wl-copy", words: ["wl-copy"])) }
        if isSet("DISPLAY") {
            ways.append(Way(name: "xclip", words: ["xclip", "-selection", "clipboard", "-in"]))
            ways.append(Way(name: "xsel", words: ["xsel", "--clipboard", "--input"]))
        }
        if isSet("WSL_DISTRO_NAME") { ways.append(Way(name: "clip.exe", words: ["clip.exe"])) }
        #if os(macOS)
            ways.append(Way(name: "pbcopy", words: ["pbcopy"]))
        #endif
        return ways
    }

    private func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }

    /// Copies; the report says which way was used, and what the terminal is still to be sent.
    func copy(_ text: String) async -> CopyReport {
        let text = ClipboardText.cleaned(text)
        guard !text.isEmpty else { return CopyReport("nothing to copy", isCopied: false) }
        let copied = "copied \(Self.grouped(text.count)) \(text.count == 1 ? "character" : "characters")"
        for way in ways {
            guard let program = HostProgram(way.words, environment: environment) else { continue }
            if await program.feed(Array(text.utf8), within: Self.patience) == .exited(0) {
                return CopyReport("\(copied) (\(way.name))")
            }
        }
        if let bytes = ClipboardText.sequence(text) { return CopyReport("\(copied) (OSC 52)", bytes: bytes) }
        do throws(ExternalToolError) {
            return CopyReport("\(copied) (too long for the terminal: file \(try write(text)))")
        } catch {
            return CopyReport("not copied: \(error)", isCopied: false)
        }
    }

    /// Into the folder for what lives as long as the login; without one, into a private folder of this user.
    private func write(_ text: String) throws(ExternalToolError) -> String {
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let temporary = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        let folder = runtime.map { $0 + "/tickertape" } ?? "\(temporary)/tickertape-\(getuid())"
        mkdir(folder, 0o700)
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid(),
            status.st_mode & 0o077 == 0
        else { throw ExternalToolError("\(folder) is not a folder that is private to you") }
        let path = folder + "/copied.txt"
        try PrivateFile.create(Array(text.utf8), to: path)
        return path
    }

    /// Thousands with commas.
    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}
