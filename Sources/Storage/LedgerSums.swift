internal import GRDB
import ProviderCore

/// Reads sums of the ledger.
enum LedgerSums {
    /// The rows of a query, in its order.
    static func rows(_ database: Database, _ query: UsageQuery) throws -> [UsageRow] {
        let (conditions, arguments) = conditions(query)
        if query.grouping == .request { return try entries(database, conditions, arguments, limit: query.limit) }
        let key = key(query.grouping)
        let sql = """
            SELECT \(key) AS key, demo, state, count(*) AS entries, sum(amount IS NULL) AS unpriced,
                max(is_estimate) AS estimate, sum(input_tokens) AS input, sum(cached_input_tokens) AS cached,
                sum(cache_write_tokens) AS written, sum(output_tokens) AS output, sum(reasoning_tokens) AS reasoning,
                coalesce(sum(amount / 1000000), 0) AS millions, coalesce(sum(amount % 1000000), 0) AS rest,
                coalesce(sum(ceiling / 1000000), 0) AS held_millions, coalesce(sum(ceiling % 1000000), 0) AS held_rest
            FROM entry \(conditions) GROUP BY 1, 2, 3
            """
        var rows: [RowKey: UsageRow] = [:]
        for row in try Row.fetchAll(database, sql: sql, arguments: arguments) {
            let key = RowKey(key: row["key"], isDemo: (row["demo"] as Int) == 1)
            rows[key, default: UsageRow(key: key.key, isDemo: key.isDemo)].add(row)
        }
        return UsageRow.ordered(Array(rows.values), query)
    }

    private struct RowKey: Hashable {
        let key: String
        let isDemo: Bool
    }

    private static func key(_ grouping: UsageQuery.Grouping) -> String {
        switch grouping {
        case .day: "day"
        case .model: "model"
        case .endpoint: "endpoint"
        case .conversation: "conversation"
        case .run: "run"
        case .request, .total: "''"
        }
    }

    private static func conditions(_ query: UsageQuery) -> (String, StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            conditions.append(condition)
            if let value { arguments += [value] }
        }
        if let since = query.since { add("day >= ?", since) }
        if let until = query.until { add("day <= ?", until) }
        if let isDemo = query.isDemo { add("demo = ?", isDemo ? 1 : 0) }
        if query.grouping == .conversation { add("conversation IS NOT NULL", nil) }
        if query.grouping == .run { add("run <> ''", nil) }
        return (conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "), arguments)
    }

    private static func entries(
        _ database: Database, _ conditions: String, _ arguments: StatementArguments, limit: Int?
    ) throws -> [UsageRow] {
        let sql = "SELECT * FROM entry \(conditions) ORDER BY id DESC LIMIT \(limit ?? -1)"
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map(entry)
    }

    private static func entry(_ row: Row) -> UsageRow {
        var single = UsageRow(key: WallClock.stamp(row["started_ms"]), isDemo: (row["demo"] as Int) == 1)
        let state = LedgerState(rawValue: row["state"]) ?? .unknown
        var detail = UsageDetail(
            id: row["id"], state: state, purpose: row["purpose"], model: row["model"], endpoint: row["endpoint"],
            attempt: row["attempt"])
        detail.answeredBy = row["answered_by"]
        detail.conversation = row["conversation"]
        let run: String = row["run"]
        detail.run = run.isEmpty ? nil : run
        detail.tier = row["tier"]
        detail.requestID = row["request_id"]
        detail.error = row["error"]
        detail.priceSource = row["price_source"]
        detail.milliseconds = row["duration_ms"]
        single.detail = detail
        single.states = [state: 1]
        single.isEstimate = (row["is_estimate"] as Int) == 1
        let amount: Int64? = row["amount"]
        if state.isBilled {
            single.usage = TokenUsage(
                inputTokens: row["input_tokens"], outputTokens: row["output_tokens"],
                cachedInputTokens: row["cached_input_tokens"], cacheWriteTokens: row["cache_write_tokens"],
                reasoningTokens: row["reasoning_tokens"])
            single.spent = Money(picodollars: Int128(amount ?? 0))
            single.unpriced = amount == nil ? 1 : 0
        } else if state != .refused {
            single.held = Money(picodollars: Int128((row["ceiling"] as Int64?) ?? 0))
        }
        return single
    }
}

extension LedgerState {
    /// Whether it is over and was, or may have been, paid for in the amount booked.
    fileprivate var isBilled: Bool { self == .settled || self == .estimated }
}

extension UsageRow {
    /// Adds the entries of one state.
    fileprivate mutating func add(_ row: Row) {
        let state = LedgerState(rawValue: row["state"]) ?? .unknown
        states[state, default: 0] += row["entries"]
        if state.isOpen || state == .unknown { held += Money(millions: row["held_millions"], rest: row["held_rest"]) }
        guard state.isBilled else { return }
        spent += Money(millions: row["millions"], rest: row["rest"])
        unpriced += row["unpriced"]
        if (row["estimate"] as Int) == 1 { isEstimate = true }
        func add(_ member: WritableKeyPath<TokenUsage, Int?>, _ column: String) {
            guard let sum: Int = row[column] else { return }
            usage[keyPath: member] = (usage[keyPath: member] ?? 0) + sum
        }
        add(\.inputTokens, "input")
        add(\.cachedInputTokens, "cached")
        add(\.cacheWriteTokens, "written")
        add(\.outputTokens, "output")
        add(\.reasoningTokens, "reasoning")
    }
}
