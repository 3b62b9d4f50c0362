import TerminalKit

/// Colours as theme files spell them.
enum ThemeColor {
    /// The 16 colours by name, in the terminal's order.
    static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
        "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]

    /// Other names people use.
    private static let aliases = ["gray": 8, "grey": 8, "light-gray": 7, "light-grey": 7]

    /// The colour of a spelling that needs no palette: `default`, one of the 16 names, `0`...`255`, `#rgb`, `#rrggbb`.
    static func parse(_ text: String) -> Color? {
        if text == "default" { return .default }
        if let index = names.firstIndex(of: text) ?? aliases[text] { return .ansi(UInt8(index)) }
        if text.hasPrefix("#") { return hex(text.dropFirst()) }
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return UInt8(text).map(indexed)
    }

    /// A colour by number; the first 16 are the named ones.
    static func indexed(_ number: UInt8) -> Color { number < 16 ? .ansi(number) : .indexed(number) }

    /// A colour as theme files spell it.
    static func spelled(_ color: Color) -> String {
        switch color {
        case .default: "default"
        case .ansi(let index): names[Int(index & 15)]
        case .indexed(let number): String(number)
        case .rgb(let red, let green, let blue):
            "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    private static func hex(_ digits: Substring) -> Color? {
        let values = digits.compactMap(\.hexDigitValue)
        guard digits.utf8.count == values.count else { return nil }
        switch values.count {
        case 3: return .rgb(UInt8(values[0] * 17), UInt8(values[1] * 17), UInt8(values[2] * 17))
        case 6:
            let bytes = stride(from: 0, to: 6, by: 2).map { UInt8(values[$0] * 16 + values[$0 + 1]) }
            return .rgb(bytes[0], bytes[1], bytes[2])
        default: return nil
        }
    }
}

/// Red, green and blue, each 0...1 and linear in light, for reckoning contrast.
struct LinearColor: Sendable, Hashable {
    var red: Double
    var green: Double
    var blue: Double

    static let black = LinearColor(red: 0, green: 0, blue: 0)
    static let white = LinearColor(red: 1, green: 1, blue: 1)

    init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The light of a colour; nil for those the user's terminal decides (the default and the 16 named ones).
    init?(_ color: Color) {
        switch color {
        case .default, .ansi: return nil
        case .rgb(let red, let green, let blue): self.init(red, green, blue)
        case .indexed(let number):
            guard number >= 16 else { return nil }
            if number >= 232 {
                let gray = (number - 232) * 10 + 8
                self.init(gray, gray, gray)
            } else {
                // The cube of 6 x 6 x 6 as xterm has it.
                let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
                let cube = Int(number) - 16
                self.init(steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
            }
        }
    }

    private init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        // The sRGB curve (IEC 61966-2-1): 0 -> 0, 128 -> 0.2159, 255 -> 1.
        func linear(_ byte: UInt8) -> Double {
            let value = Double(byte) / 255
            return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055, 2.4)
        }
        self.init(red: linear(red), green: linear(green), blue: linear(blue))
    }

    /// Relative luminance, 0...1 (WCAG 2.2).
    var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

    /// Lightness L* of CIELAB, 0...100: mid grey (#777777) is 50.
    var lightness: Double {
        luminance > 216.0 / 24389 ? 116 * power(luminance, 1.0 / 3) - 16 : luminance * 24389 / 27
    }

    /// Contrast with another colour, 1...21 (WCAG 2.2): black and white 21, #777777 on white 4.48.
    func contrast(with other: LinearColor) -> Double {
        let lighter = max(luminance, other.luminance)
        let darker = min(luminance, other.luminance)
        return (lighter + 0.05) / (darker + 0.05)
    }

    /// A mixture with another colour, half of each.
    func blended(with other: LinearColor) -> LinearColor {
        LinearColor(red: (red + other.red) / 2, green: (green + other.green) / 2, blue: (blue + other.blue) / 2)
    }

    /// The colour as someone without green cones sees it (Machado, Oliveira and Fernandes 2009, severity 1.0).
    var seenWithDeuteranopia: LinearColor {
        mixed((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
    }

    /// The colour as someone without red cones sees it (the same source).
    var seenWithProtanopia: LinearColor {
        mixed((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
    }

    private func mixed(
        _ first: (Double, Double, Double), _ second: (Double, Double, Double), _ third: (Double, Double, Double)
    ) -> LinearColor {
        func part(_ row: (Double, Double, Double)) -> Double {
            min(1, max(0, row.0 * red + row.1 * green + row.2 * blue))
        }
        return LinearColor(red: part(first), green: part(second), blue: part(third))
    }
}
