/// A colour as a theme names it.
public enum Color: Sendable, Hashable {
    /// The terminal's own foreground or background.
    case `default`
    /// One of the terminal's 16 named colours, 0...15 (black, red, green, yellow, blue, magenta, cyan, white, bright …).
    case ansi(UInt8)
    /// One of the 256, by number.
    case indexed(UInt8)
    /// 24-bit.
    case rgb(UInt8, UInt8, UInt8)
}

/// What a theme gives one role.
public struct ThemeStyle: Sendable, Hashable {
    /// Text colour.
    public var foreground: Color
    /// Background colour.
    public var background: Color
    /// Attributes.
    public var modifiers: Modifiers

    /// A look; the default is the terminal's own.
    public init(foreground: Color = .default, background: Color = .default, modifiers: Modifiers = []) {
        self.foreground = foreground
        self.background = background
        self.modifiers = modifiers
    }
}

/// A complete look: every role has one, for each colour depth. Data only.
public struct Theme: Sendable, Hashable {
    /// The theme's name, `[a-z0-9_-]{1,64}`.
    public var name: String
    /// The look on terminals with 256 colours or more.
    public var styles: [ThemeRole: ThemeStyle]
    /// Looks that replace those above with 16 or 8 colours.
    public var styles16: [ThemeRole: ThemeStyle]
    /// Looks that replace those above without colour; colours in them are ignored.
    public var stylesMono: [ThemeRole: ThemeStyle]

    /// A theme.
    public init(
        name: String, styles: [ThemeRole: ThemeStyle], styles16: [ThemeRole: ThemeStyle] = [:],
        stylesMono: [ThemeRole: ThemeStyle] = [:]
    ) {
        self.name = name
        self.styles = styles
        self.styles16 = styles16
        self.stylesMono = stylesMono
    }

    /// The look of a role at a number of colours (0 = mono).
    public func style(_ role: ThemeRole, colors: Int) -> ThemeStyle {
        let base = styles[role] ?? ThemeStyle()
        if colors < 8 {
            return ThemeStyle(modifiers: (stylesMono[role] ?? base).modifiers)
        }
        return colors < 256 ? styles16[role] ?? base : base
    }
}
