import Benchmarking
internal import Foundation
internal import GRDB
import ProviderCore

/// What changes in the tables of a run, inside one transaction.
///
/// Texts that are not ours go in and out as bytes: SQLite's own way for text ends at the first NUL, which models do write.
struct RunTables {
    let database: Database
    /// The run's id, for messages.
    let run: String

    func execute(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    static func bytes(_ text: String) -> Data { Data(text.utf8) }
    static func bytes(_ text: String?) -> Data? { text.map { Data($0.utf8) } }

    /// Amounts that no column holds were never paid.
    static func stored(_ money: Money?) -> Int64? { money.map { Int64(clamping: max(0, $0.picodollars)) } }

    // MARK: Runs

    /// The rows of a new run.
    func make(_ header: RunHeader, _ files: [SuiteFile], _ trials: [TrialKey]) throws {
        let selected = JSONWriter.string(.array(header.selection.tasks.map(JSONValue.string)))
        try execute(
            """
            INSERT INTO run (id, name, suite_path, suite_digest, plan_digest, seed, created_ms, version, only_tasks, only_samples,
                planned, budget, demo, base_url, profile, state) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'running')
            """,
            [
                header.id, header.name, header.suitePath, header.suiteDigest, header.planDigest,
                Int64(bitPattern: header.seed), header.created, header.version, selected, header.selection.samples,
                header.planned, Self.stored(header.budget), header.isDemo ? 1 : 0, header.baseURL,
                header.profile,
            ])
        for (position, file) in files.enumerated() {
            let body = try body(file.bytes, digest: file.digest)
            try execute("INSERT INTO file VALUES (?,?,?)", [position, file.path, body])
        }
        for (number, name) in header.tasks.enumerated() {
            try execute("INSERT INTO task VALUES (?,?)", [number, name])
        }
        for (number, label) in header.subjects.enumerated() {
            try execute("INSERT INTO subject VALUES (?,?)", [number, label])
        }
        let tasks = Dictionary(header.tasks.enumerated().map { ($1, $0) }) { first, _ in first }
        let subjects = Dictionary(header.subjects.enumerated().map { ($1, $0) }) { first, _ in first }
        let sql = "INSERT INTO trial (number, task, subject, repetition, sample) VALUES (?,?,?,?,?)"
        for trial in trials {
            try execute(
                sql, [trial.index, tasks[trial.task], subjects[trial.subject], trial.repetition, trial.sample])
        }
    }

    /// Makes the run that of a process: what another one left open is of unknown fate.
    func takeOver() throws {
        try closeOpen()
        // Not where it says so already: a run that was just made is taken without a write, which would be synced.
        try execute("UPDATE run SET state = 'running', stop = NULL WHERE state <> 'running' OR stop IS NOT NULL")
    }

    /// Nobody knows what became of requests that a dead process left open.
    func closeOpen() throws {
        try execute("UPDATE request SET state = 'unknown' WHERE state IN ('intent', 'open')")
    }

    /// Keeps what the run came to; `time` in milliseconds since 1970.
    func end(_ state: RunState, _ stop: RunStop?, at time: Int64, worked: Duration) throws {
        try execute(
            "UPDATE run SET state = ?, stop = ?, ended_ms = ?, worked_us = max(worked_us, ?)",
            [state.rawValue, stop?.rawValue, time, worked.wholeMicroseconds])
    }

    /// Keeps what the run may spend; nil = no cap.
    func keep(cap: Money?) throws { try execute("UPDATE run SET budget = ?", [Self.stored(cap)]) }

    func add(_ note: RunNote) throws {
        try execute(
            "INSERT INTO note (at_us, kind, text) VALUES (?, ?, CAST(? AS TEXT))",
            [note.at.wholeMicroseconds, note.kind, Self.bytes(note.text)])
    }

    // MARK: Requests

    /// Keeps an attempt; its number.
    func begin(_ start: RequestStart) throws -> Int64 {
        let purpose = start.purpose
        if try state(of: purpose.trial) == "settled", purpose.role == .subject {
            throw RunStoreError.isSettled(purpose.trial, run)
        }
        if let resumed = try resume(start) { return resumed }
        try execute(
            """
            INSERT INTO request (trial, role, turn, attempt, state, model, endpoint, counted_input_tokens, worst, sent_ms)
            VALUES (?1, ?2, ?3, max(?4, 1 + (SELECT coalesce(max(attempt), 0) FROM request WHERE trial = ?1 AND role = ?2
                AND turn = ?3)), 'intent', ?5, ?6, ?7, ?8, ?9)
            """,
            [
                purpose.trial, purpose.role.rawValue, purpose.turn, start.attempt, start.model, start.endpoint,
                start.inputTokens, Self.stored(start.worst), start.sent,
            ])
        return database.lastInsertedRowID
    }

    /// The record of an answer that is read on; what it was ended with counts no longer.
    private func resume(_ start: RequestStart) throws -> Int64? {
        guard let response = start.resumes else { return nil }
        let sql = """
            SELECT id FROM request WHERE trial = ? AND role = ? AND turn = ? AND response_id = CAST(? AS TEXT)
            AND state IN ('estimated', 'unknown') ORDER BY id DESC LIMIT 1
            """
        let purpose = start.purpose
        let found = try Int64.fetchOne(
            database.cachedStatement(sql: sql),
            arguments: [purpose.trial, purpose.role.rawValue, purpose.turn, Self.bytes(response)])
        guard let found else { return nil }
        try execute(
            """
            UPDATE request SET state = 'intent', amount = NULL, is_estimate = 0, error = NULL, duration_ms = NULL,
                input_tokens = NULL, cached_input_tokens = NULL, cache_write_tokens = NULL, output_tokens = NULL,
                reasoning_tokens = NULL, answered_by = NULL, tier = NULL, fingerprint = NULL, api = NULL,
                request_id = NULL, response_id = NULL
            WHERE id = ?
            """, [found])
        return found
    }

    private static let closingSQL = """
        UPDATE request SET state = ?, duration_ms = ?, error = ?, input_tokens = ?, cached_input_tokens = ?,
            cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?, amount = ?, is_estimate = ?,
            answered_by = CAST(? AS TEXT), tier = CAST(? AS TEXT), fingerprint = CAST(? AS TEXT), api = ?,
            request_id = CAST(? AS TEXT), response_id = CAST(? AS TEXT)
        WHERE id = ? AND state IN ('intent', 'open')
        """

    /// Keeps how an attempt ended; one that is over stays as it is.
    func close(_ request: Int64, _ closing: LedgerClosing) throws {
        let (told, usage) = (closing.metadata, closing.usage)
        let amount = closing.cost.amount.flatMap { Int64(exactly: $0.picodollars) }.flatMap { $0 < 0 ? nil : $0 }
        let isEstimate = closing.cost.state == .estimate || closing.state == .estimated
        try execute(
            Self.closingSQL,
            [
                closing.state.rawValue, max(0, Int(closing.duration.milliseconds.rounded())), closing.error?.rawValue,
                usage.inputTokens, usage.cachedInputTokens, usage.cacheWriteTokens, usage.outputTokens,
                usage.reasoningTokens, amount, isEstimate ? 1 : 0, Self.bytes(told.model),
                Self.bytes(told.serviceTier), Self.bytes(told.systemFingerprint), told.api?.rawValue,
                Self.bytes(told.requestID), Self.bytes(told.id), request,
            ])
    }

    // MARK: Trials

    /// `planned`, `settled` or `failed`.
    func state(of trial: Int) throws -> String {
        let statement = try database.cachedStatement(sql: "SELECT state FROM trial WHERE number = ?")
        guard let state = try String.fetchOne(statement, arguments: [trial]) else {
            throw RunStoreError.isNotPlanned(trial, run)
        }
        return state
    }

    /// The number of a text that is kept once.
    func body(_ bytes: [UInt8], digest: String) throws -> Int64 {
        let known = try database.cachedStatement(sql: "SELECT id FROM body WHERE digest = ?")
        if let id = try Int64.fetchOne(known, arguments: [digest]) { return id }
        try execute("INSERT INTO body (digest, content) VALUES (?, ?)", [digest, Data(bytes)])
        return database.lastInsertedRowID
    }
}
