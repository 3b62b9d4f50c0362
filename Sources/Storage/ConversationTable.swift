import Conversations
internal import Foundation
internal import GRDB
import ProviderCore

/// The tables of conversations and messages, inside one transaction: what is written. Texts go in as bytes, as in `ToolCallTable`.
struct ConversationTable {
    let database: Database
    /// Milliseconds since 1970.
    let now: Int64

    /// Keeps changes. Of those of the same thing the one with the higher revision holds, whatever the order in which they come.
    func keep(_ changes: [ConversationChange]) throws {
        var numbers: [String: Int64] = [:]
        for change in ConversationChange.newest(of: changes) {
            let number = try numbers[change.conversation] ?? number(of: change.conversation)
            numbers[change.conversation] = number
            var change = change
            if change.revision == 0, change.what.isOfTheWhole { change.revision = try nextRevision(of: number) }
            guard try keep(change, in: number) else { continue }
            try touch(number, revision: change.revision, isNews: change.what.isNews)
            if case .message = change.what { try revive(number, at: change.revision) }
        }
    }

    /// The number after the highest one: for a change by somebody who has not opened the conversation.
    private func nextRevision(of conversation: Int64) throws -> Int64 {
        let highest = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT revision FROM conversation WHERE number = ?"),
            arguments: [conversation])
        return (highest ?? 0) + 1
    }

    /// Whether the change held.
    private func keep(_ change: ConversationChange, in conversation: Int64) throws -> Bool {
        switch change.what {
        case .message(let message): return try keep(message, change.revision, in: conversation)
        case .head(let head): try set("head", head, change.revision, in: conversation)
        case .title(let title):
            try set("title", "CAST(? AS TEXT)", title.map(Self.bytes), change.revision, in: conversation)
        case .draft(let draft):
            try set("draft", "CAST(? AS TEXT)", Self.bytes(draft), change.revision, in: conversation)
        case .deleted(let isDeleted): try set("deleted", "?", isDeleted ? now : nil, change.revision, in: conversation)
        }
        return database.changesCount > 0
    }

    private func set(_ column: String, _ value: Int?, _ revision: Int64, in conversation: Int64) throws {
        try set(column, "?", value, revision, in: conversation)
    }

    private func set(
        _ column: String, _ place: String, _ value: (any DatabaseValueConvertible)?, _ revision: Int64,
        in conversation: Int64
    ) throws {
        let name = column == "deleted" ? "deleted_ms" : column
        try database.cachedStatement(
            sql: """
                UPDATE conversation SET \(name) = \(place), \(column)_revision = ?
                WHERE number = ? AND (\(column)_revision IS NULL OR \(column)_revision <= ?)
                """
        ).execute(arguments: [value, revision, conversation, revision])
    }

    private static let messageSQL = """
        INSERT INTO message (conversation, id, parent, author, is_growing, is_unspaced, said_ms, revision, model, cost,
            is_estimate, text, record, attachments)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT))
        ON CONFLICT (conversation, id) DO UPDATE SET parent = excluded.parent, author = excluded.author,
            is_growing = excluded.is_growing, is_unspaced = excluded.is_unspaced,
            said_ms = CASE WHEN ? > 0 THEN excluded.said_ms ELSE said_ms END, revision = excluded.revision,
            model = excluded.model, cost = excluded.cost, is_estimate = excluded.is_estimate, text = excluded.text,
            record = excluded.record, attachments = excluded.attachments
        WHERE excluded.revision >= message.revision
        """

    private func keep(_ message: StoredMessage, _ revision: Int64, in conversation: Int64) throws -> Bool {
        let answer = message.answer
        let amount = answer?.cost.amount?.picodollars
        let model = answer.flatMap { $0.model.isEmpty ? nil : Self.bytes($0.model) }
        let attachments =
            message.attachments.isEmpty ? nil : Data(JSONWriter.bytes(.array(message.attachments.map(\.json))))
        let before = database.totalChangesCount
        try database.cachedStatement(sql: Self.messageSQL).execute(arguments: [
            conversation, message.id, message.parent, message.author.rawValue, answer?.state == .running,
            Script.isUnspaced(message.text), message.saidAt > 0 ? message.saidAt : now, revision, model,
            amount.flatMap { Int64(exactly: $0) }, answer?.cost.state == .estimate, Self.bytes(message.text),
            message.encodedAnswer.map(Self.bytes), attachments, message.saidAt,
        ])
        return database.totalChangesCount > before
    }

    /// Notes that something changed. News puts a conversation in front of the others.
    private func touch(_ conversation: Int64, revision: Int64, isNews: Bool) throws {
        try database.cachedStatement(
            sql: """
                UPDATE conversation SET revision = max(revision, ?), changed_ms = CASE WHEN ? THEN ? ELSE changed_ms END,
                    recency = CASE WHEN ? AND recency < (SELECT max(recency) FROM conversation)
                        THEN (SELECT max(recency) FROM conversation) + 1 ELSE recency END
                WHERE number = ?
                """
        ).execute(arguments: [revision, isNews, now, isNews, conversation])
    }

    /// Brings a conversation back in which something was said after it was deleted: nothing that is said is lost.
    private func revive(_ conversation: Int64, at revision: Int64) throws {
        try database.cachedStatement(
            sql: """
                UPDATE conversation SET deleted_ms = NULL
                WHERE number = ? AND deleted_ms IS NOT NULL AND deleted_revision <= ?
                """
        ).execute(arguments: [conversation, revision])
    }

    private func number(of id: String) throws -> Int64 {
        let name = Self.bytes(id)
        if let number = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT number FROM conversation WHERE id = CAST(? AS TEXT)"),
            arguments: [name])
        {
            return number
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO conversation (id, revision, recency, created_ms, changed_ms)
                VALUES (CAST(? AS TEXT), 0, (SELECT coalesce(max(recency), 0) + 1 FROM conversation), ?, ?)
                """
        ).execute(arguments: [name, now, now])
        return database.lastInsertedRowID
    }

    /// The answers of a conversation that were growing do so no more: whoever wrote them is gone. From now on they are found.
    func settle(_ id: String) throws {
        try database.cachedStatement(
            sql: """
                UPDATE message SET is_growing = 0 WHERE is_growing = 1
                    AND conversation = (SELECT number FROM conversation WHERE id = CAST(? AS TEXT))
                """
        ).execute(arguments: [Self.bytes(id)])
    }

    /// The conversations with answers that are marked as growing.
    func growing() throws -> [String] {
        try Data.fetchAll(
            database,
            sql: """
                SELECT DISTINCT CAST(conversation.id AS BLOB) FROM message
                JOIN conversation ON conversation.number = message.conversation WHERE is_growing = 1
                """
        ).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Removes for good what was deleted before a time, in milliseconds since 1970; how many conversations it were.
    func purge(deletedBefore time: Int64) throws -> Int {
        try database.execute(sql: "DELETE FROM conversation WHERE deleted_ms < ?", arguments: [time])
        return database.changesCount
    }

    static func bytes(_ text: String) -> Data { Data(text.utf8) }
}

extension ConversationChange.What {
    /// Whether it is of the conversation as a whole, and needs no knowledge of its messages.
    fileprivate var isOfTheWhole: Bool {
        switch self {
        case .title, .deleted: true
        case .message, .head, .draft: false
        }
    }

    /// Whether it puts a conversation in front of the others in a list. Walking on its branches does not.
    fileprivate var isNews: Bool {
        switch self {
        case .message, .title, .draft: true
        case .head, .deleted: false
        }
    }
}
