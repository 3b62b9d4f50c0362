internal import GRDB

/// The tables of the ledger, and how older ones become newer ones.
///
/// Amounts are whole pico-dollars. Times are milliseconds since 1970 for people to read; `id` is the order. `day` is the local day at
/// the moment of sending, so that it stays what it was wherever the computer travels.
enum LedgerSchema {
    /// "tick" is the mark of its files.
    static let kind = DatabaseKind(name: "usage ledger", applicationID: 0x7469_636B, migrator: migrator)

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 entries") { try $0.execute(sql: first) }
        return migrator
    }

    private static let first = """
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL DEFAULT '',
            item TEXT NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            call TEXT NOT NULL,
            owner TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('intent','open','settled','estimated','refused','unknown')),
            purpose TEXT NOT NULL,
            conversation TEXT,
            provider TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
            model TEXT NOT NULL,
            answered_by TEXT,
            tier TEXT,
            started_ms INTEGER NOT NULL,
            day TEXT NOT NULL,
            duration_ms INTEGER CHECK (duration_ms >= 0),
            request_id TEXT,
            response_id TEXT,
            error TEXT,
            counted_input_tokens INTEGER NOT NULL CHECK (counted_input_tokens >= 0),
            input_tokens INTEGER CHECK (input_tokens >= 0),
            cached_input_tokens INTEGER CHECK (cached_input_tokens >= 0),
            cache_write_tokens INTEGER CHECK (cache_write_tokens >= 0),
            output_tokens INTEGER CHECK (output_tokens >= 0),
            reasoning_tokens INTEGER CHECK (reasoning_tokens >= 0),
            ceiling INTEGER CHECK (ceiling >= 0),
            amount INTEGER CHECK (amount >= 0),
            is_estimate INTEGER NOT NULL DEFAULT 0 CHECK (is_estimate IN (0, 1)),
            price_input INTEGER,
            price_cached_input INTEGER,
            price_cache_write INTEGER,
            price_output INTEGER,
            price_source TEXT,
            UNIQUE (run, item, attempt)
        ) STRICT;
        CREATE INDEX entry_day ON entry (day);
        CREATE INDEX entry_conversation ON entry (conversation) WHERE conversation IS NOT NULL;
        CREATE INDEX entry_owner ON entry (owner) WHERE state IN ('intent','open');
        """
}

/// What belongs to the file of a ledger.
extension DatabaseFile {
    /// Locks of running processes, by their names.
    var ownersFolder: String { path + ".running" }
    var reserve: Reserve { Reserve(path: path + ".reserve") }
}
