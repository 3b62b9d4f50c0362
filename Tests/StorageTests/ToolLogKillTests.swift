import FunctionTools
import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// Kills a process that keeps calls, while this one keeps some too, and looks at what is left.
@Suite struct ToolLogKillTests {
    private let place = CallFolder()

    @Test func nothingThatWasKeptIsLost() async throws {
        var random = SeededRandom(5)
        let log = SQLiteToolLog(path: place.path)
        var kept: Set<String> = []
        for round in 0..<5 {
            let lines = Int.random(in: 1..<60, using: &random)
            async let told = KilledWriter.said(["write-calls", place.path], afterLines: lines)
            try await log.append(.sample("round \(round)"))
            kept.insert("round \(round)")
            kept.formUnion(try await told.map(\.id))
        }
        let found = Set(try await log.recent(.max).map(\.call.id))
        #expect(kept.subtracting(found).isEmpty)
        #expect(kept.count > 10)
        #expect(try await place.texts("PRAGMA integrity_check") == ["ok"])
    }

    /// The control: a writer that says "kept" too early must be caught.
    @Test func aHastyWriterIsCaught() async throws {
        var lost: Set<String> = []
        for _ in 0..<20 where lost.isEmpty {
            let told = try await KilledWriter.said(["write-calls", place.path, "--hasty"], afterLines: 20)
            let found = Set(try await place.log().recent(.max).map(\.call.id))
            lost = Set(told.map(\.id)).subtracting(found)
        }
        #expect(!lost.isEmpty)
    }
}
