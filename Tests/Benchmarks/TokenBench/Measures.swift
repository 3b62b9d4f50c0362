#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// CPU time of this thread, in seconds.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Ends the program with a message.
func give(up message: String) -> Never {
    let text = "token-bench: \(message)\n"
    _ = write(2, text, text.utf8.count)
    exit(64)
}

/// Calls `body` with each chunk of a file, or of standard input for `-`.
func readChunks(of path: String, size: Int, _ body: (ArraySlice<UInt8>) -> Void) {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY)
    guard descriptor >= 0 else { give(up: "cannot open \(path)") }
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
        let count = read(descriptor, &buffer, size)
        guard count > 0 else { break }
        body(buffer[..<count])
    }
    close(descriptor)
}

func readFile(_ path: String) -> [UInt8] {
    var bytes: [UInt8] = []
    readChunks(of: path, size: 1 << 20) { bytes += $0 }
    return bytes
}
