extension Settings {
    /// The reference of the settings file as a Markdown page: what each setting takes, its default and what it is for.
    public static func page() -> String {
        var lines = [
            "# Settings of tickertape", "",
            "The settings file is TOML: `tickertape config path` prints where it is, `tickertape config edit` opens it and",
            "checks it, `tickertape config set PATH VALUE` changes one value and keeps the rest as it is. Every setting is",
            "optional. An argument beats the environment, which beats the file. This page is printed by",
            "`tickertape config reference`; `tickertape config schema` prints a JSON Schema for editors.",
        ]
        for (table, fields) in groups(SettingField.all) {
            lines += ["", table.isEmpty ? "## General" : "## `[\(table)]`", ""] + rows(fields, below: table)
        }
        lines += ["", "## `[prices.\"MODEL\"]`", "", "Prices of a model instead of the catalog's; any model id."]
        lines += ["", "| setting | takes | default |", "| --- | --- | --- |"]
        for name in ["input", "output", "cached_input", "cache_write"] {
            let isNeeded = name == "input" || name == "output"
            lines.append("| `\(name)` | US dollars per million tokens | \(isNeeded ? "needed" : "as input") |")
        }
        lines += [
            "", "## `[profiles.NAME]`", "", "An endpoint and what belongs to it: `tickertape --profile NAME`.", "",
        ]
        lines += rows(SettingField.profile, below: "")
        return (lines + keys()).joined(separator: "\n") + "\n"
    }

    private static func groups(_ fields: [SettingField]) -> [(table: String, fields: [SettingField])] {
        var groups: [(table: String, fields: [SettingField])] = []
        for field in fields {
            let table = field.path.split(separator: ".").dropLast().joined(separator: ".")
            if groups.last?.table == table {
                groups[groups.count - 1].fields.append(field)
            } else {
                groups.append((table, [field]))
            }
        }
        return groups
    }

    private static func rows(_ fields: [SettingField], below table: String) -> [String] {
        let head = ["| setting | takes | default | what for |", "| --- | --- | --- | --- |"]
        return head
            + fields.map { field in
                let name = table.isEmpty ? field.path : String(field.path.dropFirst(table.count + 1))
                let standard = field.standard.map { "`\(cell($0.toml))`" } ?? "not set"
                return "| `\(name)` | \(cell(field.type.summary)) | \(standard) | \(cell(field.summary)) |"
            }
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static func keys() -> [String] {
        let scopes = KeyBindingSetting.Scope.allCases.map { "`[keys.\($0.rawValue)]`" }.joined(separator: ", ")
        return [
            "", "## Keys", "",
            "\(scopes): a command's name and its key, or a list of keys. An empty list takes a command its keys. The same",
            "tables may stand in `keys.toml` beside the settings file, there also as `[prompt]` and so on.", "",
            "```toml", "[keys.global]", "palette = \"ctrl-p\"", "help = [\"f1\", \"ctrl-x h\"]", "```", "",
            "A key is a character or one of " + KeyChordNames.listed + ", with `ctrl-`, `alt-` and `shift-` before it.",
            "Keys pressed one after the other stand with a blank between.",
        ]
    }
}
