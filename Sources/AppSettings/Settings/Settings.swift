public import ProviderCore
public import TerminalKit

/// Why settings cannot be used: every mistake of the file, each with its place.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes, at least one.
    public let problems: [FileProblem]
    /// One line per mistake.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What the user has set, and the defaults for the rest.
public struct Settings: Sendable, Hashable {
    private var table = SettingTable(SettingField.all)
    /// Endpoints by name.
    public private(set) var profiles: [String: Profile] = [:]
    /// The tables of `[prices]`, by model id.
    var priceTables: [String: SettingTable.Entry] = [:]
    /// Keys of commands, from the settings file and from `keys.toml`, once that was loaded.
    public internal(set) var keyBindings: [KeyBindingSetting] = []
    /// The file that was read; nil when there was none.
    public private(set) var file: String?

    /// The largest settings file that is read, in bytes.
    public static let maximumBytes = 1 << 20

    /// The defaults.
    public init() {}

    /// The settings of a file; the defaults when there is no file and it need not exist. Nothing is created.
    ///
    /// Warnings tell of names that no setting has. Throws `SettingsError` with every wrong value and its line and column,
    /// or with what keeps the file from being read: no TOML, not UTF-8, over 1 MiB, no regular file.
    public static func load(
        file: String?, mustExist: Bool = false
    ) throws(SettingsError) -> (settings: Settings, warnings: [FileProblem]) {
        guard let file else { return (Settings(), []) }
        let text: String?
        do throws(FileProblem) {
            text = try TextFile.read(file, maximum: maximumBytes)
        } catch {
            throw SettingsError(problems: [error])
        }
        guard let text else {
            guard !mustExist else { throw SettingsError(problems: [FileProblem(file: file, "there is no such file")]) }
            return (Settings(), [])
        }
        return try parse(text, file: file)
    }

    /// The settings of a text. Throws as `load`.
    public static func parse(
        _ text: String, file: String? = nil
    ) throws(SettingsError) -> (settings: Settings, warnings: [FileProblem]) {
        let document: TOMLDocument
        do throws(FileProblem) { document = try TOMLDocument(text, file: file) } catch {
            throw SettingsError(problems: [error])
        }
        var settings = Settings()
        settings.file = file
        var report = SettingsReport()
        settings.table.take(document.root, of: document, except: ["keys", "prices", "profiles"], &report)
        settings.takePrices(document, &report)
        settings.takeProfiles(document, &report)
        settings.takeKeys(document, &report)
        guard report.errors.isEmpty else { throw SettingsError(problems: report.errors) }
        return (settings, report.warnings)
    }

    private mutating func takeProfiles(_ document: TOMLDocument, _ report: inout SettingsReport) {
        guard let node = document.root["profiles"] else { return }
        guard case .table(let members) = node else {
            report.errors.append(document.problem(["profiles"], "profiles is a table of tables, [profiles.NAME]"))
            return
        }
        for (name, node) in members.sorted(by: { $0.key < $1.key }) {
            let path = ["profiles", name]
            guard Profile.isName(name) else {
                report.errors.append(
                    document.problem(path, "\(quoted(name)) cannot name a profile; use letters, digits, - and _"))
                continue
            }
            guard case .table(let fields) = node else {
                report.errors.append(document.problem(path, "profiles.\(name) is a table, not \(node.kind)"))
                continue
            }
            var table = SettingTable(SettingField.profile)
            table.take(fields, of: document, prefix: path, &report)
            profiles[name] = Profile(name: name, table: table)
        }
    }

    /// A value by its path (`parameters.temperature`): the one that was set, else the default, else nil.
    public subscript(_ path: String) -> SettingValue? { table[path] }

    mutating func take(_ path: String, _ value: SettingValue, _ origin: SettingOrigin) {
        table.set(path, value, origin)
    }

    /// Where a value comes from.
    public func origin(_ path: String) -> SettingOrigin { table.origin(path) }

    /// Sets a value for this run, from an argument or the environment. The text is read as TOML would read it, and taken
    /// as text when the setting is one. Throws `FileProblem` when there is no such setting or the value does not fit.
    public mutating func set(_ path: String, to text: String, origin: SettingOrigin) throws(FileProblem) {
        guard let field = SettingField.all.first(where: { $0.path == path }) else {
            let hint = NearName.hint(for: path, among: SettingField.all.map(\.path))
            throw FileProblem("there is no setting \(quoted(path))\(hint)")
        }
        var node = TOMLNode.string(text)
        if let parsed = try? TOMLDocument("value = \(text)", file: nil).root["value"] { node = parsed }
        switch field.type {
        case .text, .line, .choice, .url, .theme: if case .string = node {} else { node = .string(text) }
        default: break
        }
        do throws(SettingType.Mismatch) {
            table.set(path, try field.type.read(node), origin)
        } catch {
            throw FileProblem("\(path) \(error.message)")
        }
    }
}

extension Settings {
    /// The model asked when none is named; nil = not set.
    public var defaultModel: String? { table.text("default_model") }
    /// The profile used when nothing else names an endpoint; nil = not set.
    public var defaultProfile: String? { table.text("default_profile") }
    /// Instructions above every conversation; nil = not set.
    public var systemPrompt: String? { table.text("system_prompt") }
    /// The name of the theme where the terminal does not tell its background.
    public var theme: String { themes.fallback }
    /// Whether Enter sends (Alt-Enter then makes a new line) or the other way round.
    public var enterSends: Bool { table.flag("enter_sends") }
    /// How many colours to use, where no option says so.
    public var color: ColorChoice { table.text("color").flatMap(ColorChoice.init) ?? .auto }
    /// Whether to draw in ASCII only.
    public var ascii: Bool { table.flag("ascii") }
    /// Whether no screen is drawn.
    public var plain: Bool { table.flag("plain") }
    /// Whether the mouse is taken: the wheel scrolls, a click chooses.
    public var usesMouse: Bool { table.flag("mouse") }
    /// Whether long lines of code are wrapped, each with a mark.
    public var wrapsCode: Bool { table.flag("code_wrap") }
    /// The program that takes what is copied on its standard input, with its arguments; nil = the terminal is asked.
    public var clipboardCommand: [String]? { table.texts("clipboard_command") }
    /// What may be spent, by scope.
    public var caps: [BudgetScope: SpendingCap] {
        var caps: [BudgetScope: SpendingCap] = [:]
        for scope in BudgetScope.allCases {
            let cap = SpendingCap(
                soft: table.text("budget.warn.\(scope.rawValue)").flatMap(Money.init),
                hard: table.text("budget.\(scope.rawValue)").flatMap(Money.init))
            if cap != SpendingCap() { caps[scope] = cap }
        }
        return caps
    }
    /// Files that hold keys, by their absolute paths: nobody but us may read them.
    public func keyFiles(home: String?) -> [String] {
        profiles.values.compactMap { $0.table.text("key_file") }.compactMap { path in
            if path.hasPrefix("~/") { return home.map { $0 + path.dropFirst() } }
            return path.hasPrefix("/") ? path : nil
        }
    }
    /// Most answers with function calls in a row.
    public var maxToolTurns: Int { table.integer("tools.max_turns") ?? 50 }
    /// Most calls of one answer that are run.
    public var maxToolCalls: Int { table.integer("tools.max_calls") ?? 16 }
    /// How much goes into a log file.
    public var logLevel: String { table.text("log_level") ?? "info" }
    /// Sampling and limits; what is not set is not sent.
    public var parameters: ModelParameters { ModelParameters(table) }

}
