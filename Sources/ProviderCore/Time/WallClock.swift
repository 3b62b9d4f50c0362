#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The clock on the wall: for the time that people read, never for durations or for order, since it can be set.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Int64

    /// The system's, unless another is given: milliseconds since 1970.
    public init(_ read: @escaping @Sendable () -> Int64 = Self.system) { self.read = read }

    /// Milliseconds since 1970.
    public var now: Int64 { read() }

    /// The system's clock, in milliseconds since 1970.
    public static let system: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The day in the local time zone, `YYYY-MM-DD`.
    public static func day(_ milliseconds: Int64) -> String {
        let time = local(milliseconds)
        return
            "\(padded(Int(time.tm_year) + 1900, 4))-\(padded(Int(time.tm_mon) + 1, 2))-\(padded(Int(time.tm_mday), 2))"
    }

    /// Day and time in the local time zone, `YYYY-MM-DD HH:MM:SS`.
    public static func stamp(_ milliseconds: Int64) -> String {
        let time = local(milliseconds)
        let parts = [time.tm_hour, time.tm_min, time.tm_sec].map { padded(Int($0), 2) }
        return day(milliseconds) + " " + parts.joined(separator: ":")
    }

    private static func local(_ milliseconds: Int64) -> tm {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return parts
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
