import AppSettings
import AppUI
import ProviderCore
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The key files that this session wrote. A file that it did not write may be somebody's: its name alone proves nothing.
final class KeyFiles: Sendable {
    private let paths = Mutex<Set<String>>([])

    /// Notes a file that was written.
    func note(_ path: String) { _ = paths.withLock { $0.insert(path) } }

    /// Whether a file was written by this session.
    func contains(_ path: String) -> Bool { paths.withLock { $0.contains(path) } }
}

/// Writes endpoints that were set up into the settings file, and pasted keys into files beside it that only their owner can read.
struct ProfileWriter {
    let file: SettingsFile
    /// The person's home folder, for paths that begin with `~/`.
    let home: String?
    /// What the session wrote before.
    let keyFiles: KeyFiles

    /// How far a save has come.
    struct Progress {
        /// Whether the settings have a profile of this name.
        var isThere = false
        /// The key file beside the settings that the profile named before and that nothing names any more.
        var old: String?
        /// The file of the pasted key.
        var written: String?
    }

    /// Writes the profile. A pasted key comes first, into a file that was not there; then the settings name that one; and last
    /// the file that they named before goes, if this session wrote it and nothing refers to it. Whatever fails in between, the
    /// settings name a key that is there.
    func save(_ draft: EndpointDraft, replaces: Bool) -> SaveOutcome {
        var progress = Progress()
        do {
            try file.rewrite { try text(with: draft, replaces: replaces, in: $0, &progress) }
            guard replaces || !progress.isThere else { return .exists }
            if let written = progress.written { keyFiles.note(written) }
            let key = progress.written.map { ", its key in \($0)" } ?? ""
            let left = progress.old.flatMap(takeAway).map { " The key that it had before is still in \($0)." } ?? ""
            return .saved(
                "[profiles.\(draft.name)] is in \(file.path)\(key). Use it: tickertape --profile \(draft.name).\(left)")
        } catch {
            drop(&progress.written)
            return .failed("\(error)")
        }
    }

    /// The settings with the profile; nil = there is one of this name, and nothing of the pasted key is left. It is asked again
    /// when somebody else wrote the settings meanwhile.
    func text(
        with draft: EndpointDraft, replaces: Bool, in snapshot: FileSnapshot, _ progress: inout Progress
    ) throws -> String? {
        var edit = try TOMLEdit(snapshot.text, file: file.path)
        progress.isThere = edit.contains(["profiles", draft.name])
        guard replaces || !progress.isThere else {
            drop(&progress.written)
            return nil
        }
        let before = try? Settings.parse(snapshot.body, file: file.path).settings
        if progress.written == nil { progress.written = try writeKey(draft) }
        try draft.write(into: &edit, key: progress.written.map(EndpointDraft.Key.file) ?? draft.key)
        _ = try Settings.parse(FileSnapshot.body(of: edit.text), file: file.path)
        progress.old = before.flatMap { ownKeyFile(of: draft.name, in: $0) }
        if let old = progress.old, refers(draft, to: old) || edit.text.contains(Self.name(of: old)) {
            progress.old = nil
        }
        return edit.text
    }

    private func drop(_ written: inout String?) {
        if let path = written { try? FileManager.default.removeItem(atPath: path) }
        written = nil
    }

    /// Removes a key file that this session wrote; any other one stays, and its path is given.
    private func takeAway(_ old: String) -> String? {
        if keyFiles.contains(old) { try? FileManager.default.removeItem(atPath: old) }
        return FileManager.default.fileExists(atPath: old) ? old : nil
    }

    /// Whether the key of a draft may come from a file. What a command reads cannot be known: `cat *.key` names nothing.
    private func refers(_ draft: EndpointDraft, to old: String) -> Bool {
        switch draft.key {
        case .file(let path): Self.resolved(expanded(path)) == Self.resolved(old)
        case .command: true
        case .environment, .pasted, .none: false
        }
    }

    private func expanded(_ path: String) -> String {
        path.hasPrefix("~/") ? home.map { $0 + path.dropFirst() } ?? path : path
    }

    /// A path without links.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Writes a pasted key into a new file of mode 0600 and gives its path; nil when none was pasted.
    private func writeKey(_ draft: EndpointDraft) throws -> String? {
        guard case .pasted(let secret) = draft.key else { return nil }
        for number in 1...Self.mostFiles {
            let path = "\(folder)/\(Self.keyName(draft.name, number))"
            guard !FileManager.default.fileExists(atPath: path) else { continue }
            let snapshot = try FileSnapshot(path)
            guard !snapshot.exists else { continue }
            try snapshot.replace(with: secret.exposed() + "\n")
            return path
        }
        throw EndpointError("there are \(Self.mostFiles) key files of this name in \(folder); take old ones away")
    }

    private static let mostFiles = 99

    private static func keyName(_ profile: String, _ number: Int) -> String {
        profile + (number == 1 ? "" : "-\(number)") + ".key"
    }

    /// The key file that a profile has now, when it is one that was written here and no other profile has it.
    private func ownKeyFile(of profile: String, in settings: Settings) -> String? {
        func path(_ name: String) -> String? {
            guard case .text(let path)? = try? settings.value(at: "profiles.\(name).key_file") else { return nil }
            return expanded(path)
        }
        guard let old = path(profile), !settings.profiles.keys.contains(where: { $0 != profile && path($0) == old })
        else { return nil }
        return (1...Self.mostFiles).contains { old == "\(folder)/\(Self.keyName(profile, $0))" } ? old : nil
    }

    /// The folder of the settings file, absolute: a key file is named so.
    private var folder: String {
        let parts = file.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.joined(separator: "/")
        if file.path.hasPrefix("/") { return folder }
        return WorkingFolder.path + (folder.isEmpty ? "" : "/" + folder)
    }
}

extension EndpointDraft {
    /// Writes the profile into a settings file, its key as `key` says; a pasted one stands in no settings file and is left out.
    func write(into edit: inout TOMLEdit, key: Key) throws {
        let table = ["profiles", name]
        func set(_ name: String, _ value: SettingValue?) throws {
            if let value { try edit.set(table + [name], to: value) } else { try edit.remove(table + [name]) }
        }
        func text(_ text: String) -> SettingValue? { text.isEmpty ? nil : .text(text) }
        var sources: [String: SettingValue] = [:]
        switch key {
        case .environment(let name): sources["key_env"] = .text(name)
        case .file(let path): sources["key_file"] = .text(path)
        case .command(let line):
            do { sources["key_command"] = .texts(try CommandWords.split(line)) } catch {
                throw EndpointError("the command that prints the key \(error)")
            }
        case .none, .pasted: break
        }
        try set("base_url", text(baseURL))
        for name in ["key_env", "key_file", "key_command"] { try set(name, sources[name]) }
        try set("default_model", text(model))
    }
}
