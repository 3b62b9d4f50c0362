import ProviderCore
import TerminalKit

extension Settings {
    /// Every setting, its value and where it comes from, as TOML with comments, a line each; then prices of models, then
    /// the profiles. What is not set stands commented out. Values of headers, and of credentials in a base URL, are masked.
    public func described(withOrigins: Bool) -> [String] {
        // Every comment stands at the end of a line, behind two blanks.
        withOrigins ? described() : described().filter { !$0.hasPrefix("# ") }.map(Self.withoutOrigin)
    }

    private static func withoutOrigin(_ line: String) -> String {
        guard let mark = line.indices.last(where: { line[$0...].hasPrefix("  # ") }) else { return line }
        return String(line[..<mark].reversed().drop { $0 == " " }.reversed())
    }

    /// As `described(withOrigins:)`, with origins.
    public func described() -> [String] {
        var lines = Self.lines(SettingField.all) { field in (self[field.path], origin(field.path)) }
        lines += describedPrices() + describedKeys()
        for profile in profiles.values.sorted(by: { $0.name < $1.name }) {
            lines += ["", "[profiles.\(profile.name)]"]
            lines += Self.lines(SettingField.profile.filter { profile.table.entries[$0.path] != nil }) { field in
                (Self.masked(field, profile.table[field.path]), profile.table.origin(field.path))
            }
        }
        return lines
    }

    private func describedPrices() -> [String] {
        guard !priceTables.isEmpty else { return [] }
        let tables = priceTables.sorted { $0.key < $1.key }
        let texts = tables.map { name, entry in
            ("\(SettingValue.text(name).toml) = \(entry.value.toml)", entry.origin.description)
        }
        return ["", "[prices]"] + Self.aligned(texts)
    }

    private func describedKeys() -> [String] {
        KeyBindingSetting.Scope.allCases.flatMap { scope -> [String] in
            let bindings = keyBindings.filter { $0.scope == scope }
            guard !bindings.isEmpty else { return [] }
            let texts = bindings.map { binding in
                let keys = binding.chords.map(KeyChordText.format)
                let value = keys.count == 1 ? SettingValue.text(keys[0]) : .texts(keys)
                let origin = SettingOrigin.file(binding.file ?? "", line: binding.line)
                return ("\(TOMLSpelling.key(binding.command)) = \(value.toml)", origin.description)
            }
            return ["", "[keys.\(scope.rawValue)]"] + Self.aligned(texts)
        }
    }

    static func masked(_ field: SettingField, _ value: SettingValue?) -> SettingValue? {
        switch (field.type, value) {
        case (.headers, .pairs(let pairs)?): .pairs(pairs.mapValues { Secret($0)?.description ?? "" })
        case (.url, .text(let text)?): .text((try? BaseURL(text).description) ?? "")
        default: value
        }
    }

    private static func lines(
        _ fields: [SettingField], _ state: (SettingField) -> (SettingValue?, SettingOrigin)
    ) -> [String] {
        let texts = fields.map { field -> (String, String) in
            let (value, origin) = state(field)
            guard let value else { return ("# \(field.path) =", "not set") }
            return ("\(field.path) = \(printable(value.toml))", origin.description)
        }
        return aligned(texts)
    }

    /// Texts with their origins behind them, as comments in a column.
    private static func aligned(_ texts: [(String, String)]) -> [String] {
        let width = min(48, texts.map(\.0.count).max() ?? 0)
        return texts.map { text, origin in
            text + String(repeating: " ", count: max(0, width - text.count)) + "  # " + origin
        }
    }

    /// A settings file in which everything is commented out, with one line on each setting.
    public static func sample() -> String {
        var lines = [
            "# Settings of tickertape. Every line is optional; what stands here is the default or an example.",
            "# An argument beats the environment, which beats this file.",
        ]
        var group = ""
        for field in SettingField.all {
            let parts = field.path.split(separator: ".").map(String.init)
            let table = parts.dropLast().joined(separator: ".")
            if table != group { lines += ["", "[\(table)]"] }
            group = table
            lines += sample(field, name: parts.last ?? field.path)
        }
        lines += [
            "", "# Prices of a model, instead of the catalog's, in US dollars per million tokens. Takes any model id.",
            "# [prices.\"my-model\"]", "# input = 0.15", "# output = 0.60", "# cached_input = 0.015",
            "# cache_write = 0.1875",
        ]
        lines += [
            "", "# Keys of commands: everywhere, and in prompt, output, parameters, tools, meter, or after the leader.",
            "# [keys.global]", "# palette = \"ctrl-p\"", "# help = [\"f1\", \"ctrl-x h\"]",
        ]
        lines += [
            "", "# An endpoint: tickertape --profile work. Settings of a profile belong to its base URL.",
            "# [profiles.work]",
        ]
        for field in SettingField.profile { lines += sample(field, name: field.path) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func sample(_ field: SettingField, name: String) -> [String] {
        ["", "# \(field.summary) Takes \(field.type.summary).", "# \(name) = \(field.standard?.toml ?? field.example)"]
    }
}
