public import TerminalKit

/// A sample of every role of a theme, as text.
public enum ThemePreview {
    /// The lines of the sample. With `colors` nil there are no escape sequences in them, with 0 only attributes.
    public static func lines(_ theme: Theme, colors: Int?) -> [String] {
        func painted(_ text: String, _ style: Style) -> String {
            guard let colors else { return text }
            let begin = SGR.begin(theme.style(style, colors: colors), colors: colors)
            return begin.isEmpty ? text : begin + text + SGR.reset
        }
        let roles = ThemeRole.allCases
        let column = (roles.map(\.rawValue.count).max() ?? 0) + 2
        var lines = [painted(theme.name, Style(.title)), ""]
        for role in roles {
            let name = role.rawValue + String(repeating: " ", count: column - role.rawValue.count)
            let look = theme.style(role, colors: colors ?? ColorChoice.all24)
            lines.append(
                painted(name, Style(.textDim)) + painted(" " + sample(role) + " ", Style(role)) + "  "
                    + painted(describe(look, hasColors: colors != 0), Style(.textDim)))
        }
        let bar = (0...40).map { painted("█", Style.meter(Double($0) / 40)) }.joined()
        lines += ["", painted("meter" + String(repeating: " ", count: column - 5), Style(.textDim)) + bar]
        return lines
    }

    private static func describe(_ look: ThemeStyle, hasColors: Bool) -> String {
        let words = ThemeScopes.modifiers.sorted { $0.key < $1.key }.filter { look.modifiers.contains($0.value) }.map(
            \.key)
        let colors =
            hasColors
            ? [ThemeColor.spelled(look.foreground) + " on " + ThemeColor.spelled(look.background)] : []
        return (colors + words).joined(separator: " ")
    }

    /// Something a role is used for, 22 characters wide.
    private static func sample(_ role: ThemeRole) -> String {
        let text =
            switch role {
            case .diffAdded: "+ an added line"
            case .diffDeleted: "- a deleted line"
            case .diffAddedWord: "+ an added word"
            case .diffDeletedWord: "- a deleted word"
            case .toolOK, .ok: "ok"
            case .toolError, .error: "failed"
            case .cost: "$0.001234"
            case .costUnknown: "cost not known"
            case .codeKeyword: "func return if"
            case .codeType: "String"
            case .codeFunction: "print"
            case .codeString: "\"text\""
            case .codeNumber: "42"
            case .codeConstant: "true nil"
            case .codeComment: "// a note"
            case .codeAttribute: "@attribute"
            case .codeOperator: "+ - ->"
            case .meterLow, .meterMid, .meterHigh: "████████"
            case .border, .borderFocus, .markdownTable: "────────"
            case .badge: "DEMO"
            case .control: "␛"
            default: "The quick brown fox"
            }
        return text + String(repeating: " ", count: 22 - text.count)
    }
}
