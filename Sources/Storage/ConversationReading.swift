import Conversations
internal import Foundation
internal import GRDB
import ProviderCore

/// What is read of conversations.
struct ConversationReading {
    let database: Database

    /// The figures come from the index `message_figures` alone; the sum in two halves, which cannot overflow.
    static let listSQL = """
        SELECT CAST(c.id AS BLOB), CAST(c.title AS BLOB), c.changed_ms, CAST(substr(c.draft, 1, 400) AS BLOB),
            (SELECT count(*) FROM message WHERE conversation = c.number),
            CAST((SELECT substr(text, 1, 400) FROM message WHERE conversation = c.number AND author = 'user'
                ORDER BY id LIMIT 1) AS BLOB),
            CAST((SELECT substr(text, 1, 400) FROM message WHERE conversation = c.number ORDER BY id LIMIT 1) AS BLOB),
            CAST((SELECT model FROM message WHERE conversation = c.number AND author = 'assistant'
                ORDER BY id DESC LIMIT 1) AS BLOB),
            sum(m.cost / 1000000), sum(m.cost % 1000000), sum(m.number IS NOT NULL AND m.cost IS NULL), sum(m.is_estimate)
        FROM (
            SELECT * FROM conversation WHERE deleted_ms IS NULL AND (title IS NOT NULL OR draft <> ''
                OR EXISTS (SELECT 1 FROM message WHERE conversation = conversation.number))
            ORDER BY recency DESC LIMIT ?
        ) c LEFT JOIN message m ON m.conversation = c.number AND m.author = 'assistant'
        GROUP BY c.recency, c.number ORDER BY c.recency DESC
        """

    func list(_ limit: Int) throws -> [ConversationSummary] {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: Self.listSQL), arguments: [limit])
        var list: [ConversationSummary] = []
        while let row = try rows.next() {
            var columns = Columns(row)
            list.append(Self.summary(&columns))
        }
        return list
    }

    private static func summary(_ row: inout Columns) -> ConversationSummary {
        let (id, title, changed, draft) = (row.text(), row.text(), row.number(Int64.self), row.text())
        let messages: Int? = row.number()
        let (user, first, model) = (row.text(), row.text(), row.text())
        let (high, low) = (row.number(Int64.self), row.number(Int64.self))
        let (unknown, estimates) = (row.number(Int.self), row.number(Int.self))
        let sum = Int128(high ?? 0) * 1_000_000 + Int128(low ?? 0)
        var summary = ConversationSummary(
            id: id ?? "", title: self.title([title, user, first, draft]), messages: messages ?? 0,
            changedAt: changed ?? 0, cost: unknown == 0 ? Money(picodollars: sum).exact : nil, model: model)
        summary.isCostEstimated = summary.cost != nil && (estimates ?? 0) > 0
        return summary
    }

    /// The first of these texts that gives a title.
    static func title(_ texts: [String?]) -> String {
        for text in texts {
            let title = ConversationTitle.beginning(of: text ?? "")
            if !title.isEmpty { return title }
        }
        return ""
    }

    /// The conversation that was deleted last; those with nothing in them do not count.
    func lastDeleted() throws -> String? {
        try Data.fetchOne(
            database,
            sql: """
                SELECT CAST(id AS BLOB) FROM conversation WHERE deleted_ms IS NOT NULL AND (title IS NOT NULL OR draft <> ''
                    OR EXISTS (SELECT 1 FROM message WHERE conversation = conversation.number))
                ORDER BY deleted_ms DESC, recency DESC LIMIT 1
                """
        ).map { String(decoding: $0, as: UTF8.self) }
    }

    func load(_ id: String) throws -> StoredConversation? {
        let found = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT number, CAST(title AS BLOB), head, CAST(draft AS BLOB), revision FROM conversation
                    WHERE id = CAST(? AS TEXT)
                    """), arguments: [ConversationTable.bytes(id)])
        guard let found else { return nil }
        var row = Columns(found)
        guard let number = row.number(Int64.self) else { return nil }
        let (title, head, draft, revision) = (row.text(), row.number(Int.self), row.text(), row.number(Int64.self))
        let (messages, unknown) = try messages(of: number)
        let kept = Self.joined(messages, over: unknown)
        return StoredConversation(
            id: id, title: title, messages: kept, head: Self.known(head, over: unknown), draft: draft ?? "",
            revision: revision ?? 0)
    }

    /// The messages of a conversation by number; and those that this program does not understand, with their parents.
    private func messages(of conversation: Int64) throws -> ([StoredMessage], unknown: [Int: Int?]) {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT id, parent, author, said_ms, CAST(text AS BLOB), CAST(record AS BLOB), CAST(attachments AS BLOB)
                    FROM message WHERE conversation = ? ORDER BY id
                    """), arguments: [conversation])
        var messages: [StoredMessage] = []
        var unknown: [Int: Int?] = [:]
        while let row = try rows.next() {
            var columns = Columns(row)
            guard let id = columns.number(Int.self) else { continue }
            let (parent, word, said) = (columns.number(Int.self), columns.text(), columns.number(Int64.self))
            let (text, record, files) = (columns.text(), columns.text(), columns.text())
            guard let author = word.flatMap(StoredMessage.Author.init(rawValue:)), let text else {
                unknown[id] = parent
                continue
            }
            messages.append(
                StoredMessage(
                    id: id, parent: parent, author: author, text: text, attachments: Self.attachments(files),
                    encodedAnswer: record, saidAt: said ?? 0))
        }
        return (messages, unknown)
    }

    private static func attachments(_ stored: String?) -> [Attachment] {
        guard let stored, let list = (try? JSONParser.parse(stored))?.arrayValue else { return [] }
        return list.compactMap { Attachment(json: $0) }
    }

    /// Messages whose parents were left out follow the nearest one before them.
    private static func joined(_ messages: [StoredMessage], over unknown: [Int: Int?]) -> [StoredMessage] {
        guard !unknown.isEmpty else { return messages }
        return messages.map { message in
            var message = message
            message.parent = known(message.parent, over: unknown)
            return message
        }
    }

    private static func known(_ id: Int?, over unknown: [Int: Int?]) -> Int? {
        var here = id
        for _ in 0...unknown.count {
            guard let id = here, let parent = unknown[id] else { return here }
            here = parent
        }
        return nil
    }

    /// Reads at most so many bytes of prompts.
    static let promptBytes = 32 << 20

    static let promptSQL = """
        SELECT CAST(m.text AS BLOB) FROM message m JOIN conversation c ON c.number = m.conversation
        WHERE m.author = 'user' AND c.deleted_ms IS NULL ORDER BY m.number DESC
        """

    func prompts(_ limit: Int) throws -> [String] {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: Self.promptSQL))
        var seen: Set<[UInt8]> = []
        var prompts: [String] = []
        var bytes = 0
        while prompts.count < limit, bytes < Self.promptBytes, let row = try rows.next() {
            var columns = Columns(row)
            guard let text = columns.text(), !text.isEmpty, seen.insert(Array(text.utf8)).inserted else { continue }
            prompts.append(text)
            bytes += text.utf8.count
        }
        return prompts.reversed()
    }
}
