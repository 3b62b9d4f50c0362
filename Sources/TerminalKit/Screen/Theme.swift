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

    /// Colours that run into each other, by the scope they are told for: `meter` has one from empty to full.
    public var gradients: [String: [Color]]

    /// A theme.
    public init(
        name: String, styles: [ThemeRole: ThemeStyle], styles16: [ThemeRole: ThemeStyle] = [:],
        stylesMono: [ThemeRole: ThemeStyle] = [:], gradients: [String: [Color]] = [:]
    ) {
        self.name = name
        self.styles = styles
        self.styles16 = styles16
        self.stylesMono = stylesMono
        self.gradients = gradients
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

extension Theme {
    /// The role of a meter's cell at a share: low, from 70 % mid, from 90 % high.
    public static func meterRole(_ share: Double) -> ThemeRole {
        share >= 0.9 ? .meterHigh : share >= 0.7 ? .meterMid : .meterLow
    }

    /// The colour of a meter at a share, 0...1, on a terminal with so many colours.
    ///
    /// With 256 colours or more the stops of the gradient `meter` stand evenly between 0 and 1, and what lies between two is
    /// mixed in OKLab. Without a gradient, with stops that the terminal decides (the 16 named colours), or with fewer
    /// colours, it is the foreground of `meter.low`, `meter.mid` or `meter.high`.
    public func color(ofMeter share: Double, colors: Int) -> Color {
        let share = min(1, max(0, share.isNaN ? 0 : share))
        let stops = (gradients["meter"] ?? []).compactMap(Self.components)
        guard colors >= 256, stops.count > 1, stops.count == gradients["meter"]?.count else {
            return style(Self.meterRole(share), colors: colors).foreground
        }
        let place = share * Double(stops.count - 1)
        let index = min(Int(place), stops.count - 2)
        let mixed = ColorMapping.mixed(stops[index], stops[index + 1], share: place - Double(index))
        return .rgb(mixed.red, mixed.green, mixed.blue)
    }

    /// The look of a style at a number of colours: its role's, with the meter's colour where it has a share.
    public func style(_ style: Style, colors: Int) -> ThemeStyle {
        var look = self.style(style.role, colors: colors)
        if let share = style.share, colors >= 8 { look.foreground = color(ofMeter: share, colors: colors) }
        look.modifiers.formUnion(style.modifiers)
        return look
    }

    private static func components(_ color: Color) -> (red: UInt8, green: UInt8, blue: UInt8)? {
        switch color {
        case .rgb(let red, let green, let blue): (red, green, blue)
        case .indexed(let number) where number >= 16: ColorMapping.rgb(number)
        default: nil
        }
    }
}
