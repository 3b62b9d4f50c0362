import AppUI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that nobody else can read (0600) in a folder of its own that nobody else can enter (0700). Both are gone with
/// `remove`.
struct PrivateFile {
    private static let sizeLimit = 16 << 20

    /// Where it is.
    let path: String
    private let folder: String

    /// Writes a text into a new file in the folder for temporary files; throws a sentence.
    init(_ text: String, name: String, environment: [String: String]) throws(ExternalToolError) {
        let parent = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array("\(parent)/tickertape-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ExternalToolError("no temporary file can be made in \(parent): \(Self.reason())")
        }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = folder + "/" + name
        do throws(ExternalToolError) { try Self.create(Array(text.utf8), to: path) } catch {
            remove()
            throw error
        }
    }

    /// Writes a file that nobody else can read; what is there is replaced, never followed. Throws a sentence.
    static func create(_ bytes: [UInt8], to path: String) throws(ExternalToolError) {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ExternalToolError("\(path) cannot be written: \(reason())") }
        defer { close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExternalToolError("\(path) cannot be written: \(reason())") }
            sent += count
        }
    }

    /// The text that it has now, as UTF-8, repaired; throws a sentence when it cannot be read or is larger than 16 MiB.
    func read() throws(ExternalToolError) -> String {
        do {
            return String(decoding: try InputFile.read(path, limit: Self.sizeLimit), as: UTF8.self)
        } catch {
            throw ExternalToolError((error as? Failure)?.message ?? String(describing: error))
        }
    }

    /// Removes file and folder, and what an editor left beside it.
    func remove() {
        if let stream = opendir(folder) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                    field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink(folder + "/" + name) }
            }
            closedir(stream)
        }
        rmdir(folder)
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
