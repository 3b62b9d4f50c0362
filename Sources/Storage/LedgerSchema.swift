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
        migrator.registerMigration("2 totals") { try $0.execute(sql: totals + triggers) }
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

    /// What a scope has cost and what is held, so that a cap is checked at the same speed however much was booked before. Amounts are in
    /// two columns, whole millions of pico-dollars and the rest, which no sum overflows; a rest may pass a million.
    private static let totals = """
        CREATE TABLE total (
            scope TEXT NOT NULL CHECK (scope IN ('day','run','conversation')),
            name TEXT NOT NULL,
            demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
            spent_millions INTEGER NOT NULL,
            spent_rest INTEGER NOT NULL,
            held_millions INTEGER NOT NULL,
            held_rest INTEGER NOT NULL,
            PRIMARY KEY (scope, name, demo)
        ) STRICT, WITHOUT ROWID;
        \(["day", "run", "conversation"].map(filling).joined(separator: "\n"))
        """

    /// Sums what was booked before there were totals.
    private static func filling(_ scope: String) -> String {
        """
        INSERT INTO total
            SELECT '\(scope)', \(scope), demo, \(parts("coalesce(amount, 0)", sum: true)), \(parts(held("entry"), sum: true))
            FROM entry WHERE coalesce(\(scope), '') <> '' GROUP BY \(scope), demo;
        """
    }

    /// They change with the entries, whoever changes these.
    private static let triggers = """
        CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN
            \(adding("new", "+"))
        END;
        CREATE TRIGGER entry_changed AFTER UPDATE OF state, amount, ceiling ON entry
            WHEN old.amount IS NOT new.amount OR \(held("old")) IS NOT \(held("new")) BEGIN
            \(adding("old", "-"))
            \(adding("new", "+"))
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
            \(adding("old", "-"))
        END;
        """

    /// Adds a row's amounts to its totals, or takes them away.
    private static func adding(_ row: String, _ sign: String) -> String {
        """
        INSERT INTO total
                SELECT scope, name, \(row).demo, \(parts("\(sign)coalesce(\(row).amount, 0)")), \(parts("\(sign)" + held(row)))
                FROM (SELECT 'day' AS scope, \(row).day AS name UNION ALL SELECT 'run', \(row).run
                    UNION ALL SELECT 'conversation', \(row).conversation)
                WHERE coalesce(name, '') <> ''
            ON CONFLICT (scope, name, demo) DO UPDATE SET
                spent_millions = spent_millions + excluded.spent_millions, spent_rest = spent_rest + excluded.spent_rest,
                held_millions = held_millions + excluded.held_millions, held_rest = held_rest + excluded.held_rest;
        """
    }

    /// What a row holds: its ceiling as long as nobody knows what it cost.
    private static func held(_ row: String) -> String {
        "iif(\(row).state IN ('intent','open','unknown'), coalesce(\(row).ceiling, 0), 0)"
    }

    private static func parts(_ amount: String, sum: Bool = false) -> String {
        let sum = sum ? "sum" : ""
        return "\(sum)((\(amount)) / 1000000), \(sum)((\(amount)) % 1000000)"
    }
}

/// What belongs to the file of a ledger.
extension DatabaseFile {
    /// Locks of running processes, by their names.
    var ownersFolder: String { path + ".running" }
    var reserve: Reserve { Reserve(path: path + ".reserve") }
}
