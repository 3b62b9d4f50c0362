internal import GRDB
import ProviderCore

/// What the ledger does inside one transaction.
struct LedgerTables {
    let database: Database
    /// The process that books.
    let owner: String
    let clock: WallClock

    private static let intentSQL = """
        INSERT INTO entry (run, item, attempt, call, owner, state, purpose, conversation, provider, endpoint, demo, model,
            started_ms, day, counted_input_tokens, ceiling, price_input, price_cached_input, price_cache_write, price_output,
            price_source)
        VALUES (?,?,?,?,?,'intent',?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """

    /// Books an attempt. Throws `LedgerError.overBudget` when a cap leaves no room.
    func begin(_ intent: LedgerIntent, sums: inout [SumKey: SpentSum]) throws -> Booking {
        if let resumed = try resume(intent) { return resumed }
        let now = clock.now
        let standings = try standings(intent, now, &sums)
        switch intent.rules.admission(standings) {
        case .refused(let reason): throw LedgerError.overBudget(reason, BudgetRules.tightest(standings)?.scope)
        case .go(let grant):
            let attempt = try nextAttempt(intent)
            try insert(intent, attempt, grant.ceiling, now)
            for standing in standings {
                guard let key = SumKey(standing.scope, intent, day: WallClock.day(now), owner: owner) else { continue }
                sums[key]?.held += grant.ceiling ?? .zero
            }
            return Booking(id: database.lastInsertedRowID, attempt: attempt, intent: intent, grant: grant)
        }
    }

    private func nextAttempt(_ intent: LedgerIntent) throws -> Int {
        let sql = "SELECT coalesce(max(attempt), 0) + 1 FROM entry WHERE run = ? AND item = ?"
        return try Int.fetchOne(
            database.cachedStatement(sql: sql), arguments: [intent.accounting.run ?? "", intent.item]) ?? 1
    }

    private func insert(_ intent: LedgerIntent, _ attempt: Int, _ ceiling: Money?, _ now: Int64) throws {
        let booked = intent.accounting
        let prices = intent.prices
        let statement = try database.cachedStatement(sql: Self.intentSQL)
        try statement.execute(arguments: [
            booked.run ?? "", intent.item, attempt, intent.call, owner, booked.purpose.rawValue, booked.conversation,
            intent.provider, intent.endpoint, intent.isDemo ? 1 : 0, intent.model, now, WallClock.day(now),
            intent.inputTokens, ceiling.map(Self.stored), prices?.input.picodollarsPerToken,
            prices?.cachedInput?.picodollarsPerToken, prices?.cacheWrite?.picodollarsPerToken,
            prices?.output.picodollarsPerToken, intent.priceSource,
        ])
    }

    /// The entry of an answer that is read on; nil when this is no such thing. What it was ended with counts no longer; its caps go on.
    private func resume(_ intent: LedgerIntent) throws -> Booking? {
        guard let resumed = intent.resumes else { return nil }
        let sql = """
            SELECT id, attempt, ceiling, output_tokens FROM entry WHERE run = ? AND item = ? AND response_id = ?
            AND state IN ('estimated', 'unknown', 'open') ORDER BY id DESC LIMIT 1
            """
        let row = try Row.fetchOne(
            database.cachedStatement(sql: sql), arguments: [intent.accounting.run ?? "", intent.item, resumed])
        guard let row else { return nil }
        let id: Int64 = row["id"]
        let ceiling: Int64? = row["ceiling"]
        try database.execute(
            sql: """
                UPDATE entry SET state = 'open', owner = ?, call = ?, amount = NULL, is_estimate = 0, error = NULL, ceiling = NULL
                WHERE id = ?
                """,
            arguments: [owner, intent.call, id])
        let limit = try limit(of: intent)
        try database.execute(sql: "UPDATE entry SET ceiling = ? WHERE id = ?", arguments: [ceiling, id])
        let grant = BudgetRules.Grant(ceiling: ceiling.map { Money(picodollars: Int128($0)) }, limit: limit)
        return Booking(
            id: id, attempt: row["attempt"], intent: intent, grant: grant, outputBefore: row["output_tokens"] ?? 0)
    }

    /// The hard cap that ends an answer which goes on, whatever it leaves: reading on is not asked for anew.
    private func limit(of intent: LedgerIntent) throws -> BudgetRules.Limit? {
        var sums: [SumKey: SpentSum] = [:]
        return BudgetRules.tightest(try standings(intent, clock.now, &sums))
    }

    private func standings(
        _ intent: LedgerIntent, _ now: Int64, _ sums: inout [SumKey: SpentSum]
    ) throws -> [BudgetRules.Standing] {
        var standings: [BudgetRules.Standing] = []
        for (scope, cap) in intent.accounting.caps.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let key = SumKey(scope, intent, day: WallClock.day(now), owner: owner) else { continue }
            var sum = try sums[key] ?? self.sum(key)
            sums[key] = sum
            if scope == .run { sum.spent += intent.accounting.runBefore }
            standings.append((scope, cap, sum))
        }
        return standings
    }

    /// Keeps what is known of an attempt that runs.
    func note(_ progress: LedgerProgress, of booking: Booking) throws {
        let sql = """
            UPDATE entry SET state = 'open', answered_by = ?, tier = ?, request_id = ?, response_id = ?, output_tokens = ?
            WHERE id = ? AND call = ? AND state IN ('intent', 'open')
            """
        let told = progress.metadata
        try database.cachedStatement(sql: sql).execute(arguments: [
            told.model, told.serviceTier, told.requestID, told.id, progress.outputTokens, booking.id,
            booking.intent.call,
        ])
    }

    private static let closingSQL = """
        UPDATE entry SET state = ?, answered_by = coalesce(?, answered_by), tier = ?, request_id = coalesce(?, request_id),
            response_id = coalesce(?, response_id), error = ?, duration_ms = ?, input_tokens = ?, cached_input_tokens = ?,
            cache_write_tokens = ?, output_tokens = coalesce(?, output_tokens), reasoning_tokens = ?, amount = ?,
            is_estimate = ?, price_input = coalesce(?, price_input), price_cached_input = coalesce(?, price_cached_input),
            price_cache_write = coalesce(?, price_cache_write), price_output = coalesce(?, price_output)
        WHERE id = ? AND call = ? AND (state IN ('intent', 'open') OR (state = 'unknown' AND owner = ?))
        """

    /// Ends an entry. One that another process took for dead is ended all the same; one that is over stays as it is.
    func close(_ booking: Booking, _ closing: LedgerClosing) throws {
        try update(id: booking.id, booking, closing)
        guard database.changesCount == 0 else { return }
        // The file may be a new one, since the old one was damaged: what was paid is booked there.
        let exists = try Bool.fetchOne(
            database, sql: "SELECT 1 FROM entry WHERE run = ? AND item = ? AND attempt = ?",
            arguments: [booking.intent.accounting.run ?? "", booking.intent.item, booking.attempt])
        guard exists == nil else { return }
        try insert(booking.intent, booking.attempt, booking.grant.ceiling, clock.now)
        try update(id: database.lastInsertedRowID, booking, closing)
    }

    private func update(id: Int64, _ booking: Booking, _ closing: LedgerClosing) throws {
        let (told, usage, prices) = (closing.metadata, closing.usage, closing.prices)
        // No such sum was ever paid; it would not fit, and its sums would not either.
        let amount = closing.cost.amount.flatMap { $0.picodollars <= Int128(Int64.max) ? Int64($0.picodollars) : nil }
        try database.cachedStatement(sql: Self.closingSQL).execute(arguments: [
            closing.state.rawValue, told.model, told.serviceTier, told.requestID, told.id, closing.error?.rawValue,
            max(0, Int(closing.duration.milliseconds.rounded())), usage.inputTokens, usage.cachedInputTokens,
            usage.cacheWriteTokens, usage.outputTokens, usage.reasoningTokens, amount,
            closing.cost.state == .estimate ? 1 : 0, prices?.input.picodollarsPerToken,
            prices?.cachedInput?.picodollarsPerToken, prices?.cacheWrite?.picodollarsPerToken,
            prices?.output.picodollarsPerToken, id, booking.intent.call, owner,
        ])
    }

    /// Entries of processes that ended without a word become `unknown`.
    func sweep(deadOwners: [String]) throws {
        for dead in deadOwners {
            try database.execute(
                sql: "UPDATE entry SET state = 'unknown' WHERE owner = ? AND state IN ('intent', 'open')",
                arguments: [dead])
        }
    }

    /// The processes that have open entries.
    func openOwners() throws -> [String] {
        try String.fetchAll(
            database, sql: "SELECT DISTINCT owner FROM entry WHERE state IN ('intent', 'open')")
    }

    /// What a scope has cost. Long-lived scopes are summed as entries change (`LedgerSchema`); the entries of a request are few.
    private func sum(_ key: SumKey) throws -> SpentSum {
        let statement = try database.cachedStatement(sql: key.sql)
        let arguments = StatementArguments(key.values) + [key.isDemo ? 1 : 0]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return SpentSum() }
        return SpentSum(spent: Money(millions: row[0], rest: row[1]), held: Money(millions: row[2], rest: row[3]))
    }

    private static func stored(_ money: Money) -> Int64 { Int64(clamping: max(0, money.picodollars)) }
}

extension Money {
    /// A sum that was made in two columns, so that it could not overflow: millions of pico-dollars, and the rest.
    init(millions: Int64, rest: Int64) {
        self.init(picodollars: Int128(millions) * 1_000_000 + Int128(rest))
    }
}
