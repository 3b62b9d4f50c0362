internal import GRDB

/// The tables of the conversations, and how older ones become newer ones.
///
/// `conversation.id` and `tool_call.conversation` are the name by which the usage ledger knows one. `number` is the order in which
/// things came; times are milliseconds since 1970 for people to read. Words (`decider`, `result_kind`, `author`) are not checked by the
/// table, so that a newer program may write newer ones; rows with words that this program does not know are left out when it reads.
enum ConversationSchema {
    /// "ticv" is the mark of its files.
    static let kind = DatabaseKind(name: "conversations database", applicationID: 0x7469_6376, migrator: migrator)

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 tool calls") { try $0.execute(sql: first) }
        migrator.registerMigration("2 conversations") { database in
            try database.execute(sql: second)
            try database.execute(sql: index)
        }
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

    /// Each thing that changes on its own has the revision of its last change, so that an older change that comes later loses.
    /// `recency` orders conversations by their last change, whatever the clock says. Long columns stand last: what is in front of them
    /// is read without them.
    private static let second = """
        CREATE INDEX tool_call_place ON tool_call (conversation, turn, position);
        CREATE TABLE conversation (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            revision INTEGER NOT NULL,
            recency INTEGER NOT NULL,
            created_ms INTEGER NOT NULL,
            changed_ms INTEGER NOT NULL,
            head INTEGER,
            head_revision INTEGER,
            deleted_ms INTEGER,
            deleted_revision INTEGER,
            title TEXT,
            title_revision INTEGER,
            draft_revision INTEGER,
            draft TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX conversation_recency ON conversation (recency);
        CREATE TABLE message (
            number INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL REFERENCES conversation (number) ON DELETE CASCADE,
            id INTEGER NOT NULL CHECK (id >= 1),
            parent INTEGER,
            author TEXT NOT NULL,
            is_growing INTEGER NOT NULL CHECK (is_growing IN (0, 1)),
            is_unspaced INTEGER NOT NULL CHECK (is_unspaced IN (0, 1)),
            said_ms INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            model TEXT,
            cost INTEGER,
            is_estimate INTEGER NOT NULL CHECK (is_estimate IN (0, 1)),
            text TEXT NOT NULL,
            record TEXT,
            attachments TEXT,
            UNIQUE (conversation, id)
        ) STRICT;
        CREATE INDEX message_figures ON message (conversation, author, id, model, cost, is_estimate);
        CREATE INDEX message_author ON message (author);
        CREATE INDEX message_unspaced ON message (number) WHERE is_unspaced = 1;
        CREATE INDEX message_growing ON message (conversation) WHERE is_growing = 1;
        """

    /// The index of the texts. An answer that still grows is not in it: it would be taken out and put in again every second.
    private static let index = """
        CREATE VIRTUAL TABLE message_text USING fts5(
            text, content = 'message', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
        CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.is_growing = 0 BEGIN
            INSERT INTO message_text (rowid, text) VALUES (new.number, new.text);
        END;
        CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.is_growing = 0 BEGIN
            INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', old.number, old.text);
        END;
        CREATE TRIGGER message_changed AFTER UPDATE OF text, is_growing ON message
        WHEN new.text IS NOT old.text OR new.is_growing <> old.is_growing BEGIN
            INSERT INTO message_text (message_text, rowid, text)
                SELECT 'delete', old.number, old.text WHERE old.is_growing = 0;
            INSERT INTO message_text (rowid, text) SELECT new.number, new.text WHERE new.is_growing = 0;
        END;
        """
}
