import Benchmarking
import Foundation
import Testing

@Suite struct SuiteFilesTests {
    /// A folder with a suite's folder in it, removed at the end.
    private func inFolder(_ body: (URL, FolderFiles) throws -> Void) throws {
        let outer = FileManager.default.temporaryDirectory.appending(path: "suite-files-\(UUID().uuidString)")
        let folder = outer.appending(path: "suite")
        try FileManager.default.createDirectory(at: folder.appending(path: "data"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: outer) }
        try "secret".write(to: outer.appending(path: "secret.txt"), atomically: true, encoding: .utf8)
        try "inside".write(to: folder.appending(path: "data/in.txt"), atomically: true, encoding: .utf8)
        try body(folder, FolderFiles(folder.path))
    }

    private func message(_ files: FolderFiles, _ path: String, limit: Int = 100) -> String {
        do {
            return "read: " + String(decoding: try files.read(path, limit: limit), as: UTF8.self)
        } catch { return "\(error)" }
    }

    @Test func filesOfTheFolderAreRead() throws {
        try inFolder { folder, files in
            #expect(message(files, "data/in.txt") == "read: inside")
            #expect(message(files, "./data/in.txt") == "read: inside")
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "link.txt"), withDestinationURL: folder.appending(path: "data/in.txt"))
            #expect(message(files, "link.txt") == "read: inside")
        }
    }

    @Test func nothingElseIs() throws {
        try inFolder { folder, files in
            let outside = "lies outside the suite's folder; a suite reads files of its own folder only"
            #expect(message(files, "../secret.txt") == outside)
            #expect(message(files, "data/../../secret.txt") == outside)
            #expect(message(files, "/etc/passwd") == outside)
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "out.txt"), withDestinationURL: folder.appending(path: "../secret.txt"))
            #expect(message(files, "out.txt") == "leads out of the suite's folder through a link")
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "up"), withDestinationURL: folder.deletingLastPathComponent())
            #expect(message(files, "up/secret.txt") == "leads out of the suite's folder through a link")
            #expect(message(files, "nothing.txt") == "is not there")
            #expect(message(files, "data") == "is a folder, not a file")
            #expect(message(files, "") == "is no name of a file")
            #expect(message(files, "a\0b") == "is no name of a file")
            #expect(message(files, "data/in.txt", limit: 5) == "is larger than 0 MB, the most that is read")
            #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
            #expect(message(files, "pipe") == "is no regular file")
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "device"), withDestinationURL: URL(filePath: "/dev/zero"))
            #expect(message(files, "device") == "leads out of the suite's folder through a link")
        }
    }

    @Test func aSuiteThatIsNotThereIsTold() {
        let result = SuiteReader.read(path: "/nowhere/suite.yaml")
        #expect(result.problems.map(\.description) == ["/nowhere/suite.yaml:1:1: is not there"])
    }

    /// Any byte of any file counts.
    @Test func theDigestFollowsTheFiles() throws {
        func digest(_ data: String, about: String = "") -> String? {
            let text = """
                suite: 1
                name: n
                about: "\(about)"
                tasks: [{id: t, data: {jsonl: d.jsonl}, prompt: [{role: user, text: "{{q}}"}]}]
                """
            return SuiteReader.read(Array(text.utf8), file: "s.yaml", files: MemoryFiles(["d.jsonl": data])).suite?
                .digest
        }
        let first = try #require(digest("{\"q\": 1}"))
        #expect(digest("{\"q\": 1}") == first)
        #expect(digest("{\"q\": 2}") != first)
        #expect(digest("{\"q\": 1}\n") != first)
        #expect(digest("{\"q\": 1}", about: "x") != first)
    }
}
