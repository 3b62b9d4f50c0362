import AppSettings
import ArgumentParser
import ProviderCore
import TerminalKit

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Settings file to use instead of the usual one.", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(
        name: .long, help: ArgumentHelp("Endpoint of the settings file.", valueName: "name"),
        completion: Completions.profiles)
    var profile: String?

    @Flag(name: .long, help: "Use the built-in simulator: no key, no network, nothing is paid.")
    var demo = false

    @Option(
        name: .long, help: ArgumentHelp("Colours: \(GlobalOptions.colorWords).", valueName: "when"),
        transform: { text in
            guard let choice = ColorChoice(rawValue: text) else {
                throw ValidationError("\"\(text)\" is none of: \(GlobalOptions.colorWords)")
            }
            return choice
        })
    var color: ColorChoice?

    @Option(name: .long, help: ArgumentHelp("Write a log to this file.", valueName: "file"), completion: .file())
    var logFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("How much to log: trace, debug, info, notice, warning, error.", valueName: "level"))
    var logLevel: LogLevel?
}

extension GlobalOptions {
    fileprivate static let colorWords = ColorChoice.allCases.map(\.rawValue).joined(separator: ", ")

    /// How many colours to use: the option, else the settings.
    func colorChoice(_ settings: Settings) -> ColorChoice { color ?? settings.color }

    private static let flags: Set<String> = ["--demo"]
    private static let options: Set<String> = ["--config", "--profile", "--color", "--log-file", "--log-level"]

    /// Commands that have commands of their own.
    private static let nested: Set<String> = ["bench", "config", "themes"]

    /// The arguments with global options that stand before a command moved behind it, where the parser looks for them:
    /// `tickertape --demo ask hi` is `tickertape ask --demo hi`.
    static func behindCommand(_ arguments: [String], commands: Set<String>) -> [String] {
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if flags.contains(argument) || options.contains(where: { argument.hasPrefix($0 + "=") }) {
                index += 1
            } else if options.contains(argument) {
                index += 2
            } else {
                break
            }
        }
        guard index > 0, index < arguments.count, commands.contains(arguments[index]) else { return arguments }
        var end = index + 1
        if nested.contains(arguments[index]), end < arguments.count, !arguments[end].hasPrefix("-") { end += 1 }
        return Array(arguments[index..<end] + arguments[..<index] + arguments[end...])
    }
}
