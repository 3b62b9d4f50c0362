import TerminalKit

/// A row of the config editor.
enum ConfigRow: Sendable, Hashable {
    /// A parameter of the next request.
    case parameter(ParameterID)
    /// A setting, by its path.
    case setting(String)
}

/// A value being typed in a row.
struct FieldEdit: Sendable {
    var editor: LineEditor
    /// Why what was typed is not taken; nil = nothing wrong yet.
    var problem: String?
    /// Whether the text may have several lines, and is edited in a box of its own.
    let isMultiline: Bool
}

/// What can be taken back.
enum ConfigChange: Sendable {
    case parameter(ParameterID, ParameterState)
    case setting(String, SettingsDesk.Change?)
}

/// The full-screen config editor.
struct ConfigScreen: Sendable {
    var selected: ConfigRow
    /// The first line shown, headings counted.
    var scroll = 0
    /// The value being typed; nil = none.
    var edit: FieldEdit?
    /// What is looked for; nil = nothing.
    var find: LineEditor?
    /// Whether keys go to what is looked for.
    var isFinding = false
    /// Whether the keys are shown.
    var showsKeys = false
    /// Whether it asks what to do with changes that are not saved.
    var asksToLeave = false
    /// What Ctrl-_ takes back, the newest last.
    var changes: [ConfigChange] = []
    /// The values that rows had before they were not sent, for Space.
    var earlier: [ConfigRow: String] = [:]

    init(selected: ConfigRow) { self.selected = selected }

    /// Shows the list from the chosen row on, its heading first: what comes after it is what one went there for.
    mutating func showFromSelection() { scroll = .max }

    /// Most changes that can be taken back.
    private static let mostChanges = 200

    /// Remembers what a change did away with.
    mutating func note(_ change: ConfigChange) {
        changes.append(change)
        if changes.count > Self.mostChanges { changes.removeFirst() }
    }
}

/// A part of the config editor: its heading and its rows.
struct ConfigSection: Sendable {
    let title: String
    let rows: [ConfigRow]
}

extension AppModel {
    /// All rows of the config editor, in order.
    var configSections: [ConfigSection] {
        var sections = [
            ConfigSection(
                title: "parameters of the next request", rows: ParameterSpec.all.map { .parameter($0.id) })
        ]
        var tables: [String] = []
        for row in settings.rows where !tables.contains(row.table) { tables.append(row.table) }
        for table in tables {
            let rows = settings.rows.filter { $0.table == table }.map { ConfigRow.setting($0.path) }
            sections.append(ConfigSection(title: Self.title(ofTable: table), rows: rows))
        }
        return sections
    }

    private static func title(ofTable table: String) -> String {
        switch table {
        case "": "settings"
        case "parameters": "settings: parameters that a session begins with"
        default: "settings: \(table)"
        }
    }

    /// The name of a row, as it is shown and found.
    func label(of row: ConfigRow) -> String {
        switch row {
        case .parameter(let id): ParameterSpec.of(id).label
        case .setting(let path): path
        }
    }

    /// The form of a row's value.
    func form(of row: ConfigRow) -> ValueForm {
        switch row {
        case .parameter(let id): spec(id).form
        case .setting(let path): settings.row(path)?.form ?? .text
        }
    }

    /// The value of a row; nil = none.
    func value(of row: ConfigRow) -> ParameterValue? {
        switch row {
        case .parameter(let id): parameters[id].value
        case .setting(let path):
            settings.value(path).flatMap { try? form(of: row).parse($0, label: path) }
        }
    }
}
