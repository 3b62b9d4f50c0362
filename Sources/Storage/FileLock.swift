#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock on a file of its own, held until it is let go of. It ends with the process, however that ends, and holds between
/// containers that share the folder.
final class FileLock: Sendable {
    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock if nobody has it; makes the file. Nil when somebody has it; throws the system's error number.
    static func take(_ path: String, create: Bool = true) throws(SystemError) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (create ? O_CREAT : 0), 0o600)
        guard descriptor >= 0 else { throw SystemError(errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return FileLock(descriptor) }
        let number = errno
        close(descriptor)
        if number == EWOULDBLOCK { return nil }
        throw SystemError(number)
    }

    /// Whether somebody holds the lock on a file. Makes none.
    static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Shared, so that those who look are not taken for holders by one another.
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Writes who holds it into the file.
    func sign(_ text: String) {
        let bytes = Array(text.utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    /// What the holder of the lock wrote; nil = nothing.
    static func signature(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    /// Takes the lock as soon as it is free, within `tries` times 10 ms.
    static func wait(_ path: String, tries: Int = 500) throws(SystemError) -> FileLock? {
        for _ in 0..<tries {
            if let lock = try take(path) { return lock }
            usleep(10_000)
        }
        return nil
    }
}

/// An error number of the system.
struct SystemError: Error {
    let number: CInt

    init(_ number: CInt) { self.number = number }

    var text: String { String(cString: strerror(number)) }
}

/// Files and folders, as far as a database needs them.
enum Folder {
    /// Makes a folder and those above it, for its owner alone.
    static func make(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let cut = path.lastIndex(of: "/"), cut > path.startIndex else {
            throw SystemError(errno)
        }
        try make(String(path[..<cut]))
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemError(errno) }
    }

    /// The names in a folder; empty when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// What is at a path: nil = nothing, true = a regular file.
    static func isRegularFile(_ path: String) -> Bool? {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        return info.st_mode & S_IFMT == S_IFREG
    }

    /// Makes what was written to a file survive a power cut.
    static func syncFile(_ path: String) throws(SystemError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemError(errno) }
        defer { close(descriptor) }
        #if canImport(Darwin)
            // There fsync leaves it in the drive's own memory.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        guard fsync(descriptor) == 0 else { throw SystemError(errno) }
    }

    /// Makes renames in a folder survive a power cut.
    static func sync(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// A file that is given back when the disk is full, so that requests that are over can still be booked.
struct Reserve {
    let path: String
    static let bytes = 1 << 20

    /// Makes it where it is missing and there is room.
    func make() {
        guard Folder.isRegularFile(path) == nil else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 65_536)
        for _ in 0..<(Self.bytes / zeros.count) where write(descriptor, zeros, zeros.count) != zeros.count {
            unlink(path)
            return
        }
    }

    /// Gives its room back. False when there was none.
    func release() -> Bool { unlink(path) == 0 }
}
