import TerminalKit

/// Finds what would make a theme hard to read: too little contrast, opposites that look alike to people who do not tell
/// red from green, marks that vanish with fewer colours or none.
///
/// Contrast is known only for colours given as `#rrggbb` or 16 to 255; what the terminal decides is not judged.
struct ThemeLint {
    let theme: Theme
    /// Whether the terminal's own background is taken as white, else as black.
    let isLight: Bool

    /// Least contrast of text (WCAG 2.2, 1.4.3).
    static let textContrast = 4.5
    /// Least contrast of borders, marks and bold labels (WCAG 2.2, 1.4.11).
    static let chromeContrast = 3.0
    /// Least difference in lightness L* between opposites.
    static let oppositeDifference = 8.0

    /// Something found, and the role it is about.
    struct Finding {
        let role: ThemeRole
        let message: String
        /// Whether the look for 16 colours, or none, is meant.
        var depth = 256
    }

    private static let chrome: Set<ThemeRole> = [
        .border, .borderFocus, .markdownList, .markdownTable, .meterLow, .meterMid, .meterHigh,
    ]
    private static let labels: Set<ThemeRole> = [.title, .footerKey, .badge]
    private static let opposites: [(ThemeRole, ThemeRole)] = [
        (.toolOK, .toolError), (.diffAdded, .diffDeleted), (.diffAddedWord, .diffDeletedWord), (.meterLow, .meterHigh),
        (.ok, .error),
    ]
    /// Marks that must stand out without colour, each against what it must not look like.
    private static let marks: [(ThemeRole, ThemeRole)] = [
        (.selection, .text), (.borderFocus, .border), (.error, .text), (.searchCurrent, .searchMatch),
    ]

    /// Everything that is wrong; empty when the theme is fine.
    func findings() -> [Finding] { contrast() + likeness() + sixteen() + mono() }

    /// What is lost with 256 colours, or none, without being wrong.
    func losses() -> [Finding] {
        let faded = pairs().compactMap { pair -> Finding? in
            guard pair.passes, pair.contrast256 < pair.least, pair.contrast256 >= Self.chromeContrast else {
                return nil
            }
            return Finding(
                role: pair.role,
                message:
                    "contrast \(Self.figure(pair.contrast)) becomes \(Self.figure(pair.contrast256)) at 256 colours")
        }
        let alike = Self.opposites.compactMap { left, right -> Finding? in
            guard theme.style(left, colors: 0) == theme.style(right, colors: 0) else { return nil }
            return Finding(role: left, message: "without colour it looks like \(right.rawValue); only its sign tells")
        }
        return faded + alike
    }

    /// The pairs of colours that can be judged.
    func pairs() -> [ThemeReport.Pair] {
        ThemeRole.allCases.compactMap { role in
            let style = theme.style(role, colors: 256)
            guard let contrast = contrast(style), let reduced = self.contrast(Self.at256(style)) else { return nil }
            let isLabel = Self.labels.contains(role) && style.modifiers.contains(.bold)
            let isChrome = Self.chrome.contains(role) || isLabel
            return ThemeReport.Pair(
                role: role, foreground: style.foreground,
                background: style.background == .default
                    ? (isLight ? .rgb(255, 255, 255) : .rgb(0, 0, 0)) : style.background,
                contrast: contrast, contrast256: reduced, least: isChrome ? Self.chromeContrast : Self.textContrast)
        }
    }

    private func contrast(_ style: ThemeStyle) -> Double? {
        guard let foreground = LinearColor(style.foreground), let background = background(style) else { return nil }
        let shown = style.modifiers.contains(.dim) ? foreground.blended(with: background) : foreground
        return shown.contrast(with: background)
    }

    private static func at256(_ style: ThemeStyle) -> ThemeStyle {
        func mapped(_ color: Color) -> Color {
            guard case .rgb(let red, let green, let blue) = color else { return color }
            return .indexed(ColorMapping.indexed(red, green, blue))
        }
        return ThemeStyle(
            foreground: mapped(style.foreground), background: mapped(style.background), modifiers: style.modifiers)
    }

    private func contrast() -> [Finding] {
        pairs().compactMap { pair in
            if !pair.passes {
                return Finding(
                    role: pair.role,
                    message: "contrast \(Self.figure(pair.contrast)) is below \(Self.figure(pair.least))")
            }
            guard pair.contrast256 < Self.chromeContrast else { return nil }
            return Finding(
                role: pair.role, message: "contrast becomes \(Self.figure(pair.contrast256)) at 256 colours; it is lost"
            )
        }
    }

    private func background(_ style: ThemeStyle) -> LinearColor? {
        if style.background == .default { return isLight ? .white : .black }
        return LinearColor(style.background)
    }

    private func likeness() -> [Finding] {
        Self.opposites.compactMap { left, right in
            let styles = (theme.style(left, colors: 256), theme.style(right, colors: 256))
            let isInGround = styles.0.foreground == styles.1.foreground && styles.0.background != styles.1.background
            let part: KeyPath<ThemeStyle, Color> = isInGround ? \.background : \.foreground
            let parts = (styles.0[keyPath: part], styles.1[keyPath: part])
            guard let difference = Self.difference(parts.0, parts.1) else { return nil }
            let differsByModifiersOnly =
                styles.0.foreground == styles.1.foreground && !isInGround && styles.0.modifiers != styles.1.modifiers
            guard !differsByModifiersOnly else { return nil }
            guard difference < Self.oppositeDifference else { return nil }
            return Finding(
                role: left,
                message:
                    "and \(right.rawValue): lightness differs by only \(Self.figure(difference)) for people who do "
                    + "not tell red from green; at least \(Self.figure(Self.oppositeDifference)) is needed")
        }
    }

    /// How far two colours are apart in lightness for whoever, without green or without red cones, sees them closest.
    private static func difference(_ one: Color, _ other: Color) -> Double? {
        guard let one = LinearColor(one), let other = LinearColor(other) else { return nil }
        return min(
            abs(one.seenWithDeuteranopia.lightness - other.seenWithDeuteranopia.lightness),
            abs(one.seenWithProtanopia.lightness - other.seenWithProtanopia.lightness))
    }

    /// What cannot be told apart, or read at all, with 16 colours.
    private func sixteen() -> [Finding] {
        let vanished = ThemeRole.allCases.compactMap { role -> Finding? in
            let style = Self.at16(theme.style(role, colors: 16))
            guard style.foreground == style.background, style.foreground != .default else { return nil }
            return Finding(
                role: role, message: "text and ground become the same at 16 colours; give it a line in [16]", depth: 16)
        }
        let alike = (Self.opposites + Self.marks).compactMap { left, right -> Finding? in
            let styles = (Self.at16(theme.style(left, colors: 16)), Self.at16(theme.style(right, colors: 16)))
            guard styles.0 == styles.1, theme.style(left, colors: 256) != theme.style(right, colors: 256) else {
                return nil
            }
            return Finding(
                role: left, message: "at 16 colours it looks like \(right.rawValue); give it a line in [16]", depth: 16)
        }
        return vanished + alike
    }

    private static func at16(_ style: ThemeStyle) -> ThemeStyle {
        func mapped(_ color: Color) -> Color {
            switch color {
            case .default, .ansi: return color
            case .rgb(let red, let green, let blue): return .ansi(ColorMapping.named(red, green, blue))
            case .indexed(let number):
                let color = ColorMapping.rgb(number)
                return .ansi(ColorMapping.named(color.red, color.green, color.blue))
            }
        }
        return ThemeStyle(
            foreground: mapped(style.foreground), background: mapped(style.background), modifiers: style.modifiers)
    }

    private func mono() -> [Finding] {
        Self.marks.compactMap { mark, other in
            let modifiers = theme.style(mark, colors: 0).modifiers
            guard modifiers.isEmpty || modifiers == theme.style(other, colors: 0).modifiers else { return nil }
            return Finding(
                role: mark,
                message: "without colour it looks like \(other.rawValue); give it modifiers, or a line in [mono]",
                depth: 0)
        }
    }

    private static func figure(_ number: Double) -> String { ThemeReport.figure(number) }
}
