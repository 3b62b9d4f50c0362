import AppSettings
import AppUI
import Foundation
import ProviderCore
import Testing

@testable import tickertape

/// Endpoints that were set up, as they come into the settings file.
@Suite struct ProfileWriterTests {
    /// A folder with settings, gone afterwards.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tickertape-profile-" + UUID().uuidString
        ).path
        var file: String { path + "/config.toml" }

        init(_ settings: String) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try write(settings, "config.toml")
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ text: String, _ name: String) throws {
            try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
        }

        func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

        func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

        /// What this session wrote; another one begins with an empty one.
        var keyFiles = KeyFiles()
        var writer: ProfileWriter { ProfileWriter(file: SettingsFile(file), home: path, keyFiles: keyFiles) }

        func draft(_ key: EndpointDraft.Key) -> EndpointDraft {
            EndpointDraft(name: "work", baseURL: "http://127.0.0.1:9/v1", key: key, model: "m")
        }

        func save(_ key: EndpointDraft.Key, replaces: Bool = false) -> SaveOutcome {
            writer.save(draft(key), replaces: replaces)
        }
    }

    private static func pasted(_ text: String) throws -> EndpointDraft.Key { .pasted(try #require(Secret(text))) }

    @Test func aPastedKeyIsWrittenBesideAndTheOldOneGoesLast() throws {
        let folder = try Folder("# mine\n")
        guard case .saved(let words) = folder.save(try Self.pasted("sk-first-0123456789")) else {
            Issue.record("it is not saved")
            return
        }
        #expect(words.contains("its key in \(folder.path)/work.key"))
        #expect(try folder.names() == ["config.toml", "work.key"])
        #expect(try folder.text("work.key") == "sk-first-0123456789\n")
        let rights = try FileManager.default.attributesOfItem(atPath: folder.path + "/work.key")[.posixPermissions]
        #expect(rights as? Int == 0o600)
        #expect(folder.save(try Self.pasted("sk-second-0123456789")) == .exists)
        #expect(try folder.names() == ["config.toml", "work.key"])
        _ = folder.save(try Self.pasted("sk-second-0123456789"), replaces: true)
        #expect(try folder.names() == ["config.toml", "work-2.key"])
        #expect(try folder.text("config.toml").contains("key_file = \"\(folder.path)/work-2.key\""))
        #expect(!(try folder.text("config.toml").contains("sk-")))
        // Another source: the file that nobody names any more goes.
        _ = folder.save(.environment("WORK_KEY"), replaces: true)
        #expect(try folder.names() == ["config.toml"])
    }

    /// The settings cannot be written: the old key is there and named, and nothing of the new one is left.
    @Test func whatFailsLeavesTheOldKey() throws {
        let folder = try Folder("")
        _ = folder.save(try Self.pasted("sk-first-0123456789"))
        try folder.write("mouse = 3\n" + (try folder.text("config.toml")), "config.toml")
        let before = try folder.text("config.toml")
        guard case .failed = folder.save(try Self.pasted("sk-second-0123456789"), replaces: true) else {
            Issue.record("wrong settings were written")
            return
        }
        #expect(try folder.names() == ["config.toml", "work.key"])
        #expect(try folder.text("work.key") == "sk-first-0123456789\n")
        #expect(try folder.text("config.toml") == before)
    }

    /// The profile is saved again with the file that it has: by its path, from home, through a link, or read by a command.
    @Test(arguments: ["path", "home", "dots", "link", "command", "glob"])
    func aKeyFileThatTheProfileStillReadsStays(way: String) throws {
        let folder = try Folder("")
        _ = folder.save(try Self.pasted("sk-first-0123456789"))
        let key = folder.path + "/work.key"
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: key)
        let again: EndpointDraft.Key =
            switch way {
            case "home": .file("~/work.key")
            case "dots": .file(folder.path + "/../" + (folder.path.split(separator: "/").last ?? "") + "/work.key")
            case "link": .file(folder.path + "/link")
            case "command": .command("cat \(key)")
            case "glob": .command("sh -c 'cat \(folder.path)/*.key'")
            default: .file(key)
            }
        guard case .saved(let words) = folder.save(again, replaces: true) else {
            Issue.record("it is not saved")
            return
        }
        #expect(try folder.text("work.key") == "sk-first-0123456789\n")
        #expect(!words.contains("still in"))
        // The control: with a variable nothing reads the file any more.
        _ = folder.save(.file(key), replaces: true)
        _ = folder.save(.environment("K"), replaces: true)
        #expect(try !folder.names().contains("work.key"))
    }

    @Test func aKeyFileOfAnotherSessionStaysAndIsTold() throws {
        let folder = try Folder("")
        _ = folder.save(try Self.pasted("sk-first-0123456789"))
        folder.keyFiles = KeyFiles()
        guard case .saved(let words) = folder.save(.environment("K"), replaces: true) else {
            Issue.record("it is not saved")
            return
        }
        #expect(words.contains("still in \(folder.path)/work.key"))
        #expect(try folder.text("work.key") == "sk-first-0123456789\n")
    }

    /// Between the first try and the second somebody else wrote a profile of this name.
    @Test func aPastedKeyThatNobodyNamesIsNotLeft() throws {
        let folder = try Folder("")
        let draft = folder.draft(try Self.pasted("sk-first-0123456789"))
        var progress = ProfileWriter.Progress()
        let first = try folder.writer.text(
            with: draft, replaces: false, in: FileSnapshot(folder.file), &progress)
        #expect(first?.contains("work.key") == true)
        #expect(try folder.names() == ["config.toml", "work.key"])
        try folder.write("[profiles.work]\nkey_env = \"K\"\n", "config.toml")
        let second = try folder.writer.text(
            with: draft, replaces: false, in: FileSnapshot(folder.file), &progress)
        #expect(second == nil && progress.isThere)
        #expect(try folder.names() == ["config.toml"])
    }

    @Test func filesOfOthersStay() throws {
        let folder = try Folder("")
        try folder.write("somebody's", "work.key")
        _ = folder.save(try Self.pasted("sk-first-0123456789"))
        #expect(try folder.names() == ["config.toml", "work-2.key", "work.key"])
        #expect(try folder.text("work.key") == "somebody's")
        // A key that another profile has, too, stays; so does a file that was not made here.
        let shared = "[profiles.other]\nkey_file = \"~/work-2.key\"\n"
        try folder.write(try folder.text("config.toml") + shared, "config.toml")
        _ = folder.save(.environment("K"), replaces: true)
        #expect(try folder.names() == ["config.toml", "work-2.key", "work.key"])
        try folder.write("mine", "own.key")
        _ = folder.save(.file(folder.path + "/own.key"), replaces: true)
        _ = folder.save(.none, replaces: true)
        #expect(try folder.names().contains("own.key"))
    }

    @Test func aCommandIsSplitAsAShellWould() throws {
        let folder = try Folder("")
        _ = folder.save(.command(#"pass show "my keys/open ai" 'a b'"#))
        let settings = try Settings.load(file: folder.file).settings
        #expect(
            try settings.value(at: "profiles.work.key_command")
                == .texts(["pass", "show", "my keys/open ai", "a b"]))
        let open = folder.save(.command("pass 'show"), replaces: true)
        guard case .failed(let problem) = open else {
            Issue.record("a quote that is open was taken")
            return
        }
        #expect(problem.contains("the command that prints the key has a quote"))
    }
}
