public import ProviderCore

/// Sums of the usage ledger, as the workspace shows them.
public struct UsageReport: Sendable, Hashable {
    /// All entries of this day, of seven days, of thirty, and of all time; the word for each.
    public var spans: [Span]
    /// Days with entries, newest first.
    public var days: [UsageRow]
    /// Models, dearest first.
    public var models: [UsageRow]
    /// The last entries, newest first.
    public var requests: [UsageRow]

    /// The sum of a span of time.
    public struct Span: Sendable, Hashable {
        /// The word for it.
        public var name: String
        /// The sum.
        public var sum: UsageRow

        /// A sum.
        public init(name: String, sum: UsageRow) {
            self.name = name
            self.sum = sum
        }
    }

    /// A report.
    public init(spans: [Span], days: [UsageRow], models: [UsageRow], requests: [UsageRow]) {
        self.spans = spans
        self.days = days
        self.models = models
        self.requests = requests
    }
}

/// The screen of what was spent.
struct UsageScreen: Sendable {
    /// What is listed.
    enum Page: Sendable, Hashable, CaseIterable {
        case sums, requests
    }

    /// How far the report is.
    enum State: Sendable {
        case reading
        case read(UsageReport)
        case failed(String)
    }

    var page = Page.sums
    var scroll = 0
    var state = State.reading
}

extension AppModel {
    /// Opens the screen and has the ledger read.
    mutating func openUsage() -> [AppEffect] {
        overlay = .usage(UsageScreen())
        return [.loadUsage(isDemo: connection.isDemo)]
    }

    /// Takes what the ledger told. The sum of the day goes into the meter also when the screen is closed.
    mutating func take(usage result: Result<UsageReport, LedgerError>) {
        if case .success(let report) = result { today = report.spans.first?.sum }
        guard case .usage(var screen) = overlay else { return }
        switch result {
        case .success(let report): screen.state = .read(report)
        case .failure(let error): screen.state = .failed("\(error)")
        }
        overlay = .usage(screen)
    }
}
