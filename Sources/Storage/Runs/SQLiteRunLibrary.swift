public import Benchmarking
internal import GRDB
public import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The runs of a folder: a SQLite file each, `ID.db`.
public final class SQLiteRunLibrary: RunLibrary {
    private let template: RunFile
    private let clock: WallClock

    /// The runs of a folder, which need not exist. `clock` tells when runs were taken and given back.
    public convenience init(folder: String, clock: WallClock = WallClock()) {
        self.init(RunFile(id: "", folder: folder), clock: clock)
    }

    /// `template` is what all files have in common.
    init(_ template: RunFile, clock: WallClock) {
        self.template = template
        self.clock = clock
    }

    /// Makes a run. It is written under another name and given its own when it is whole and on the disk.
    public func create(
        _ header: RunHeader, files: [SuiteFile], trials: [TrialKey]
    ) async throws(RunStoreError) -> any RunStore {
        if let problem = header.problem(with: trials) { throw .refused(problem) }
        let file = file(header.id)
        try await RunWork.once { () throws(RunStoreError) in
            do { try file.make { try $0.make(header, files, trials) } } catch { throw file.failure(error) }
        }
        return SQLiteRunStore(file, clock: clock)
    }

    /// Opens a run by its id or the beginning of it. One that cannot be read is told at once.
    public func open(_ id: String) async throws(RunStoreError) -> any RunStore {
        let ids = ids.filter { $0 == id || (id != "" && $0.hasPrefix(id)) }
        guard let found = ids.contains(id) ? id : ids.first, ids.contains(id) || ids.count == 1 else {
            throw .names(id, ids, in: template.folder)
        }
        let store = SQLiteRunStore(file(found), clock: clock)
        _ = try await store.run()
        return store
    }

    /// All runs, the newest first.
    public func list() async throws(RunStoreError) -> (runs: [StoredRun], problems: [String]) {
        let (files, clock) = (ids.map(file), clock)
        return try await RunWork.once {
            var runs: [StoredRun] = []
            var problems: [String] = []
            for file in files {
                var worker = RunWorker(file, clock: clock)
                do throws(RunStoreError) {
                    if let run = try worker.read({ try $0.stored() }) {
                        runs.append(run)
                    } else {
                        problems.append(file.isIncomplete.text)
                    }
                } catch { problems.append(error.description) }
            }
            return (runs.newestFirst, problems.sorted())
        }
    }

    /// Where a run's database is.
    public func path(of id: String) -> String { file(id).path }

    private func file(_ id: String) -> RunFile {
        var file = RunFile(id: id, folder: template.folder)
        (file.busySeconds, file.maximumPages) = (template.busySeconds, template.maximumPages)
        return file
    }

    private var ids: [String] {
        Folder.names(in: template.folder).filter { $0.hasSuffix(RunFile.ending) && !$0.hasPrefix(".") }
            .map { String($0.dropLast(RunFile.ending.count)) }
    }
}

extension RunFile {
    private static let unfinished = ".new"
    private static let lock = ".lock"

    /// Makes the file: under another name first, which no list shows.
    func make(_ fill: (RunTables) throws -> Void) throws {
        do throws(SystemError) { try Folder.make(folder) } catch { throw failure(error) }
        sweep()
        let draft = DatabaseFile(
            kind: database.kind, path: "\(folder)/.\(id)\(Self.unfinished)", busySeconds: busySeconds,
            maximumPages: maximumPages)
        let lock = try FileLock.take(draft.path + Self.lock)
        guard let lock, Folder.isRegularFile(path) == nil else {
            throw RunStoreError.refused("there is a run \(id) already in \(folder)")
        }
        defer {
            unlink(draft.path)
            unlink(draft.path + "-journal")
            unlink(draft.path + Self.lock)
            withExtendedLifetime(lock) {}
        }
        do throws(StorageError) {
            try draft.make { queue in
                try queue.inTransaction(.immediate) { database in
                    try fill(RunTables(database: database, run: id))
                    return .commit
                }
            }
        } catch {
            // People look for the file under the name that it was to have.
            throw StorageError(text: error.text.replacing(draft.path, with: path))
        }
        guard rename(draft.path, path) == 0 else { throw SystemError(errno) }
        Folder.sync(folder)
    }

    /// Removes what processes left that died while they made a run.
    private func sweep() {
        let ending = Self.unfinished + Self.lock
        for name in Folder.names(in: folder) where name.hasPrefix(".") && name.hasSuffix(ending) {
            let lockPath = "\(folder)/\(name)"
            guard let lock = try? FileLock.take(lockPath, create: false) else { continue }
            let draft = lockPath.dropLast(Self.lock.count)
            unlink(draft + "-journal")
            unlink(String(draft))
            unlink(lockPath)
            withExtendedLifetime(lock) {}
        }
    }
}
