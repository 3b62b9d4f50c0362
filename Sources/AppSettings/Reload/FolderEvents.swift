#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the system tells of the folders of some files.
struct FolderEvents: Sendable {
    /// A place where something may happen to a file: its own, that of a link on the way to it, or the folder that is missing.
    private struct Place: Sendable, Hashable {
        var folder: String
        /// The name in it.
        var name: String
    }

    private(set) var descriptor: Int32 = -1
    private var folders: [Int32: String] = [:]
    /// The files that a place concerns.
    private var places: [Place: Set<String>] = [:]

    /// The most links that are followed.
    private static let maximumLinks = 16

    /// Whether the system tells at all; otherwise somebody has to look.
    var isWorking: Bool { descriptor >= 0 }

    mutating func close() {
        guard descriptor >= 0 else { return }
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
        descriptor = -1
    }

    /// The places that matter for a file, at this moment.
    private static func places(of file: String) -> [Place] {
        var places: [Place] = []
        var path = file
        for _ in 0..<maximumLinks {
            var (folder, name) = split(path)
            while access(folder, F_OK) != 0, folder != "/" {
                (folder, name) = split(folder)
            }
            places.append(Place(folder: folder, name: name))
            guard let target = link(path) else { break }
            path = target.hasPrefix("/") ? target : split(path).folder + "/" + target
        }
        return places
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let name = String(path[path.index(after: slash)...])
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }

    private static func link(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { space in
            guard let start = space.baseAddress else { return 0 }
            return readlink(path, start.assumingMemoryBound(to: CChar.self), space.count)
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

#if os(Linux)
    extension FolderEvents {
        private static let mask =
            UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO) | UInt32(IN_CREATE)
            | UInt32(IN_DELETE) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)

        /// Watches the folders of files, anew where they changed.
        mutating func watch(_ files: [String]) {
            if descriptor < 0 { descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
            guard descriptor >= 0 else { return }
            places = [:]
            for file in files {
                for place in Self.places(of: file) { places[place, default: []].insert(file) }
            }
            let wanted = Set(places.keys.map(\.folder))
            for (number, folder) in folders where !wanted.contains(folder) {
                inotify_rm_watch(descriptor, number)
                folders[number] = nil
            }
            for folder in wanted {
                // A folder that is watched already keeps its number; one that was replaced gets a new one.
                let number = inotify_add_watch(descriptor, folder, Self.mask)
                guard number >= 0 else {
                    // No more watches are to be had: somebody has to look.
                    close()
                    return
                }
                folders = folders.filter { $0.value != folder }
                folders[number] = folder
            }
        }

        /// Reads what was told. The files that it concerns.
        mutating func read(_ files: [String]) -> Set<String> {
            var touched: Set<String> = []
            var isMoved = false
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                take(buffer[..<count], files, &touched, &isMoved)
            }
            guard isMoved || !touched.isEmpty else { return touched }
            let before = Set(folders.values)
            watch(files)
            // In a folder that was not watched until now something may have happened before.
            let isNew = before != Set(folders.values) || isMoved
            return isNew ? Set(files) : touched
        }

        private func take(
            _ bytes: ArraySlice<UInt8>, _ files: [String], _ touched: inout Set<String>, _ isMoved: inout Bool
        ) {
            var offset = bytes.startIndex
            // struct inotify_event: wd, mask, cookie, len, then the name, padded with zeros.
            while offset + 16 <= bytes.endIndex {
                func number(_ index: Int) -> UInt32 {
                    bytes[(offset + index * 4)..<(offset + index * 4 + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
                }
                let (watch, mask, length) = (Int32(bitPattern: number(0)), number(1), Int(number(3)))
                let end = min(offset + 16 + length, bytes.endIndex)
                let name = String(decoding: bytes[(offset + 16)..<end].prefix { $0 != 0 }, as: UTF8.self)
                offset = end
                if mask & UInt32(IN_Q_OVERFLOW) != 0 { touched.formUnion(files) }
                if mask & (UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_IGNORED)) != 0 { isMoved = true }
                guard let folder = folders[watch], let concerned = places[Place(folder: folder, name: name)] else {
                    continue
                }
                // A file that is only just made is empty still; that it was written is told later.
                if mask & UInt32(IN_CREATE) != 0, Self.isJustMade(folder + "/" + name) { continue }
                touched.formUnion(concerned)
            }
        }

        private static func isJustMade(_ path: String) -> Bool {
            var status = stat()
            guard lstat(path, &status) == 0 else { return false }
            return status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1
        }
    }
#else
    extension FolderEvents {
        mutating func watch(_ files: [String]) {}
        mutating func read(_ files: [String]) -> Set<String> { Set(files) }
    }
#endif
