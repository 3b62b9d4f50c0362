import ProviderCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a file that the user named: a regular file of bounded size, never a device or a pipe that would block.
enum InputFile {
    /// All bytes. Throws a failure with exit code 65 that names the file.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure("\(path): \(String(cString: strerror(errno)))", code: Exit.inputFile)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure("\(path): not a regular file", code: Exit.inputFile)
        }
        guard status.st_size <= limit else {
            throw Failure("\(path): larger than \(limit >> 20) MiB", code: Exit.inputFile)
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
                #else
                    Darwin.read(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
                #endif
            }
            guard count > 0 else { break }
            length += count
        }
        return Array(bytes[..<length])
    }
}
