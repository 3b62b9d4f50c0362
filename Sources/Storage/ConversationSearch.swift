import Conversations
internal import Foundation
internal import GRDB

/// Finds messages by their texts.
///
/// Words are found in the index, the best first (SQLite's bm25) and of equally good ones the newest first; of a word that very many
/// messages have, the newest `ranked` messages count. What has no words that an index could part is looked for letter by letter in the
/// newest `scanned` messages, the newest first.
struct ConversationSearch {
    let database: Database

    static let ranked = 2_000
    static let scanned = 20_000

    func hits(_ query: SearchQuery, _ limit: Int) throws -> [SearchHit] {
        guard !query.isEmpty, limit > 0 else { return [] }
        let rows =
            query.isLiteral
            ? try Row.fetchCursor(
                database, sql: Self.literalSQL(query),
                arguments: StatementArguments(query.words.map(Self.pattern)) + [limit])
            : try Row.fetchCursor(
                database.cachedStatement(sql: Self.wordsSQL), arguments: [Self.expression(query), Self.ranked, limit])
        var hits: [SearchHit] = []
        while let row = try rows.next() {
            var columns = Columns(row)
            if let hit = try hit(&columns, query) { hits.append(hit) }
        }
        return hits
    }

    private func hit(_ row: inout Columns, _ query: SearchQuery) throws -> SearchHit? {
        let (number, message) = (row.number(Int64.self), row.number(Int.self))
        let (id, title, text) = (row.text(), row.text(), row.text())
        guard let number, let message, let id, let text else { return nil }
        let excerpt = SearchExcerpt(of: text, for: query)
        let name = try title ?? firstText(of: number)
        return SearchHit(
            conversation: id, title: ConversationTitle.beginning(of: name), message: message, excerpt: excerpt.text,
            matches: excerpt.matches)
    }

    private func firstText(of conversation: Int64) throws -> String {
        for sql in [Self.firstPromptSQL, Self.firstSQL] {
            if let row = try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [conversation]) {
                var columns = Columns(row)
                return columns.text() ?? ""
            }
        }
        return ""
    }

    private static let firstPromptSQL = """
        SELECT CAST(substr(text, 1, 400) AS BLOB) FROM message WHERE conversation = ? AND author = 'user' ORDER BY id LIMIT 1
        """

    private static let firstSQL = """
        SELECT CAST(substr(text, 1, 400) AS BLOB) FROM message WHERE conversation = ? ORDER BY id LIMIT 1
        """

    /// The texts are read last, and only of what is shown: sorting carries all columns along.
    private static let wordsSQL = """
        SELECT top.conversation, top.id, CAST(top.name AS BLOB), CAST(top.title AS BLOB), CAST(m.text AS BLOB)
        FROM (
            SELECT found.number, found.score, m.conversation, m.id, c.id AS name, c.title
            FROM (
                SELECT rowid AS number, bm25(message_text) AS score FROM message_text WHERE message_text MATCH ?
                ORDER BY rowid DESC LIMIT ?
            ) found
            JOIN message m ON m.number = found.number JOIN conversation c ON c.number = m.conversation
            WHERE c.deleted_ms IS NULL ORDER BY found.score, found.number DESC LIMIT ?
        ) top JOIN message m ON m.number = top.number ORDER BY top.score, top.number DESC
        """

    private static func literalSQL(_ query: SearchQuery) -> String {
        let conditions = query.words.map { _ in "AND m.text LIKE ? ESCAPE '\\'" }.joined(separator: " ")
        return """
            SELECT m.conversation, m.id, CAST(c.id AS BLOB), CAST(c.title AS BLOB), CAST(m.text AS BLOB)
            FROM (
                SELECT number FROM message WHERE \(query.isUnspaced ? "is_unspaced = 1 AND " : "")is_growing = 0
                ORDER BY number DESC LIMIT \(scanned)
            ) found
            JOIN message m ON m.number = found.number JOIN conversation c ON c.number = m.conversation
            WHERE c.deleted_ms IS NULL \(conditions) ORDER BY m.number DESC LIMIT ?
            """
    }

    /// The words for the index, each in quotes, so that none is an operator; the last one also as a beginning.
    static func expression(_ query: SearchQuery) -> String {
        query.words.map { "\"" + $0 + "\"" }.joined(separator: " AND ") + " *"
    }

    private static func pattern(_ word: String) -> String {
        var pattern = "%"
        for character in word.unicodeScalars {
            if character == "%" || character == "_" || character == "\\" { pattern.unicodeScalars.append("\\") }
            pattern.unicodeScalars.append(character)
        }
        return pattern + "%"
    }
}
