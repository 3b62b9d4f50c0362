/// Theme files of a folder.
enum ThemeFolder {
    /// Names of the themes in a folder, sorted; empty when there is no such folder.
    static func names(in folder: String) -> [String] {
        FolderNames.list(folder).filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }
            .filter(ThemeName.isValid).sorted()
    }
}
