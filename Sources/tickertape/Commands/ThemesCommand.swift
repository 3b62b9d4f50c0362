import AppSettings
import ArgumentParser
import TerminalKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Themes.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "List, check, show and begin themes.",
        subcommands: [List.self, Check.self, Preview.self, New.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List themes and where they come from.")
        @OptionGroup var global: GlobalOptions

        func run() throws {
            for entry in ThemeLibrary(paths: Wiring.paths()).list() { Terminal.say("\(entry.name)\t\(entry.origin)") }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check theme files or names: unknown scopes, colours, contrast; all themes when none is named.",
            discussion: """
                A table tells the figures of all pairs of colours with too little contrast; with --verbose those of every
                pair, and what is lost on terminals with fewer colours. Exit 65 when something is wrong.
                """)
        @OptionGroup var global: GlobalOptions
        @Flag(name: .shortAndLong, help: "Also print the contrast of every pair, and what is lost with fewer colours.")
        var verbose = false
        @Argument(help: ArgumentHelp("Theme names or files.", valueName: "theme"), completion: Completions.themes)
        var themes: [String] = []

        func run() throws {
            let library = ThemeLibrary(paths: Wiring.paths())
            let names = themes.isEmpty ? library.list().map(\.name) : try themes.flatMap(themesOfSettings)
            let problems = names.reduce(0) { $0 + check($1, in: library) }
            if problems > 0 {
                throw Failure("\(problems) problem\(problems == 1 ? "" : "s") in themes", code: Exit.inputFile)
            }
        }

        /// The settings file is no theme: the themes that it names are meant.
        private func themesOfSettings(_ name: String) throws -> [String] {
            guard let file = global.config ?? Wiring.paths().configFile, name == file else { return [name] }
            let names = try Wiring.settings(global).settings.themes
            return Set([names.dark, names.light, names.fallback]).sorted()
        }

        /// Tells what is wrong with a theme; returns how many problems there are.
        private func check(_ name: String, in library: ThemeLibrary) -> Int {
            let report: ThemeReport
            do {
                report = try library.report(name)
            } catch {
                Terminal.complain("\(error)")
                return 1
            }
            for problem in report.problems { Terminal.complain(problem) }
            let count = report.problems.count
            Terminal.say("\(name): " + (count == 0 ? "ok" : "\(count) problem\(count == 1 ? "" : "s")"))
            for line in report.table(all: verbose) { Terminal.say("  " + line) }
            if verbose { for note in report.notes { Terminal.say("  \(note)") } }
            return report.problems.count
        }
    }

    struct Preview: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a sample of every scope of a theme, or of the theme that is set.",
            discussion: "In colour on a terminal, plain into a pipe or file; --color decides otherwise.")
        @OptionGroup var global: GlobalOptions
        @Argument(help: ArgumentHelp("A theme's name or file.", valueName: "theme"), completion: Completions.themes)
        var theme: String?

        func run() throws {
            let settings = try Wiring.settings(global).settings
            let shown: Theme
            do {
                shown = try ThemeLibrary(paths: Wiring.paths()).theme(theme ?? settings.theme)
            } catch {
                throw Failure("\(error)", code: Exit.inputFile)
            }
            let colors = global.colorChoice(settings).colors(
                environment: ProcessInfo.processInfo.environment, isTerminal: Terminal.isTerminal(1))
            for line in ThemePreview.lines(shown, colors: colors) { Terminal.say(line) }
        }
    }

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a theme file to begin with: it looks like another theme and names every scope.",
            discussion: "For example: tickertape themes new --from dark > ~/.config/tickertape/themes/mine.toml")
        @OptionGroup var global: GlobalOptions
        @Option(help: ArgumentHelp("The theme to begin with.", valueName: "name"), completion: Completions.themes)
        var from = ThemeLibrary.standardName

        func run() throws {
            let text: String
            do {
                text = try ThemeLibrary(paths: Wiring.paths()).template(from: from)
            } catch {
                throw Failure("\(error)", code: Exit.inputFile)
            }
            Terminal.say(String(text.dropLast()))
        }
    }
}
