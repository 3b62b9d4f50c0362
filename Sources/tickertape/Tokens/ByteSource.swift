#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file, or standard input, read in pieces: a hundred megabytes need no more memory than a line.
struct ByteSource: ~Copyable {
    /// How messages name it.
    let name: String
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)

    /// A file; `-` is standard input. Throws a failure with exit code 65 that names the file.
    init(path: String) throws {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            let isOurs = path != "-"
            if isOurs { close(descriptor) }
            throw failure(EISDIR)
        }
    }

    deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

    /// The next bytes, valid during the call; false at the end. Throws a failure with exit code 65.
    mutating func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in
                #if canImport(Glibc)
                    Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                #else
                    Darwin.read(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            guard count > 0 else { return false }
            try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            return true
        }
    }

    private func failure(_ code: Int32) -> Failure {
        Failure("\(name): \(String(cString: strerror(code)))", code: Exit.inputFile)
    }
}
