import Benchmarking
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads suites and says what is wrong with them.
enum SuiteLoading {
    /// A suite and the files that it was read from.
    struct Loaded {
        var suite: Suite
        var files: [SuiteFile]
    }

    /// Reads a suite and its files. Throws a failure that names every problem with file, line and column.
    static func load(_ path: String) throws -> Loaded {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let files = RecordedFiles(FolderFiles(folder))
        let bytes: [UInt8]
        do throws(SuiteFileError) { bytes = try files.read(name, limit: SuiteReader.greatestSuite) } catch {
            throw Failure("\(path): \(error.message)", code: Exit.inputFile)
        }
        return Loaded(suite: try suite(SuiteReader.read(bytes, file: path, files: files)), files: files.all)
    }

    /// Reads the suite of a run from what was kept with it.
    static func load(_ files: [SuiteFile], of header: RunHeader) throws -> Suite {
        guard let first = files.first else {
            throw Failure("run \(header.id) has no suite in its database", code: Exit.storage)
        }
        return try suite(SuiteReader.read(first.bytes, file: header.suitePath, files: KeptFiles(files: files)))
    }

    /// A run goes on with the programs that it began with, which run where they lie: throws a failure for one that is another now.
    static func checkPrograms(of suite: Suite, _ kept: [SuiteFile]) throws {
        let files = FolderFiles(folder(of: suite.file))
        for program in suite.programs.sorted() {
            let why: String
            do throws(SuiteFileError) {
                let bytes = try files.read(program, limit: SuiteReader.greatestProgram)
                guard kept.first(where: { $0.path == program })?.digest != SHA256.hex(bytes) else { continue }
                why = "is another one than when the run began"
            } catch { why = error.message }
            throw Failure(
                "\(program), a program of \(suite.file), \(why): put it back, or start a new run", code: Exit.inputFile)
        }
    }

    /// The folder of a suite that was named so, as an absolute path.
    static func folder(of path: String) -> String {
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return whole.lastIndex(of: "/").map { $0 == whole.startIndex ? "/" : String(whole[..<$0]) } ?? "/"
    }

    private static func suite(_ result: SuiteResult) throws -> Suite {
        if let suite = result.suite { return suite }
        let lines = result.problems.map(\.description)
        let count = lines.count == 1 ? "1 problem" : "\(lines.count) problems"
        throw Failure((lines + [count]).joined(separator: "\n"), code: Exit.inputFile)
    }
}

/// Keeps what was read from a folder.
private final class RecordedFiles: SuiteFiles {
    private let base: FolderFiles
    private let read = Mutex<[SuiteFile]>([])

    init(_ base: FolderFiles) { self.base = base }

    var all: [SuiteFile] { read.withLock(\.self) }

    func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8] {
        if let known = read.withLock({ files in files.first { $0.path == path } }) { return known.bytes }
        let bytes = try base.read(path, limit: limit)
        let file = SuiteFile(path: path, bytes: bytes)
        read.withLock { $0.append(file) }
        return bytes
    }
}

/// The files of a run, as they were when it was made.
private struct KeptFiles: SuiteFiles {
    let files: [SuiteFile]

    func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8] {
        guard let file = files.first(where: { $0.path == path }) else {
            throw SuiteFileError("is not among the files that are kept with the run")
        }
        return file.bytes
    }
}
