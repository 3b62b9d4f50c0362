internal import Foundation
import FunctionTools
internal import GRDB
import ProviderCore

/// The table of decided calls, inside one transaction.
///
/// Texts go in and out as bytes: SQLite's own way for text ends at the first NUL, which models do write.
struct ToolCallTable {
    let database: Database

    private static let insertSQL = """
        INSERT INTO tool_call (conversation, turn, position, call_id, name, arguments, extra_fields, rank, edited_arguments,
            decider, result_kind, exit_status, signal, http_status, reason, result, duration_us, at_ms)
        VALUES (CAST(? AS TEXT), ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, CAST(? AS TEXT),
            ?, ?, ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?)
        """

    /// Adds a call as the newest; `time` in milliseconds since 1970.
    func append(_ decided: DecidedCall, at time: Int64) throws {
        let (call, result) = (decided.call, decided.result)
        let kind = StoredKind(result.kind)
        let extra = call.extraFields.isEmpty ? nil : Data(JSONWriter.bytes(.object(call.extraFields)))
        try database.cachedStatement(sql: Self.insertSQL).execute(arguments: [
            Self.bytes(decided.conversation), decided.turn, decided.position, Self.bytes(call.id),
            Self.bytes(call.name), Self.bytes(call.arguments), extra, call.rank,
            decided.editedArguments.map(Self.bytes), decided.decider.rawValue, kind.word.rawValue, kind.exitStatus,
            kind.signal, kind.httpStatus, kind.reason.map(Self.bytes), Self.bytes(result.text),
            result.duration.map(\.wholeMicroseconds), time,
        ])
    }

    static let newestSQL = """
        SELECT CAST(conversation AS BLOB), turn, position, CAST(call_id AS BLOB), CAST(name AS BLOB),
            CAST(arguments AS BLOB), CAST(extra_fields AS BLOB), rank, CAST(edited_arguments AS BLOB), decider, result_kind,
            exit_status, signal, http_status, CAST(reason AS BLOB), CAST(result AS BLOB), duration_us
        FROM tool_call ORDER BY id DESC
        """

    /// The newest calls that this program understands, oldest first.
    func recent(_ limit: Int) throws -> [DecidedCall] {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: Self.newestSQL))
        var calls: [DecidedCall] = []
        while calls.count < limit, let row = try rows.next() {
            if let call = DecidedCall(Columns(row)) { calls.append(call) }
        }
        return calls.reversed()
    }

    private static func bytes(_ text: String) -> Data { Data(text.utf8) }
}

extension DecidedCall {
    /// Nil when something is missing, or said in words that this program does not know. In the order of `newestSQL`.
    fileprivate init?(_ row: Columns) {
        var row = row
        let (conversation, turn, position) = (row.text(), row.number(), row.number())
        let (id, name, arguments) = (row.text(), row.text(), row.text())
        let (extra, rank, edited) = (row.text(), row.number(), row.text())
        let decider = row.text().flatMap(Decider.init(rawValue:))
        let word = row.text().flatMap(StoredKind.Word.init(rawValue:))
        let (exitStatus, signal, httpStatus) = (row.number(Int32.self), row.number(Int32.self), row.number())
        let (reason, text, microseconds) = (row.text(), row.text(), row.number(Int64.self))
        guard let conversation, let turn, let position, let id, let name, let arguments, let decider, let word, let text
        else { return nil }
        let stored = StoredKind(
            word: word, exitStatus: exitStatus, signal: signal, httpStatus: httpStatus, reason: reason)
        guard let kind = stored.kind, let extraFields = Self.extraFields(extra) else { return nil }
        self.init(
            conversation: conversation, turn: turn, position: position,
            call: ToolCall(id: id, name: name, arguments: arguments, extraFields: extraFields, rank: rank),
            editedArguments: edited,
            result: ToolResult(text, kind: kind, duration: microseconds.map { .microseconds($0) }), decider: decider)
    }

    private static func extraFields(_ stored: String?) -> [JSONMember]? {
        guard let stored else { return [] }
        return (try? JSONParser.parse(stored))?.objectValue
    }
}

/// How a result came about, as the columns have it.
struct StoredKind {
    /// The words of the column `result_kind`.
    enum Word: String {
        case exited
        case signalled
        case timedOut = "timed_out"
        case cancelled
        case notStarted = "not_started"
        case answered
        case fixed
        case typed
        case replayed
        case refused
        case error
    }

    var word: Word
    var exitStatus: Int32?
    var signal: Int32?
    var httpStatus: Int?
    var reason: String?
}

extension StoredKind {
    init(_ kind: ToolResult.Kind) {
        switch kind {
        case .ran(.exited(let status)): self.init(word: .exited, exitStatus: status)
        case .ran(.signalled(let signal)): self.init(word: .signalled, signal: signal)
        case .ran(.timedOut): self.init(word: .timedOut)
        case .ran(.cancelled): self.init(word: .cancelled)
        case .ran(.notStarted(let reason)): self.init(word: .notStarted, reason: reason)
        case .answered(let status): self.init(word: .answered, httpStatus: status)
        case .fixed: self.init(word: .fixed)
        case .typed: self.init(word: .typed)
        case .replayed: self.init(word: .replayed)
        case .refused: self.init(word: .refused)
        case .error: self.init(word: .error)
        }
    }

    /// Nil when a number or reason that belongs to the word is missing.
    var kind: ToolResult.Kind? {
        switch word {
        case .exited: exitStatus.map { .ran(.exited($0)) }
        case .signalled: signal.map { .ran(.signalled($0)) }
        case .timedOut: .ran(.timedOut)
        case .cancelled: .ran(.cancelled)
        case .notStarted: reason.map { .ran(.notStarted($0)) }
        case .answered: httpStatus.map { .answered(status: $0) }
        case .fixed: .fixed
        case .typed: .typed
        case .replayed: .replayed
        case .refused: .refused
        case .error: .error
        }
    }
}

extension Duration {
    /// Whole microseconds, as many as a column holds.
    var wholeMicroseconds: Int64 {
        let attoseconds = Int128(components.seconds) * 1_000_000_000_000_000_000 + Int128(components.attoseconds)
        return Int64(clamping: attoseconds / 1_000_000_000_000)
    }
}
