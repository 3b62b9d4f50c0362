import AppSettings
import FunctionTools
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Settings, folders and databases.
struct DoctorFiles {
    let global: GlobalOptions
    let paths: AppPaths

    /// The settings as far as they can be read, and what is to be said of them.
    func settings() -> (settings: Settings?, lines: [DoctorLine]) {
        let file = global.config ?? paths.configFile
        guard let file else {
            return (Settings(), [DoctorLine("settings", "file", .warning, "no place for one: HOME is not set")])
        }
        do {
            var (settings, warnings) = try Settings.load(file: file, mustExist: global.config != nil)
            warnings += try settings.loadKeys(file: Wiring.keyFile(global))
            let isThere = FileManager.default.fileExists(atPath: file)
            var lines = [
                DoctorLine("settings", "file", .ok, file + (isThere ? "" : " is not there; the defaults hold"))
            ]
            lines += warnings.map { DoctorLine("settings", "file", .warning, $0.description) }
            return (
                settings, lines + themes(settings) + keys(settings) + presets() + [readable(file)].compactMap(\.self)
            )
        } catch {
            let lines = error.problems.map { problem in
                DoctorLine(
                    "settings", "file", .failed, problem.description,
                    advice: "tickertape config edit opens and checks it")
            }
            return (nil, lines)
        }
    }

    private func themes(_ settings: Settings) -> [DoctorLine] {
        let themes = settings.themes
        let library = ThemeLibrary(paths: paths)
        let names: Set<String> = [themes.dark, themes.light, themes.fallback]
        return names.sorted().map { name -> DoctorLine in
            do {
                let warnings = try library.load(name).warnings
                guard let first = warnings.first else { return DoctorLine("settings", "theme", .ok, name) }
                return DoctorLine(
                    "settings", "theme", .warning, first.description, advice: "tickertape themes check \(name)")
            } catch {
                return DoctorLine("settings", "theme", .failed, "\(error)")
            }
        }
    }

    /// Own keys: what is wrong with them, and which of ours they took.
    private func keys(_ settings: Settings) -> [DoctorLine] {
        let keys = OwnKeys(settings)
        return keys.warnings.map { DoctorLine("settings", "keys", .warning, $0) }
            + keys.losses.map { DoctorLine("settings", "keys", .ok, $0) }
    }

    private func presets() -> [DoctorLine] {
        let folder = FileManager.default.currentDirectoryPath
        let found = PresetLibrary(userFolder: paths.presetFolder, workingFolder: folder).list()
        let tools = ToolLibrary.load(paths)
        return found.problems.map { DoctorLine("settings", "presets", .warning, $0.description) }
            + tools.warnings.map { DoctorLine("settings", "tools", .warning, $0) }
    }

    private func readable(_ file: String) -> DoctorLine? {
        var status = stat()
        guard stat(file, &status) == 0, status.st_mode & 0o022 != 0 else { return nil }
        return DoctorLine(
            "settings", "rights", .warning, "\(file) can be changed by others", advice: "chmod go-w \(file)")
    }

    func folders() -> [DoctorLine] {
        let named: [(String, String?)] = [
            ("config", paths.configFolder), ("data", paths.dataFolder), ("state", paths.stateFolder),
            ("cache", paths.cacheFolder),
        ]
        return named.map { name, folder in
            guard let folder else {
                return DoctorLine(
                    "files", name, .warning, "no place: HOME is not set, so nothing is kept", code: Exit.storage)
            }
            var status = stat()
            guard stat(folder, &status) == 0 else {
                return DoctorLine("files", name, .ok, "\(folder) is made when it is needed")
            }
            guard status.st_mode & S_IFMT == S_IFDIR, access(folder, W_OK) == 0 else {
                return DoctorLine(
                    "files", name, .failed, "\(folder) cannot be written", advice: "look at its owner and rights",
                    code: Exit.storage)
            }
            guard status.st_mode & 0o022 == 0 else {
                return DoctorLine(
                    "files", name, .warning, "\(folder) can be changed by others", advice: "chmod 700 \(folder)")
            }
            return DoctorLine("files", name, .ok, folder)
        }
    }

    func databases() -> [DoctorLine] {
        let named: [(String, String?, DatabaseCheck.Kind)] = [
            ("usage ledger", paths.ledgerFile, .ledger), ("conversations", paths.conversationFile, .conversations),
        ]
        return named.compactMap { name, path, kind in
            guard let path else { return nil }
            switch DatabaseCheck.look(at: path, kind) {
            case .missing: return DoctorLine("files", name, .ok, "\(path) is made when it is needed")
            case .readable(let version, let isOlder):
                let older = isOlder ? ", made newer when it is opened" : ""
                return DoctorLine("files", name, .ok, "\(path), version \(version)\(older)")
            case .unusable(let reason):
                return DoctorLine(
                    "files", name, .failed, "\(path): \(reason)",
                    advice: "a damaged one is moved aside when it is opened; what can be read: sqlite3 FILE .recover",
                    code: Exit.storage)
            }
        }
    }

    func sandbox(_ settings: Settings) -> DoctorLine {
        switch ToolLibrary.executor(settings, allowsUnsandboxed: false).isolation {
        case .sandboxed(let name): return DoctorLine("tools", "sandbox", .ok, name)
        case .none(let reason):
            return DoctorLine(
                "tools", "sandbox", .warning, "none: \(reason)",
                advice: "without one, functions that start programs ask each time, and ask --run-tools refuses them")
        }
    }
}
