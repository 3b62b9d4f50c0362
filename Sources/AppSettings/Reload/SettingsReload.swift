import TerminalKit

/// What becomes of settings when their file changed while the program runs.
public enum SettingsReload: Sendable, Hashable {
    /// These hold from now on; the paths are those of the values that differ, such as `theme` and `profiles.work.base_url`;
    /// none when only comments, order or unknown names changed.
    case changed(Settings, paths: [String], warnings: [FileProblem])
    /// The file is wrong: the settings from before hold on.
    case kept([FileProblem])

    /// Reads a text anew. What arguments and the environment set for this run still holds.
    ///
    /// `text` nil = there is no file any more, so the defaults hold. `keys` is the text of `keys.toml`, nil = there is none.
    public static func reading(
        _ text: String?, file: String?, keys: String? = nil, keyFile: String? = nil, over old: Settings
    ) -> SettingsReload {
        do throws(SettingsError) {
            var (settings, warnings) = try Settings.parse(text ?? "", file: text == nil ? nil : file)
            if let keys { warnings += try settings.takeKeys(keys, file: keyFile) }
            settings.keepOverrides(of: old)
            return .changed(settings, paths: settings.differences(from: old), warnings: warnings)
        } catch {
            return .kept(error.problems)
        }
    }

    /// Reads the files anew. A file that cannot be read, or holds half a character, is as wrong as one that is no TOML.
    public static func reading(file: String?, keyFile: String?, over old: Settings) -> SettingsReload {
        do throws(FileProblem) {
            let maximum = Settings.maximumBytes
            let text = try file.flatMap { path throws(FileProblem) in try TextFile.read(path, maximum: maximum) }
            let keys = try keyFile.flatMap { path throws(FileProblem) in try TextFile.read(path, maximum: maximum) }
            return reading(text, file: file, keys: keys, keyFile: keyFile, over: old)
        } catch {
            return .kept([error])
        }
    }
}

extension Settings {
    /// The paths of the values that differ between two settings, sorted within each kind: settings, then profiles, prices
    /// and keys. Where a value comes from makes no difference.
    public func differences(from other: Settings) -> [String] {
        var paths = SettingField.all.map(\.path).filter { self[$0] != other[$0] }
        for name in Set(profiles.keys).union(other.profiles.keys).sorted() {
            let (mine, theirs) = (profiles[name], other.profiles[name])
            if mine == nil || theirs == nil { paths.append("profiles.\(name)") }
            guard let mine, let theirs else { continue }
            paths += SettingField.profile.map(\.path).filter { mine.table[$0] != theirs.table[$0] }
                .map { "profiles.\(name).\($0)" }
        }
        for model in Set(priceTables.keys).union(other.priceTables.keys).sorted()
        where priceTables[model]?.value != other.priceTables[model]?.value {
            paths.append(TOMLSpelling.path(["prices", model]))
        }
        return paths + keyDifferences(from: other)
    }

    private func keyDifferences(from other: Settings) -> [String] {
        func chords(_ settings: Settings) -> [String: String] {
            let pairs = settings.keyBindings.map { binding in
                let keys = binding.chords.map(KeyChordText.format).joined(separator: ", ")
                return (TOMLSpelling.path(["keys", binding.scope.rawValue, binding.command]), keys)
            }
            return Dictionary(pairs) { first, _ in first }
        }
        let (mine, theirs) = (chords(self), chords(other))
        return Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted()
    }

    /// Takes over what was set for this run alone.
    mutating func keepOverrides(of old: Settings) {
        for field in SettingField.all {
            switch old.origin(field.path) {
            case .argument, .environment:
                if let value = old[field.path] { take(field.path, value, old.origin(field.path)) }
            case .builtIn, .file: break
            }
        }
    }
}
