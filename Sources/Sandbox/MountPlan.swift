/// What the file system of a sandbox is made of: everything, read-only, but for what is laid over it here.
///
/// Places are resolved, so that no link leads around them. A place overrides those that contain it.
struct MountPlan {
    /// What is laid over a place.
    enum Cover: Hashable {
        /// An empty folder of so many bytes; one that cannot be written when `size` is nil.
        case empty(size: Int?)
        /// What is really there, read-only, inside of a folder that was emptied.
        case original
        /// Nothing: a folder that stays empty, or a file that cannot be read.
        case hiddenFolder
        case hiddenFile
        /// A symbolic link inside of a folder that was emptied.
        case link(String)
    }

    /// The folders and files a plan is made for.
    struct Places {
        var workingFolder: String
        var home: String?
        var searchFolders: [String]
        /// Never to be read.
        var hidden: [String]
        /// Folders to be read although they are hidden.
        var visible: [String] = []
        var allowsNetwork: Bool
        /// Bytes of /tmp.
        var temporarySize: Int
    }

    private(set) var covers: [String: Cover] = [:]
    /// What nobody may read, resolved.
    private let secrets: [String]

    /// A plan for the file system as it is now.
    init(_ places: Places) {
        let home = places.home.map(ResolvedPath.of).flatMap { $0 == "/" ? nil : $0 }
        let workingFolder = ResolvedPath.of(places.workingFolder)
        let homes = Self.homes(home)
        // In the others nothing comes back.
        let shown = ([workingFolder] + places.searchFolders + places.visible).map(ResolvedPath.of)
        let inHomes = homes.filter { home in shown.contains { $0.isPath(within: home) || home.isPath(within: $0) } }
            .flatMap { home in Secrets.inHome.map { home + "/" + $0 } }
        secrets = (places.hidden + Secrets.ofSystem + inHomes + Self.projectSecrets(workingFolder)).map(ResolvedPath.of)
        emptyFolders(home: home, temporarySize: places.temporarySize)
        if workingFolder != home { bringBack(workingFolder) }
        for folder in places.searchFolders { bringBackTools(folder, homes) }
        if places.allowsNetwork { bringBack(ResolvedPath.of("/etc/resolv.conf")) }
        for secret in secrets { hide(secret) }
        dropWhatIsBelowHidden()
        for folder in places.visible { show(folder, home: home) }
        for socket in Self.sockets() { hide(socket) }
    }

    /// Whether a program can start in a folder: it is seen, or one of those that are emptied.
    func canHold(workingFolder: String) -> Bool {
        if case .empty = covers[workingFolder] { return true }
        return !hides(workingFolder)
    }

    /// Whether a path cannot be seen: not the same as not being there.
    func hides(_ path: String) -> Bool {
        var place: String? = ResolvedPath.of(path)
        while let current = place {
            switch covers[current] {
            case .empty, .hiddenFolder, .hiddenFile: return true
            case .original: return false
            case .link, nil: place = current.parentPath
            }
        }
        return false
    }

    // MARK: - What is emptied, and what comes back

    private static let emptied = ["/run", "/sys", "/home", "/root"]

    private mutating func emptyFolders(home: String?, temporarySize: Int) {
        for folder in Self.emptied + (home.map { [$0] } ?? []) {
            let place = ResolvedPath.of(folder)
            if Files.kind(of: place) == .folder { covers[place] = .empty(size: nil) }
        }
        covers[ResolvedPath.of("/var/tmp")] = .empty(size: temporarySize / 16)
        covers[ResolvedPath.of("/tmp")] = .empty(size: temporarySize)
    }

    private func emptiedFolder(around place: String) -> String? {
        let around = covers.filter { cover in
            if case .empty = cover.value { place.isPath(within: cover.key) } else { false }
        }
        return around.keys.max { $0.utf8.count < $1.utf8.count }
    }

    private mutating func bringBack(_ place: String) {
        guard let around = emptiedFolder(around: place), around != place, Files.kind(of: place) != nil,
            !secrets.contains(where: { place.isPath(within: $0) })
        else { return }
        covers[place] = .original
    }

    /// A folder of `PATH` in a home comes back with what lies around it there, since tools need their libraries; and
    /// the links on the way to it.
    private mutating func bringBackTools(_ written: String, _ homes: [String]) {
        guard let resolved = ResolvedPath(written) else { return }
        for link in resolved.links where emptiedFolder(around: link.place) != nil {
            if covers[link.place] == nil { covers[link.place] = .link(link.target) }
        }
        guard let emptied = emptiedFolder(around: resolved.path) else { return }
        let base = homes.filter { resolved.path.isPath(within: $0) }.max { $0.utf8.count < $1.utf8.count }
        let root = base ?? emptied
        let below = resolved.path.parts(below: root)
        guard let name = Self.toolFolder(below, isInHome: base != nil) else { return }
        for part in [name] + (base == nil ? [] : Self.companions[name] ?? []) { bringBack(root + "/" + part) }
    }

    /// Where much else lies as well, more of the path decides.
    private static func toolFolder(_ parts: [String], isInHome: Bool) -> String? {
        let isDeep = isInHome && [".local", ".config", ".cache"].contains(parts.first)
        let depth = !isDeep ? 1 : parts.prefix(2) == [".local", "share"] ? 3 : 2
        return parts.count < depth ? nil : parts.prefix(depth).joined(separator: "/")
    }

    /// What tools of a folder need from another one.
    private static let companions = [
        ".cargo": [".rustup"],
        ".local/bin": [
            ".local/lib", ".local/pipx", ".local/share/pipx", ".local/share/uv", ".local/share/mise",
        ],
    ]

    /// Folders that are somebody's home.
    private static func homes(_ home: String?) -> [String] {
        let others = (Files.names(in: "/home") ?? []).map { "/home/" + $0 } + ["/root"]
        return ([home].compactMap { $0 } + others).map(ResolvedPath.of)
    }

    /// A folder that is to be seen wherever it lies, but for the secrets in it. One that a link leads to is not to open all of
    /// a home.
    private mutating func show(_ written: String, home: String?) {
        guard let resolved = ResolvedPath(written), resolved.path != "/", Files.kind(of: resolved.path) == .folder,
            home?.isPath(within: resolved.path) != true
        else { return }
        for link in resolved.links where hides(link.place) && covers[link.place] == nil {
            covers[link.place] = .link(link.target)
        }
        if hides(resolved.path) { covers[resolved.path] = .original }
        for secret in secrets where secret.isPath(within: resolved.path) && secret != resolved.path { hide(secret) }
    }

    // MARK: - What is hidden

    private mutating func hide(_ place: String) {
        // What this user cannot read, the sandbox, which is the same user, cannot either.
        guard place != "/", let kind = Files.kind(of: place), Files.isReadable(place) || kind == .socket else { return }
        if !hides(place) { covers[place] = kind == .folder ? .hiddenFolder : .hiddenFile }
    }

    private mutating func dropWhatIsBelowHidden() {
        let hidden = covers.filter { $0.value == .hiddenFolder }.keys
        covers = covers.filter { cover in
            !hidden.contains { cover.key != $0 && cover.key.isPath(within: $0) }
        }
    }

    /// Files with secrets in the working folder, and in those that hold it as far as they can be seen.
    private static func projectSecrets(_ workingFolder: String) -> [String] {
        var found: [String] = []
        var folder: String? = workingFolder
        while let current = folder, current != "/" {
            found += (Files.names(in: current) ?? []).filter(Secrets.isInProject).map { current + "/" + $0 }
            let settings = current + "/.git/config"
            if let text = Files.text(of: settings, limit: 1 << 20), Secrets.isInGitConfig(text) {
                found.append(settings)
            }
            folder = current.parentPath
        }
        return found
    }

    /// Sockets of this machine's services that have a path: a name space for the network does not keep anyone from
    /// them.
    private static func sockets() -> Set<String> {
        let lines = (Files.text(of: "/proc/net/unix", limit: 4 << 20) ?? "").split(separator: "\n")
        let paths = lines.compactMap { line -> String? in
            let fields = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
            return fields.count == 8 && fields[7].hasPrefix("/") ? String(fields[7]) : nil
        }
        return Set(paths.map(ResolvedPath.of)).filter { Files.kind(of: $0) == .socket }
    }
}
