import AppSettings
import AppUI
import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes endpoints that were set up into the settings file, and pasted keys into files beside it that only their owner can read.
struct ProfileWriter {
    let file: SettingsFile
    /// The person's home folder, for paths that begin with `~/`.
    let home: String?

    /// Writes the profile. A pasted key comes first, into a file that was not there; then the settings name that one; and last
    /// the file that they named before goes. Whatever fails in between, the settings name a key that is there.
    func save(_ draft: EndpointDraft, replaces: Bool) -> SaveOutcome {
        let table = ["profiles", draft.name]
        var written: String?
        do {
            var (isThere, old): (Bool, String?) = (false, nil)
            try file.rewrite { snapshot in
                var edit = try TOMLEdit(snapshot.text, file: file.path)
                isThere = edit.contains(table)
                guard replaces || !isThere else { return nil }
                let before = try? Settings.parse(snapshot.body, file: file.path).settings
                old = before.flatMap { ownKeyFile(of: draft.name, in: $0) }
                if written == nil { written = try writeKey(draft) }
                try draft.write(into: &edit, key: written.map(EndpointDraft.Key.file) ?? draft.key)
                _ = try Settings.parse(FileSnapshot.body(of: edit.text), file: file.path)
                return edit.text
            }
            guard replaces || !isThere else { return .exists }
            if let old, old != written { try? FileManager.default.removeItem(atPath: old) }
            let key = written.map { ", its key in \($0)" } ?? ""
            return .saved(
                "[profiles.\(draft.name)] is in \(file.path)\(key). Use it: tickertape --profile \(draft.name)")
        } catch {
            if let written { try? FileManager.default.removeItem(atPath: written) }
            return .failed("\(error)")
        }
    }

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
            return path.hasPrefix("~/") ? home.map { $0 + path.dropFirst() } : path
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
