import Benchmarking
import Foundation

/// Files of a suite that are in memory.
struct MemoryFiles: SuiteFiles {
    var files: [String: [UInt8]] = [:]

    init(_ files: [String: String] = [:]) { self.files = files.mapValues { Array($0.utf8) } }

    func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8] {
        guard !path.hasPrefix("../") else { throw SuiteFileError("lies outside the suite's folder") }
        guard let bytes = files[path] else { throw SuiteFileError("is not there") }
        guard bytes.count <= limit else { throw SuiteFileError("is larger than \(limit / 1_000_000) MB") }
        return bytes
    }
}

enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "Fixtures")

    static func text(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
}
