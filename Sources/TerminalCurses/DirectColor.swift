import CNcurses
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// 24-bit colours on terminals whose description has fewer: curses gets a description of our own.
enum DirectColor {
    /// Whether they are wanted on this terminal.
    static func isWanted(_ choice: ColorChoice, _ environment: TerminalEnvironment, output: Int32) -> Bool {
        var variables = ["TERM": environment.term]
        for name in ["COLORTERM", "TMUX"] { variables[name] = getenv(name).map { String(cString: $0) } }
        return choice.isDirect(
            available: Int(tt_term_colors(environment.term, output)), isColorless: environment.isColorless,
            environment: variables)
    }

    /// Starts curses with a description that has them. False when that cannot be, and nothing was started.
    static func start(_ term: String, input: Int32, output: Int32) -> Bool {
        guard let compiled = entry(of: term, output: output)?.compiled else { return false }
        let digits = Array("0123456789ABCDEF".utf8)
        let text =
            "hex:" + String(decoding: compiled.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        // curses reads it once. Programs that we start have to find their own.
        let before = getenv("TERMINFO").map { String(cString: $0) }
        defer { if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") } }
        setenv("TERMINFO", text, 1)
        guard tt_open_entry(term, output) else { return false }
        let isOurs = tt_number("colors") == TerminfoEntry.directColors
        tt_close_entry()
        return isOurs && tt_start(term, input, output)
    }

    /// The terminal's own description with other colours; nil when it has none.
    private static func entry(of term: String, output: Int32) -> TerminfoEntry? {
        guard tt_open_entry(term, output) else { return nil }
        defer { tt_close_entry() }
        let unwanted: Set<String> = ["ccc", "initc", "initp", "oc"]
        let flags = names(0).map { !unwanted.contains($0) && tt_flag($0) == 1 }
        let numbers = names(1).map { name -> Int32? in
            if name == "colors" { return TerminfoEntry.directColors }
            let number = tt_number(name)
            return number < 0 ? nil : number
        }
        let strings = names(2).map { name -> [UInt8]? in
            switch name {
            case "setaf": return TerminfoEntry.setDirectColor(base: 3)
            case "setab": return TerminfoEntry.setDirectColor(base: 4)
            default: return unwanted.contains(name) ? nil : string(name)
            }
        }
        var entry = TerminfoEntry(name: term, flags: flags, numbers: numbers, strings: strings)
        entry.moreFlags = ["RGB"]
        // What we ask of it beyond the standard.
        entry.moreStrings["BE"] = string("BE")
        return entry
    }

    private static func names(_ kind: Int32) -> [String] {
        (0..<tt_capability_count(kind)).map { tt_capability_name(kind, $0).map { String(cString: $0) } ?? "" }
    }

    private static func string(_ name: String) -> [UInt8]? {
        let text = String(cString: tt_capability(name))
        return text.isEmpty ? nil : Array(text.utf8)
    }
}
