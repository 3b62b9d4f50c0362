#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ColorMapping {
    /// An sRGB component as linear light, 0...1 (IEC 61966-2-1).
    static func linear(_ component: UInt8) -> Double {
        let value = Double(component) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// Linear light as an sRGB component; what sRGB cannot show becomes the nearest it can.
    static func encoded(_ light: Double) -> UInt8 {
        let value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
        return UInt8((min(1, max(0, value)) * 255).rounded())
    }

    static func cubeRoot(_ value: Double) -> Double { cbrt(value) }
}
