import AppUI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a path that is being typed can become: names of its folder that begin as it ends.
enum PathLister {
    /// So many names are offered, and of a large folder so many are looked at.
    private static let most = 200
    private static let mostRead = 20_000

    /// The candidates in the order of their names, folders with a slash. Hidden ones only when a dot was typed. Nothing is
    /// followed or opened but the folder itself.
    static func candidates(for path: String) -> [PathCandidate] {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let beginning = path.dropFirst(folder.count).lowercased()
        guard let place = expanded(folder), let stream = opendir(place) else { return [] }
        defer { closedir(stream) }
        var found: [String] = []
        var read = 0
        while found.count < most * 8, read < mostRead, let entry = readdir(stream) {
            read += 1
            guard let name = name(entry), name != ".", name != "..", name.lowercased().hasPrefix(beginning),
                name.first != "." || beginning.hasPrefix("."), !name.contains(where: { $0.isNewline || $0 == "\"" })
            else { continue }
            found.append(name + (isFolder(entry, place + name) ? "/" : ""))
        }
        return found.sorted().prefix(most).map { PathCandidate(path: folder + $0) }
    }

    /// The folder to be listed; nil when there is none.
    private static func expanded(_ folder: String) -> String? {
        guard folder.hasPrefix("~/") else { return folder.isEmpty ? "./" : folder }
        guard let home = getenv("HOME"), home.pointee != 0 else { return nil }
        return String(cString: home) + folder.dropFirst(1)
    }

    /// The name of an entry; nil when it is no UTF-8, so that nobody could type it.
    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String? {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                String(validatingCString: $0)
            }
        }
    }

    private static func isFolder(_ entry: UnsafeMutablePointer<dirent>, _ path: String) -> Bool {
        switch Int32(entry.pointee.d_type) {
        case Int32(DT_DIR): return true
        case Int32(DT_LNK), Int32(DT_UNKNOWN):
            var info = stat()
            return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
        default: return false
        }
    }
}
