import ProviderCore

/// What a cap sums, and how its sum is read: whole millions of pico-dollars and the rest, first of what is spent, then of what is held.
struct SumKey: Hashable {
    /// A query of four columns. It takes `values`, then whether it is the demo's money.
    let sql: String
    let values: [String]
    let isDemo: Bool

    /// Nil when the request belongs to no such scope. `owner`: the process that books.
    init?(_ scope: BudgetScope, _ intent: LedgerIntent, day: String, owner: String) {
        let booked = intent.accounting
        isDemo = intent.isDemo
        switch scope {
        case .request:
            sql = Self.sum(of: "run = ? AND item = ?", held: "'intent','open','unknown'")
            values = [booked.run ?? "", intent.item]
        case .trial:
            guard let run = booked.run, let trial = booked.trial else { return nil }
            // All items that begin with the trial and a slash: what follows the slash in ASCII is the zero.
            sql = Self.sum(of: "run = ? AND item >= ? AND item < ? AND owner = ?", held: "'intent','open'")
            values = [run, trial + "/", trial + "0", owner]
        case .day: (sql, values) = (Self.total, ["day", day])
        case .conversation:
            guard let conversation = booked.conversation else { return nil }
            (sql, values) = (Self.total, ["conversation", conversation])
        case .run:
            guard let run = booked.run else { return nil }
            (sql, values) = (Self.total, ["run", run])
        }
    }

    private static let total = """
        SELECT spent_millions, spent_rest, held_millions, held_rest FROM total WHERE scope = ? AND name = ? AND demo = ?
        """

    private static func sum(of condition: String, held states: String) -> String {
        """
        SELECT coalesce(sum(amount / 1000000), 0), coalesce(sum(amount % 1000000), 0),
            coalesce(sum(iif(state IN (\(states)), ceiling, 0) / 1000000), 0),
            coalesce(sum(iif(state IN (\(states)), ceiling, 0) % 1000000), 0)
        FROM entry WHERE \(condition) AND demo = ?
        """
    }
}
