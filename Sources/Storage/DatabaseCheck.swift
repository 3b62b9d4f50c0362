internal import GRDB

/// Looks at the databases without changing them.
public enum DatabaseCheck {
    /// Which database.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What was spent.
        case ledger
        /// Conversations and what became of their calls.
        case conversations

        var database: DatabaseKind {
            switch self {
            case .ledger: LedgerSchema.kind
            case .conversations: ConversationSchema.kind
            }
        }
    }

    /// What was found.
    public enum Finding: Sendable, Hashable {
        /// There is no file; it is made when it is needed.
        case missing
        /// It can be read; the name of the newest change of its tables, and whether there are newer ones to be made.
        case readable(version: String, isOlder: Bool)
        /// It cannot be used, and why.
        case unusable(String)
    }

    /// Opens a database for reading, looks through all its pages, and closes it. Takes time in proportion to its size.
    public static func look(at path: String, _ kind: Kind) -> Finding {
        let file = DatabaseFile(kind: kind.database, path: path)
        if Folder.isRegularFile(path) == nil { return .missing }
        do throws(StorageError) {
            guard let queue = try file.openForReading() else { return .unusable("is no regular file") }
            defer { try? queue.close() }
            do { return try queue.read { try finding($0, kind.database) } } catch { throw file.failure(error) }
        } catch {
            return .unusable(error.text)
        }
    }

    private static func finding(_ database: Database, _ kind: DatabaseKind) throws -> Finding {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard id == Int(kind.applicationID) else { return .unusable("is a database of another program") }
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        guard verdict == "ok" else { return .unusable("is damaged: \(verdict)") }
        if try kind.migrator.hasBeenSuperseded(database) {
            return .unusable("was written by a newer tickertape; update this one")
        }
        let version = try kind.migrator.appliedMigrations(database).last ?? "empty"
        return .readable(version: version, isOlder: try !kind.migrator.hasCompletedMigrations(database))
    }
}
