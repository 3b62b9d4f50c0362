import AppSettings
import ArgumentParser
import Foundation
import ProviderCore

/// The settings file.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Where the settings file is, what it says, whether it is right.",
        subcommands: [Path.self, Show.self, Check.self])

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print where the settings file is or would be.")
        @OptionGroup var global: GlobalOptions

        func run() throws {
            guard let path = global.config ?? Wiring.paths().configFile else {
                throw Failure(
                    "no settings file: neither XDG_CONFIG_HOME nor HOME is set; name one with --config",
                    code: Exit.settings)
            }
            Terminal.say(path)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every setting, its value and where it comes from.")
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let (settings, warnings) = try Wiring.settings(global)
            for line in settings.described() { Terminal.say(line) }
            for warning in warnings { Terminal.complain(warning) }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the settings file; exit 78 and file:line:column when it is wrong.")
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let (settings, warnings) = try Wiring.settings(global)
            for warning in warnings { Terminal.complain(warning) }
            try Wiring.checkNames(settings)
            let path = global.config ?? Wiring.paths().configFile ?? "no settings file"
            let isThere = FileManager.default.fileExists(atPath: path)
            let count = warnings.count == 1 ? ", 1 warning" : ", \(warnings.count) warnings"
            Terminal.say(
                "\(path): " + (isThere ? "ok" + (warnings.isEmpty ? "" : count) : "not there; the defaults hold"))
        }
    }
}
