import Benchmarking
internal import Foundation
internal import GRDB
import ProviderCore

/// What trials came to, and their scores.
extension RunTables {
    private static let trialSQL = """
        UPDATE trial SET state = ?, outcome = ?, started_us = ?, ended_us = ?, turns = ?, calls = ?, finish = CAST(? AS TEXT),
            error = ?, error_status = ?, error_fate = ?, error_code = CAST(? AS TEXT), error_request = CAST(? AS TEXT),
            error_text = CAST(? AS TEXT)
        WHERE number = ? AND state <> 'settled' AND sample = ? AND repetition = ?
            AND task = (SELECT id FROM task WHERE name = ?) AND subject = (SELECT id FROM subject WHERE label = ?)
        """

    /// Keeps a record. That a settled trial has no second one is the rule by which nothing is paid twice.
    func settle(_ record: TrialRecord) throws {
        let (key, trial, error) = (record.key, record.key.index, record.error)
        let before = try state(of: trial)
        if before == "settled" { throw RunStoreError.isSettled(trial, run) }
        let isSettled = record.outcome.isSettled
        let after = isSettled ? "settled" : "failed"
        try execute(
            Self.trialSQL,
            [
                after, record.outcome.rawValue, record.started.wholeMicroseconds,
                record.ended.wholeMicroseconds, record.turns, record.toolCalls, Self.bytes(record.finish?.wireName),
                error?.kind.rawValue, error?.status, error?.fate.rawValue, Self.bytes(error?.code),
                Self.bytes(error?.requestID), Self.bytes(error?.message), trial, key.sample, key.repetition, key.task,
                key.subject,
            ])
        guard database.changesCount == 1 else { throw RunStoreError.isNotPlanned(trial, run) }
        if before == "failed" { try forget(trial) }
        try keep(record.answer, record.transcript, of: trial)
        for timing in record.timings { try keep(timing, of: trial) }
        for (position, score) in record.scores.enumerated() { try keep(score, at: position, of: trial) }
        try execute(
            "UPDATE run SET settled = settled + ?, worked_us = max(worked_us, ?)",
            [isSettled ? 1 : 0, record.ended.wholeMicroseconds])
    }

    /// A record that was no result gives way to the next; its requests stay.
    private func forget(_ trial: Int) throws {
        try execute("DELETE FROM answer WHERE trial = ?", [trial])
        try execute("DELETE FROM timing WHERE trial = ?", [trial])
        try execute("UPDATE score SET superseded = 1 WHERE trial = ? AND superseded = 0", [trial])
    }

    private func keep(_ answer: TrialAnswer, _ transcript: [ChatMessage], of trial: Int) throws {
        let messages = try TranscriptCode.written(transcript, answer: answer) { bytes in
            try body(bytes, digest: SHA256.hex(bytes))
        }
        let calls = answer.calls.isEmpty ? nil : JSONWriter.string(.array(answer.calls.map(TranscriptCode.value)))
        try execute(
            """
            INSERT INTO answer (trial, refusal, calls, text, transcript)
            VALUES (?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?)
            """,
            [trial, Self.bytes(answer.refusal), calls, Self.bytes(answer.text), messages])
    }

    private func keep(_ turn: TurnTiming, of trial: Int) throws {
        let (timing, usage) = (turn.timing, turn.timing.usage)
        try execute(
            """
            INSERT INTO timing (trial, turn, scheduled_us, queued_us, sent_us, headers_us, ended_us, failed, token_source,
                input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, timeline)
            VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            """,
            [
                trial, turn.turn, timing.scheduled?.wholeMicroseconds, timing.queued?.wholeMicroseconds,
                timing.sent.wholeMicroseconds, timing.headers?.wholeMicroseconds, timing.ended.wholeMicroseconds,
                timing.hasFailed ? 1 : 0, timing.tokenSource.rawValue, usage.inputTokens, usage.cachedInputTokens,
                usage.cacheWriteTokens, usage.outputTokens, usage.reasoningTokens, Data(timing.timeline.packed),
            ])
    }

    private func keep(_ named: NamedScore, at position: Int, of trial: Int) throws {
        let score = named.score
        let passes = score?.passes.map { $0 ? 1 : 0 }
        let detail = score?.detail.map { JSONWriter.string($0) }
        try execute(
            """
            INSERT INTO score (trial, position, scorer, digest, value, share, passes, answer, explanation, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)
            """,
            [
                trial, position, named.scorer, named.digest, score?.value, score?.share, passes,
                Self.bytes(score?.answer), Self.bytes(Optional(score?.explanation ?? "")), detail,
            ])
    }

    /// Keeps a new score of a settled trial. The one of the same scorer, or all, stay as superseded, and the new one takes that position.
    func rescore(_ trial: Int, _ outcome: TrialOutcome, _ score: NamedScore, _ alone: Bool) throws {
        guard outcome.isSettled else { throw RunStoreError.unsettles(outcome, trial, run) }
        guard try state(of: trial) == "settled" else { throw RunStoreError.isNotSettled(trial, run) }
        let sql = """
            SELECT coalesce((SELECT position FROM score WHERE trial = ?1 AND scorer = ?2 AND superseded = 0),
                (SELECT max(position) + 1 FROM score WHERE trial = ?1 AND superseded = 0), 0)
            """
        let position = try Int.fetchOne(
            database.cachedStatement(sql: sql), arguments: [trial, score.scorer])
        try execute(
            "UPDATE score SET superseded = 1 WHERE trial = ? AND (scorer = ? OR ?) AND superseded = 0",
            [trial, score.scorer, alone ? 1 : 0])
        try keep(score, at: alone ? 0 : position ?? 0, of: trial)
        try execute("UPDATE trial SET outcome = ? WHERE number = ?", [outcome.rawValue, trial])
    }
}
