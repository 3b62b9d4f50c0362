/// How many colours to draw with. What is asked for beats the environment: `--color`, then the settings, then NO_COLOR,
/// then what the terminal says of itself.
public enum ColorChoice: String, Sendable, Hashable, CaseIterable {
    /// What the environment and the terminal say.
    case auto
    /// None: attributes only.
    case never
    /// As many as the terminal says it has, at least 16, also where it is none.
    case always
    /// The 16 named ones.
    case sixteen = "16"
    /// 256.
    case indexed = "256"
    /// 24-bit.
    case trueColor = "truecolor"

    /// All colours of 24 bits.
    public static let all24 = 0x100_0000

    /// How many colours to write as escape sequences to a stream; 0 = attributes only, nil = plain text. `environment` holds
    /// NO_COLOR, TERM and COLORTERM.
    public func colors(environment: [String: String], isTerminal: Bool) -> Int? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let term = value("TERM") ?? "dumb"
        switch self {
        case .never: return isTerminal && term != "dumb" ? 0 : nil
        case .sixteen: return 16
        case .indexed: return 256
        case .trueColor: return Self.all24
        case .always: return max(16, Self.told(term, value("COLORTERM")))
        case .auto:
            guard isTerminal, term != "dumb" else { return nil }
            return value("NO_COLOR") == nil ? Self.told(term, value("COLORTERM")) : 0
        }
    }

    /// Colours that a full screen draws with on a terminal whose description has `available`.
    public func colors(available: Int, isColorless: Bool) -> Int {
        switch self {
        case .never: 0
        case .auto: isColorless ? 0 : available
        case .always, .trueColor: available
        case .sixteen: min(16, available)
        case .indexed: min(256, available)
        }
    }

    /// Whether a full screen draws with 24-bit colours: they were asked for, or the terminal says in `COLORTERM` that it has them.
    /// `available` are the colours of its description; one without any is believed. `environment` holds TERM, COLORTERM and TMUX.
    public func isDirect(available: Int, isColorless: Bool, environment: [String: String]) -> Bool {
        guard available >= 8 else { return false }
        switch self {
        case .never, .sixteen, .indexed: return false
        case .trueColor: return true
        case .auto where isColorless: return false
        case .auto, .always:
            if available >= Self.all24 { return true }
            // GNU screen inherits the variable from a terminal that it does not pass such colours on to.
            let isScreen = environment["TERM"]?.hasPrefix("screen") == true && environment["TMUX"] == nil
            return !isScreen && ["truecolor", "24bit"].contains(environment["COLORTERM"])
        }
    }

    private static func told(_ term: String, _ colorTerm: String?) -> Int {
        if colorTerm == "truecolor" || colorTerm == "24bit" || term.hasSuffix("-direct") { return all24 }
        if term.contains("256color") { return 256 }
        return term.hasPrefix("vt") ? 0 : 16
    }
}

/// Escape sequences of looks, for output that is not drawn by a screen (ECMA-48 SGR; 256 and 24-bit as xterm has them).
public enum SGR {
    /// Back to the terminal's own look.
    public static let reset = "\u{1B}[0m"

    /// The sequence that begins a look at a number of colours (0 = attributes only); empty when it is the terminal's own.
    public static func begin(_ style: ThemeStyle, colors: Int) -> String {
        let attributes: [(Modifiers, Int)] = [
            (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7), (.strike, 9),
        ]
        var codes = attributes.filter { style.modifiers.contains($0.0) }.map { String($0.1) }
        if colors >= 8 {
            codes += code(style.foreground, colors: colors, base: 30) + code(style.background, colors: colors, base: 40)
        }
        return codes.isEmpty ? "" : "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func code(_ color: Color, colors: Int, base: Int) -> [String] {
        switch color {
        case .default: return []
        case .ansi(let index): return [named(index, base)]
        case .indexed(let number):
            if colors >= 256 { return ["\(base + 8);5;\(number)"] }
            let color = ColorMapping.rgb(number)
            return [named(ColorMapping.named(color.red, color.green, color.blue), base)]
        case .rgb(let red, let green, let blue):
            if colors > 256 { return ["\(base + 8);2;\(red);\(green);\(blue)"] }
            if colors == 256 { return ["\(base + 8);5;\(ColorMapping.indexed(red, green, blue))"] }
            return [named(ColorMapping.named(red, green, blue), base)]
        }
    }

    private static func named(_ index: UInt8, _ base: Int) -> String {
        String(index < 8 ? base + Int(index) : base + 60 + Int(index & 7))
    }
}
