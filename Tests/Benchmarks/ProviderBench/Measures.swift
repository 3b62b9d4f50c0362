#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Prints one figure for the script that makes the table.
func report(_ name: String, _ value: Double) {
    print("\(name) \(value)")
    fflush(nil)
}

/// Tells what went wrong and ends the process.
func complain(_ message: String, code: Int32) -> Never {
    let line = Array((message + "\n").utf8)
    _ = write(2, line, line.count)
    exit(code)
}

/// CPU seconds of this process, user and system.
func processCPU() -> Double {
    var usage = rusage()
    #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
        getrusage(RUSAGE_SELF, &usage)
    #endif
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }

/// Microseconds of CLOCK_MONOTONIC, the clock of the event server's stamps.
func monotonicMicroseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
}

/// Bytes of this process in memory; 0 where there is no /proc.
func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}

/// How often which lateness was seen: 10 µs wide below 10 ms, 1 ms wide above.
struct Latenesses: Sendable {
    private var fine = [Int](repeating: 0, count: 1000)
    private var coarse = [Int](repeating: 0, count: 10_000)
    private(set) var count = 0
    /// The largest, in milliseconds.
    private(set) var largest = 0.0

    mutating func add(microseconds: Int) {
        let late = max(0, microseconds)
        count += 1
        largest = max(largest, Double(late) / 1000)
        if late < 10_000 { fine[late / 10] += 1 } else { coarse[min(late / 1000, coarse.count - 1)] += 1 }
    }

    /// The lateness in milliseconds that so great a share stays below.
    func percentile(_ share: Double) -> Double {
        var left = Int((Double(count) * share).rounded(.up))
        for (index, number) in fine.enumerated() {
            left -= number
            if left <= 0 { return Double(index + 1) / 100 }
        }
        for (index, number) in coarse.enumerated() {
            left -= number
            if left <= 0 { return Double(index + 1) }
        }
        return largest
    }
}
