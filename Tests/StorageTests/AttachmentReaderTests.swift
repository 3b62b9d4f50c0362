import Conversations
import Foundation
import ProviderCore
import Testing

@testable import Storage

@Suite struct AttachmentReaderTests {
    private let place = LedgerFolder()

    private func read(_ path: String) -> Result<KeptFile, AttachmentError> {
        let reader = AttachmentReader(folder: place.folder, home: place.folder + "/home")
        return Result { () throws(AttachmentError) in try reader.read(path) }
    }

    /// The sentence of a refusal.
    private func refusal(_ path: String) -> String? {
        if case .failure(let error) = read(path) { error.description } else { nil }
    }

    private func put(_ bytes: [UInt8], as name: String = "file") {
        _ = FileManager.default.createFile(atPath: place.folder + "/" + name, contents: Data(bytes))
    }

    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 3, 0, 0, 0, 2]
        + [8, 6, 0, 0, 0]
    private static let gif = Array("GIF89a".utf8) + [5, 0, 4, 0, 0, 0, 0]
    private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 7, 0, 6, 1, 1, 0x11, 0]
    private static let webP =
        Array("RIFF".utf8) + [30, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 7, 0, 0]

    @Test(arguments: [
        ("plain", Array("text\n".utf8), "text\n"), ("carriage returns", Array("a\r\nb".utf8), "a\r\nb"),
        ("a mark of byte order", [0xEF, 0xBB, 0xBF, 0x61], "a"),
        ("escape codes", [0x1B, 0x5B, 0x32, 0x4A], "\u{1B}[2J"),
        ("beyond ASCII", Array("日本語 👩‍👩‍👧‍👦".utf8), "日本語 👩‍👩‍👧‍👦"),
    ]) func textComesAsItIs(name: String, bytes: [UInt8], text: String) throws {
        put(bytes)
        #expect(try read("file").get() == KeptFile(name: "file", content: .text(text)))
    }

    @Test(arguments: [
        ("image/png", png, 3, 2), ("image/gif", gif, 5, 4), ("image/jpeg", jpeg, 6, 7), ("image/webp", webP, 9, 8),
    ]) func imagesAreKnownByTheirBytes(type: String, bytes: [UInt8], width: Int, height: Int) throws {
        put(bytes, as: "image.txt")
        let attachment = try read("image.txt").get()
        #expect(attachment.content == .image(type: type, base64: Data(bytes).base64EncodedString()))
        #expect(attachment.imageSize?.width == width)
        #expect(attachment.imageSize?.height == height)
    }

    @Test(arguments: [
        ("nothing", [], "is empty"), ("a cut PNG", Array(png.prefix(12)), "begins like a PNG image but is none"),
        ("a cut JPEG", [0xFF, 0xD8, 0xFF], "begins like a JPEG image but is none"),
        ("NUL", [0x61, 0, 0x62], "is binary; wanted text in UTF-8, or a PNG, JPEG, GIF or WebP image"),
        (
            "Latin-1", [0x63, 0x61, 0x66, 0xE9],
            "is text in another encoding than UTF-8; convert it, for example with iconv"
        ),
        ("UTF-16", [0xFF, 0xFE, 0x61, 0x00], "is text in UTF-16; wanted"),
        ("UTF-32", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "is text in UTF-32; wanted"),
        ("PDF", Array("%PDF-1.7\n".utf8), "is a PDF document; wanted"),
        ("gzip", [0x1F, 0x8B, 8], "is compressed with gzip"),
        ("ZIP", [0x50, 0x4B, 3, 4], "is a ZIP archive or an office document; wanted"),
        ("a program", [0x7F, 0x45, 0x4C, 0x46, 2], "is a program; wanted"),
        ("HEIC", [0, 0, 0, 24] + Array("ftypheic".utf8), "is a film or a HEIC or AVIF image; wanted"),
        ("a surrogate", [0xED, 0xA0, 0x80], "is text in another encoding"),
    ]) func whatIsNeitherIsRefused(name: String, bytes: [UInt8], sentence: String) {
        put(bytes)
        #expect(refusal("file")?.hasPrefix("file " + sentence) == true, "\(refusal("file") ?? "taken")")
    }

    @Test func whatIsNoRegularFileIsRefusedAtOnce() throws {
        put(Array("x".utf8), as: "real")
        #expect(symlink(place.folder + "/real", place.folder + "/link") == 0)
        #expect(symlink("/dev/zero", place.folder + "/zero") == 0)
        #expect(mkfifo(place.folder + "/pipe", 0o600) == 0)
        mkdir(place.folder + "/folder", 0o700)
        for (path, sentence) in [
            ("folder", "is a folder; attach single files"), (".", "is a folder; attach single files"),
            ("link", "is a link; attach the file that it leads to"),
            ("zero", "is a link; attach the file that it leads to"), ("pipe", "is a pipe; attach a file"),
            ("/dev/zero", "is a device; attach a file"), ("/dev/tty", "is a device; attach a file"),
            ("missing", "is not there"), ("real/below", "is not there"), ("", "is no path of a file"),
            ("a\u{0}b", "is no path of a file"), ("~/missing", "is not there"),
        ] { #expect(refusal(path) == "\(path) \(sentence)") }
        #if os(Linux)
            #expect(refusal("/proc/self/status")?.contains("is made by the kernel") == true)
            #expect(refusal("/proc/self/environ")?.contains("is made by the kernel") == true)
        #endif
    }

    @Test func aSocketIsRefused() throws {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = place.folder + "/socket"
        try #require(path.utf8.count < 100)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        #expect(refusal("socket") == "socket is a socket; attach a file")
    }

    /// The superuser reads everything.
    @Test(.enabled(if: geteuid() != 0)) func whatMayNotBeReadIsRefused() {
        put(Array("x".utf8))
        chmod(place.folder + "/file", 0)
        #expect(refusal("file") == "file may not be read")
    }

    @Test func sizesEndAt20MiB() throws {
        let path = place.folder + "/large"
        put(Array(repeating: 0x61, count: 1), as: "large")
        #expect(truncate(path, 10 << 30) == 0)
        #expect(refusal("large") == "large has 10240 MiB; wanted at most 20 MiB")
        #expect(truncate(path, (20 << 20) + 1) == 0)
        #expect(refusal("large") == "large has 21 MiB; wanted at most 20 MiB")
        put(Array(repeating: 0x61, count: 20 << 20), as: "large")
        guard case .text(let text) = try read("large").get().content else { Issue.record("no text"); return }
        #expect(text.utf8.count == 20 << 20)
        put(Array(repeating: 0x61, count: (20 << 20) + 1), as: "large")
        #expect(refusal("large") != nil)
    }

    @Test func pathsAreTakenAsTheyAreTyped() throws {
        mkdir(place.folder + "/home", 0o700)
        put(Array("mine".utf8), as: "home/a b.txt")
        for path in ["~/a b.txt", "home/a b.txt", "home/../home/a b.txt", place.folder + "/home/a b.txt"] {
            #expect(try read(path).get() == KeptFile(name: path, content: .text("mine")))
        }
    }
}
