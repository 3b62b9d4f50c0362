internal import ProviderCore
internal import Statistics

/// A report with the few numbers of each trial that it was made of: what gates and comparisons are computed from.
public struct RunResults: Sendable {
    /// The report.
    public let report: RunReport
    let sums: [ReportBuilder.CellKey: CellSums]
    let options: ReportBuilder.Options

    /// What is kept of a cell; nil when nothing of it is planned.
    func sums(_ task: String, _ subject: String) -> CellSums? {
        sums[ReportBuilder.CellKey(task: task, subject: subject)]
    }
}
