import AppSettings
import Foundation
import ProviderCore
import Testing

@Suite struct FileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func failure(_ file: String, mustExist: Bool = false) -> String {
        let error = #expect(throws: SettingsError.self) { try Settings.load(file: file, mustExist: mustExist) }
        return error?.description ?? ""
    }

    @Test func missingFileMeansDefaults() throws {
        #expect(try Settings.load(file: nil).settings == Settings())
        #expect(try Settings.load(file: folder.path + "/none/config.toml").settings == Settings())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        #expect(failure(folder.path + "/none", mustExist: true).hasSuffix("/none: there is no such file"))
    }

    @Test func marksAndLineEndsOfWindows() throws {
        let file = try folder.write("c.toml", "\u{FEFF}theme = 'dark'\r\n[parameters]\r\ntop_p = 0.5\r\n")
        let (settings, warnings) = try Settings.load(file: file)
        #expect(settings.theme == "dark")
        #expect(settings.parameters.topP == 0.5)
        #expect(warnings.isEmpty)
        let wrong = try folder.write("d.toml", "\u{FEFF}theme = 'dark'\r\nascii = 1\r\n")
        #expect(failure(wrong).contains("d.toml:2:1: ascii"))
    }

    @Test func whatIsNoTextIsRefused() throws {
        let bad = try folder.write("bad.toml", Array("a = 1\nb = \"é".utf8) + [0xFF, 0x22])
        #expect(failure(bad).contains("bad.toml:2:7: is not UTF-8 here"))
        let large = try folder.write("large.toml", [UInt8](repeating: 0x23, count: (1 << 20) + 1))
        #expect(failure(large).contains("larger than 1024 KiB"))
        let full = try folder.write("full.toml", [UInt8](repeating: 0x23, count: 1 << 20))
        #expect(try Settings.load(file: full).settings.theme == "terminal")
    }

    @Test func whatIsNoRegularFileIsRefusedWithoutWaiting() throws {
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(failure(pipe).hasSuffix("is not a regular file"))
        #expect(failure(folder.path).hasSuffix("is not a regular file"))
        #expect(failure("/dev/zero").hasSuffix("is not a regular file"))
        #expect(failure("/dev/tty").contains("/dev/tty: "))
        #expect(failure("a\u{0}b").contains("zero byte"))
    }

    @Test func whatMayNotBeReadIsTold() throws {
        try #require(geteuid() != 0 || FileManager.default.fileExists(atPath: "/proc/self/mem"))
        if geteuid() != 0 {
            let secret = try folder.write("secret.toml", "theme = 'x'", mode: 0o000)
            #expect(failure(secret).contains("cannot be read: "))
        }
        let loop = folder.path + "/loop"
        try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
        #expect(failure(loop).contains("cannot be read: "))
    }

    /// Deep nesting in every form the grammar has: refused with a place, long before any stack runs out.
    @Test(arguments: [
        String(repeating: "a.", count: 50_000) + "a = 1", "[" + String(repeating: "a.", count: 50_000) + "a]",
        "a = " + String(repeating: "[", count: 100_000), "a = " + String(repeating: "{a=", count: 100_000),
        "a = " + String(repeating: "[{a=", count: 40_000),
        "a = 1\n" + String(repeating: "'b'.\"c\" . ", count: 20_000) + "x = 1",
    ])
    func bombs(text: String) {
        let error = #expect(throws: SettingsError.self) { try Settings.parse(text, file: "c") }
        #expect(error?.description.contains("nests deeper than 32 levels") == true)
    }

    /// Random damage to a good file: it loads or it does not, but never crashes, and every mistake is within the file.
    @Test func damage() throws {
        let good = Array(Settings.sample().replacing("# ", with: "").utf8) + Array("x = [1, {a.b = '''q'''}]\n".utf8)
        let bits = Array("\"'[]{}=.,#\n\\ \t0_-:eun\u{7F}".utf8) + [0, 0xC3, 0xFF]
        var state: UInt64 = 42
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<400 {
            var bytes = good
            for _ in 0...random(6) {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = bits[random(bits.count)]
                case 1: bytes.insert(bits[random(bits.count)], at: random(bytes.count))
                default: bytes.removeSubrange(0..<random(bytes.count / 4))
                }
            }
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
            do {
                _ = try Settings.parse(String(decoding: bytes, as: UTF8.self), file: "c")
            } catch {
                #expect(error.problems.allSatisfy { (1...lines + 1).contains($0.line ?? 1) })
            }
        }
    }
}
