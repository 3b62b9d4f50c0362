public import Benchmarking
import ProviderCore
import TerminalKit

/// The screen of a run: what it came to so far, and what a person looks at.
public struct BenchScreen: Sendable {
    /// A list on the screen.
    enum Part: Sendable, Hashable, CaseIterable {
        /// Rows of task and subject.
        case cells
        /// Trials that run.
        case live
        /// Trials that ended.
        case ended
    }

    /// In which order the table stands.
    enum Order: String, Sendable, Hashable, CaseIterable {
        /// As in the suite.
        case suite
        /// The lowest accuracy first.
        case accuracy
        /// The slowest first.
        case speed
        /// The dearest first.
        case cost
        /// The most that is left first.
        case left
    }

    /// The run.
    public internal(set) var progress: RunProgress
    /// Whether another process runs it, or nobody: nothing can be changed from here.
    public let isWatched: Bool
    var part = Part.live
    var cells = ListState()
    var live = ListState()
    var ended = ListState()
    /// The trial that is chosen among those that run: it stays chosen while others end.
    var liveTrial: Int?
    /// The trial that is chosen among those that ended; nil = the newest.
    var endedTrial: Int?
    /// The row to which the lists of trials are narrowed.
    var row: Row?
    /// What task, subject or sample must have to be shown; empty = all are.
    var filter = ""
    /// The filter while it is typed.
    var filtering: LineEditor?
    var order = Order.suite
    var onlyFailures = false
    /// A trial that is read; nil = none is.
    var viewer: TrialViewer?
    /// A number that is typed.
    var entry: RunEntry?
    /// Whether it is asked how to leave.
    var asksToLeave = false
    var help: HelpScreen?
    var palette: Picker<Command>?
    /// One line above the keys, until the next key.
    var flash: AppModel.Flash?
    /// Whether the database is being read.
    var isReading = false
    /// When intervals were made last.
    var refreshedAt: ContinuousClock.Instant?
    /// Whether trials can be opened as conversations: in the workspace.
    var opensConversations = false
    /// How often a person asked to end it by the key that interrupts.
    var interrupts = 0

    /// A row of the table.
    struct Row: Sendable, Hashable {
        let task, subject: String
    }

    /// The screen of a run.
    public init(_ progress: RunProgress, isWatched: Bool) {
        self.progress = progress
        self.isWatched = isWatched
        self.progress.refresh()
        if isWatched { part = .cells }
    }

    /// Whether it is over.
    var isOver: Bool {
        if case .ended = progress.phase { return true }
        return false
    }

    /// Whether it stopped with something left, so that it can go on.
    var canBeResumed: Bool {
        if case .ended(let state, _, _) = progress.phase { return state != .complete }
        return false
    }

    /// Whether a person reads or types something that must not go away by itself.
    var isInUse: Bool {
        viewer != nil || entry != nil || help != nil || palette != nil || filtering != nil || asksToLeave
    }

    /// Whether its lists, or a trial, take the keys.
    var takesCommands: Bool { entry == nil && help == nil && palette == nil && filtering == nil && !asksToLeave }

    // MARK: Lists

    /// Rows of the table as they are shown: their places among the run's.
    var shownCells: [Int] {
        let cells = progress.cells
        let shown = cells.indices.filter { matches(cells[$0].task, cells[$0].subject, nil) }
        func sorted(_ value: (CellProgress) -> Double?) -> [Int] {
            shown.sorted { left, right in
                let (first, second) = (value(cells[left]) ?? .infinity, value(cells[right]) ?? .infinity)
                return (first, left) < (second, right)
            }
        }
        switch order {
        case .suite: return shown
        case .accuracy: return sorted(\.accuracy)
        case .speed: return sorted { $0.outputRate }
        case .cost: return sorted { $0.costPerHundred.map { -Double($0.picodollars) } }
        case .left: return sorted { -Double($0.left) }
        }
    }

    /// Whether not everything is shown.
    var isNarrowed: Bool { !filter.isEmpty || row != nil }

    /// Trials that run, the oldest first.
    var shownSlots: [TrialSlot] {
        progress.slots.values.filter { matches($0.trial) }.sorted {
            ($0.started, $0.trial) < ($1.started, $1.trial)
        }
    }

    /// Trials that ended, the newest first.
    var shownEnded: [EndedTrial] {
        let all = onlyFailures ? progress.failures.elements : progress.latest.elements
        return all.reversed().filter { matches($0.trial) }
    }

    private func matches(_ trial: Int) -> Bool {
        guard progress.keys.indices.contains(trial) else { return false }
        guard row != nil || !filter.isEmpty else { return true }
        let key = progress.keys[trial]
        if let row, row != Row(task: key.task, subject: key.subject) { return false }
        return matches(key.task, key.subject, key.sample)
    }

    private func matches(_ task: String, _ subject: String, _ sample: String?) -> Bool {
        guard !filter.isEmpty else { return true }
        let text = "\(task) \(subject) \(sample ?? "")".lowercased()
        return filter.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }

    /// Brings the lists up to what there is, so that a choice stays on its trial.
    mutating func settleLists() {
        if isOver, part == .live { part = .ended }
        cells.setCount(shownCells.count)
        let slots = shownSlots
        live.setCount(slots.count)
        if let index = slots.firstIndex(where: { $0.trial == liveTrial }) { live.select(index) }
        liveTrial = live.selection.map { slots[$0].trial }
        let trials = shownEnded
        ended.setCount(trials.count)
        if let index = trials.firstIndex(where: { $0.trial == endedTrial }) {
            ended.select(index)
        } else {
            ended.select(0)
            endedTrial = nil
        }
    }
}

/// What is typed over the screen of a run.
struct RunEntry: Sendable {
    enum Purpose: Sendable, Hashable {
        case concurrency, budget, limits
    }

    let purpose: Purpose
    var editor: LineEditor
    var problem: String?
}
