import AppSettings
import Foundation
import Testing

@Suite struct SettingsReloadTests {
    private func settings(_ text: String) throws -> Settings { try Settings.parse(text, file: "c").settings }

    @Test(
        arguments: [
            ("theme = 'a'", "theme = 'b'", ["theme"]), ("theme = 'a'", "# only a comment\ntheme = \"a\"", []),
            ("", "theme = 'terminal'", []), ("mouse = true", "", ["mouse"]),
            (
                "[parameters]\nseed = 1", "parameters.seed = 2\nparameters.top_p = 1",
                ["parameters.top_p", "parameters.seed"]
            ),
            (
                "[profiles.a]\nproject = 'x'", "[profiles.a]\nproject = 'y'\n[profiles.b]",
                ["profiles.a.project", "profiles.b"]
            ),
            ("prices.'m.1' = { input = 1, output = 2 }", "", ["prices.\"m.1\""]),
            (
                "[keys.global]\nhelp = 'f1'\nx = 'f3'", "[keys.global]\nhelp = ['f1', 'f2']\nx = 'F3'",
                ["keys.global.help"]
            ),
        ] as [(String, String, [String])])
    func changes(before: String, after: String, paths: [String]) throws {
        let new = try settings(after)
        #expect(
            SettingsReload.reading(after, file: "c", over: try settings(before))
                == .changed(new, paths: paths, warnings: []))
    }

    @Test func aWrongFileKeepsTheLastGoodSettings() throws {
        let result = SettingsReload.reading("theme = 'b'\nmouse = 3\n[x", file: "c", over: Settings())
        guard case .kept(let problems) = result else { return #expect(Bool(false), "\(result)") }
        #expect(problems.map(\.line) == [3])
        let values = SettingsReload.reading("theme = 'b'\nmouse = 3\nascii = 4\n", file: "c", over: Settings())
        guard case .kept(let wrong) = values else { return #expect(Bool(false), "\(values)") }
        #expect(wrong.map(\.line) == [3, 2])
        let keys = SettingsReload.reading("", file: "c", keys: "[global]\nx = 'entr'", keyFile: "k", over: Settings())
        guard case .kept(let bad) = keys else { return #expect(Bool(false), "\(keys)") }
        #expect(bad.map(\.description).first?.hasPrefix("k:2:1: x") == true)
    }

    @Test func whatWasSetForThisRunStays() throws {
        var old = try settings("theme = 'a'\nmouse = true")
        try old.set("theme", to: "mine", origin: .argument("--theme"))
        guard case .changed(let new, let paths, _) = SettingsReload.reading("theme = 'b'", file: "c", over: old) else {
            return #expect(Bool(false))
        }
        #expect(new.theme == "mine" && new.origin("theme").description == "--theme")
        #expect(paths == ["mouse"])
    }

    @Test func aFileThatIsGoneMeansDefaults() throws {
        let old = try settings("theme = 'a'")
        #expect(
            SettingsReload.reading(nil, file: "c", over: old) == .changed(Settings(), paths: ["theme"], warnings: []))
    }

    @Test func filesThatCannotBeReadKeepTheLastGoodSettings() throws {
        let folder = try TemporaryFolder()
        let half = try folder.write("c.toml", Array("theme = 'é".utf8).dropLast())
        guard case .kept(let problems) = SettingsReload.reading(file: half, keyFile: nil, over: Settings()) else {
            return #expect(Bool(false))
        }
        #expect(problems.first?.message.contains("is not UTF-8 here") == true)
        let good = try folder.write("d.toml", "mouse = true")
        let result = SettingsReload.reading(file: good, keyFile: folder.path + "/keys.toml", over: Settings())
        guard case .changed(_, let paths, _) = result else { return #expect(Bool(false)) }
        #expect(paths == ["mouse"])
    }
}

@Suite(.timeLimit(.minutes(1))) struct FileWatchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Watches files and hands out what is told.
    private final class Watch: Sendable {
        private let stream: AsyncStream<[String]>
        private let watch: FileWatch

        init(_ files: [String]) {
            let (stream, continuation) = AsyncStream.makeStream(of: [String].self)
            self.stream = stream
            watch = FileWatch(files) { continuation.yield($0) }
        }

        func next() async -> [String] {
            var iterator = stream.makeAsyncIterator()
            return await iterator.next() ?? []
        }
    }

    @Test func writing() async throws {
        let (file, other) = (try folder.write("c.toml", "a"), try folder.write("other.toml", "a"))
        let keys = folder.path + "/keys.toml"
        let watch = Watch([file, keys])
        try "b".write(toFile: other, atomically: false, encoding: .utf8)
        try "b".write(toFile: file, atomically: false, encoding: .utf8)
        #expect(await watch.next() == [file])
        try "made".write(toFile: keys, atomically: false, encoding: .utf8)
        #expect(await watch.next() == [keys])
        try FileManager.default.removeItem(atPath: keys)
        #expect(await watch.next() == [keys])
    }

    @Test func replacingByRename() async throws {
        let file = try folder.write("c.toml", "a")
        let watch = Watch([file])
        for text in ["b", "c"] {
            try folder.write("new", text)
            #expect(rename(folder.path + "/new", file) == 0)
            #expect(await watch.next() == [file])
        }
        #expect(rename(file, folder.path + "/away") == 0)
        #expect(await watch.next() == [file])
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: folder.path + "/away")
        #expect(await watch.next() == [file])
    }

    @Test func severalAtOnceAreToldOnce() async throws {
        let files = try (0..<3).map { try folder.write("f\($0)", "a") }
        let watch = Watch(files)
        for _ in 0..<5 {
            for file in files { try "b".write(toFile: file, atomically: false, encoding: .utf8) }
        }
        #expect(await watch.next() == files)
    }

    @Test func behindALink() async throws {
        let target = try folder.write("dotfiles/c.toml", "a")
        let link = folder.path + "/c.toml"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "dotfiles/c.toml")
        let watch = Watch([link])
        try "b".write(toFile: target, atomically: false, encoding: .utf8)
        #expect(await watch.next() == [link])
        try folder.write("dotfiles/d.toml", "other")
        try FileManager.default.removeItem(atPath: link)
        #expect(await watch.next() == [link])
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "dotfiles/d.toml")
        #expect(await watch.next() == [link])
        try "c".write(toFile: folder.path + "/dotfiles/d.toml", atomically: false, encoding: .utf8)
        #expect(await watch.next() == [link])
    }

    @Test func aFolderThatIsNotThereYet() async throws {
        let file = folder.path + "/config/tickertape/c.toml"
        let watch = Watch([file])
        try folder.write("config/tickertape/c.toml", "a")
        #expect(await watch.next() == [file])
        try "b".write(toFile: file, atomically: false, encoding: .utf8)
        #expect(await watch.next() == [file])
        try FileManager.default.removeItem(atPath: folder.path + "/config")
        #expect(await watch.next() == [file])
        try folder.write("config/tickertape/c.toml", "again")
        #expect(await watch.next() == [file])
    }

    @Test func endingGivesEverythingBack() throws {
        #if os(Linux)
            let mine = try folder.write("c.toml", "a")
            func watches() throws -> Int {
                let folder = "/proc/self/fd"
                return try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + name))?.contains(
                        "inotify") == true
                }.count
            }
            // Ended by hand, twice, and by going away.
            for _ in 0..<50 {
                let watch = FileWatch([mine]) { _ in }
                watch.end()
                watch.end()
                _ = FileWatch([mine]) { _ in }
            }
            // Other tests have a few at the same time.
            while try watches() > 20 { sched_yield() }
        #endif
    }
}
