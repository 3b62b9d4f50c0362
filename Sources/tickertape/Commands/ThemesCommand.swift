import AppSettings
import ArgumentParser

/// Themes.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "List and check themes.", subcommands: [List.self, Check.self])

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
            discussion: "Exit 65 when something is wrong.")
        @OptionGroup var global: GlobalOptions
        @Argument(help: ArgumentHelp("Theme names or files.", valueName: "theme"), completion: Completions.themes)
        var themes: [String] = []

        func run() throws {
            let library = ThemeLibrary(paths: Wiring.paths())
            let names = themes.isEmpty ? library.list().map(\.name) : themes
            var problems = 0
            for name in names {
                let found: [String]
                do {
                    found = try library.check(name)
                } catch {
                    found = ["\(error)"]
                }
                for problem in found { Terminal.complain(problem) }
                if found.isEmpty { Terminal.say("\(name): ok") }
                problems += found.count
            }
            if problems > 0 {
                throw Failure("\(problems) problem\(problems == 1 ? "" : "s") in themes", code: Exit.inputFile)
            }
        }
    }
}
