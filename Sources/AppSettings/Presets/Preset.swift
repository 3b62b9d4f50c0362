public import ProviderCore

/// A system prompt, a model, parameters and tools under one name: a file that can live in version control.
///
/// This is what a file holds. The workspace has a preset of its own, that of its parameter panel; the executable's `PresetFiles`
/// makes one of the other.
public struct Preset: Sendable, Hashable {
    /// Whose a preset is.
    public enum Origin: String, Sendable, Hashable {
        /// The person's, beside the settings file.
        case user
        /// The working folder's: somebody else may have written it.
        case project
    }

    /// The name, that of the file.
    public var name: String
    /// What it is for, in one line.
    public var description: String?
    /// The model to ask.
    public var model: String?
    /// Instructions above the conversation, with `{{name}}` for variables.
    public var systemPrompt: String?
    /// The tools offered, by name; nil = those that are on, empty = none.
    public var tools: [String]?
    /// Sampling and limits; what is not set is not sent.
    public var parameters: ModelParameters
    /// Values that variables begin with, by name.
    public var variables: [String: String]
    /// Whose it is.
    public var origin: Origin
    /// The file; nil = it has not been saved.
    public var file: String?

    /// A preset, not saved yet.
    public init(
        name: String, description: String? = nil, model: String? = nil, systemPrompt: String? = nil,
        tools: [String]? = nil, parameters: ModelParameters = ModelParameters(), variables: [String: String] = [:],
        origin: Origin = .user, file: String? = nil
    ) {
        self.name = name
        self.description = description
        self.model = model
        self.systemPrompt = systemPrompt
        self.tools = tools
        self.parameters = parameters
        self.variables = variables
        self.origin = origin
        self.file = file
    }

    /// Whether a text can name a preset: letters, digits, `-` and `_`, at most 64.
    public static func isName(_ text: String) -> Bool { Profile.isName(text) }

    /// What a preset's file may hold, apart from `[variables]`.
    static let fields: [SettingField] =
        [
            SettingField("description", .line, nil, "What it is for."),
            SettingField("model", .line, nil, "The model to ask."),
            SettingField("system_prompt", .text, nil, "Instructions above the conversation."),
            SettingField("tools", .texts(maximum: 128), nil, "The tools offered."),
        ] + SettingField.parameters

    /// The preset of a text. Unknown names come back as warnings. Throws `SettingsError` with every mistake and its place.
    public static func parse(
        _ text: String, name: String, origin: Origin = .user, file: String? = nil
    ) throws(SettingsError) -> (preset: Preset, warnings: [FileProblem]) {
        let document: TOMLDocument
        do throws(FileProblem) { document = try TOMLDocument(text, file: file) } catch {
            throw SettingsError(problems: [error])
        }
        var report = SettingsReport()
        var table = SettingTable(fields)
        table.take(document.root, of: document, except: ["variables"], &report)
        let variables = variables(document, &report)
        guard report.errors.isEmpty else { throw SettingsError(problems: report.errors) }
        let preset = Preset(
            name: name, description: table.text("description"), model: table.text("model"),
            systemPrompt: table.text("system_prompt"), tools: table.texts("tools"),
            parameters: ModelParameters(table), variables: variables, origin: origin, file: file)
        return (preset, report.warnings)
    }

    private static func variables(_ document: TOMLDocument, _ report: inout SettingsReport) -> [String: String] {
        guard let node = document.root["variables"] else { return [:] }
        guard case .table(let members) = node else {
            report.errors.append(document.problem(["variables"], "variables is a table, not \(node.kind)"))
            return [:]
        }
        var variables: [String: String] = [:]
        for (name, node) in members.sorted(by: { $0.key < $1.key }) {
            let path = ["variables", name]
            if !PromptTemplate.isName(name) {
                report.errors.append(
                    document.problem(
                        path, "\(quoted(name)) cannot name a variable; use letters, digits, -, _ and ."))
            } else if case .string(let text) = node {
                variables[name] = text
            } else {
                report.errors.append(document.problem(path, "\(printable(name)) takes text, not \(node.kind)"))
            }
        }
        return variables
    }
}

// MARK: Compare and save

extension Preset {
    /// One thing in which two presets differ.
    public struct Difference: Sendable, Hashable {
        /// What it is, as the file calls it: `system_prompt`, `parameters.temperature`, `variables.language`.
        public let path: String
        /// The value here; nil = not set.
        public let here: String?
        /// The value in the other; nil = not set.
        public let other: String?

        /// A difference.
        public init(path: String, here: String?, other: String?) {
            self.path = path
            self.here = here
            self.other = other
        }
    }

    /// What differs from another preset, name, origin and file apart, in the order of the file. Texts are told as they are,
    /// other values as TOML spells them.
    public func differences(from other: Preset) -> [Difference] {
        let (mine, theirs) = (values, other.values)
        return Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted(by: Self.isBefore).map {
            Difference(
                path: TOMLSpelling.path($0), here: mine[$0].map(Self.shown), other: theirs[$0].map(Self.shown))
        }
    }

    /// The file's text after a change: only values that differ from `base` are written into `old`, all else of it stays, so
    /// that what somebody else wrote meanwhile stays too. `base` nil = what `old` says itself.
    ///
    /// Throws `FileProblem` when `old` is no TOML or cannot be changed without touching other lines.
    public func text(over old: String, since base: Preset? = nil) throws(FileProblem) -> String {
        var edit = try TOMLEdit(old, file: file)
        let before = if let base { base } else { try Self.loose(old, name: name, file: file) }
        let (mine, theirs) = (values, before.values)
        for path in Set(mine.keys).union(theirs.keys).sorted(by: Self.isBefore) where mine[path] != theirs[path] {
            if let value = mine[path] { try edit.set(path, to: value) } else { try edit.remove(path) }
        }
        return edit.text
    }

    /// Writes the preset to its file, or to NAME.toml of a folder when it has none, so that comments stay. `base` is the
    /// preset as it was loaded. Returns it as it is then. Throws `FileProblem`.
    public func save(in folder: String, since base: Preset? = nil) throws(FileProblem) -> Preset {
        guard Self.isName(name) else {
            throw FileProblem("\(quoted(name)) cannot name a preset; use letters, digits, - and _")
        }
        var saved = self
        let path = file ?? folder + "/" + name + ".toml"
        saved.file = path
        let snapshot = try FileSnapshot(path)
        if file == nil, snapshot.exists { throw FileProblem(file: path, "there is a preset of this name already") }
        try snapshot.replace(with: try saved.text(over: snapshot.text, since: base))
        return saved
    }

    private static func loose(_ text: String, name: String, file: String?) throws(FileProblem) -> Preset {
        let body = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        do throws(SettingsError) { return try parse(body, name: name, file: file).preset } catch {
            throw error.problems.first ?? FileProblem(file: file, "is no preset")
        }
    }

    /// Everything that is set, by path.
    private var values: [[String]: SettingValue] {
        var values: [[String]: SettingValue] = [:]
        values[["description"]] = description.map(SettingValue.text)
        values[["model"]] = model.map(SettingValue.text)
        values[["system_prompt"]] = systemPrompt.map(SettingValue.text)
        values[["tools"]] = tools.map(SettingValue.texts)
        for (name, value) in parameters.settings { values[["parameters", name]] = value }
        for (name, value) in variables { values[["variables", name]] = .text(value) }
        return values
    }

    private static func isBefore(_ left: [String], _ right: [String]) -> Bool {
        func rank(_ path: [String]) -> Int {
            fields.firstIndex { $0.path == path.joined(separator: ".") } ?? fields.count
        }
        let (one, other) = (rank(left), rank(right))
        return one == other ? left.lexicographicallyPrecedes(right) : one < other
    }

    private static func shown(_ value: SettingValue) -> String {
        if case .text(let text) = value { text } else { value.toml }
    }
}
