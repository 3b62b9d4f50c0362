/// A setting of the settings file as the config editor shows it. Whoever knows the file makes these.
public struct SettingRow: Sendable, Hashable {
    /// Where it stands in the file, with dots between tables: `tools.max_turns`.
    public let path: String
    /// What values it takes, in words.
    public let takes: String
    /// The form of its value.
    public let form: ValueForm
    /// The value that holds, as a person types it; nil = not set.
    public var value: String?
    /// The value when the file has none; nil = there is none.
    public let standard: String?
    /// Where the value comes from: `default`, `config.toml:3`, `--model`.
    public var origin: String
    /// What it is for, in one line.
    public let summary: String
    /// Whether its text may have several lines.
    public let isMultiline: Bool

    /// A row. `takes` is what the form says unless given.
    public init(
        path: String, form: ValueForm, value: String?, standard: String? = nil, origin: String = "default",
        takes: String? = nil, summary: String, isMultiline: Bool = false
    ) {
        self.path = path
        self.form = form
        self.value = value
        self.standard = standard
        self.origin = origin
        self.takes = takes ?? form.takes
        self.isMultiline = isMultiline
        self.summary = summary
    }

    /// Whether it is true or false.
    var isFlag: Bool { form == .words(["true", "false"], others: false) }

    /// The table it stands in; empty for those outside of tables.
    var table: String { path.split(separator: ".").dropLast().joined(separator: ".") }
}

extension ValueForm {
    /// True or false.
    public static let flag = ValueForm.words(["true", "false"], others: false)
}

/// A setting that is to be written into the file.
public struct SettingWrite: Sendable, Hashable {
    /// Where it stands.
    public let path: String
    /// The value as a person types it; nil = its line is taken out.
    public let value: String?

    /// A setting and its value.
    public init(path: String, value: String?) {
        self.path = path
        self.value = value
    }
}

/// The settings as they are known, and those that were changed here and are not in the file yet.
struct SettingsDesk: Sendable {
    /// A change that is not in the file: the new value, nil = the line is taken out.
    struct Change: Sendable, Hashable {
        var value: String?
        /// Whether it is on its way to the file.
        var isSaving = false
        /// Why it could not be saved.
        var problem: String?
    }

    private(set) var rows: [SettingRow]
    private(set) var changes: [String: Change] = [:]
    /// What is on its way to the file. One save at a time: two have no order.
    private var underway: [String: SettingWrite] = [:]
    /// Whether more is to be saved as soon as what is on its way has come there.
    private(set) var savesAgain = false

    init(_ rows: [SettingRow] = []) { self.rows = rows }

    func row(_ path: String) -> SettingRow? { rows.first { $0.path == path } }

    /// The value that holds now; nil = not set.
    func value(_ path: String) -> String? {
        if let change = changes[path] { return change.value ?? row(path)?.standard }
        return row(path)?.value
    }

    /// Whether a value was chosen, here or in the file; else it is the default, or none.
    func isSet(_ path: String) -> Bool {
        if let change = changes[path] { return change.value != nil }
        guard let row = row(path) else { return false }
        return row.value != nil && row.origin != Self.standardOrigin
    }

    private static let standardOrigin = "default"

    /// Notes a change; nil = back to the default. One that leads back to what the file has is none; what is on its way there
    /// counts as there.
    mutating func change(_ path: String, to value: String?) {
        guard let row = row(path) else { return }
        if let write = underway[path] {
            changes[path] = Change(value: value, isSaving: value == write.value)
        } else {
            changes[path] = value == filed(row) ? nil : Change(value: value)
        }
    }

    /// Brings a change back as it was.
    mutating func restore(_ path: String, _ change: Change?) {
        guard let row = row(path) else { return }
        self.change(path, to: change == nil ? filed(row) : change?.value)
        if changes[path]?.isSaving == false { changes[path]?.problem = change?.problem }
    }

    /// The changes that are not on their way, marked as on their way now. While others are, none: `savesAgain` says so.
    mutating func takeUnsaved() -> [SettingWrite] {
        let open = rows.map(\.path).filter { changes[$0]?.isSaving == false }
        savesAgain = !open.isEmpty && !underway.isEmpty
        guard underway.isEmpty else { return [] }
        for path in open {
            changes[path]?.isSaving = true
            changes[path]?.problem = nil
        }
        let writes = open.map { SettingWrite(path: $0, value: changes[$0]?.value) }
        for write in writes { underway[write.path] = write }
        return writes
    }

    /// What became of a save. What was changed again since then is not saved by it.
    mutating func saved(_ write: SettingWrite, problem: String?) {
        let path = write.path
        underway[path] = nil
        if problem == nil, let index = rows.firstIndex(where: { $0.path == path }) {
            rows[index].value = write.value ?? rows[index].standard
            rows[index].origin = write.value == nil ? Self.standardOrigin : "the settings file"
        }
        guard let change = changes[path] else { return }
        guard change.isSaving else {
            if let row = row(path), change.value == filed(row) { changes[path] = nil }
            return
        }
        changes[path] = problem.map { Change(value: change.value, problem: $0) }
    }

    /// Takes the rows as the file has them now. Changes made here stay, but for those that the file has now, too.
    mutating func replace(_ rows: [SettingRow]) {
        self.rows = rows
        for (path, change) in changes where change.problem == nil && underway[path] == nil {
            guard let row = row(path) else { continue }
            if change.value == filed(row) { changes[path] = nil }
        }
    }

    /// What the file has of a row; nil = nothing.
    private func filed(_ row: SettingRow) -> String? { row.origin == Self.standardOrigin ? nil : row.value }

    /// How many changes are not in the file.
    var unsavedCount: Int { changes.count }
}
