public import TerminalKit

/// Finds themes: the user's folder, then folders for all users, beside an installed program, in the package while it is
/// being built, and those compiled in. The first file of a name wins, but `default` and `mono` are always the program's own.
public struct ThemeLibrary: Sendable {
    /// Where a theme comes from.
    public enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// A file.
        case file(String)
        /// The program itself.
        case builtIn
        /// The path, or `built in`.
        public var description: String {
            switch self {
            case .file(let path): printable(path)
            case .builtIn: "built in"
            }
        }
    }

    /// A line of the list of themes.
    public struct Entry: Sendable, Hashable {
        /// The name.
        public let name: String
        /// Where it comes from.
        public let origin: Origin
    }

    /// The theme used when none is named: the terminal's own colours.
    public static let standardName = "terminal"
    /// How deep themes may inherit.
    public static let maximumInheritance = 8

    /// A theme that cannot fail: `terminal` as it was compiled in.
    public static let fallback: Theme =
        (try? ThemeLibrary(folders: []).load(standardName).theme) ?? Theme(name: standardName, styles: [:])

    private let folders: [String]

    /// Themes at the places of these paths.
    public init(paths: AppPaths) {
        self.init(
            folders: [paths.themeFolder].compactMap { $0 } + paths.systemThemeFolders
                + [paths.installedThemeFolder, paths.packageThemeFolder].compactMap { $0 })
    }

    init(folders: [String]) { self.folders = folders }

    /// Every theme by name, each with the place it would be loaded from.
    public func list() -> [Entry] {
        var origins: [String: Origin] = [:]
        for folder in folders {
            for name in ThemeFolder.names(in: folder) where origins[name] == nil {
                origins[name] = .file(folder + "/" + name + ".toml")
            }
        }
        for name in Self.embeddedNames where origins[name] == nil || Self.isProtected(name) { origins[name] = .builtIn }
        return origins.map { Entry(name: $0.key, origin: $0.value) }.sorted { $0.name < $1.name }
    }

    /// The theme of this name, and what in its files could not be understood and was left out.
    ///
    /// Throws `FileProblem` when there is no such theme (naming near ones), or when a file is no TOML, over 256 KiB, no
    /// regular file, or inherits in a circle or more than 8 deep.
    public func load(_ name: String) throws(FileProblem) -> (theme: Theme, warnings: [FileProblem]) {
        let builder = try build(name)
        return (builder.theme(name: name), builder.warnings)
    }

    /// What is wrong with a theme, by name or by the path of a file (anything with `/` or `.toml`), a line each. Throws as
    /// `load`.
    public func check(_ nameOrPath: String) throws(FileProblem) -> [String] { try report(nameOrPath).problems }

    /// A check of a theme, by name or by the path of a file, with all figures. Throws as `load`.
    public func report(_ nameOrPath: String) throws(FileProblem) -> ThemeReport {
        let (builder, name) = try buildChecked(nameOrPath)
        let lost = ThemeRole.allCases.filter { !builder.isResolvable($0) }.map {
            builder.problem($0, "has no look; define text")
        }
        let lint = ThemeLint(theme: builder.theme(name: name), isLight: builder.isLight ?? false)
        func placed(_ finding: ThemeLint.Finding) -> FileProblem {
            let layer: KeyPath<ThemeBuilder, ThemeBuilder.Looks> =
                finding.depth == 0 ? \.looksMono : finding.depth == 16 ? \.looks16 : \.looks
            return builder.problem(finding.role, finding.message, in: layer)
        }
        return ThemeReport(
            name: name, problems: (builder.warnings + lost + lint.findings().map(placed)).map(\.description),
            notes: lint.losses().map(placed).map(\.description), pairs: lint.pairs())
    }

    /// The theme of a name or of a file, for showing it. Throws as `load`.
    public func theme(_ nameOrPath: String) throws(FileProblem) -> Theme {
        let (builder, name) = try buildChecked(nameOrPath)
        return builder.theme(name: name)
    }

    /// Every file that a change of could change how a theme looks, the theme's own first: where it and all it inherits are,
    /// and where a file would stand that shadows one of them. Files that are broken or missing are named too, so that a
    /// repair is seen. Empty for themes that are the program's own.
    public func files(of name: String) -> [String] {
        var files: [String] = []
        var names: [String] = []
        var next: String? = name
        while let name = next, ThemeName.isValid(name), !names.contains(name), names.count <= Self.maximumInheritance {
            names.append(name)
            next = nil
            guard !Self.isProtected(name) else { break }
            for folder in folders {
                let path = folder + "/" + name + ".toml"
                files.append(path)
                let text = try? TextFile.read(path, maximum: ThemeFile.maximumBytes)
                guard let text else { continue }
                next = (try? ThemeFile(text, file: path))?.inherits
                break
            }
        }
        return files
    }
}

extension ThemeLibrary {
    private static let embeddedNames = embeddedFiles.keys.filter { $0.hasSuffix(".toml") }.map {
        String($0.dropLast(5))
    }

    /// Names that files of the user cannot take.
    private static func isProtected(_ name: String) -> Bool { name == "mono" || name == "default" }

    private func buildChecked(_ nameOrPath: String) throws(FileProblem) -> (ThemeBuilder, name: String) {
        guard nameOrPath.contains("/") || nameOrPath.hasSuffix(".toml") else {
            return (try build(nameOrPath), nameOrPath)
        }
        guard let text = try TextFile.read(nameOrPath, maximum: ThemeFile.maximumBytes) else {
            throw FileProblem(file: nameOrPath, "there is no such file")
        }
        let name = String(nameOrPath.split(separator: "/").last?.dropLast(5) ?? "")
        guard nameOrPath.hasSuffix(".toml"), ThemeName.isValid(name) else {
            throw FileProblem(file: nameOrPath, "a theme's file is NAME.toml, with a-z, 0-9, - and _ in the name")
        }
        return (try build(try ThemeFile(text, file: nameOrPath), named: name), name)
    }

    private func build(_ name: String) throws(FileProblem) -> ThemeBuilder {
        guard let file = try find(name) else {
            let known = list().map(\.name)
            let hint = NearName.hint(for: name, among: known)
            throw FileProblem("there is no theme \(quoted(name))\(hint) (known: \(known.joined(separator: ", ")))")
        }
        return try build(file, named: name)
    }

    private func build(_ file: ThemeFile, named name: String) throws(FileProblem) -> ThemeBuilder {
        var chain = [file]
        var names = [name]
        while let child = chain.first, let parent = child.inherits {
            func wrong(_ what: String) -> FileProblem { child.document.problem(["inherits"], what) }
            guard !names.contains(parent) else {
                throw wrong("themes inherit in a circle: \((names + [parent]).joined(separator: " > "))")
            }
            guard chain.count <= Self.maximumInheritance else {
                throw wrong("themes inherit more than \(Self.maximumInheritance) deep")
            }
            guard let next = try find(parent) else {
                let hint = NearName.hint(for: parent, among: list().map(\.name))
                throw wrong("there is no theme \(quoted(parent))\(hint) to inherit from")
            }
            chain.insert(next, at: 0)
            names.append(parent)
        }
        return ThemeBuilder(chain)
    }

    private func find(_ name: String) throws(FileProblem) -> ThemeFile? {
        guard ThemeName.isValid(name) else { return nil }
        if !Self.isProtected(name) {
            for folder in folders {
                let path = folder + "/" + name + ".toml"
                if let text = try TextFile.read(path, maximum: ThemeFile.maximumBytes) {
                    return try ThemeFile(text, file: path)
                }
            }
        }
        let embedded = name == "default" ? Self.standardName : name
        guard let text = embeddedFiles[embedded + ".toml"] else { return nil }
        return try ThemeFile("\(text)", file: "\(embedded).toml (built in)")
    }
}
