import AppSettings
import AppUI

/// The settings as the config editor shows them.
enum SettingRows {
    /// A row for each setting that can be typed in a line: no tables and no programs.
    static func rows(_ settings: Settings) -> [SettingRow] {
        SettingField.all.compactMap { field in
            let value = settings[field.path]
            guard let form = form(field.type), value == nil || words(value) != nil else { return nil }
            return SettingRow(
                path: field.path, form: form, value: words(value), standard: words(field.standard),
                origin: settings.origin(field.path).description, takes: field.type.summary, summary: field.summary,
                isMultiline: field.type == .text)
        }
    }

    /// A typed value as TOML spells it.
    static func toml(_ typed: String, of path: String) -> String {
        switch SettingField.all.first(where: { $0.path == path })?.type {
        case .texts?:
            let texts = typed.split(separator: ",").map { text in
                text.trimmingPrefix { $0 == " " }.replacing("\\n", with: "\n").replacing("\\t", with: "\t")
            }
            return SettingValue.texts(texts.map { String($0) }).toml
        case .text?, .line?, .choice?, .url?, .theme?: return SettingValue.text(typed).toml
        default: return typed
        }
    }

    private static func form(_ type: SettingType) -> ValueForm? {
        switch type {
        case .text, .line, .url, .theme: .text
        case .choice(let words): .words(words, others: false)
        case .integer(let range): .integer(range)
        case .number(let range): .number(range, step: range.upperBound > 1 ? 0.1 : 0.05, decimals: 2)
        case .seconds: .number(0.001...86400, step: 1, decimals: 0)
        case .flag: .flag
        case .texts: .texts
        case .money: .money
        case .command, .headers, .prices: nil
        }
    }

    private static func words(_ value: SettingValue?) -> String? {
        switch value {
        case .text(let text)?: text
        case .texts(let texts)?: texts.map { $0.replacing("\n", with: "\\n") }.joined(separator: ",")
        case .integer(let number)?: String(number)
        case .number(let number)?: "\(number)"
        case .flag(let isTrue)?: isTrue ? "true" : "false"
        case .pairs?, nil: nil
        }
    }
}
