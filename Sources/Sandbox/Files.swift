#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// What the sandbox has to know about files.
enum Files {
    /// Kinds of files that matter.
    enum Kind {
        case folder
        case link
        case socket
        case other
    }

    /// What is there, a link not followed; nil when nothing is.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        case S_IFSOCK: return .socket
        default: return .other
        }
    }

    /// Whether this process may read it.
    static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// Whether it is a program: a file that this process may run, links followed.
    static func isProgram(_ path: String) -> Bool {
        isFile(path) && access(path, X_OK) == 0
    }

    /// Whether it is a file, links followed.
    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether nobody but root and this user can change the file.
    static func isTrusted(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return (status.st_uid == 0 || status.st_uid == geteuid()) && status.st_mode & 0o022 == 0
    }

    /// The names in a folder; nil when it cannot be read.
    static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The beginning of a file as text; nil when it cannot be read.
    static func text(of path: String, limit: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let room = min(16_384, limit - bytes.count)
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                count = max(0, read(descriptor, buffer.baseAddress, room))
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a link points to, as it is written.
    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}

/// A path without links, dots and doubled slashes, and the links that were on the way.
struct ResolvedPath {
    /// Absolute. Parts that do not exist stay as they were written.
    private(set) var path = ""
    /// Each link that was followed: its own place, itself without links, and its text.
    private(set) var links: [(place: String, target: String)] = []

    /// Follows an absolute path. Nil for another one and for links in a circle.
    init?(_ written: String) {
        guard written.isAbsolutePath else { return nil }
        var parts = Array(written.pathParts.reversed())
        while let part = parts.popLast() {
            if part == "." { continue }
            if part == ".." {
                path = path.pathParts.dropLast().map { "/" + $0 }.joined()
                continue
            }
            let next = path + "/" + part
            guard Files.kind(of: next) == .link, let target = Files.target(ofLink: next) else {
                path = next
                continue
            }
            links.append((next, target))
            if links.count > 40 { return nil }
            if target.isAbsolutePath { path = "" }
            parts += target.pathParts.reversed()
        }
        if path.isEmpty { path = "/" }
    }

    /// The path, resolved; as it was written when it cannot be.
    static func of(_ path: String) -> String { ResolvedPath(path)?.path ?? path }
}

/// Paths are bytes: what Unicode calls equal, or one character, can be two names.
extension String {
    /// Whether it begins at the root.
    var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// What stands between its slashes.
    var pathParts: [String] { utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } }

    /// Whether this path lies below a folder, or is the folder itself. Both resolved.
    func isPath(within folder: String) -> Bool {
        if folder.utf8.elementsEqual("/".utf8) { return isAbsolutePath }
        guard utf8.starts(with: folder.utf8) else { return false }
        return utf8.count == folder.utf8.count || utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/")
    }

    /// The parts of this path below a folder that contains it.
    func parts(below folder: String) -> [String] { Array(pathParts.dropFirst(folder.pathParts.count)) }

    /// The folder that holds it; nil for the root.
    var parentPath: String? {
        let parts = pathParts
        guard !parts.isEmpty else { return nil }
        return parts.count == 1 ? "/" : parts.dropLast().map { "/" + $0 }.joined()
    }
}
