import Benchmarking
internal import GRDB
import ProviderCore

/// What is read of a run but its trials, in one transaction.
struct RunReading {
    let database: Database
    /// Whether a process runs it: else its open requests are of unknown fate.
    let isHeld: Bool

    func rows(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Columns] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments).map(Columns.init)
    }

    /// Labels by number.
    func labels(_ sql: String) throws -> [Int: String] {
        var labels: [Int: String] = [:]
        for var row in try rows(sql) {
            if let number = row.number(), let label = row.text() { labels[number] = label }
        }
        return labels
    }

    var tasks: [Int: String] { get throws { try labels("SELECT id, CAST(name AS BLOB) FROM task") } }
    var subjects: [Int: String] { get throws { try labels("SELECT id, CAST(label AS BLOB) FROM subject") } }

    // MARK: The run

    /// The run; nil when its row is missing or says what this program does not understand.
    func stored() throws -> StoredRun? {
        let sql = """
            SELECT id, name, suite_path, suite_digest, plan_digest, seed, created_ms, version, only_tasks, only_samples, planned,
                budget, demo, base_url, profile, state, stop, ended_ms, worked_us, settled FROM run
            """
        guard var row = try rows(sql).first else { return nil }
        let (id, name, path) = (row.text(), row.text(), row.text())
        let (suite, plan, seed) = (row.text(), row.text(), row.number(Int64.self))
        let (created, version, selected) = (row.number(Int64.self), row.text(), row.text())
        let (samples, planned, budget, isDemo) = (row.number(Int.self), row.number(), row.money(), row.flag())
        let (baseURL, profile) = (row.text(), row.text())
        let state = row.text().flatMap(RunState.init(rawValue:))
        guard let id, let name, let path, let suite, let plan, let seed, let created, let version, let planned,
            let state
        else { return nil }
        let only = selected.flatMap { try? JSONParser.parse($0) }?.arrayValue?.compactMap(\.stringValue) ?? []
        let header = RunHeader(
            id: id, name: name, suitePath: path, suiteDigest: suite, planDigest: plan, seed: UInt64(bitPattern: seed),
            created: created, version: version, selection: PlanSelection(tasks: only, samples: samples),
            subjects: try subjects.sorted { $0.key < $1.key }.map(\.value),
            tasks: try tasks.sorted { $0.key < $1.key }.map(\.value), planned: planned, budget: budget, isDemo: isDemo,
            baseURL: baseURL, profile: profile)
        return StoredRun(
            header: header, state: state, stop: row.text().flatMap(RunStop.init(rawValue:)),
            ended: row.number(Int64.self), worked: row.duration() ?? .zero, isHeld: isHeld, settled: row.number() ?? 0)
    }

    func files() throws -> [SuiteFile] {
        let sql = "SELECT CAST(path AS BLOB), content FROM file JOIN body ON body.id = file.body ORDER BY position"
        return try rows(sql).compactMap { row in
            var row = row
            guard let path = row.text(), let bytes = row.bytes() else { return nil }
            return SuiteFile(path: path, bytes: bytes)
        }
    }

    func notes() throws -> [RunNote] {
        try rows("SELECT at_us, kind, CAST(text AS BLOB) FROM note ORDER BY id").compactMap { row in
            var row = row
            guard let at = row.duration(), let kind = row.text(), let text = row.text() else { return nil }
            return RunNote(at: at, kind: kind, text: text)
        }
    }

    // MARK: Requests

    /// Trials of requests of unknown fate that are not settled.
    func unknownTrials() throws -> Set<Int> {
        let states = isHeld ? "('unknown')" : "('unknown','intent','open')"
        let sql = """
            SELECT DISTINCT trial FROM request JOIN trial ON trial.number = request.trial
            WHERE request.state IN \(states) AND trial.state <> 'settled'
            """
        return Set(try Int.fetchAll(database.cachedStatement(sql: sql)))
    }

    func settledTrials() throws -> Set<Int> {
        Set(try Int.fetchAll(database, sql: "SELECT number FROM trial WHERE state = 'settled'"))
    }

    private func state(_ word: String?) -> LedgerState? {
        guard let state = word.flatMap(LedgerState.init(rawValue:)) else { return nil }
        return state.isOpen && !isHeld ? .unknown : state
    }

    private static let requestColumns = """
        trial, role, turn, attempt, state, model, endpoint, counted_input_tokens, worst, sent_ms, duration_ms, error,
            input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, amount, is_estimate,
            CAST(answered_by AS BLOB), CAST(tier AS BLOB), CAST(fingerprint AS BLOB), api, CAST(request_id AS BLOB),
            CAST(response_id AS BLOB)
        """

    func requests(of trial: Int) throws -> [RequestRecord] {
        try rows("SELECT \(Self.requestColumns) FROM request WHERE trial = ? ORDER BY id", [trial]).compactMap(record)
    }

    func outcomes() throws -> [TrialOutcome: Int] {
        let sql = "SELECT outcome, count(*) FROM trial WHERE outcome IS NOT NULL GROUP BY outcome"
        return try rows(sql).reduce(into: [:]) { counts, row in
            var row = row
            guard let outcome = row.text().flatMap(TrialOutcome.init(rawValue:)), let count = row.number() else {
                return
            }
            counts[outcome] = count
        }
    }

    func openRequests() throws -> [RequestRecord] {
        guard isHeld else { return [] }
        let sql = "SELECT \(Self.requestColumns) FROM request WHERE state IN ('intent','open') ORDER BY id"
        return try rows(sql).compactMap(record)
    }

    private func record(_ columns: Columns) -> RequestRecord? {
        var row = columns
        guard let trial = row.number(Int.self) else { return nil }
        let (role, turn) = (row.text().flatMap(RequestPurpose.Role.init(rawValue:)), row.number(Int.self))
        let (attempt, state) = (row.number(Int.self), state(row.text()))
        let (model, endpoint, input) = (row.text(), row.text(), row.number(Int.self))
        let (worst, sent, milliseconds) = (row.money(), row.number(Int64.self), row.number(Int64.self))
        let error = row.text().flatMap(ProviderError.Kind.init(rawValue:))
        guard let role, let turn, let attempt, let state, let model, let endpoint, let input, let sent else {
            return nil
        }
        let start = RequestStart(
            purpose: RequestPurpose(trial: trial, role: role, turn: turn), attempt: attempt, model: model,
            endpoint: endpoint, inputTokens: input, worst: worst, sent: sent)
        var record = RequestRecord(start: start, state: state, error: error)
        record.duration = .milliseconds(milliseconds ?? 0)
        record.usage = row.usage()
        record.cost = row.money()
        record.isEstimate = row.flag()
        let (answeredBy, tier, fingerprint) = (row.text(), row.text(), row.text())
        let (api, requestID, id) = (row.text().flatMap(ModelAPI.init(rawValue:)), row.text(), row.text())
        record.metadata = ResponseMetadata(
            id: id, model: answeredBy, serviceTier: tier, systemFingerprint: fingerprint, requestID: requestID, api: api
        )
        return record
    }

    // MARK: Sums

    /// Sums of the requests of one state. Amounts are summed in two columns, and counts that no answer has are cut, so that no sum
    /// overflows.
    private static let sums = """
        request.state, count(*), coalesce(sum(amount / 1000000), 0), coalesce(sum(amount % 1000000), 0),
        coalesce(sum(worst / 1000000), 0), coalesce(sum(worst % 1000000), 0), sum(amount IS NULL), sum(worst IS NULL),
        max(is_estimate), sum(min(input_tokens, 1 << 40)), sum(min(cached_input_tokens, 1 << 40)),
        sum(min(cache_write_tokens, 1 << 40)), sum(min(output_tokens, 1 << 40)), sum(min(reasoning_tokens, 1 << 40))
        """

    func money() throws -> RunMoney {
        var money = RunMoney()
        for var row in try rows("SELECT \(Self.sums) FROM request GROUP BY request.state") { add(&row, to: &money) }
        return money
    }

    func costs() throws -> [RunCosts] {
        let sql = """
            SELECT trial.task, trial.subject, \(Self.sums) FROM request JOIN trial ON trial.number = request.trial
            GROUP BY trial.task, trial.subject, request.state
            """
        let (tasks, subjects) = (try tasks, try subjects)
        var sums: [[Int]: RunMoney] = [:]
        for var row in try rows(sql) {
            guard let task: Int = row.number(), let subject: Int = row.number() else { continue }
            add(&row, to: &sums[[task, subject], default: RunMoney()])
        }
        return sums.compactMap { key, money in
            guard let task = tasks[key[0]], let subject = subjects[key[1]] else { return nil }
            return RunCosts(task: task, subject: subject, money: money)
        }
    }

    private func add(_ row: inout Columns, to money: inout RunMoney) {
        guard let state = state(row.text()) else { return }
        let (count, amount, worst) = (row.number() ?? 0, row.sum(), row.sum())
        let (withoutAmount, withoutWorst, isEstimate) = (row.number() ?? 0, row.number() ?? 0, row.flag())
        money.requests += count
        money.add(row.usage())
        switch state {
        case .intent, .open:
            money.open += count
            money.held += worst
            money.unpriced += withoutWorst
        case .unknown:
            money.unknown += count
            money.maybe += worst
            money.unpriced += withoutWorst
        case .settled, .estimated:
            money.spent += amount
            money.unpriced += withoutAmount
            money.isEstimated = money.isEstimated || isEstimate
        case .refused: break
        }
    }
}

extension Columns {
    /// An amount that was summed in two columns.
    fileprivate mutating func sum() -> Money {
        let (millions, rest) = (number(Int64.self) ?? 0, number(Int64.self) ?? 0)
        return Money(millions: millions, rest: rest)
    }
}
