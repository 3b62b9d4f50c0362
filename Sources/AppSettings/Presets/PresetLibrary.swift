/// Finds presets: the person's, beside the settings file, and those of the working folder.
public struct PresetLibrary: Sendable {
    private let folders: [(path: String, origin: Preset.Origin)]

    /// The most presets of a folder that are read.
    private static let maximum = 500

    /// Presets of a folder of the person and of a working folder (`.tickertape/presets` in it); nil = there is none.
    public init(userFolder: String?, workingFolder: String?) {
        var folders: [(path: String, origin: Preset.Origin)] = []
        if let userFolder { folders.append((userFolder, .user)) }
        if let workingFolder { folders.append((workingFolder + "/.tickertape/presets", .project)) }
        self.folders = folders
    }

    /// Names without reading the files, each once, sorted; for completion.
    public func names() -> [String] { Set(folders.flatMap { Self.names(in: $0.path) }).sorted() }

    /// Every preset, the person's before the working folder's, each by name. A file that is wrong is left out and told of.
    public func list() -> (presets: [Preset], problems: [FileProblem]) {
        var presets: [Preset] = []
        var problems: [FileProblem] = []
        for (folder, origin) in folders {
            for name in Self.names(in: folder).prefix(Self.maximum) {
                do throws(SettingsError) {
                    guard let loaded = try Self.load(folder + "/" + name + ".toml", name, origin) else { continue }
                    presets.append(loaded.preset)
                    problems += loaded.warnings
                } catch {
                    problems += error.problems
                }
            }
        }
        return (presets, problems)
    }

    /// The preset of a name, the person's before the working folder's. Throws `SettingsError` when it is wrong, or when there
    /// is none, naming near ones.
    public func load(_ name: String) throws(SettingsError) -> (preset: Preset, warnings: [FileProblem]) {
        if Preset.isName(name) {
            for (folder, origin) in folders {
                if let loaded = try Self.load(folder + "/" + name + ".toml", name, origin) { return loaded }
            }
        }
        let known = names()
        let list = known.isEmpty ? "" : " (known: \(known.prefix(20).joined(separator: ", ")))"
        let hint = NearName.hint(for: name, among: known)
        throw SettingsError(problems: [FileProblem("there is no preset \(quoted(name))\(hint)\(list)")])
    }

    private static func load(
        _ path: String, _ name: String, _ origin: Preset.Origin
    ) throws(SettingsError) -> (preset: Preset, warnings: [FileProblem])? {
        let text: String?
        do throws(FileProblem) {
            text = try TextFile.read(
                path, maximum: Settings.maximumBytes, privacy: origin == .project ? .noLink : .any)
        } catch {
            throw SettingsError(problems: [error])
        }
        guard let text else { return nil }
        return try Preset.parse(text, name: name, origin: origin, file: path)
    }

    private static func names(in folder: String) -> [String] {
        FolderNames.list(folder).filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }
            .filter(Preset.isName).sorted()
    }
}
