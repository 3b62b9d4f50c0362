import Benchmarking
internal import GRDB
import ProviderCore

/// Trials as they are read: a window of the plan at a time.
extension RunReading {
    func keys(from index: Int, limit: Int) throws -> [TrialKey] {
        let sql = """
            SELECT number, task, subject, repetition, CAST(sample AS BLOB) FROM trial WHERE number >= ? ORDER BY number LIMIT ?
            """
        let (tasks, subjects) = (try tasks, try subjects)
        return try rows(sql, [index, max(0, limit)]).compactMap { row in
            var row = row
            return key(&row, tasks, subjects)
        }
    }

    private func key(_ row: inout Columns, _ tasks: [Int: String], _ subjects: [Int: String]) -> TrialKey? {
        let (number, task, subject) = (row.number(Int.self), row.number(Int.self), row.number(Int.self))
        let (repetition, sample) = (row.number(Int.self), row.text())
        guard let number, let task = task.flatMap({ tasks[$0] }), let subject = subject.flatMap({ subjects[$0] }),
            let repetition, let sample
        else { return nil }
        return TrialKey(index: number, task: task, sample: sample, subject: subject, repetition: repetition)
    }

    /// Trials with a record.
    func trials(from index: Int, limit: Int, withTexts: Bool) throws -> [TrialRecord] {
        let sql = """
            SELECT number, task, subject, repetition, CAST(sample AS BLOB), outcome, started_us, ended_us, turns, calls,
                CAST(finish AS BLOB), error, error_status, error_fate, CAST(error_code AS BLOB), CAST(error_request AS BLOB),
                CAST(error_text AS BLOB)
            FROM trial WHERE number >= ? AND state <> 'planned' ORDER BY number LIMIT ?
            """
        let (tasks, subjects) = (try tasks, try subjects)
        var records = try rows(sql, [index, max(0, limit)]).compactMap { row -> TrialRecord? in
            var row = row
            return key(&row, tasks, subjects).flatMap { record($0, &row) }
        }
        guard let first = records.first?.key.index, let last = records.last?.key.index else { return [] }
        let scores = try scores(first...last, withTexts)
        let timings = try timings(first...last)
        let texts = try withTexts ? self.texts(first...last) : [:]
        for position in records.indices {
            let trial = records[position].key.index
            records[position].scores = scores[trial] ?? []
            records[position].timings = timings[trial] ?? []
            if let (answer, transcript) = texts[trial] {
                records[position].answer = answer
                records[position].transcript = transcript
            }
        }
        return records
    }

    private func record(_ key: TrialKey, _ row: inout Columns) -> TrialRecord? {
        guard let outcome = row.text().flatMap(TrialOutcome.init(rawValue:)), let started = row.duration(),
            let ended = row.duration(), let turns = row.number(Int.self), let calls = row.number(Int.self)
        else { return nil }
        let finish = row.text().map(FinishReason.init(wire:))
        let kind = row.text().flatMap(ProviderError.Kind.init(rawValue:))
        let (status, fate) = (row.number(Int.self), row.text().flatMap(RequestFate.init(rawValue:)))
        let (code, request, text) = (row.text(), row.text(), row.text())
        let error = kind.map {
            ProviderError(kind: $0, status: status, code: code, message: text ?? "", requestID: request, fate: fate)
        }
        return TrialRecord(
            key: key, outcome: outcome, started: started, ended: ended, turns: turns, toolCalls: calls, finish: finish,
            error: error)
    }

    private func scores(_ trials: ClosedRange<Int>, _ withTexts: Bool) throws -> [Int: [NamedScore]] {
        let texts = "CAST(answer AS BLOB), CAST(explanation AS BLOB), detail"
        let sql = """
            SELECT trial, CAST(scorer AS BLOB), digest, value, share, passes, \(withTexts ? texts : "NULL, NULL, NULL") FROM score
            WHERE trial BETWEEN ? AND ? AND superseded = 0 ORDER BY trial, position
            """
        var scores: [Int: [NamedScore]] = [:]
        for var row in try rows(sql, [trials.lowerBound, trials.upperBound]) {
            guard let trial: Int = row.number(), let scorer = row.text(), let digest = row.text() else { continue }
            let (value, share, passes) = (row.real(), row.real(), row.number(Int.self).map { $0 == 1 })
            let (answer, explanation, detail) = (row.text(), row.text(), row.text())
            let score = value.map {
                Score(
                    value: $0, share: share, passes: passes, answer: answer, explanation: explanation ?? "",
                    detail: detail.flatMap { try? JSONParser.parse($0) })
            }
            scores[trial, default: []].append(NamedScore(scorer: scorer, digest: digest, score: score))
        }
        return scores
    }

    private func timings(_ trials: ClosedRange<Int>) throws -> [Int: [TurnTiming]] {
        let sql = """
            SELECT trial, turn, scheduled_us, queued_us, sent_us, headers_us, ended_us, failed, token_source, input_tokens,
                cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, timeline
            FROM timing WHERE trial BETWEEN ? AND ? ORDER BY trial, turn
            """
        var timings: [Int: [TurnTiming]] = [:]
        for var row in try rows(sql, [trials.lowerBound, trials.upperBound]) {
            guard let trial: Int = row.number(), let turn: Int = row.number() else { continue }
            let (scheduled, queued, sent) = (row.duration(), row.duration(), row.duration())
            let (headers, ended, hasFailed) = (row.duration(), row.duration(), row.flag())
            let (source, usage) = (row.text().flatMap(TokenSource.init(rawValue:)), row.usage())
            guard let sent, let ended, let source, let packed = row.bytes(),
                let timeline = try? StreamTimeline(packed: packed)
            else { continue }
            let timing = RequestTiming(
                scheduled: scheduled, queued: queued, sent: sent, headers: headers, ended: ended, timeline: timeline,
                usage: usage, tokenSource: source, hasFailed: hasFailed)
            timings[trial, default: []].append(TurnTiming(turn: turn, timing: timing))
        }
        return timings
    }

    private func texts(_ trials: ClosedRange<Int>) throws -> [Int: (TrialAnswer, [ChatMessage])] {
        let sql = """
            SELECT trial, CAST(text AS BLOB), CAST(refusal AS BLOB), calls, CAST(transcript AS BLOB) FROM answer
            WHERE trial BETWEEN ? AND ?
            """
        var texts: [Int: (TrialAnswer, [ChatMessage])] = [:]
        var bodies: [Int64: ChatMessage] = [:]
        for var row in try rows(sql, [trials.lowerBound, trials.upperBound]) {
            guard let trial: Int = row.number(), let text = row.text() else { continue }
            let (refusal, calls, transcript) = (row.text(), row.text(), row.text())
            let members = calls.flatMap { try? JSONParser.parse($0) }?.arrayValue ?? []
            let answer = TrialAnswer(
                text: text, refusal: refusal, calls: members.compactMap(TranscriptCode.call))
            texts[trial] = (
                answer, try TranscriptCode.read(transcript ?? "", answer: answer) { try body($0, &bodies) }
            )
        }
        return texts
    }

    /// The message of a body. Each is read once a window.
    private func body(_ id: Int64, _ known: inout [Int64: ChatMessage]) throws -> ChatMessage? {
        if let message = known[id] { return message }
        var row = try rows("SELECT content FROM body WHERE id = ?", [id]).first
        guard let message = row?.bytes().flatMap(TranscriptCode.message) else { return nil }
        known[id] = message
        return message
    }
}
