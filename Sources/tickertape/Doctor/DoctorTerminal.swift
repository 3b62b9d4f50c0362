import AppSettings
import TerminalCurses

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the environment and the terminal say of themselves.
struct DoctorTerminal {
    let environment: [String: String]
    let settings: Settings

    func lines() -> [DoctorLine] {
        [terminal(), colours(), charset(), size()].compactMap(\.self) + multiplexer() + [keys(), clipboard()]
    }

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func terminal() -> DoctorLine {
        let term = value("TERM") ?? "not set"
        guard Terminal.isTerminal(STDOUT_FILENO) else {
            return DoctorLine("terminal", "TERM", .ok, "\(term); standard output is no terminal, so it was not tried")
        }
        do {
            try CursesTerminal.check()
            return DoctorLine("terminal", "TERM", .ok, term)
        } catch {
            return DoctorLine("terminal", "TERM", .failed, "\(error)")
        }
    }

    private func colours() -> DoctorLine {
        if value("NO_COLOR") != nil {
            return DoctorLine("terminal", "colours", .ok, "none, as NO_COLOR asks")
        }
        let depth = value("COLORTERM")
        if depth == "truecolor" || depth == "24bit" {
            return DoctorLine("terminal", "colours", .ok, "true colour (COLORTERM=\(depth ?? ""))")
        }
        let term = value("TERM") ?? ""
        if term.contains("256color") || term.contains("direct") {
            return DoctorLine(
                "terminal", "colours", .ok, "256, as \(term) says; COLORTERM=truecolor would tell of more")
        }
        return DoctorLine(
            "terminal", "colours", .warning, "16 or fewer, as TERM says",
            advice: "if it has more, set TERM=xterm-256color or what its manual names")
    }

    private func charset() -> DoctorLine {
        let name = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { variable in value(variable).map { "\(variable)=\($0)" } }
            .first
        let isUTF8 = name.map { $0.lowercased().contains("utf-8") || $0.lowercased().contains("utf8") } ?? true
        if settings.ascii { return DoctorLine("terminal", "characters", .ok, "ASCII only, as the settings ask") }
        guard !isUTF8 else {
            return DoctorLine("terminal", "characters", .ok, name ?? "UTF-8, as nothing else is named")
        }
        return DoctorLine(
            "terminal", "characters", .warning, "\(name ?? "") names no UTF-8, so only ASCII is drawn",
            advice: "set LANG=C.UTF-8")
    }

    private func size() -> DoctorLine? {
        var size = winsize()
        let known = [STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO].contains { ioctl($0, UInt(TIOCGWINSZ), &size) == 0 }
        guard known, size.ws_col > 0 else { return nil }
        let isSmall = size.ws_col < 80 || size.ws_row < 24
        return DoctorLine(
            "terminal", "size", isSmall ? .warning : .ok, "\(size.ws_col)x\(size.ws_row)",
            advice: isSmall ? "80x24 shows every pane" : nil)
    }

    private func multiplexer() -> [DoctorLine] {
        var lines: [DoctorLine] = []
        if value("TMUX") != nil {
            lines.append(
                DoctorLine(
                    "terminal", "tmux", .ok, "yes",
                    advice: "for Shift-Enter and copying: set -s extended-keys on; set -s set-clipboard on; "
                        + "set -sg escape-time 10"))
        }
        if value("STY") != nil {
            lines.append(
                DoctorLine(
                    "terminal", "screen", .warning, "yes", advice: "it takes Ctrl-A, and passes no copying on by itself"
                ))
        }
        if value("ZELLIJ") != nil {
            lines.append(
                DoctorLine(
                    "terminal", "Zellij", .warning, "yes",
                    advice: "it takes Ctrl-P, T, N, O and G; the leader Ctrl-X reaches all of them"))
        }
        return lines
    }

    private func keys() -> DoctorLine {
        let advice =
            "Alt must send Escape (macOS: Option as Meta); Shift-Enter needs a terminal that tells it apart, "
            + "Alt-Enter and Ctrl-J always work"
        let isBuiltIn = settings.keyBindings.isEmpty
        let detail = isBuiltIn ? "the built-in ones" : "\(settings.keyBindings.count) of your own"
        return DoctorLine("terminal", "keys", .ok, detail, advice: advice)
    }

    private func clipboard() -> DoctorLine {
        guard let command = settings.clipboardCommand, let program = command.first else {
            return DoctorLine(
                "terminal", "clipboard", .ok,
                "through the terminal (OSC 52), which cannot be asked whether it allows that",
                advice: "where copying does nothing, set clipboard_command, such as [\"wl-copy\"]")
        }
        let folders = (value("PATH") ?? "").split(separator: ":").map(String.init)
        let places = program.contains("/") ? [program] : folders.map { $0 + "/" + program }
        guard places.contains(where: { access($0, X_OK) == 0 }) else {
            return DoctorLine(
                "terminal", "clipboard", .failed, "clipboard_command: there is no program \(program)",
                advice: "install it, or take clipboard_command out of the settings")
        }
        return DoctorLine("terminal", "clipboard", .ok, "through \(program)")
    }
}
