import Foundation
import Storage
import Testing

@Suite struct DatabaseCheckTests {
    @Test func findings() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("check-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/usage.sqlite"
        #expect(DatabaseCheck.look(at: path, .ledger) == .missing)
        let ledger = SQLiteLedger(path: path)
        _ = try await ledger.begin(.sample())
        try await ledger.flush()
        guard case .readable(_, false) = DatabaseCheck.look(at: path, .ledger) else {
            return #expect(Bool(false), "\(DatabaseCheck.look(at: path, .ledger))")
        }
        #expect(DatabaseCheck.look(at: path, .conversations) == .unusable("is a database of another program"))
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let text = folder + "/text.sqlite"
        try "no database at all, only words that are long enough".write(toFile: text, atomically: true, encoding: .utf8)
        guard case .unusable = DatabaseCheck.look(at: text, .ledger) else { return #expect(Bool(false)) }
        guard case .unusable = DatabaseCheck.look(at: folder, .ledger) else { return #expect(Bool(false)) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.contains("damaged") })
    }
}
