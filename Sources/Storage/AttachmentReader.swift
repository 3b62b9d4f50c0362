public import Conversations
internal import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a file cannot go along with a message: what it is and what was wanted, in a sentence.
public struct AttachmentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public var description: String
    /// Whether there is no such file.
    public var isMissing = false
}

/// Reads files that go along with messages: text in UTF-8, and images as PNG, JPEG, GIF or WebP. Reads regular files only, of at most
/// 20 MiB, never follows a link at the end of a path, and never waits for a pipe or a device.
public struct AttachmentReader: Sendable {
    /// The largest file, in bytes.
    public static let maximumBytes = 20 << 20

    private let folder: String
    private let home: String?

    /// A reader for paths as they are typed: relative ones stand below `folder`, those that begin with `~/` below `home`.
    public init(folder: String, home: String?) {
        self.folder = folder
        self.home = home
    }

    /// A file as an attachment under its path as it was typed. Blocks while the disk reads.
    public func read(_ path: String) throws(AttachmentError) -> Attachment {
        func refused(_ what: String, isMissing: Bool = false) -> AttachmentError {
            AttachmentError(description: "\(path) \(what)", isMissing: isMissing)
        }
        guard !path.isEmpty, !path.utf8.contains(0) else { throw refused("is no path of a file") }
        let bytes: [UInt8]
        do throws(AttachmentError) { bytes = try Self.bytes(absolute(path)) } catch {
            throw refused(error.description, isMissing: error.isMissing)
        }
        do throws(AttachmentError) {
            return Attachment(name: path, content: try Self.content(bytes))
        } catch { throw refused(error.description) }
    }

    private func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home { return home + path.dropFirst() }
        return folder + "/" + path
    }

    // MARK: Bytes

    private static func bytes(_ path: String) throws(AttachmentError) -> [UInt8] {
        var info = stat()
        guard lstat(path, &info) == 0 else { throw failure(errno) }
        try check(info)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        // Once more: what was looked at may have been replaced.
        guard fstat(descriptor, &info) == 0 else { throw failure(errno) }
        try check(info)
        guard !isOfKernel(info) else {
            throw AttachmentError(description: "is made by the kernel when it is read; copy what it says into a file")
        }
        return try read(descriptor, expected: Int(info.st_size))
    }

    private static func check(_ info: stat) throws(AttachmentError) {
        let what: String? =
            switch info.st_mode & S_IFMT {
            case S_IFREG: nil
            case S_IFDIR: "is a folder; attach single files"
            case S_IFLNK: "is a link; attach the file that it leads to"
            case S_IFIFO: "is a pipe; attach a file"
            case S_IFSOCK: "is a socket; attach a file"
            case S_IFCHR, S_IFBLK: "is a device; attach a file"
            default: "is no regular file"
            }
        if let what { throw AttachmentError(description: what) }
        if info.st_size > maximumBytes { throw tooLarge(Int(info.st_size)) }
    }

    private static func tooLarge(_ bytes: Int) -> AttachmentError {
        let mebibytes = (bytes + (1 << 20) - 1) >> 20
        return AttachmentError(description: "has \(mebibytes) MiB; wanted at most \(maximumBytes >> 20) MiB")
    }

    /// Whether the file stands in a file system of the kernel: such files have no true size and may never end.
    private static func isOfKernel(_ file: stat) -> Bool {
        ["/proc", "/sys", "/sys/fs/cgroup", "/sys/kernel/debug", "/sys/kernel/tracing"].contains { path in
            var info = stat()
            return lstat(path, &info) == 0 && info.st_dev == file.st_dev && info.st_dev != rootDevice
        }
    }

    /// The device of `/`: where no such file system stands at these places, they are folders of it.
    private static var rootDevice: dev_t {
        var info = stat()
        return lstat("/", &info) == 0 ? info.st_dev : 0
    }

    /// All of a file that may grow meanwhile, up to one byte more than is taken.
    private static func read(_ descriptor: CInt, expected: Int) throws(AttachmentError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(expected, maximumBytes) + 1)
        var count = 0
        while true {
            if count == bytes.count {
                guard count <= maximumBytes else { throw tooLarge(count) }
                bytes += [UInt8](repeating: 0, count: min(max(count, 65_536), maximumBytes + 1 - count))
            }
            let (start, room) = (count, bytes.count - count)
            let got = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { systemRead(descriptor, $0 + start, room) } ?? 0
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            if got == 0 { break }
            count += got
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func failure(_ number: CInt) -> AttachmentError {
        switch number {
        case ENOENT, ENOTDIR: AttachmentError(description: "is not there", isMissing: true)
        case EACCES, EPERM: AttachmentError(description: "may not be read")
        case ELOOP: AttachmentError(description: "is a link; attach the file that it leads to")
        default: AttachmentError(description: "cannot be read: \(SystemError(number).text)")
        }
    }

    // MARK: Content

    private static func content(_ bytes: [UInt8]) throws(AttachmentError) -> Attachment.Content {
        guard !bytes.isEmpty else { throw AttachmentError(description: "is empty") }
        if let image = FileKind.image(bytes) {
            let content = Attachment.Content.image(type: image.type, base64: Data(bytes).base64EncodedString())
            guard Attachment(name: "", content: content).imageSize != nil else {
                throw AttachmentError(description: "begins like a \(image.name) image but is none")
            }
            return content
        }
        if let kind = FileKind.other(bytes) {
            throw AttachmentError(description: "is \(kind); wanted text in UTF-8, or a PNG, JPEG, GIF or WebP image")
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: text, as: UTF8.self) else {
            throw AttachmentError(
                description: "is text in another encoding than UTF-8; convert it, for example with iconv")
        }
        return .text(text)
    }
}

/// `read` of the system, which the type's own hides.
private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

/// What a file is by its first bytes.
enum FileKind {
    /// An image of a kind that models take.
    static func image(_ bytes: [UInt8]) -> (name: String, type: String)? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return ("PNG", "image/png") }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return ("JPEG", "image/jpeg") }
        if has("GIF87a", bytes) || has("GIF89a", bytes) { return ("GIF", "image/gif") }
        if has("RIFF", bytes), has("WEBP", bytes, at: 8) { return ("WebP", "image/webp") }
        return nil
    }

    /// What is neither text nor such an image; nil when it may be text.
    static func other(_ bytes: [UInt8]) -> String? {
        for (start, name) in starts where bytes.starts(with: start) { return name }
        if has("ftyp", bytes, at: 4) { return "a film or a HEIC or AVIF image" }
        return bytes.contains(0) ? "binary" : nil
    }

    private static let starts: [([UInt8], String)] = [
        (Array("%PDF-".utf8), "a PDF document"), ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or an office document"),
        ([0x1F, 0x8B], "compressed with gzip"), (Array("BZh".utf8), "compressed with bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "compressed with xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program"), ([0xCF, 0xFA, 0xED, 0xFE], "a program"),
        (Array("SQLite format 3\0".utf8), "a SQLite database"), (Array("II*\0".utf8), "a TIFF image"),
        ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF image"), (Array("OggS".utf8), "sound or a film"),
        (Array("ID3".utf8), "sound"), (Array("RIFF".utf8), "sound or a film"),
        ([0xFF, 0xFE, 0x00, 0x00], "text in UTF-32"), ([0x00, 0x00, 0xFE, 0xFF], "text in UTF-32"),
        ([0xFF, 0xFE], "text in UTF-16"), ([0xFE, 0xFF], "text in UTF-16"),
    ]

    private static func has(_ text: String, _ bytes: [UInt8], at start: Int = 0) -> Bool {
        bytes.dropFirst(start).starts(with: text.utf8)
    }
}
