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

    static func cubeRoot(_ value: Double) -> Double { cbrt(value) }
}
