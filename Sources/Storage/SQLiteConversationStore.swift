public import Conversations
internal import GRDB
public import ProviderCore

/// The database of conversations: messages and decided calls in one SQLite file, which any number of processes may share. Both are
/// kept through one connection on one thread.
public final class ConversationDatabase: Sendable {
    /// The conversations.
    public let conversations: SQLiteConversationStore
    /// The decided calls.
    public let toolLog: SQLiteToolLog

    /// A database at a path, which need not exist. `clock` tells when something was kept.
    public convenience init(path: String, clock: WallClock = WallClock()) {
        self.init(DatabaseFile(kind: ConversationSchema.kind, path: path), clock: clock)
    }

    init(_ file: DatabaseFile, clock: WallClock = WallClock()) {
        let work = ConversationWork(file, clock: clock)
        conversations = SQLiteConversationStore(work)
        toolLog = SQLiteToolLog(work)
    }
}

/// Conversations in a SQLite file.
///
/// `keep` is one transaction, and returns when it is on the disk; what came while another one was written goes into one. Whoever asked
/// may be cancelled: it is kept nevertheless. An answer that runs is replaced in place as it grows, and found by `search` when it is
/// over. The file is opened when it is first needed, and made by the first `keep`. A damaged file is moved aside, never overwritten
/// (`takeNotices`); one that may not be written, or is of a newer program, is read. What cannot be kept is told to who asked.
public final class SQLiteConversationStore: ConversationStore {
    private let work: ConversationWork

    init(_ work: ConversationWork) { self.work = work }

    /// Keeps changes, all or none; returns when they are on the disk. Throws when another program holds the file for more than 5 s,
    /// when the disk is full, and when the file may not be written or is of a newer program.
    public func keep(_ changes: [ConversationChange]) async throws(ConversationStoreError) {
        guard !changes.isEmpty else { return }
        do throws(StorageError) { try await work.write(.changes(changes)) } catch {
            throw ConversationStoreError(error.text)
        }
    }

    /// Conversations, the one changed last first. Those that are deleted, and those with nothing in them, are left out. Walking on
    /// branches is no change.
    public func list(limit: Int) async throws(ConversationStoreError) -> [ConversationSummary] {
        guard limit > 0 else { return [] }
        return try await read { try ConversationReading(database: $0).list(limit) } ?? []
    }

    /// A conversation, also a deleted one: it can be brought back. Records are decoded when they are asked for. Messages of an author
    /// that this program does not know are left out; those after them follow the one before.
    public func load(_ id: String) async throws(ConversationStoreError) -> StoredConversation? {
        try await read { try ConversationReading(database: $0).load(id) } ?? nil
    }

    /// The conversation that was deleted last and can be brought back; nil = there is none.
    public func lastDeleted() async throws(ConversationStoreError) -> String? {
        try await read { try ConversationReading(database: $0).lastDeleted() } ?? nil
    }

    /// Messages with all words of a query, the best first; see `ConversationSearch` for what "best" is. Phrases stand in double quotes.
    /// Every text is a query.
    public func search(_ query: String, limit: Int) async throws(ConversationStoreError) -> [SearchHit] {
        let query = SearchQuery(query)
        return try await read { try ConversationSearch(database: $0).hits(query, limit) } ?? []
    }

    /// What was typed in all conversations that are not deleted, oldest first, each text once; the newest `limit` of them, and not
    /// much more than 32 MiB.
    public func prompts(limit: Int) async throws(ConversationStoreError) -> [String] {
        guard limit > 0 else { return [] }
        return try await read { try ConversationReading(database: $0).prompts(limit) } ?? []
    }

    /// Removes for good what was deleted before a time, in milliseconds since 1970; how many conversations it were.
    @discardableResult
    public func purge(deletedBefore time: Int64) async throws(ConversationStoreError) -> Int {
        do throws(StorageError) {
            return try await work.perform { worker throws(StorageError) in try worker.purge(deletedBefore: time) }
        } catch { throw ConversationStoreError(error.text) }
    }

    /// Takes a conversation for this process; false when another living process, or another database object, has it. A process has it
    /// as long as it holds the lock on a file of its name beside the database, so that it is free however the process ends. Throws
    /// where no such file can be made.
    public func claim(_ id: String) async throws(ConversationStoreError) -> Bool {
        do throws(StorageError) {
            return try await work.perform { worker throws(StorageError) in
                let isOurs = try worker.claim(id)
                if isOurs { worker.settle(id) }
                return isOurs
            }
        } catch { throw ConversationStoreError(error.text) }
    }

    /// Gives a conversation back.
    public func release(_ id: String) async {
        try? await work.perform { worker throws(StorageError) in worker.release(id) }
    }

    /// Returns when all that was asked before is done, well or not. For the end of the program, when those who asked may be gone.
    public func flush() async { await work.flush() }

    /// What is to be told to a person, once: that a damaged file was moved aside, and where to.
    public func takeNotices() -> [String] { work.takeNotices() }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ConversationStoreError) -> Value? {
        do throws(StorageError) {
            return try await work.perform { worker throws(StorageError) in try worker.read(body) }
        } catch { throw ConversationStoreError(error.text) }
    }
}
