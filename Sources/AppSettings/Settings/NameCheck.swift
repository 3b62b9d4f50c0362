extension Settings {
    /// What is wrong with the names that the settings give at a path, `default_profile`, `theme` or a member of it: a profile or a
    /// theme that is not there, with near names and those there are. Nil = nothing, or no name stands at this path.
    public func missingName(at path: String, themes library: ThemeLibrary) -> FileProblem? {
        switch path {
        case "default_profile": missingProfile
        case "theme": missingTheme([themes.dark, themes.light, themes.fallback], library)
        case "theme.dark": missingTheme([themes.dark], library)
        case "theme.light": missingTheme([themes.light], library)
        case "theme.fallback": missingTheme([themes.fallback], library)
        default: nil
        }
    }

    private var missingProfile: FileProblem? {
        guard let name = defaultProfile, profiles[name] == nil else { return nil }
        let known = profiles.keys.sorted()
        let list = known.isEmpty ? "no profile is set up yet" : "known: \(known.joined(separator: ", "))"
        return FileProblem(
            "default_profile names \(quoted(name)), and there is no [profiles.\(printable(name))]"
                + NearName.hint(for: name, among: known) + " (\(list))")
    }

    private func missingTheme(_ names: Set<String>, _ library: ThemeLibrary) -> FileProblem? {
        for name in names.sorted() {
            do throws(FileProblem) { _ = try library.load(name) } catch { return error }
        }
        return nil
    }
}
