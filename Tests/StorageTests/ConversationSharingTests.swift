import Conversations
import Foundation
import GRDB
import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// Several processes on one file, and processes that die.
@Suite struct ConversationSharingTests {
    private let place = CallFolder()

    /// A process that has the conversation `mine` until its input ends.
    private final class Holder {
        private let process = ChildProcess()
        private let input = Pipe()
        private let output = Pipe()

        init(_ path: String) throws {
            process.executableURL = KilledWriter.program("conversation-bench")
            process.arguments = ["claim", path]
            (process.standardInput, process.standardOutput) = (input, output)
            try process.run()
        }

        /// What it said; waits for it.
        var said: String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

        func kill() {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        func end() {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }

    @Test func aConversationBelongsToOneLivingProcess() async throws {
        let store = place.store()
        let holder = try Holder(place.path)
        #expect(holder.said == "claimed\n")
        #expect(try await !store.claim("mine"))
        #expect(try await store.claim("another"))
        let second = try Holder(place.path)
        #expect(second.said == "refused\n")
        second.end()
        holder.kill()
        #expect(try await store.claim("mine"))
        #expect(try await store.claim("mine"))
        #expect(try await !place.store().claim("mine"))
        await store.release("mine")
        let third = try Holder(place.path)
        #expect(third.said == "claimed\n")
        third.end()
    }

    @Test func lockFilesOfEndedProcessesAreRemoved() async throws {
        let holder = try Holder(place.path)
        #expect(holder.said == "claimed\n")
        holder.kill()
        let open = place.path + ".open"
        #expect(try FileManager.default.contentsOfDirectory(atPath: open) == ["mine"])
        let store = place.store()
        #expect(try await store.claim("x/../y"))
        try await store.keep([ConversationChange("a", revision: 1, .message(.user(1, "text")))])
        let left = try FileManager.default.contentsOfDirectory(atPath: open)
        #expect(left.count == 1)
        #expect(left.first?.hasPrefix("x_") == true)
        await store.release("x/../y")
        #expect(try FileManager.default.contentsOfDirectory(atPath: open).isEmpty)
    }

    /// An answer that a dead process was writing is found by whoever opens the file next.
    @Test func unfinishedAnswersOfDeadProcessesAreFound() async throws {
        let first = place.store()
        let answer = StoredMessage.answer(1, after: nil, "half an answer", state: .running)
        #expect(try await first.claim("a"))
        try await first.keep([ConversationChange("a", revision: 1, .message(answer))])
        #expect(try await place.store().search("half", limit: 9).isEmpty)
        await first.release("a")
        #expect(try await place.store().search("half", limit: 9).count == 1)
        #expect(try await place.store().load("a")?.messages == [answer])
    }

    @Test func whoGoesOnInACopyHidesNothing() async throws {
        let (first, second) = (place.store(), place.store())
        #expect(try await first.claim("a"))
        try await first.keep([ConversationChange("a", revision: 7, .message(.user(1, "one")))])
        #expect(try await !second.claim("a"))
        let original = try #require(try await second.load("a"))
        try await second.keep(original.changes(as: "b"))
        try await second.keep([ConversationChange("b", revision: 100, .message(.user(2, after: 1, "mine")))])
        try await first.keep([ConversationChange("a", revision: 8, .message(.user(2, after: 1, "theirs")))])
        #expect(try await second.load("a")?.messages.map(\.text) == ["one", "theirs"])
        #expect(try await first.load("b")?.messages.map(\.text) == ["one", "mine"])
    }

    @Test func twoProcessesKeepAtOnce() async throws {
        let store = ConversationDatabase(path: place.path).conversations
        async let told = KilledWriter.lines(of: "conversation-bench", ["write", place.path], after: 60)
        for number in 1...20 {
            try await store.keep([ConversationChange("here", revision: Int64(number), .message(.user(number, "t")))])
        }
        #expect(try await told.count > 50)
        #expect(try await store.load("here")?.messages.count == 20)
        #expect(try await place.texts("PRAGMA integrity_check") == ["ok"])
    }

    @Test func nothingThatWasKeptIsLostByAKill() async throws {
        var random = SeededRandom(6)
        for _ in 0..<6 {
            let lines = Int.random(in: 1..<120, using: &random)
            let told = try await KilledWriter.lines(of: "conversation-bench", ["write", place.path], after: lines)
            #expect(try await lost(told).isEmpty)
        }
        #expect(try await place.texts("PRAGMA integrity_check") == ["ok"])
        try await place.execute("INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 1)")
    }

    /// The control: a writer that says "kept" too early must be caught.
    @Test func aHastyWriterIsCaught() async throws {
        var found: [[String]] = []
        for _ in 0..<20 where found.isEmpty {
            let told = try await KilledWriter.lines(
                of: "conversation-bench", ["write", place.path, "--hasty"], after: 40)
            found = try await lost(told)
        }
        #expect(!found.isEmpty)
    }

    /// What the writer called kept and the database does not have, or has shorter.
    private func lost(_ told: [[String]]) async throws -> [[String]] {
        var conversations: [String: [Int: Int]] = [:]
        let store = place.store()
        var lost: [[String]] = []
        for line in told where line.count == 4 && line[1].count == 15 {
            guard let message = Int(line[2]), let length = Int(line[3]) else { continue }
            if conversations[line[1]] == nil {
                let messages = try await store.load(line[1])?.messages ?? []
                conversations[line[1]] = Dictionary(uniqueKeysWithValues: messages.map { ($0.id, $0.text.utf8.count) })
            }
            // The last line may be cut: a length that is shorter than any is none.
            if length >= 400, (conversations[line[1]]?[message] ?? 0) < length { lost.append(line) }
        }
        return lost
    }
}
