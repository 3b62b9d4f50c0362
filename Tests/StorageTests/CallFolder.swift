import Foundation
import FunctionTools
import GRDB
import ProviderCore

@testable import Storage

/// A folder of its own for a database of conversations; gone when the test is over.
final class CallFolder: Sendable {
    private let place = LedgerFolder()

    var folder: String { place.folder + "/data" }
    var path: String { folder + "/conversations.sqlite" }
    /// The names beside the database.
    var names: [String] { place.names }

    /// A log that loses patience at once.
    func log(clock: WallClock = WallClock()) -> SQLiteToolLog { SQLiteToolLog(file, clock: clock) }

    /// A log on a file that may have so many pages of 4 KiB.
    func log(maximumPages: Int) -> SQLiteToolLog {
        var small = file
        small.maximumPages = maximumPages
        return SQLiteToolLog(small)
    }

    /// A database that loses patience at once.
    func database(clock: WallClock = WallClock()) -> ConversationDatabase { ConversationDatabase(file, clock: clock) }

    /// Its conversations.
    func store(clock: WallClock = WallClock()) -> SQLiteConversationStore { database(clock: clock).conversations }

    /// Conversations in a file that may have so many pages of 4 KiB.
    func store(maximumPages: Int) -> SQLiteConversationStore {
        var small = file
        small.maximumPages = maximumPages
        return ConversationDatabase(small).conversations
    }

    private var file: DatabaseFile { DatabaseFile(kind: ConversationSchema.kind, path: path, busySeconds: 0.05) }

    func put(_ bytes: [UInt8]) { place.put(bytes, at: path) }

    /// Changes the file behind the log's back.
    func execute(_ sql: String) async throws { try await DatabaseQueue(path: path).write { try $0.execute(sql: sql) } }

    /// How SQLite would answer a query.
    func plan(_ sql: String) async throws -> [String] {
        try await DatabaseQueue(path: path).read {
            try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] }
        }
    }

    /// What a query gives, as text.
    func texts(_ sql: String) async throws -> [String] {
        try await DatabaseQueue(path: path).read { try String.fetchAll($0, sql: sql) }
    }
}

extension DecidedCall {
    /// A call of `weather`.
    static func sample(
        _ id: String = PolicyCall.newID(), kind: ToolResult.Kind = .typed, decider: Decider = .person,
        text: String = "sunny"
    ) -> DecidedCall {
        DecidedCall(
            conversation: "session-1", turn: 1, position: 1,
            call: ToolCall(id: id, name: "weather", arguments: #"{"city":"Paris"}"#),
            result: ToolResult(text, kind: kind, duration: .microseconds(1500)), decider: decider)
    }

    /// All its texts, byte by byte: strings that look the same are equal in Swift.
    var bytes: [[UInt8]] {
        var texts = [conversation, call.id, call.name, call.arguments, editedArguments ?? "", result.text]
        if case .ran(.notStarted(let reason)) = result.kind { texts.append(reason) }
        return texts.map { Array($0.utf8) }
    }
}
