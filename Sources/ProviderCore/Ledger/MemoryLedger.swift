import Synchronization

/// A ledger that lasts as long as the process: for tests, for the demo, and for programs that keep their own books.
public final class MemoryLedger: UsageLedger {
    /// An entry.
    public struct Entry: Sendable, Hashable {
        /// How it was booked.
        public let booking: Booking
        /// When it was booked, in milliseconds since 1970.
        public let at: Int64
        /// Where it is in its life.
        public internal(set) var state = LedgerState.intent
        /// What was told of it while it ran.
        public internal(set) var progress: LedgerProgress?
        /// How it ended; nil while it runs.
        public internal(set) var closing: LedgerClosing?
    }

    private let book = Mutex<[Entry]>([])
    private let clock: WallClock

    /// An empty ledger. `clock` tells the day of an entry.
    public init(clock: WallClock = WallClock()) { self.clock = clock }

    /// All entries, oldest first.
    public var entries: [Entry] { book.withLock { $0 } }

    /// Books an attempt.
    public func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking {
        let at = clock.now
        let result = book.withLock { book -> Result<Booking, LedgerError> in
            if let resumed = Self.resume(intent, in: &book) { return .success(resumed) }
            let standings = intent.accounting.caps.sorted { $0.key.rawValue < $1.key.rawValue }.map { scope, cap in
                (scope, cap, Self.sum(scope, intent, at, in: book))
            }
            switch intent.rules.admission(standings) {
            case .refused(let reason): return .failure(.overBudget(reason, BudgetRules.tightest(standings)?.scope))
            case .go(let grant):
                let attempt = book.count { Self.isSameItem($0.booking.intent, intent) } + 1
                let booking = Booking(id: Int64(book.count) + 1, attempt: attempt, intent: intent, grant: grant)
                book.append(Entry(booking: booking, at: at))
                return .success(booking)
            }
        }
        return try result.get()
    }

    /// Keeps what is known of an attempt.
    public func note(_ progress: LedgerProgress, of booking: Booking) {
        change(booking) { entry in
            entry.state = .open
            entry.progress = progress
        }
    }

    /// Ends an entry.
    public func close(_ booking: Booking, _ closing: LedgerClosing) {
        change(booking) { entry in
            entry.state = closing.state
            entry.closing = closing
        }
    }

    /// Nothing to wait for.
    public func flush() async throws(LedgerError) {}

    /// Sums of entries.
    public func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow] {
        UsageSummary.rows(of: entries, query)
    }

    private func change(_ booking: Booking, _ body: (inout Entry) -> Void) {
        book.withLock { book in
            let index = Int(booking.id) - 1
            guard book.indices.contains(index), book[index].state.isOpen else { return }
            body(&book[index])
        }
    }

    private static func resume(_ intent: LedgerIntent, in book: inout [Entry]) -> Booking? {
        guard let resumed = intent.resumes else { return nil }
        let index = book.lastIndex { entry in
            isSameItem(entry.booking.intent, intent) && entry.closing?.metadata.id == resumed
                && (entry.state == .estimated || entry.state == .unknown)
        }
        guard let index else { return nil }
        let before = book[index].closing?.usage.outputTokens ?? 0
        book[index].state = .open
        let old = book[index].booking
        return Booking(
            id: old.id, attempt: old.attempt, intent: old.intent, grant: old.grant, outputBefore: before)
    }

    private static func isSameItem(_ left: LedgerIntent, _ right: LedgerIntent) -> Bool {
        left.accounting.run == right.accounting.run && left.item == right.item
    }

    private static func sum(_ scope: BudgetScope, _ intent: LedgerIntent, _ at: Int64, in book: [Entry]) -> SpentSum {
        var sum = SpentSum(spent: scope == .run ? intent.accounting.runBefore : .zero)
        for entry in book where entry.belongs(to: scope, of: intent, at: at) {
            switch entry.state {
            case .settled, .estimated: sum.spent += entry.closing?.cost.amount ?? .zero
            case .unknown where scope == .trial: break
            case .intent, .open, .unknown: sum.held += entry.booking.grant.ceiling ?? .zero
            case .refused: break
            }
        }
        return sum
    }
}

extension MemoryLedger.Entry {
    fileprivate func belongs(to scope: BudgetScope, of intent: LedgerIntent, at: Int64) -> Bool {
        let own = booking.intent
        guard own.isDemo == intent.isDemo else { return false }
        switch scope {
        case .request: return own.accounting.run == intent.accounting.run && own.item == intent.item
        case .conversation:
            return own.accounting.conversation != nil && own.accounting.conversation == intent.accounting.conversation
        case .day: return WallClock.day(self.at) == WallClock.day(at)
        case .run: return own.accounting.run != nil && own.accounting.run == intent.accounting.run
        case .trial:
            let trial = own.accounting.trial
            return trial != nil && trial == intent.accounting.trial && own.accounting.run == intent.accounting.run
        }
    }
}

/// Sums entries in memory, the way a ledger on disk does it in its own language.
enum UsageSummary {
    static func rows(of entries: [MemoryLedger.Entry], _ query: UsageQuery) -> [UsageRow] {
        var rows: [UsageRow] = []
        for entry in entries where isWanted(entry, query) {
            guard let key = key(of: entry, query.grouping) else { continue }
            let isDemo = entry.booking.intent.isDemo
            let isSingle = query.grouping == .request
            let index = isSingle ? nil : rows.firstIndex { $0.key == key && $0.isDemo == isDemo }
            if index == nil { rows.append(UsageRow(key: key, isDemo: isDemo)) }
            rows[index ?? rows.count - 1].add(entry)
            if isSingle { rows[rows.count - 1].detail = detail(of: entry) }
        }
        return UsageRow.ordered(rows, query)
    }

    private static func isWanted(_ entry: MemoryLedger.Entry, _ query: UsageQuery) -> Bool {
        let day = WallClock.day(entry.at)
        if let since = query.since, day < since { return false }
        if let until = query.until, day > until { return false }
        return query.isDemo == nil || query.isDemo == entry.booking.intent.isDemo
    }

    private static func key(of entry: MemoryLedger.Entry, _ grouping: UsageQuery.Grouping) -> String? {
        let intent = entry.booking.intent
        switch grouping {
        case .day: return WallClock.day(entry.at)
        case .model: return intent.model
        case .endpoint: return intent.endpoint
        case .conversation: return intent.accounting.conversation
        case .run: return intent.accounting.run
        case .request: return WallClock.stamp(entry.at)
        case .total: return ""
        }
    }

    private static func detail(of entry: MemoryLedger.Entry) -> UsageDetail {
        let intent = entry.booking.intent
        var detail = UsageDetail(
            id: entry.booking.id, state: entry.state, purpose: intent.accounting.purpose.rawValue,
            model: intent.model, endpoint: intent.endpoint, attempt: entry.booking.attempt)
        let metadata = entry.closing?.metadata ?? entry.progress?.metadata
        detail.answeredBy = metadata?.model
        detail.conversation = intent.accounting.conversation
        detail.run = intent.accounting.run
        detail.tier = metadata?.serviceTier
        detail.requestID = metadata?.requestID
        detail.error = entry.closing?.error?.rawValue
        detail.priceSource = intent.priceSource
        detail.milliseconds = (entry.closing?.duration).map { Int($0.milliseconds.rounded()) }
        return detail
    }
}

extension UsageRow {
    /// Adds an entry.
    fileprivate mutating func add(_ entry: MemoryLedger.Entry) {
        states[entry.state, default: 0] += 1
        if entry.state.isOpen || entry.state == .unknown { held += entry.booking.grant.ceiling ?? .zero }
        guard let closing = entry.closing, entry.state == .settled || entry.state == .estimated else { return }
        usage = usage.merged(with: closing.usage)
        if let amount = closing.cost.amount { spent += amount } else { unpriced += 1 }
        if closing.cost.state == .estimate { isEstimate = true }
    }

    /// Rows in the order of their query: days and entries newest first, the others dearest first; no more than asked for.
    public static func ordered(_ rows: [UsageRow], _ query: UsageQuery) -> [UsageRow] {
        let sorted: [UsageRow]
        switch query.grouping {
        case .request: sorted = rows.sorted { ($0.detail?.id ?? 0) > ($1.detail?.id ?? 0) }
        case .day: sorted = rows.sorted { ($1.key, $0.isDemo ? 1 : 0) < ($0.key, $1.isDemo ? 1 : 0) }
        default:
            sorted = rows.sorted {
                if $0.isDemo != $1.isDemo { return !$0.isDemo }
                if $0.spent != $1.spent { return $0.spent > $1.spent }
                return $0.key < $1.key
            }
        }
        return query.limit.map { Array(sorted.prefix($0)) } ?? sorted
    }
}

extension TokenUsage {
    /// The sum of what either side knows.
    func merged(with other: TokenUsage) -> TokenUsage {
        func sum(_ member: KeyPath<TokenUsage, Int?>) -> Int? {
            guard let a = self[keyPath: member] else { return other[keyPath: member] }
            let (total, overflow) = a.addingReportingOverflow(other[keyPath: member] ?? 0)
            return overflow ? Int.max : total
        }
        return TokenUsage(
            inputTokens: sum(\.inputTokens), outputTokens: sum(\.outputTokens),
            cachedInputTokens: sum(\.cachedInputTokens), cacheWriteTokens: sum(\.cacheWriteTokens),
            reasoningTokens: sum(\.reasoningTokens))
    }
}
