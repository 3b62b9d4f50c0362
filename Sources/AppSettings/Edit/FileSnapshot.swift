#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a file of the user held when it was read, for writing it anew later without losing what somebody else wrote
/// meanwhile.
public struct FileSnapshot: Sendable, Hashable {
    /// The path as it was given.
    public let path: String
    /// The text, with its byte order mark; empty when there is no file.
    public let text: String
    /// Whether there is a file.
    public let exists: Bool

    /// The text without a byte order mark.
    public var body: String { Self.body(of: text) }

    /// A text without its byte order mark.
    public static func body(of text: String) -> String {
        text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Reads a file; there need not be one. Throws `FileProblem` when it is no regular file, not UTF-8, larger than
    /// `maximum` bytes, or cannot be read.
    public init(_ path: String, maximum: Int = Settings.maximumBytes) throws(FileProblem) {
        let text = try TextFile.read(path, maximum: maximum, keepsMark: true)
        self.path = path
        self.text = text ?? ""
        exists = text != nil
    }

    /// Writes a new text in the place of the file: beside it first, then moved over it, so that at no time half a file is
    /// there. Rights are kept, a symbolic link stays and its target is written. A new file is readable by its owner only;
    /// missing folders are made so too.
    ///
    /// Throws `FileProblem`, and nothing is changed, when the file is not as it was read any more, belongs to somebody
    /// else, or cannot be written. Returns the snapshot of the new file.
    @discardableResult
    public func replace(with text: String) throws(FileProblem) -> FileSnapshot {
        let target = try target()
        if !exists { try Self.makeFolders(above: target) }
        try checkUnchanged()
        let mode = try mode(of: target)
        let temporary = try write(text, beside: target, mode: mode)
        do throws(FileProblem) {
            // As late as can be: what is written between here and the next line is lost.
            try checkUnchanged()
            guard rename(temporary, target) == 0 else { throw cannot(errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        Self.sync(folder: Self.folder(of: target))
        return FileSnapshot(path: path, text: text, exists: true)
    }

    private init(path: String, text: String, exists: Bool) {
        self.path = path
        self.text = text
        self.exists = exists
    }

    private func cannot(_ code: Int32) -> FileProblem {
        FileProblem(file: path, "cannot be written: \(TextFile.reason(code))")
    }

    private func checkUnchanged() throws(FileProblem) {
        let now = try TextFile.read(path, maximum: max(Settings.maximumBytes, text.utf8.count), keepsMark: true)
        guard now == (exists ? text : nil) else {
            throw FileProblem(file: path, "was changed by somebody else meanwhile; nothing was written")
        }
    }

    /// The file itself, behind symbolic links.
    private func target() throws(FileProblem) -> String {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        guard let resolved = realpath(path, nil) else {
            throw FileProblem(file: path, "is a symbolic link that leads nowhere")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func mode(of target: String) throws(FileProblem) -> mode_t {
        var status = stat()
        guard exists, stat(target, &status) == 0 else { return 0o600 }
        guard status.st_uid == geteuid() else { throw FileProblem(file: path, "belongs to another user") }
        return status.st_mode & 0o7777
    }

    /// Writes the text to a file of a name nobody can foresee, down to the disk. Its path.
    private func write(_ text: String, beside target: String, mode: mode_t) throws(FileProblem) -> String {
        let name = String(target.split(separator: "/").last ?? "file")
        var template = Array((Self.folder(of: target) + "/.\(name).XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw cannot(errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let temporary = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        var isWritten = Self.write(Array(text.utf8), to: descriptor) && fchmod(descriptor, mode) == 0
        isWritten = isWritten && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten else {
            unlink(temporary)
            throw cannot(code)
        }
        return temporary
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return true }
            var sent = 0
            while sent < buffer.count {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, base + sent, buffer.count - sent)
                #else
                    let count = Darwin.write(descriptor, base + sent, buffer.count - sent)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func makeFolders(above path: String) throws(FileProblem) {
        let folder = folder(of: path)
        var status = stat()
        guard stat(folder, &status) != 0 else { return }
        if folder != "/", folder != "." { try makeFolders(above: folder) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw FileProblem(file: folder, "cannot be made: \(TextFile.reason(errno))")
        }
    }

    private static func sync(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
