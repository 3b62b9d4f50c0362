/// Colours that a terminal does not have, replaced by the nearest it has. Nearness is Euclidean distance in OKLab
/// (Björn Ottosson, "A perceptual color space for image processing", 2020).
public enum ColorMapping {
    /// The nearest of the 240 fixed colours, 16...255. The first sixteen are not used: people redefine them.
    /// Samples: (255, 0, 0) → 196, (255, 255, 255) → 231, (128, 128, 128) → 244.
    public static func indexed(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        nearest(to: lab(red, green, blue), among: fixedColors).advanced(by: 16)
    }

    /// The nearest of the 16 named colours, as xterm has them. Samples: (255, 0, 0) → 9, (0, 0, 0) → 0.
    public static func named(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        nearest(to: lab(red, green, blue), among: namedColors)
    }

    /// Red, green and blue of one of the 256 colours; the first sixteen as xterm has them.
    public static func rgb(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
        if index < 16 { return names[Int(index)] }
        if index >= 232 {
            let grey = 8 + 10 * (index - 232)
            return (grey, grey, grey)
        }
        let cube = Int(index) - 16
        return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }

    private struct Lab { let l, a, b: Double }

    private static let names: [(UInt8, UInt8, UInt8)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    private static let namedColors: [Lab] = names.map { lab($0.0, $0.1, $0.2) }

    private static let fixedColors: [Lab] = (16...255).map {
        let color = rgb(UInt8($0))
        return lab(color.red, color.green, color.blue)
    }

    private static func nearest(to wanted: Lab, among colors: [Lab]) -> UInt8 {
        var best = 0
        var least = Double.infinity
        for (index, color) in colors.enumerated() {
            let (l, a, b) = (color.l - wanted.l, color.a - wanted.a, color.b - wanted.b)
            let distance = l * l + a * a + b * b
            if distance < least { (best, least) = (index, distance) }
        }
        return UInt8(best)
    }

    private static func lab(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Lab {
        let (r, g, b) = (linear(red), linear(green), linear(blue))
        let l = cubeRoot(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
        let m = cubeRoot(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
        let s = cubeRoot(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
        return Lab(
            l: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            a: 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            b: 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
    }

    /// A colour between two, mixed in OKLab: `share` 0 is the first, 1 the second. Samples: (255, 0, 0) and (0, 0, 255) at
    /// 0.5 → (140, 83, 162); black and white at 0.5 → (99, 99, 99).
    public static func mixed(
        _ first: (red: UInt8, green: UInt8, blue: UInt8), _ second: (red: UInt8, green: UInt8, blue: UInt8),
        share: Double
    ) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let (from, to) = (lab(first.red, first.green, first.blue), lab(second.red, second.green, second.blue))
        func between(_ one: Double, _ other: Double) -> Double { one + (other - one) * share }
        return rgb(Lab(l: between(from.l, to.l), a: between(from.a, to.a), b: between(from.b, to.b)))
    }

    /// The way back, with the inverse matrices of the same source.
    private static func rgb(_ lab: Lab) -> (red: UInt8, green: UInt8, blue: UInt8) {
        func cubed(_ value: Double) -> Double { value * value * value }
        let l = cubed(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b)
        let m = cubed(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b)
        let s = cubed(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b)
        return (
            encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
        )
    }
}
