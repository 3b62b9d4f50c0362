import ProviderCore

/// Reads the ledger for the workspace.
struct LedgerReading: Sendable {
    let ledger: any UsageLedger
    let clock: WallClock

    /// A day in milliseconds.
    private static let day: Int64 = 86_400_000
    /// The most days and entries that are listed.
    private static let mostDays = 366
    private static let mostRequests = 500

    /// All that the screen shows.
    func report(isDemo: Bool) async -> Result<UsageReport, LedgerError> {
        do throws(LedgerError) {
            let today = WallClock.day(clock.now)
            var spans = [UsageReport.Span(name: "today", sum: try await sum(isDemo, since: today))]
            for days in [7, 30] {
                let since = WallClock.day(clock.now - Int64(days - 1) * Self.day)
                spans.append(UsageReport.Span(name: "\(days) days", sum: try await sum(isDemo, since: since)))
            }
            spans.append(UsageReport.Span(name: "in all", sum: try await sum(isDemo, since: nil)))
            return .success(
                UsageReport(
                    spans: spans,
                    days: try await ledger.usage(UsageQuery(by: .day, isDemo: isDemo, limit: Self.mostDays)),
                    models: try await ledger.usage(UsageQuery(by: .model, isDemo: isDemo)),
                    requests: try await ledger.usage(UsageQuery(by: .request, isDemo: isDemo, limit: Self.mostRequests))
                )
            )
        } catch {
            return .failure(error)
        }
    }

    /// What this day has cost; nil when the ledger cannot be read.
    func today(isDemo: Bool) async -> UsageRow? {
        try? await sum(isDemo, since: WallClock.day(clock.now))
    }

    private func sum(_ isDemo: Bool, since: String?) async throws(LedgerError) -> UsageRow {
        try await ledger.usage(UsageQuery(by: .total, since: since, isDemo: isDemo)).first
            ?? UsageRow(key: "", isDemo: isDemo)
    }
}
