import AppSettings
import ArgumentParser
import Foundation
import ProviderCore

/// The settings file.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The settings file: where it is, what it says; read, change, check it.",
        subcommands: [
            Path.self, Show.self, Check.self, Get.self, Set.self, Edit.self, Schema.self, Reference.self,
        ])

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print where the settings file is or would be.")
        @OptionGroup var global: GlobalOptions

        func run() throws { Terminal.say(try ConfigCommand.file(global)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every setting, its value and where it comes from.")
        @OptionGroup var global: GlobalOptions

        @Flag(name: .long, inversion: .prefixedNo, help: "Tell where each value comes from.")
        var origin = true

        func run() throws {
            let (settings, warnings) = try Wiring.settings(global)
            let (whole, keyWarnings) = try Wiring.keys(settings, global)
            for line in whole.described(withOrigins: origin) { Terminal.say(line) }
            for warning in warnings + keyWarnings { Terminal.complain(warning) }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the settings file; exit 78 and file:line:column when it is wrong.")
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let (settings, own) = try Wiring.settings(global)
            let keys = try OwnKeys(settings, global)
            let warnings = own + keys.warnings
            for line in warnings + keys.notes { Terminal.complain(line) }
            try Wiring.checkNames(settings)
            let path = global.config ?? Wiring.paths().configFile ?? "no settings file"
            let isThere = FileManager.default.fileExists(atPath: path)
            let count = warnings.count == 1 ? ", 1 warning" : ", \(warnings.count) warnings"
            Terminal.say(
                "\(path): " + (isThere ? "ok" + (warnings.isEmpty ? "" : count) : "not there; the defaults hold"))
        }
    }
}

extension ConfigCommand {
    /// The path of the settings file. Throws a failure when there can be none.
    static func file(_ global: GlobalOptions) throws -> String {
        guard let path = global.config ?? Wiring.paths().configFile else {
            throw Failure(
                "no settings file: neither XDG_CONFIG_HOME nor HOME is set; name one with --config",
                code: Exit.settings)
        }
        return path
    }

    /// The file as it is, for changing it.
    static func snapshot(_ global: GlobalOptions) throws -> FileSnapshot {
        let path = try file(global)
        do { return try FileSnapshot(path) } catch { throw Failure("\(error)", code: Exit.settings) }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the value of a setting: what is set, else its default.",
            discussion:
                "Texts are printed as they are, lists a line each, all else as TOML. What is not set prints nothing.")
        @OptionGroup var global: GlobalOptions
        @Argument(
            help: ArgumentHelp("The setting, such as parameters.temperature.", valueName: "path"),
            completion: Completions.settings) var path: String

        func run() throws {
            let (settings, warnings) = try Wiring.settings(global)
            let value: SettingValue?
            do { value = try Wiring.keys(settings, global).settings.value(at: path) } catch let problem as FileProblem {
                throw Failure("\(problem)", code: Exit.usage)
            }
            for warning in warnings { Terminal.complain(warning) }
            switch value {
            case .text(let text)?: Terminal.say(text)
            case .texts(let texts)?: for text in texts { Terminal.say(text) }
            case let value?: Terminal.say(value.toml)
            case nil: Terminal.complain("\(path) is not set")
            }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a value in the settings file, or take it out; all else in the file stays as it is.",
            discussion: """
                The value is read as TOML (0.5, true, ["a", "b"]), else as text. It is checked first; exit 78 when it does \
                not fit, and nothing is written then.

                Examples:
                  tickertape config set parameters.temperature 0.5
                  tickertape config set profiles.work.base_url https://gateway.example/v1
                  tickertape config set --unset theme
                """)
        @OptionGroup var global: GlobalOptions
        @Option(
            name: .long, help: ArgumentHelp("Take this setting out instead.", valueName: "path"),
            completion: Completions.settings) var unset: String?
        @Argument(help: ArgumentHelp("The setting.", valueName: "path"), completion: Completions.settings)
        var path: String?
        @Argument(
            parsing: .allUnrecognized, help: ArgumentHelp("Its value.", valueName: "value"),
            completion: Completions.settingValues) var value: [String] = []

        func validate() throws {
            if unset != nil, path != nil { throw ValidationError("give a path and a value, or --unset, not both") }
            if unset == nil, path == nil || value.count != 1 { throw ValidationError("give a path and one value") }
        }

        func run() throws {
            let file = SettingsFile(try ConfigCommand.file(global))
            let change = SettingsFile.Change(path: unset ?? path ?? "", value: unset == nil ? value.first : nil)
            do {
                try file.rewrite { snapshot in
                    let text = try SettingsFile.text(
                        snapshot.text, with: change, file: snapshot.path, Wiring.missingName)
                    if unset != nil, text == snapshot.text {
                        Terminal.complain("\(change.path) is not set in \(snapshot.path)")
                    }
                    return text
                }
            } catch {
                throw Failure("\(error)", code: Exit.settings)
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a JSON Schema of the settings file, for editors.")
        @OptionGroup var global: GlobalOptions

        func run() throws { Terminal.say(JSONWriter.pretty(Settings.schema())) }
    }

    struct Reference: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the reference of all settings, as Markdown.")
        @OptionGroup var global: GlobalOptions

        func run() throws { try Terminal.put(Array(Settings.page().utf8)) }
    }
}
