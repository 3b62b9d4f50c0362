import Conversations
import Foundation
import ProviderCore
import Storage

/// Figures of the database of conversations for `make bench`, and the writer that the crash test kills.
@main
enum ConversationBench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.dropFirst().first) {
        case ("write", let path?): await write(path, isHasty: arguments.contains("--hasty"))
        case ("claim", let path?): await claim(path)
        case ("bench", let folder?): try await measure(folder)
        case ("fill", let path?):
            let store = ConversationDatabase(path: path).conversations
            try await fill(store)
            await store.flush()
        default:
            let usage = "usage: conversation-bench bench FOLDER | fill FILE | write FILE [--hasty] | claim FILE\n"
            FileHandle.standardError.write(Data(usage.utf8))
            exit(64)
        }
    }

    /// Keeps messages until it is killed, eight conversations at a time, and prints what is safe: `kept CONVERSATION MESSAGE LENGTH`.
    /// Each message is an answer that grows in three steps. Hasty, it prints before it is safe: the defect that the crash test has to
    /// find.
    private static func write(_ path: String, isHasty: Bool) async {
        let store = ConversationDatabase(path: path).conversations
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let id = PolicyCall.newID()
                    var revision: Int64 = 0
                    for number in 1... {
                        for step in 1...3 {
                            revision += 1
                            let message = Sample.answer(number, length: step * 400, isRunning: step < 3)
                            if isHasty { say("kept \(id) \(number) \(step * 400)") }
                            let change = ConversationChange(id, revision: revision, .message(message))
                            guard (try? await store.keep([change])) != nil else { return }
                            if !isHasty { say("kept \(id) \(number) \(step * 400)") }
                        }
                    }
                }
            }
        }
    }

    /// Takes the conversation `mine`, says so, and waits to be killed or for the end of its input.
    private static func claim(_ path: String) async {
        let database = ConversationDatabase(path: path)
        let isOurs = (try? await database.conversations.claim("mine")) ?? false
        say(isOurs ? "claimed" : "refused")
        _ = FileHandle.standardInput.readDataToEndOfFile()
        withExtendedLifetime(database) {}
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
    }

    private static func measure(_ folder: String) async throws {
        let path = "\(folder)/conversations.sqlite"
        let store = ConversationDatabase(path: path).conversations
        try await fill(store)
        try await report("keep a growing answer of 200 KB", rounds: 50) { round in
            let message = Sample.answer(1, length: 200_000, isRunning: true)
            try await store.keep([ConversationChange("grows", revision: Int64(round), .message(message))])
        }
        // Each round on a connection of its own, as a program that was just started.
        try await report("open 10,000 messages", rounds: 20) { _ in
            let found = try await ConversationDatabase(path: path).conversations.load("c0")
            guard found?.messages.count == 10_000 else { throw ConversationStoreError("messages are missing") }
        }
        try await report("load 10,000 messages and decode every record", rounds: 20) { _ in
            let found = try await ConversationDatabase(path: path).conversations.load("c0")
            let decoded = found?.messages.count { $0.answer?.attempts == 1 }
            guard decoded == 5_000 else { throw ConversationStoreError("records are missing") }
        }
        for (name, query) in Sample.queries {
            try await report("search 100,000 messages: \(name)", rounds: 30) { _ in
                let hits = try await store.search(query, limit: 50)
                guard !hits.isEmpty else { throw ConversationStoreError("nothing was found for \(query)") }
            }
        }
        try await report("search 100,000 messages, just started: a rare word", rounds: 20) { _ in
            _ = try await ConversationDatabase(path: path).conversations.search("zebra", limit: 50)
        }
        try await report("list 200 conversations", rounds: 20) { _ in _ = try await store.list(limit: 200) }
        try await report("newest 10,000 prompts", rounds: 20) { _ in _ = try await store.prompts(limit: 10_000) }
    }

    /// 100,000 messages of about 1 KB: one conversation of 10,000, the longest by its name too, and 180 of 500.
    private static func fill(_ store: SQLiteConversationStore) async throws {
        let start = ContinuousClock.now
        var random = SampleRandom(state: 1)
        for conversation in 0...180 {
            let count = conversation == 0 ? 10_000 : 500
            let changes = (1...count).map { number in
                var message = Sample.message(number, &random)
                if number == 10_000 { message.text += " the last word" }
                return ConversationChange("c\(conversation)", revision: Int64(number), .message(message))
            }
            try await store.keep(changes)
        }
        try await store.keep([ConversationChange("c0", revision: 10_001, .title("longest"))])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("rate \(Int(100_000 / seconds)) messages kept a second, many at a time")
    }

    /// Runs something so many times and prints p50 and p99 in milliseconds.
    private static func report(_ name: String, rounds: Int, _ body: (Int) async throws -> Void) async throws {
        var times: [Double] = []
        for round in 1...rounds {
            let start = ContinuousClock.now
            try await body(round)
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        times.sort()
        func at(_ share: Double) -> String {
            String(format: "%.1f", times[min(times.count - 1, Int(Double(times.count) * share))])
        }
        print("p50_p99_ms \(at(0.5)) \(at(0.99)) \(name)")
    }
}
