/// Which keys edit the prompt.
public enum EditingMode: String, Sendable, Hashable, CaseIterable {
    /// As in emacs and every shell.
    case emacs
    /// As in vi.
    case vi

    /// What the user's readline file says: its last `set editing-mode`, outside of conditions; nil when it says nothing.
    public init?(inputrc text: String) {
        var depth = 0
        var mode: EditingMode?
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
            switch words.first {
            case "$if": depth += 1
            case "$endif": depth = max(0, depth - 1)
            case "set" where depth == 0 && words.count >= 3 && words[1] == "editing-mode":
                mode = EditingMode(rawValue: words[2]) ?? mode
            default: break
            }
        }
        guard let mode else { return nil }
        self = mode
    }
}

/// The names of themes, by what the terminal's background is.
public struct ThemeNames: Sendable, Hashable {
    /// On a dark background.
    public var dark: String
    /// On a light background.
    public var light: String
    /// Where the terminal does not tell.
    public var fallback: String

    /// Names.
    public init(dark: String, light: String, fallback: String) {
        self.dark = dark
        self.light = light
        self.fallback = fallback
    }

    /// What `COLORFGBG` tells of the background: its last number is that of a colour, of which 7 and 15 are light (rxvt). Nil = nothing.
    public static func isLight(colorFgBg value: String?) -> Bool? {
        guard let last = value?.split(separator: ";").last, let number = Int(last), 0...15 ~= number else { return nil }
        return number == 7 || number == 15
    }

    /// The theme for a background; nil = the terminal does not tell.
    public func name(isLight: Bool?) -> String { isLight.map { $0 ? light : dark } ?? fallback }
}

extension Settings {
    /// Which keys edit the prompt: as set, else as the user's readline file says, else emacs.
    public func editingMode(inputrc: String?) -> EditingMode {
        if case .text(let name)? = self["editing_mode"], let mode = EditingMode(rawValue: name) { return mode }
        return inputrc.flatMap(EditingMode.init(inputrc:)) ?? .emacs
    }

    /// As `editingMode(inputrc:)`, with the readline file that these paths lead to, when it can be read.
    public func editingMode(paths: AppPaths) -> EditingMode { editingMode(inputrc: Self.inputrc(paths)) }

    /// Which keys edit the prompt where no setting says so: as the readline file says that these paths lead to, else emacs.
    public static func standardEditingMode(paths: AppPaths) -> EditingMode {
        inputrc(paths).flatMap(EditingMode.init(inputrc:)) ?? .emacs
    }

    private static func inputrc(_ paths: AppPaths) -> String? {
        paths.inputrcFile.flatMap { try? TextFile.read($0, maximum: maximumBytes) } ?? nil
    }

    /// The themes for dark and light backgrounds; the same one thrice where one is named.
    public var themes: ThemeNames {
        switch self["theme"] {
        case .pairs(let names)?:
            let dark = names["dark"] ?? ThemeLibrary.standardName
            return ThemeNames(dark: dark, light: names["light"] ?? dark, fallback: names["fallback"] ?? dark)
        case .text(let name)?: return ThemeNames(dark: name, light: name, fallback: name)
        default:
            let name = ThemeLibrary.standardName
            return ThemeNames(dark: name, light: name, fallback: name)
        }
    }
}
