import TerminalKit

/// Finds what would make a theme hard to read: too little contrast, opposites that look alike to people who do not tell
/// red from green, marks that vanish without colour.
///
/// Contrast is known only for colours given as `#rrggbb` or 16 to 255; what the terminal decides is not judged.
struct ThemeLint {
    let theme: Theme
    /// Whether the terminal's own background is taken as white, else as black.
    let isLight: Bool

    /// Least contrast of text (WCAG 2.2, 1.4.3).
    static let textContrast = 4.5
    /// Least contrast of borders and marks (WCAG 2.2, 1.4.11).
    static let chromeContrast = 3.0
    /// Least difference in lightness L* between opposites.
    static let oppositeDifference = 8.0

    private static let chrome: Set<ThemeRole> = [
        .border, .borderFocus, .markdownList, .meterLow, .meterMid, .meterHigh,
    ]
    private static let opposites: [(ThemeRole, ThemeRole)] = [
        (.toolOK, .toolError), (.diffAdded, .diffDeleted), (.meterLow, .meterHigh), (.ok, .error),
    ]
    /// Marks that must stand out without colour, each against what it must not look like.
    private static let marks: [(ThemeRole, ThemeRole)] = [
        (.selection, .text), (.borderFocus, .border), (.error, .text), (.searchCurrent, .searchMatch),
    ]

    /// Everything found, a line each; empty when the theme is fine.
    func findings() -> [String] { contrast() + likeness() + mono() }

    private func contrast() -> [String] {
        ThemeRole.allCases.compactMap { role in
            let style = theme.style(role, colors: 256)
            guard let foreground = LinearColor(style.foreground), let background = background(style) else { return nil }
            let shown = style.modifiers.contains(.dim) ? foreground.blended(with: background) : foreground
            let contrast = shown.contrast(with: background)
            let least = Self.chrome.contains(role) ? Self.chromeContrast : Self.textContrast
            guard contrast < least else { return nil }
            return "\(role.rawValue): contrast \(Self.oneDecimal(contrast)) is below \(Self.oneDecimal(least))"
        }
    }

    private func background(_ style: ThemeStyle) -> LinearColor? {
        if style.background == .default { return isLight ? .white : .black }
        return LinearColor(style.background)
    }

    private func likeness() -> [String] {
        Self.opposites.compactMap { left, right in
            guard let one = seen(left), let other = seen(right) else { return nil }
            let styles = (theme.style(left, colors: 256), theme.style(right, colors: 256))
            let differsByModifiersOnly =
                styles.0.foreground == styles.1.foreground && styles.0.modifiers != styles.1.modifiers
            guard !differsByModifiersOnly else { return nil }
            let difference = abs(one - other)
            guard difference < Self.oppositeDifference else { return nil }
            return "\(left.rawValue) and \(right.rawValue): lightness differs by only \(Self.oneDecimal(difference)) "
                + "for people who do not tell red from green; at least \(Self.oneDecimal(Self.oppositeDifference)) is needed"
        }
    }

    private func seen(_ role: ThemeRole) -> Double? {
        LinearColor(theme.style(role, colors: 256).foreground)?.seenWithDeuteranopia.lightness
    }

    private func mono() -> [String] {
        Self.marks.compactMap { mark, other in
            let modifiers = theme.style(mark, colors: 0).modifiers
            guard modifiers.isEmpty || modifiers == theme.style(other, colors: 0).modifiers else { return nil }
            return
                "\(mark.rawValue): without colour it looks like \(other.rawValue); give it modifiers, or a line in [mono]"
        }
    }

    private static func oneDecimal(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded(.down))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
