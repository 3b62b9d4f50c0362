import AppSettings
import Foundation
import Testing

@Suite struct FileSnapshotTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func writesAndKeepsRights() throws {
        let file = try folder.write("c.toml", "a = 1\n", mode: 0o640)
        try FileSnapshot(file).replace(with: "a = 2\n")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a = 2\n")
        #expect(try mode(file) == 0o640)
        #expect(try files() == ["c.toml"])
    }

    @Test func aNewFileIsPrivate() throws {
        let file = folder.path + "/new/deep/c.toml"
        let snapshot = try FileSnapshot(file)
        #expect(!snapshot.exists)
        try snapshot.replace(with: "a = 1\n")
        #expect(try mode(file) == 0o600)
        #expect(try mode(folder.path + "/new") == 0o700)
    }

    @Test func aLinkStaysALink() throws {
        let file = try folder.write("real/c.toml", "a = 1\n")
        let link = folder.path + "/link.toml"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        try FileSnapshot(link).replace(with: "a = 2\n")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a = 2\n")
        let dangling = folder.path + "/dangling"
        try FileManager.default.createSymbolicLink(atPath: dangling, withDestinationPath: folder.path + "/none")
        let error = #expect(throws: FileProblem.self) { try FileSnapshot(dangling).replace(with: "x") }
        #expect(error?.message == "is a symbolic link that leads nowhere")
    }

    @Test func whatSomebodyElseWroteIsNotLost() throws {
        let file = try folder.write("c.toml", "a = 1\n")
        let snapshot = try FileSnapshot(file)
        try folder.write("c.toml", "a = 7\n")
        let error = #expect(throws: FileProblem.self) { try snapshot.replace(with: "a = 2\n") }
        #expect(error?.description.contains("was changed by somebody else") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a = 7\n")
        #expect(try files() == ["c.toml"])
        // The same for a file that came into being meanwhile, and for one that went.
        let none = try FileSnapshot(folder.path + "/d.toml")
        try folder.write("d.toml", "b = 1\n")
        #expect(throws: FileProblem.self) { try none.replace(with: "x") }
        let gone = try FileSnapshot(file)
        try FileManager.default.removeItem(atPath: file)
        #expect(throws: FileProblem.self) { try gone.replace(with: "x") }
    }

    @Test func theByteOrderMarkIsPartOfTheText() throws {
        let file = try folder.write("c.toml", "\u{FEFF}a = 1\r\n")
        let snapshot = try FileSnapshot(file)
        var edit = try TOMLEdit(snapshot.text)
        try edit.set(["a"], to: .integer(2))
        try snapshot.replace(with: edit.text)
        #expect(
            try Array(Data(contentsOf: URL(fileURLWithPath: file))) == [0xEF, 0xBB, 0xBF] + Array("a = 2\r\n".utf8))
    }

    @Test func whatIsNoFileIsRefused() throws {
        #expect(throws: FileProblem.self) { try FileSnapshot(folder.path) }
        #expect(throws: FileProblem.self) { try FileSnapshot(folder.path + "/c\u{0}") }
    }
}
