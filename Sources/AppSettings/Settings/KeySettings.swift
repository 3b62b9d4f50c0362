public import TerminalKit

/// A command of the workspace and the keys that a settings file gives it. Whether there is such a command is for the
/// workspace to say.
public struct KeyBindingSetting: Sendable, Hashable {
    /// Where keys can be bound; the name of the table below `[keys]`.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Everywhere.
        case global
        /// The prompt.
        case prompt
        /// The output.
        case output
        /// The parameters.
        case parameters
        /// The trace of function calls.
        case tools
        /// The meter.
        case meter
        /// After the leader key.
        case leader
        /// The config editor.
        case config
        /// The screen of a benchmark's run.
        case bench
    }

    /// Where the keys hold.
    public let scope: Scope
    /// The command's name.
    public let command: String
    /// Any of these, each a sequence of keys pressed one after the other; empty = the command has no key.
    public let chords: [[KeyChord]]
    /// The file; nil when the text came from elsewhere.
    public let file: String?
    /// The line of the command in the file, from 1.
    public let line: Int?
    /// The column of the command in its line, from 1.
    public let column: Int?

    /// A message about this binding, at its place.
    public func problem(_ message: String) -> FileProblem {
        FileProblem(file: file, line: line, column: column, message)
    }
}

/// Reads `[keys.SCOPE]` tables.
struct KeyTables {
    private(set) var bindings: [KeyBindingSetting] = []

    /// Takes the tables of scopes that stand at a path.
    mutating func take(
        _ scopes: [String: TOMLNode], at path: [String], of document: TOMLDocument, _ report: inout SettingsReport
    ) {
        let names = KeyBindingSetting.Scope.allCases.map(\.rawValue)
        for (name, node) in scopes.sorted(by: { $0.key < $1.key }) {
            guard let scope = KeyBindingSetting.Scope(rawValue: name) else {
                let hint = NearName.hint(for: name, among: names)
                let known = hint.isEmpty ? "; there are \(names.joined(separator: ", "))" : hint
                report.warnings.append(
                    document.problem(path + [name], "there is no place for keys \(quoted(name))\(known)"))
                continue
            }
            guard case .table(let members) = node else {
                report.errors.append(document.problem(path + [name], "keys.\(name) is a table, not \(node.kind)"))
                continue
            }
            take(members, scope, at: path + [name], of: document, &report)
        }
    }

    private mutating func take(
        _ members: [String: TOMLNode], _ scope: KeyBindingSetting.Scope, at path: [String], of document: TOMLDocument,
        _ report: inout SettingsReport
    ) {
        for (command, node) in members.sorted(by: { $0.key < $1.key }) {
            let place = document.position(path + [command])
            do throws(FileProblem) {
                let chords = try Self.chords(node, of: command)
                bindings.append(
                    KeyBindingSetting(
                        scope: scope, command: command, chords: chords, file: document.file, line: place?.line,
                        column: place?.column))
            } catch {
                report.errors.append(document.problem(path + [command], error.message))
            }
        }
    }

    private static func chords(_ node: TOMLNode, of command: String) throws(FileProblem) -> [[KeyChord]] {
        switch node {
        case .string(let text): return [try chords(text, of: command)]
        case .array(let nodes):
            var all: [[KeyChord]] = []
            for node in nodes {
                guard case .string(let text) = node else { throw wrong(command, "not \(node.kind) in the list") }
                all.append(try chords(text, of: command))
            }
            return all
        default: throw wrong(command, "not \(node.kind)")
        }
    }

    private static func wrong(_ command: String, _ what: String) -> FileProblem {
        FileProblem("\(printable(command)) takes a key such as \"ctrl-p\", or a list of them, \(what)")
    }

    private static func chords(_ text: String, of command: String) throws(FileProblem) -> [KeyChord] {
        do throws(KeyChordText.Problem) { return try KeyChordText.parse(text) } catch {
            let hint = error.unknown.map { NearName.hint(for: $0, among: KeyChordText.names) } ?? ""
            throw FileProblem("\(printable(command)) = \(quoted(text)): \(printable(error.message))\(hint)")
        }
    }
}

extension Settings {
    /// The keys of a `keys.toml`: tables of scopes, `[prompt]` or, as in the settings file, `[keys.prompt]`. Where a command
    /// has keys in both files the settings file counts, and a warning tells so. None when there is no file. Throws
    /// `SettingsError` with every mistake and its place.
    public mutating func loadKeys(file: String?) throws(SettingsError) -> [FileProblem] {
        guard let file else { return [] }
        let text: String?
        do throws(FileProblem) { text = try TextFile.read(file, maximum: Self.maximumBytes) } catch {
            throw SettingsError(problems: [error])
        }
        return try takeKeys(text ?? "", file: file)
    }

    /// As `loadKeys`, of a text.
    public mutating func takeKeys(_ text: String, file: String?) throws(SettingsError) -> [FileProblem] {
        let document: TOMLDocument
        do throws(FileProblem) { document = try TOMLDocument(text, file: file) } catch {
            throw SettingsError(problems: [error])
        }
        var report = SettingsReport()
        var tables = KeyTables()
        tables.take(document.root.filter { $0.key != "keys" }, at: [], of: document, &report)
        if case .table(let scopes)? = document.root["keys"] { tables.take(scopes, at: ["keys"], of: document, &report) }
        guard report.errors.isEmpty else { throw SettingsError(problems: report.errors) }
        for binding in tables.bindings {
            if let known = keyBindings.first(where: { $0.scope == binding.scope && $0.command == binding.command }) {
                let place = SettingOrigin.file(known.file ?? "", line: known.line).description
                report.warnings.append(
                    binding.problem("\(printable(binding.command)) has its keys from \(place); these are ignored"))
            } else {
                keyBindings.append(binding)
            }
        }
        return report.warnings
    }

    mutating func takeKeys(_ document: TOMLDocument, _ report: inout SettingsReport) {
        guard let node = document.root["keys"] else { return }
        guard case .table(let scopes) = node else {
            report.errors.append(document.problem(["keys"], "keys is a table of tables, [keys.global]"))
            return
        }
        var tables = KeyTables()
        tables.take(scopes, at: ["keys"], of: document, &report)
        keyBindings = tables.bindings
    }
}

/// The names of keys in the reference.
enum KeyChordNames {
    /// All of them, function keys as a range.
    static var listed: String {
        let names = KeyChordText.names.filter { !$0.hasPrefix("f") || Int($0.dropFirst()) == nil }
        return (names + ["f1"]).map { "`\($0)`" }.joined(separator: ", ") + " to `f24`"
    }
}
