public import Benchmarking
import ProviderCore
import TerminalKit

/// What is known of a trial that is over.
public struct TrialDetail: Sendable {
    /// What it came to, with its texts.
    public var record: TrialRecord
    /// All attempts for it.
    public var requests: [RequestRecord]

    /// What is known.
    public init(_ record: TrialRecord, requests: [RequestRecord]) {
        self.record = record
        self.requests = requests
    }
}

/// A trial that is read: its stream while it runs, its transcript when it is over.
struct TrialViewer: Sendable {
    let trial: Int
    /// What was read of it; nil = it runs, or it is being read.
    var detail: TrialDetail?
    /// Why it cannot be read; nil = it can.
    var problem: String?
    /// Rows above the first one shown; nil = the end is shown, and what comes.
    var scroll: Int?
    /// The most rows that can be above, as drawn last.
    var mostScroll = 0
    /// The rows of the detail, and the width they were made for.
    var rows: [[Span]] = []
    var width = 0

    init(trial: Int, follows: Bool) {
        self.trial = trial
        scroll = follows ? nil : 0
    }

    /// Moves by rows; at the end it follows again.
    mutating func move(by rows: Int) {
        let next = max(0, min((scroll ?? mostScroll) + rows, mostScroll))
        scroll = next
        if next == mostScroll, detail == nil { scroll = nil }
    }

    /// Lays the detail out for a width.
    mutating func layOut(width: Int, key: TrialKey?) {
        guard let detail, rows.isEmpty || width != self.width else { return }
        self.width = width
        rows = TrialText.rows(detail, width: width)
    }
}
