import Conversations
import ProviderCore
import TerminalKit

/// Answers beside each other, each in a column of its own; they may be streaming.
struct CompareScreen: Sendable {
    /// One answer.
    struct Column: Sendable {
        let id: MessageTree.ID
        /// Its text as far as it was laid out.
        var text = ColumnText()
        /// Rows above the first one shown.
        var scroll = 0
    }

    var columns: [Column]
    /// The column that keys mean.
    var focus = 0
    /// Whether all columns scroll together.
    var isSynced = true
    /// Whether words that differ from the first column are marked.
    var marksDifferences = false
    /// The marks, which stay while the texts do.
    var differences = Differences()
    /// Whether the keys are shown over the columns.
    var showsKeys = false

    /// More columns than this are not shown beside each other.
    static let mostColumns = 4
    /// A column needs so many cells.
    static let leastWidth = 24

    init(_ ids: [MessageTree.ID]) {
        columns = ids.map { Column(id: $0) }
        focus = max(0, columns.count - 1)
    }

    mutating func add(_ id: MessageTree.ID) {
        if columns.count >= Self.mostColumns { columns.remove(at: columns.count > 1 ? 1 : 0) }
        columns.append(Column(id: id))
        focus = columns.count - 1
    }

    mutating func scroll(by rows: Int) {
        for index in columns.indices where isSynced || index == focus {
            columns[index].scroll = max(0, columns[index].scroll + rows)
        }
    }
}

extension AppModel {
    /// Opens the versions of the chosen answer, or of the last one that has several, beside each other.
    mutating func openCompare() {
        let chosen = selectedMessage.flatMap { conversation.answer($0) == nil ? nil : $0 } ?? lastComparable
        guard let id = chosen else {
            flash = Flash(text: "There is no answer to compare yet.", level: .info)
            return
        }
        let all = conversation.tree.siblings(of: id).all.filter { conversation.answer($0) != nil }
        guard all.count > 1 else {
            flash = Flash(
                text:
                    "This answer has one version: \(keys.label(of: .regenerate, in: .output)) in the output asks again beside it.",
                level: .info)
            return
        }
        overlay = .compare(CompareScreen(Array(all.suffix(CompareScreen.mostColumns))))
    }

    private var lastComparable: MessageTree.ID? {
        let answers = conversation.tree.path.filter { conversation.answer($0) != nil }
        return answers.last { conversation.tree.siblings(of: $0).all.count > 1 } ?? answers.last
    }

    /// A key in the comparison.
    mutating func take(_ chord: KeyChord, in screen: CompareScreen) -> [AppEffect] {
        var screen = screen
        let count = max(1, screen.columns.count)
        guard !screen.showsKeys else {
            screen.showsKeys = false
            overlay = .compare(screen)
            return []
        }
        switch chord {
        case DialogKey.keys: screen.showsKeys = true
        case DialogKey.nextColumn: screen.focus = (screen.focus + 1) % count
        case DialogKey.previousColumn: screen.focus = (screen.focus + count - 1) % count
        case DialogKey.rowUp: screen.scroll(by: -1)
        case DialogKey.rowDown: screen.scroll(by: 1)
        case DialogKey.viewUp: screen.scroll(by: -max(1, size.height - 6))
        case DialogKey.viewDown: screen.scroll(by: max(1, size.height - 6))
        case DialogKey.top: screen.scroll(by: -Int(Int32.max))
        case DialogKey.together: screen.isSynced.toggle()
        case DialogKey.marks: screen.marksDifferences.toggle()
        case DialogKey.askAgain: return askAgain(in: screen)
        case DialogKey.closeColumn where count > 2:
            screen.columns.remove(at: screen.focus)
            screen.focus = min(screen.focus, screen.columns.count - 1)
        case DialogKey.take:
            overlay = nil
            return screen.columns.indices.contains(screen.focus) ? go(to: screen.columns[screen.focus].id) : []
        case DialogKey.leave:
            overlay = nil
            return []
        default: break
        }
        overlay = .compare(screen)
        return []
    }

    /// One more version, with the present parameters, in a column of its own.
    private mutating func askAgain(in screen: CompareScreen) -> [AppEffect] {
        var screen = screen
        guard let id = screen.columns.last?.id, canAsk(besideRunning: true), !asksForSystemVariables() else {
            return []
        }
        leave(from: id)
        let effects = ask()
        if let new = conversation.tree.head { screen.add(new) }
        overlay = .compare(screen)
        return effects
    }
}
