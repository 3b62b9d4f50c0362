import AppSettings
import ArgumentParser
import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Completion scripts of shells.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell.",
        discussion: """
            bash:  tickertape completion bash > ~/.local/share/bash-completion/completions/tickertape
            zsh:   tickertape completion zsh > a folder of $fpath, as _tickertape
            fish:  tickertape completion fish > ~/.config/fish/completions/tickertape.fish

            Models, profiles, themes and settings are offered as the program's files know them; nothing is asked over the \
            network. make install puts the scripts where shells look for them.
            """)

    /// A shell there is a script for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell.rawValue) else { return }
        try Terminal.put(Array(Tickertape.completionScript(for: shell).utf8) + [0x0A])
    }
}

/// Values that shells offer. From files and what is compiled in, never from the network.
enum Completions {
    static let models = CompletionKind.custom { words, _, _ in modelNames(settings(words)) }

    static let profiles = CompletionKind.custom { words, _, _ in settings(words).profiles.keys.sorted() }

    static let settings = CompletionKind.custom { words, _, _ in settings(words).paths }

    static let themes = CompletionKind.custom { _, _, _ in themeNames() }

    /// The values that a setting takes, as far as they are known: behind `config set PATH`.
    static let settingValues = CompletionKind.custom { words, _, _ in
        let all = settings(words)
        // The path is the last word that names one: options may stand around it.
        guard let path = words.dropLast().last(where: all.paths.contains) ?? words.last(where: all.paths.contains)
        else { return [] }
        let field = path.split(separator: ".").last.map(String.init) ?? ""
        switch (path, field) {
        case ("theme", _): return themeNames()
        case ("default_profile", _): return all.profiles.keys.sorted()
        case (_, "default_model"): return modelNames(all)
        default: return (SettingField.named(path)?.type.words ?? [])
        }
    }

    private static func themeNames() -> [String] { ThemeLibrary(paths: Wiring.paths()).list().map(\.name) }

    private static func modelNames(_ settings: Settings) -> [String] {
        let own = ([settings.defaultModel] + settings.profiles.values.map(\.defaultModel)).compactMap(\.self)
        let known = (try? ModelCatalog.builtIn())?.models.filter { $0.status != .shutdown }.map(\.id) ?? []
        return Set(own + known).sorted()
    }

    /// The settings of the file that the command line names, else of the usual one; the defaults where it is wrong.
    private static func settings(_ words: [String]) -> Settings {
        var file = Wiring.paths().configFile
        for (index, word) in words.enumerated() {
            if word == "--config", index + 1 < words.count { file = words[index + 1] }
            if word.hasPrefix("--config=") { file = String(word.dropFirst(9)) }
        }
        return (try? Settings.load(file: file))?.settings ?? Settings()
    }
}
