import AppUI
import ArgumentParser

/// The key table, for the manual and for who wants to bind keys.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Print the keys of the workspace, with your own, and the names to bind them by.",
        shouldDisplay: false)

    /// How the table is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown, man
    }

    @Option(name: .long, help: "text, markdown (the page KEYS.md) or man (the section KEYS of the manual).")
    var format = Format.text

    @OptionGroup var global: GlobalOptions

    func run() throws {
        switch format {
        case .text:
            let (settings, _) = try Wiring.settings(global)
            let keys = try OwnKeys(settings, global)
            for line in KeyTable.lines(keys.keymap) { Terminal.say(line) }
            for line in keys.warnings + keys.notes { Terminal.complain(line) }
        case .markdown: Terminal.say(String(KeyTable.markdown().dropLast()))
        case .man: Terminal.say(String(KeyTable.roff().dropLast()))
        }
    }
}
