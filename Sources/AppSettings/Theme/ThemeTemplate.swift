import TerminalKit

extension ThemeLibrary {
    /// The text of a new theme file that looks like another one: it inherits from it, and names every scope in a comment
    /// with its present look. Throws as `load`.
    public func template(from name: String) throws(FileProblem) -> String {
        let theme = try load(name).theme
        var lines = [
            "# A theme of your own: it looks like \(name) until lines below say otherwise.",
            "# Take the mark from a line to change it. A value is a colour (#rrggbb, #rgb, 0 to 255, one of the 16 names,",
            "# default, or a name of [palette]), or a table of fg, bg and modifiers.",
            "", "inherits = \"\(name)\"", "",
        ]
        for role in ThemeRole.allCases {
            let look = theme.style(role, colors: ColorChoice.all24)
            var parts = [
                "fg = \"\(ThemeColor.spelled(look.foreground))\"", "bg = \"\(ThemeColor.spelled(look.background))\"",
            ]
            let modifiers = ThemeScopes.modifiers.filter { look.modifiers.contains($0.value) }.keys.sorted()
            if !modifiers.isEmpty {
                parts.append("modifiers = [\(modifiers.map { "\"\($0)\"" }.joined(separator: ", "))]")
            }
            lines.append("# \"\(role.rawValue)\" = { \(parts.joined(separator: ", ")) }")
        }
        if let stops = theme.gradients["meter"] {
            let colors = stops.map { "\"\(ThemeColor.spelled($0))\"" }.joined(separator: ", ")
            lines.append("# meter = { gradient = [\(colors)] }")
        }
        return (lines + ["", "[palette]", "", "# Looks for terminals with 16 colours.", "[16]", "", "[mono]"])
            .joined(separator: "\n") + "\n"
    }
}
