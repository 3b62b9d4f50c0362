#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Theme files of a folder.
enum ThemeFolder {
    /// The most files looked at.
    private static let maximumEntries = 10_000

    /// Names of the themes in a folder, sorted; empty when there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        for _ in 0..<maximumEntries {
            guard let entry = readdir(directory) else { break }
            let file = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard file.hasSuffix(".toml"), ThemeName.isValid(String(file.dropLast(5))) else { continue }
            names.append(String(file.dropLast(5)))
        }
        return names.sorted()
    }
}
