import CNcurses

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the environment says about the terminal: kind, charset, colours.
struct TerminalEnvironment {
    let term: String
    /// Whether only ASCII can be drawn.
    let isASCII: Bool
    /// Whether NO_COLOR asks for none.
    let isColorless: Bool

    /// Reads the environment and sets the locale. Throws when the terminal cannot be drawn on.
    init(output: Int32) throws {
        let remedy = "Set TERM to your terminal's kind, for example TERM=xterm-256color, or use: tickertape ask"
        guard let term = Self.variable("TERM") else {
            throw CursesError("TERM is not set, so the terminal cannot be drawn on. \(remedy)")
        }
        switch tt_check_term(term, output) {
        case 0 where term != "dumb": break
        case 1: throw CursesError("TERM=\(term) is unknown here. \(remedy)")
        case 3: throw CursesError("the terminal database is missing (package ncurses-base). Or use: tickertape ask")
        default: throw CursesError("TERM=\(term) cannot place a cursor. \(remedy)")
        }
        self.term = term
        isColorless = Self.variable("NO_COLOR") != nil
        isASCII = !Self.setLocale()
    }

    /// Sets the locale; whether its charset is UTF-8. A UTF-8 locale that is named but missing, or none named at all, is
    /// replaced by C.UTF-8; one that names another charset, such as C, is obeyed.
    private static func setLocale() -> Bool {
        setlocale(LC_ALL, "")
        if isUTF8 { return true }
        let named = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG")
        let wantsUTF8 = named.map { $0.lowercased().contains("utf-8") || $0.lowercased().contains("utf8") } ?? true
        guard wantsUTF8 else { return false }
        for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil && isUTF8 {
            return true
        }
        return false
    }

    private static var isUTF8: Bool { String(cString: nl_langinfo(Int32(CODESET))).uppercased() == "UTF-8" }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
