import TerminalKit

/// Changes of single values in the text of a settings file, each checked against what the setting takes.
public enum SettingChange {
    /// The text with a value set. The value is read as TOML would read it (`0.5`, `["a", "b"]`), else taken as text, so that
    /// `gpt-5.4` needs no quotes.
    ///
    /// Throws `SettingsError` when there is no such setting, naming near ones, when the value does not fit, when the file is
    /// no TOML, or when it cannot be changed without touching other lines. What was wrong before does not hinder.
    public static func set(
        _ path: String, to value: String, in text: String, file: String? = nil
    ) throws(SettingsError) -> String {
        let parts = try parts(path)
        if let problem = tableInTheWay(parts, value, text, file) { throw SettingsError(problems: [problem]) }
        let before = problems(text, file)
        var first: FileProblem?
        for spelt in [value, SettingValue.text(value).toml] {
            do throws(FileProblem) {
                var edit = try TOMLEdit(text, file: file)
                try edit.set(parts, spelt: spelt)
                let after = problems(edit.text, file)
                if let problem = after.subtracting(before).sorted().first { throw FileProblem(problem) }
                return edit.text
            } catch {
                // That a bare word is no TOML is not what is wrong.
                let isBare = spelt == value && error.message.hasSuffix("is no TOML value")
                if first == nil, !isBare { first = error }
            }
        }
        throw SettingsError(problems: [first ?? FileProblem("\(printable(path)) cannot be set")])
    }

    /// The text without a value; nil when it was not set. Throws as `set`.
    public static func unset(_ path: String, in text: String, file: String? = nil) throws(SettingsError) -> String? {
        let parts = try parts(path)
        do throws(FileProblem) {
            var edit = try TOMLEdit(text, file: file)
            let before = problems(text, file)
            guard try edit.remove(parts) else { return nil }
            if let problem = problems(edit.text, file).subtracting(before).sorted().first { throw FileProblem(problem) }
            return edit.text
        } catch {
            throw SettingsError(problems: [error])
        }
    }

    /// A table gives way to no value: what can be done about it. Nil = there is none, or a table is to be set.
    private static func tableInTheWay(
        _ parts: [String], _ value: String, _ text: String, _ file: String?
    ) -> FileProblem? {
        guard let edit = try? TOMLEdit(text, file: file), edit.isTable(parts), !value.hasPrefix("{") else { return nil }
        let path = printable(TOMLSpelling.path(parts))
        return FileProblem(
            file: file,
            "\(path) is a table there; take it out first (tickertape config set --unset \(path)), or set its members one by "
                + "one (tickertape config set \(path).NAME VALUE)")
    }

    private static func parts(_ path: String) throws(SettingsError) -> [String] {
        guard let parts = TOMLSpelling.parts(of: path) else {
            let advice = "parts are joined by dots, and stand in quotes when they hold one: prices.\"gpt-4.1\".input"
            throw SettingsError(problems: [FileProblem("\(quoted(path)) is no path of a setting; \(advice)")])
        }
        return parts
    }

    /// What is wrong with a text, without places; unknown names count.
    private static func problems(_ text: String, _ file: String?) -> Set<String> {
        do throws(SettingsError) {
            return Set(try Settings.parse(FileSnapshot.body(of: text), file: file).warnings.map(\.message))
        } catch {
            return Set(error.problems.map(\.message))
        }
    }
}

extension Settings {
    /// A value by its path as a person types it, also of a profile (`profiles.work.base_url`), of a model's prices
    /// (`prices."gpt-4.1".input`) or of keys (`keys.global.help`): the one that was set, else the default; nil = not set.
    /// Header values, and credentials in URLs, are masked.
    ///
    /// Throws `FileProblem` when there is no such setting.
    public func value(at path: String) throws(FileProblem) -> SettingValue? {
        let parts = TOMLSpelling.parts(of: path) ?? []
        if let field = SettingField.all.first(where: { $0.path == parts.joined(separator: ".") }) {
            return self[field.path]
        }
        switch (parts.first, parts.count) {
        case ("profiles", 3...):
            if let field = SettingField.profile.first(where: { $0.path == parts[2] }), let profile = profiles[parts[1]]
            {
                return Self.member(parts.dropFirst(3), of: Self.masked(field, profile.table[field.path]))
            }
        case ("prices", 2...3): return Self.member(parts.dropFirst(2), of: priceTables[parts[1]]?.value)
        case ("theme", 2): return Self.member(parts.dropFirst(), of: self["theme"])
        case ("keys", 3):
            let binding = keyBindings.first { $0.scope.rawValue == parts[1] && $0.command == parts[2] }
            return binding.map { .texts($0.chords.map(KeyChordText.format)) }
        default: break
        }
        let hint = NearName.hint(for: path, among: paths)
        throw FileProblem("there is no setting \(quoted(path))\(hint)")
    }

    private static func member(_ parts: ArraySlice<String>, of value: SettingValue?) -> SettingValue? {
        guard let name = parts.first else { return value }
        guard case .pairs(let pairs)? = value, parts.count == 1 else { return nil }
        return pairs[name].map(SettingValue.text)
    }

    /// Every path that can be asked for or set here, profiles of this file included; for completion.
    public var paths: [String] {
        SettingField.all.map(\.path)
            + profiles.keys.sorted().flatMap { name in SettingField.profile.map { "profiles.\(name).\($0.path)" } }
    }
}
