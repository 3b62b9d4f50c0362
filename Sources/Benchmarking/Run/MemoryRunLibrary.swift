public import ProviderCore
import Synchronization

/// Runs that last as long as the process.
public final class MemoryRunLibrary: RunLibrary {
    private let books = Mutex<[String: MemoryRunBook]>([:])
    private let clock: WallClock

    /// No runs yet. `clock` tells when runs were taken and given back.
    public init(clock: WallClock = WallClock()) { self.clock = clock }

    /// Makes a run.
    public func create(
        _ header: RunHeader, files: [SuiteFile], trials: [TrialKey]
    ) async throws(RunStoreError) -> any RunStore {
        if let problem = header.problem(with: trials) { throw .refused(problem) }
        let book = MemoryRunBook(header, files, trials)
        let isNew = books.withLock { books in
            guard books[header.id] == nil else { return false }
            books[header.id] = book
            return true
        }
        guard isNew else { throw .refused("there is a run \(header.id) already") }
        return MemoryRunStore(book, clock: clock)
    }

    /// Opens a run by its id or the beginning of it.
    public func open(_ id: String) async throws(RunStoreError) -> any RunStore {
        let found = books.withLock { books in books.filter { $0.key == id || (id != "" && $0.key.hasPrefix(id)) } }
        guard let book = found[id] ?? (found.count == 1 ? found.values.first : nil) else {
            throw .names(id, Array(found.keys), in: "memory")
        }
        return MemoryRunStore(book, clock: clock)
    }

    /// All runs, the newest first.
    public func list() async throws(RunStoreError) -> (runs: [StoredRun], problems: [String]) {
        let runs = books.withLock { books in books.values.map { $0.read(\.stored) } }
        return (runs.newestFirst, [])
    }

    /// No place: runs are in memory.
    public func path(of id: String) -> String { "memory:\(id)" }
}

extension [StoredRun] {
    /// In the order of lists.
    package var newestFirst: [StoredRun] {
        sorted { ($1.header.created, $0.header.id) < ($0.header.created, $1.header.id) }
    }
}
