internal import GRDB

/// The tables of a benchmark run, and how older ones become newer ones.
///
/// Amounts are whole pico-dollars. Columns that end in `_ms` are milliseconds since 1970, in `_us` microseconds since the run began, but
/// durations are neither. What is in a row stands in front of what may be long. Texts that several trials share, and the suite's files,
/// are kept once each, by the SHA-256 of their bytes, in `body`.
enum RunSchema {
    /// "tirn" is the mark of its files.
    static let kind = DatabaseKind(name: "run's database", applicationID: 0x7469_726E, migrator: migrator)

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs") { database in
            try database.execute(sql: run)
            try database.execute(sql: trial)
            try database.execute(sql: request)
        }
        migrator.registerMigration("2 endpoints and shares") { try $0.execute(sql: endpointsAndShares) }
        return migrator
    }

    /// `settled` counts settled trials, so that a list of runs looks at one row of each.
    private static let run = """
        CREATE TABLE body (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            content BLOB NOT NULL
        ) STRICT;
        CREATE TABLE file (
            position INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            body INTEGER NOT NULL REFERENCES body (id)
        ) STRICT;
        CREATE TABLE run (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            suite_path TEXT NOT NULL,
            suite_digest TEXT NOT NULL,
            plan_digest TEXT NOT NULL,
            seed INTEGER NOT NULL,
            created_ms INTEGER NOT NULL,
            version TEXT NOT NULL,
            only_tasks TEXT NOT NULL,
            only_samples INTEGER,
            planned INTEGER NOT NULL CHECK (planned >= 0),
            budget INTEGER,
            demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('running','complete','incomplete')),
            stop TEXT,
            ended_ms INTEGER,
            worked_us INTEGER NOT NULL DEFAULT 0,
            settled INTEGER NOT NULL DEFAULT 0 CHECK (settled <= planned)
        ) STRICT;
        CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE subject (id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE note (
            id INTEGER PRIMARY KEY,
            at_us INTEGER NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        """

    /// Whom a run asks instead of the suite's endpoints; and of each score its value between 0 and 1, whatever its scale.
    private static let endpointsAndShares = """
        ALTER TABLE run ADD COLUMN base_url TEXT;
        ALTER TABLE run ADD COLUMN profile TEXT;
        ALTER TABLE score ADD COLUMN share REAL;
        """

    /// A trial, what it came to, and its texts. `transcript` is a JSON array of messages, in which a number is the `body` of a message
    /// that is there, and `true` the message of the answer. Of the scores of one scorer one is live; the others were superseded by it.
    private static let trial = """
        CREATE TABLE trial (
            number INTEGER PRIMARY KEY,
            task INTEGER NOT NULL REFERENCES task (id),
            subject INTEGER NOT NULL REFERENCES subject (id),
            repetition INTEGER NOT NULL CHECK (repetition >= 1),
            sample TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned','settled','failed')),
            outcome TEXT,
            started_us INTEGER,
            ended_us INTEGER,
            turns INTEGER,
            calls INTEGER,
            finish TEXT,
            error TEXT,
            error_status INTEGER,
            error_fate TEXT,
            error_code TEXT,
            error_request TEXT,
            error_text TEXT,
            UNIQUE (task, sample, subject, repetition)
        ) STRICT;
        CREATE TABLE answer (
            trial INTEGER PRIMARY KEY REFERENCES trial (number),
            refusal TEXT,
            calls TEXT,
            text TEXT NOT NULL,
            transcript TEXT NOT NULL
        ) STRICT;
        CREATE TABLE score (
            id INTEGER PRIMARY KEY,
            trial INTEGER NOT NULL REFERENCES trial (number),
            position INTEGER NOT NULL,
            scorer TEXT NOT NULL,
            digest TEXT NOT NULL,
            superseded INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)),
            value REAL,
            passes INTEGER CHECK (passes IN (0, 1)),
            answer TEXT,
            explanation TEXT NOT NULL,
            detail TEXT
        ) STRICT;
        CREATE UNIQUE INDEX score_live ON score (trial, scorer) WHERE superseded = 0;
        """

    /// Attempts at requests, and when the parts of each turn's last one happened (`StreamTimeline.packed` has the events).
    private static let request = """
        CREATE TABLE request (
            id INTEGER PRIMARY KEY,
            trial INTEGER NOT NULL REFERENCES trial (number),
            role TEXT NOT NULL CHECK (role IN ('subject','judge')),
            turn INTEGER NOT NULL CHECK (turn >= 1),
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            state TEXT NOT NULL CHECK (state IN ('intent','open','settled','estimated','refused','unknown')),
            model TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            counted_input_tokens INTEGER NOT NULL,
            worst INTEGER CHECK (worst >= 0),
            sent_ms INTEGER NOT NULL,
            duration_ms INTEGER,
            error TEXT,
            input_tokens INTEGER,
            cached_input_tokens INTEGER,
            cache_write_tokens INTEGER,
            output_tokens INTEGER,
            reasoning_tokens INTEGER,
            amount INTEGER CHECK (amount >= 0),
            is_estimate INTEGER NOT NULL DEFAULT 0 CHECK (is_estimate IN (0, 1)),
            answered_by TEXT,
            tier TEXT,
            fingerprint TEXT,
            api TEXT,
            request_id TEXT,
            response_id TEXT,
            UNIQUE (trial, role, turn, attempt)
        ) STRICT;
        CREATE INDEX request_open ON request (state) WHERE state IN ('intent','open','unknown');
        CREATE TABLE timing (
            id INTEGER PRIMARY KEY,
            trial INTEGER NOT NULL REFERENCES trial (number),
            turn INTEGER NOT NULL,
            scheduled_us INTEGER,
            queued_us INTEGER,
            sent_us INTEGER NOT NULL,
            headers_us INTEGER,
            ended_us INTEGER NOT NULL,
            failed INTEGER NOT NULL CHECK (failed IN (0, 1)),
            token_source TEXT NOT NULL,
            input_tokens INTEGER,
            cached_input_tokens INTEGER,
            cache_write_tokens INTEGER,
            output_tokens INTEGER,
            reasoning_tokens INTEGER,
            timeline BLOB NOT NULL,
            UNIQUE (trial, turn)
        ) STRICT;
        """
}
