#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where files of the user and of the program are, after the XDG base directory specification. Only names; nothing is
/// looked up in the file system but the user's home folder, and nothing is created.
public struct AppPaths: Sendable, Hashable {
    /// The user's home folder: `HOME`, else the user database; nil when neither tells.
    public let home: String?
    /// The user's readline file: `INPUTRC`, else `.inputrc` of the home folder.
    public let inputrcFile: String?
    /// Settings, themes, tools and presets of the user.
    public let configFolder: String?
    /// Conversations and the usage ledger.
    public let dataFolder: String?
    /// Logs and crash notes.
    public let stateFolder: String?
    /// What may be deleted.
    public let cacheFolder: String?
    /// Folders of themes for all users, in order of search.
    public let systemThemeFolders: [String]
    /// Themes beside an installed program, `../share/tickertape/themes`.
    public let installedThemeFolder: String?
    /// `Themes` of the package, when the program lies in its build folder.
    public let packageThemeFolder: String?

    private static let name = "tickertape"

    /// Paths from an environment and the path of the running program (empty when unknown).
    ///
    /// A relative path in an XDG variable is ignored, as the specification wants. Without a home folder and without the
    /// XDG variable a path is nil.
    public init(environment: [String: String], executablePath: String) {
        let home = Self.absolute(environment["HOME"]) ?? Self.homeOfUser()
        func folder(_ variable: String, _ standard: String) -> String? {
            (Self.absolute(environment[variable]) ?? home.map { Self.join($0, standard) }).map {
                Self.join($0, Self.name)
            }
        }
        self.home = home
        inputrcFile = Self.absolute(environment["INPUTRC"]) ?? home.map { Self.join($0, ".inputrc") }
        configFolder = folder("XDG_CONFIG_HOME", ".config")
        dataFolder = folder("XDG_DATA_HOME", ".local/share")
        stateFolder = folder("XDG_STATE_HOME", ".local/state")
        cacheFolder = folder("XDG_CACHE_HOME", ".cache")
        let listed = (environment["XDG_DATA_DIRS"] ?? "").split(separator: ":").map(String.init)
        let folders = listed.isEmpty ? ["/usr/local/share", "/usr/share"] : listed
        systemThemeFolders = folders.compactMap { Self.absolute($0) }.map { Self.join($0, "tickertape/themes") }
        let parts = executablePath.split(separator: "/").map(String.init)
        let isKnown = executablePath.hasPrefix("/")
        installedThemeFolder =
            isKnown && parts.count >= 2
            ? "/" + (parts.dropLast(2) + ["share", Self.name, "themes"]).joined(separator: "/") : nil
        let build = parts.lastIndex { $0.hasPrefix(".build") }
        packageThemeFolder =
            isKnown ? build.map { "/" + (parts[..<$0] + ["Themes"]).joined(separator: "/") } : nil
    }

    /// The settings file.
    public var configFile: String? { configFolder.map { Self.join($0, "config.toml") } }
    /// The user's keys.
    public var keyFile: String? { configFolder.map { Self.join($0, "keys.toml") } }
    /// The user's presets.
    public var presetFolder: String? { configFolder.map { Self.join($0, "presets") } }
    /// The usage ledger.
    public var ledgerFile: String? { dataFolder.map { Self.join($0, "usage.sqlite") } }
    /// Conversations with what became of their calls.
    public var conversationFile: String? { dataFolder.map { Self.join($0, "conversations.sqlite") } }
    /// The user's own tools.
    public var toolFolder: String? { configFolder.map { Self.join($0, "tools") } }
    /// The user's own themes.
    public var themeFolder: String? { configFolder.map { Self.join($0, "themes") } }

    private static func absolute(_ path: String?) -> String? {
        guard let path, path.hasPrefix("/") else { return nil }
        return path
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    private static func homeOfUser() -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let size = buffer.count
        return buffer.withUnsafeMutableBufferPointer { space -> String? in
            guard let start = space.baseAddress, getpwuid_r(getuid(), &entry, start, size, &found) == 0, found != nil,
                let folder = entry.pw_dir
            else { return nil }
            return absolute(String(cString: folder))
        }
    }
}
