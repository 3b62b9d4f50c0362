import TerminalKit

/// The key table as text, for manual, web page and shell: made of what dispatches the keys, so that none of them can be
/// wrong.
public enum KeyTable {
    /// A page in Markdown.
    public static func markdown(_ keymap: Keymap = Keymap()) -> String {
        var lines = [
            "# Keys", "",
            "`tickertape keys --format markdown` prints this page from the table that dispatches the keys; "
                + "\(keymap.label(of: .help)) shows the same in the workspace, with your own bindings in it.", "",
            "Every command can have other keys, in the settings file. A binding takes the place of all keys of its "
                + "command in that table; an empty list leaves it without any. Keys that are bound twice, and those "
                + "that cannot be reached, are told with their places.", "",
        ]
        lines += ["```toml"] + example + ["```", ""]
        lines.append(
            "A key is written as `ctrl-p`, `alt-enter`, `shift-left`, `f1`, `pgdn`, `?`; keys pressed one after the "
                + "other have a blank between them. Keys of lists and boxes are fixed.")
        for section in KeySection.manual(keymap) {
            let table = section.scope.map { " (`[keys.\($0.name)]`)" } ?? ""
            lines += ["", "## \(headline(section.title))\(table)", ""]
            let isBound = section.rows.contains { !$0.name.isEmpty }
            lines += isBound ? ["| Key | Command | |", "| --- | --- | --- |"] : ["| Key | |", "| --- | --- |"]
            lines += section.rows.map { row in
                let keys = row.longKeys.map(code).joined(separator: ", ")
                let name = isBound ? "\(code(row.name)) | " : ""
                return "| \(keys) | \(name)\(cell(row.summary)) |"
            }
            if let note = section.note { lines += ["", note] }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The section KEYS of the manual, in mdoc.
    public static func roff(_ keymap: Keymap = Keymap()) -> String {
        var lines = [
            ".Sh KEYS", "\(keymap.label(of: .help)) shows the keys of the focused pane,",
            "\(keymap.label(of: .palette)) finds every command by name.",
            "Every command can have other keys, in the settings file: its name with a key, or with a list of keys.",
            "An empty list leaves it without any.", ".Ic tickertape keys", "prints the names of all commands.",
            ".Bd -literal -offset indent",
        ]
        lines += example.map { $0.isEmpty ? "" : text($0) } + [".Ed"]
        for section in KeySection.manual(keymap) {
            lines += [".Ss \(headline(section.title))", ".Bl -tag -width \"Shift-Left, <, PgDn\" -compact"]
            for row in section.rows {
                lines.append(".It " + row.longKeys.map(tag).joined(separator: ", "))
                lines.append(text(headline(row.summary) + "."))
            }
            lines.append(".El")
            if let note = section.note { lines += [".Pp"] + sentences(note).map(text) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Lines for a terminal: keys, the name to bind, what it does.
    public static func lines(_ keymap: Keymap = Keymap()) -> [String] {
        let sections = KeySection.manual(keymap)
        let rows = sections.flatMap(\.rows).map { ($0.longKeys.joined(separator: ", "), $0.name) }
        let keyWidth = min(44, rows.map { CellWidth.width(of: $0.0) }.max() ?? 0)
        let nameWidth = rows.map { CellWidth.width(of: $0.1) }.max() ?? 0
        return sections.flatMap { section -> [String] in
            let table = section.scope.map { "  [keys.\($0.name)]" } ?? ""
            let lines = section.rows.map { row in
                let keys = padded(row.longKeys.joined(separator: ", "), to: keyWidth)
                let name = section.scope == nil ? "" : padded(row.name, to: nameWidth) + "  "
                let place = row.place.map { "  (\($0))" } ?? ""
                return "  \(keys)  \(name)\(row.summary)\(place)"
            }
            return [headline(section.title) + table] + lines + [""]
        }.dropLast()
    }

    /// The keys that are needed first, in one sentence.
    public static func mostUsed(_ keymap: Keymap = Keymap()) -> String {
        let wanted: [(Command, String)] = [
            (.send, "sends"), (.newline, "makes a new line"), (.cancel, "stops"), (.nextPane, "goes to the next pane"),
            (.palette, "finds commands"), (.help, "shows the keys"), (.nudge, "nudges a parameter"),
            (.interrupt, "twice quits"),
        ]
        return wanted.map { "\(keymap.label(of: $0, in: .prompt)) \($1)" }.joined(separator: ", ") + "."
    }

    /// How keys are bound.
    private static let example = [
        "[keys.global]", "palette = [\"ctrl-p\", \"alt-x\"]", "leader = \"ctrl-x\"", "", "[keys.leader]",
        "model = [\"m\", \"g m\"]", "", "[keys.prompt]", "unix-word-rubout = []",
    ]

    // MARK: Spelling

    private static func headline(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - CellWidth.width(of: text)))
    }

    private static func sentences(_ note: String) -> [String] {
        note.replacing(". ", with: ".\n").split(separator: "\n").map(String.init)
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static func code(_ text: String) -> String { cell(text.contains("`") ? "`` \(text) ``" : "`\(text)`") }

    /// Text in mdoc: a backslash is spelled, and what would begin a request is not one.
    private static func text(_ text: String) -> String {
        let spelled = text.replacing("\\", with: "\\e")
        return spelled.hasPrefix(".") || spelled.hasPrefix("'") ? "\\&" + spelled : spelled
    }

    /// Keys as arguments of a macro: punctuation alone would be taken for the sentence's.
    private static func tag(_ keys: String) -> String {
        keys.split(separator: " ").map { word in
            let spelled = text(String(word))
            return word.count == 1 && !word.allSatisfy { $0.isLetter || $0.isNumber } ? "\\&" + spelled : spelled
        }.joined(separator: " ")
    }
}
