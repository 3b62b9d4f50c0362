#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reading small files of the user without trusting what lies there.
enum TextFile {
    /// Who may read a file.
    enum Privacy {
        /// Anyone.
        case any
        /// Anyone; the path must not end in a symbolic link. For files that somebody else may have put there.
        case noLink
        /// Only its owner, who is the user of this process. The path must not end in a symbolic link: whoever can change
        /// the link chooses the file.
        case ownerOnly
    }

    /// The text of a file, without its byte order mark unless that is wanted; nil when there is no file.
    ///
    /// Never blocks: pipes, devices and folders are refused. Throws `FileProblem` for those, for more than `maximum`
    /// bytes, for bytes that are not UTF-8, and when the file cannot be read.
    static func read(
        _ path: String, maximum: Int, privacy: Privacy = .any, keepsMark: Bool = false
    ) throws(FileProblem) -> String? {
        guard !path.utf8.contains(0) else { throw FileProblem(file: path, "the name holds a zero byte") }
        var flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY
        if privacy != .any { flags |= O_NOFOLLOW }
        let descriptor = open(path, flags)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            if errno == ELOOP, privacy != .any {
                throw FileProblem(file: path, "is a symbolic link; name the file itself")
            }
            throw FileProblem(file: path, "cannot be read: \(reason(errno))")
        }
        defer { close(descriptor) }
        try check(descriptor, path, maximum: maximum, privacy)
        let bytes = try bytes(of: descriptor, path, maximum: maximum)
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) && !keepsMark ? bytes[3...] : bytes[...]
        guard let string = String(validating: text, as: UTF8.self) else {
            throw FileProblem(file: path, at: invalidPosition(text), "is not UTF-8 here; save the file as UTF-8")
        }
        return string
    }

    private static func check(
        _ descriptor: Int32, _ path: String, maximum: Int, _ privacy: Privacy
    ) throws(FileProblem) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileProblem(file: path, "cannot be read: \(reason(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileProblem(file: path, "is not a regular file") }
        guard status.st_size <= off_t(maximum) else { throw tooLarge(path, maximum) }
        guard case .ownerOnly = privacy else { return }
        guard status.st_uid == geteuid() else { throw FileProblem(file: path, "belongs to another user") }
        guard status.st_mode & 0o077 == 0 else {
            throw FileProblem(file: path, "can be read by others; run: chmod 600 \(printable(path))")
        }
    }

    private static func bytes(of descriptor: Int32, _ path: String, maximum: Int) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { Self.read(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(file: path, "cannot be read: \(reason(errno))") }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= maximum else { throw tooLarge(path, maximum) }
        }
    }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func tooLarge(_ path: String, _ maximum: Int) -> FileProblem {
        FileProblem(file: path, "is larger than \(maximum / 1024) KiB, the most that is read")
    }

    /// Where the first byte stands that is not UTF-8.
    private static func invalidPosition(_ bytes: ArraySlice<UInt8>) -> SourcePosition {
        var line = 1
        for piece in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if String(validating: piece, as: UTF8.self) == nil {
                let good = String(decoding: piece, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
                return SourcePosition(line: line, column: good.count + 1)
            }
            line += 1
        }
        return SourcePosition(line: 1, column: 1)
    }

    /// The system's words for an error.
    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
