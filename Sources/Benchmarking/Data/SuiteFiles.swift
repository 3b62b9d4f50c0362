#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a suite's files are read from. `FolderFiles` is the one on disk.
public protocol SuiteFiles: Sendable {
    /// The bytes of a file. `path` is as the suite names it, relative to its folder. Throws when there is no such
    /// file in that folder, when it is no regular file, and when it has more bytes than `limit`.
    func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8]
}

/// Why a file of a suite cannot be read.
public struct SuiteFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, in words that follow the file's name.
    public var message: String

    /// An error.
    public init(_ message: String) { self.message = message }

    /// The words.
    public var description: String { message }
}

/// The files of a folder and of those in it. Links are followed, but not out of the folder.
public struct FolderFiles: SuiteFiles {
    /// The folder.
    public let folder: String

    /// The files of a folder.
    public init(_ folder: String) { self.folder = folder.isEmpty ? "." : folder }

    /// Reads a file; never waits for pipes and devices, which are refused.
    public func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8] {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw SuiteFileError("is no name of a file") }
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            throw SuiteFileError("lies outside the suite's folder; a suite reads files of its own folder only")
        }
        let root = try Self.resolved(folder)
        let target = try Self.resolved(folder + "/" + path)
        guard target == root || target.hasPrefix(root == "/" ? "/" : root + "/") else {
            throw SuiteFileError("leads out of the suite's folder through a link")
        }
        let descriptor = open(target, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SuiteFileError("cannot be read: \(Self.reason(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SuiteFileError("cannot be read: \(Self.reason(errno))") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SuiteFileError("is a folder, not a file")
        default: throw SuiteFileError("is no regular file")
        }
        return try Self.bytes(of: descriptor, size: Int(status.st_size), limit: limit)
    }

    private static func bytes(of descriptor: Int32, size: Int, limit: Int) throws(SuiteFileError) -> [UInt8] {
        guard size <= limit else { throw tooLarge(limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { part in
                #if canImport(Glibc)
                    Glibc.read(descriptor, part.baseAddress, part.count)
                #else
                    Darwin.read(descriptor, part.baseAddress, part.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SuiteFileError("cannot be read: \(reason(errno))") }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw tooLarge(limit) }
        }
    }

    private static func tooLarge(_ limit: Int) -> SuiteFileError {
        SuiteFileError("is larger than \(limit / 1_000_000) MB, the most that is read")
    }

    /// The path without links.
    private static func resolved(_ path: String) throws(SuiteFileError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw SuiteFileError(
                errno == ENOENT || errno == ENOTDIR ? "is not there" : "cannot be read: \(reason(errno))")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
