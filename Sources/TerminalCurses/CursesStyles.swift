import CNcurses
import TerminalKit

/// Styles as curses wants them: attribute bits and a colour pair. Pairs are allocated once per pair of colours.
struct CursesStyles {
    private let colors: Int
    /// The number of the palette's first colour where numbers below it are 24-bit colours; 0 = numbers are the palette's.
    private let paletteStart: Int32
    private var looks: [ThemeRole: (attributes: UInt32, pair: Int32)] = [:]
    /// Looks of a meter's cells by level; empty where roles are all there is.
    private var levels: [(attributes: UInt32, pair: Int32)] = []
    private var pairs: [PairKey: Int32] = [:]

    private struct PairKey: Hashable {
        let foreground: Int32
        let background: Int32
    }

    /// Styles for a terminal with so many colours (0 = none).
    init(colors: Int, paletteStart: Int32 = 0) {
        self.colors = colors
        self.paletteStart = paletteStart
    }

    /// Uses a theme from now on.
    mutating func use(_ theme: Theme) {
        looks = [:]
        for role in ThemeRole.allCases {
            let style = theme.style(role, colors: colors)
            var attributes = Self.attributes(style.modifiers)
            let pair = pair(style, &attributes)
            looks[role] = (attributes, pair)
        }
        levels = colors >= 256 ? (0...100).map { level(theme, percent: $0) } : []
    }

    private mutating func level(_ theme: Theme, percent: Int) -> (attributes: UInt32, pair: Int32) {
        let style = theme.style(Style.meter(Double(percent) / 100), colors: colors)
        var attributes = Self.attributes(style.modifiers)
        let pair = pair(style, &attributes)
        return (attributes, pair)
    }

    /// Attribute bits and pair of a style.
    func look(_ style: Style) -> (attributes: UInt32, pair: Int32) {
        let level = Int(style.level) - 1
        let base = levels.indices.contains(level) ? levels[level] : looks[style.role] ?? (0, 0)
        return (base.attributes | Self.attributes(style.modifiers), base.pair)
    }

    private static func attributes(_ modifiers: Modifiers) -> UInt32 {
        var bits: UInt32 = 0
        if modifiers.contains(.bold) { bits |= tt_bold() }
        if modifiers.contains(.dim) { bits |= tt_dim() }
        if modifiers.contains(.italic) { bits |= tt_italic() }
        if modifiers.contains(.underline) { bits |= tt_underline() }
        if modifiers.contains(.reverse) { bits |= tt_reverse() }
        return bits
    }

    private mutating func pair(_ style: ThemeStyle, _ attributes: inout UInt32) -> Int32 {
        guard colors >= 8 else { return 0 }
        let key = PairKey(foreground: number(style.foreground, &attributes), background: number(style.background))
        guard key != PairKey(foreground: -1, background: -1) else { return 0 }
        if let known = pairs[key] { return known }
        let pair = Int32(pairs.count + 1)
        guard init_extended_pair(pair, key.foreground, key.background) == OK else { return 0 }
        pairs[key] = pair
        return pair
    }

    /// A colour's number; bright ones become bold where there are only eight.
    private func number(_ color: Color, _ attributes: inout UInt32) -> Int32 {
        let number = number(color)
        guard colors < 16, number >= 8 else { return number }
        attributes |= tt_bold()
        return number - 8
    }

    /// A colour of the palette. In a description of others with 24-bit colours only the first eight have numbers of their own.
    private func palette(_ index: UInt8) -> Int32 {
        guard paletteStart == 0, colors >= ColorChoice.all24, index >= 8 else { return paletteStart + Int32(index) }
        let (red, green, blue) = ColorMapping.rgb(index)
        return number(.rgb(red, green, blue))
    }

    private func number(_ color: Color) -> Int32 {
        switch color {
        case .default: return -1
        case .ansi(let index): return palette(index)
        case .indexed(let index):
            if colors >= 256 { return palette(index) }
            let color = ColorMapping.rgb(index)
            return Int32(ColorMapping.named(color.red, color.green, color.blue))
        case .rgb(let red, let green, let blue):
            if colors >= ColorChoice.all24 { return Int32(red) << 16 | Int32(green) << 8 | Int32(blue) }
            return Int32(colors >= 256 ? ColorMapping.indexed(red, green, blue) : ColorMapping.named(red, green, blue))
        }
    }
}
