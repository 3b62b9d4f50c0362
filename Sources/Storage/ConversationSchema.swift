internal import GRDB

/// The tables of the conversations, and how older ones become newer ones.
///
/// `conversation` is the name by which the usage ledger knows one. `id` is the order; times are milliseconds since 1970 for people to
/// read. Words (`decider`, `result_kind`) are not checked by the table, so that a newer program may write newer ones; rows with words
/// that this program does not know are left out when it reads.
enum ConversationSchema {
    /// "ticv" is the mark of its files.
    static let kind = DatabaseKind(name: "conversations database", applicationID: 0x7469_6376, migrator: migrator)

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 tool calls") { try $0.execute(sql: first) }
        return migrator
    }

    /// The newest rows are found by `id`, the table's own order: that needs no index besides.
    private static let first = """
        CREATE TABLE tool_call (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation TEXT NOT NULL,
            turn INTEGER NOT NULL,
            position INTEGER NOT NULL,
            call_id TEXT NOT NULL,
            name TEXT NOT NULL,
            arguments TEXT NOT NULL,
            extra_fields TEXT,
            rank INTEGER,
            edited_arguments TEXT,
            decider TEXT NOT NULL,
            result_kind TEXT NOT NULL,
            exit_status INTEGER,
            signal INTEGER,
            http_status INTEGER,
            reason TEXT,
            result TEXT NOT NULL,
            duration_us INTEGER,
            at_ms INTEGER NOT NULL
        ) STRICT;
        """
}
