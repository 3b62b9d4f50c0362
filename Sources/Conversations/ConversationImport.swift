import ProviderCore

/// Why a file cannot be taken in: where, what is there and what was wanted, in a sentence.
public struct ConversationImportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public var description: String

    /// A reason.
    public init(_ description: String) { self.description = description }

    /// A reason with a message's number in the file, from 1.
    init(message number: Int, _ what: String) { self.init("message \(number): \(what)") }
}

/// Reads conversations that this program or others wrote: messages in OpenAI's style as an array, in an object with `messages`, or one
/// a line; our own export; and one conversation of ChatGPT's export (`mapping`).
///
/// A file is taken whole or not at all. Instructions (`system`, `developer`) become `instructions`, and stand in the requests of the
/// answers after them. Results become parts of the calls that they answer. What has no place here, and says nothing (names of
/// participants, unknown members), is left out.
public enum ConversationImport {
    /// The largest file, in bytes: 20 MiB.
    public static let maximumBytes = 20 << 20
    /// The most messages of a file.
    public static let maximumMessages = 100_000

    /// Reads a file; `id` becomes the conversation's name.
    public static func parse(_ bytes: [UInt8], id: String = "") throws(ConversationImportError) -> StoredConversation {
        guard bytes.count <= maximumBytes else {
            throw ConversationImportError("the file is larger than 20 MiB; wanted one conversation")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw ConversationImportError("the file is UTF-16; wanted JSON in UTF-8")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw ConversationImportError("the file is not UTF-8 text; wanted JSON in UTF-8")
        }
        var conversation = try conversation(try document(bytes))
        guard !conversation.messages.isEmpty else {
            throw ConversationImportError("there is no message of a user or an assistant in the file")
        }
        conversation.id = id
        return conversation
    }

    /// What the file holds: one JSON document, or one a line as an array.
    private static func document(_ bytes: [UInt8]) throws(ConversationImportError) -> JSONValue {
        do { return try JSONParser.parse(bytes) } catch {
            guard let lines = try lines(bytes) else { throw ConversationImportError("\(error)") }
            return .array(lines)
        }
    }

    /// Objects, one a line; nil when the first line with something on it is no object of its own, or the only one.
    private static func lines(_ bytes: [UInt8]) throws(ConversationImportError) -> [JSONValue]? {
        var values: [JSONValue] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            do {
                let value = try JSONParser.parse(Array(line))
                guard case .object = value else {
                    if values.isEmpty { return nil }
                    throw ConversationImportError("line \(number + 1): wanted an object, one message a line")
                }
                values.append(value)
            } catch let error as JSONSyntaxError {
                if values.isEmpty { return nil }
                throw ConversationImportError("line \(number + 1), column \(error.column): \(error.message)")
            } catch {
                throw error as? ConversationImportError ?? ConversationImportError("line \(number + 1): \(error)")
            }
        }
        return values.count > 1 ? values : nil
    }

    private static let wanted = """
        wanted an array of messages, an object with "messages", one message a line, or an export of Tickertape or ChatGPT
        """

    private static func conversation(_ value: JSONValue) throws(ConversationImportError) -> StoredConversation {
        switch value {
        case .array(let elements):
            if elements.contains(where: { $0["messages"] != nil || $0["mapping"] != nil }) {
                guard elements.count == 1 else {
                    throw ConversationImportError("the file holds \(elements.count) conversations; wanted one")
                }
                return try conversation(elements[0])
            }
            return try WireImport.conversation(elements, of: .object([]))
        case .object:
            if let own = value[ConversationExport.ownKey], case .object = own { return try OwnImport.conversation(own) }
            if let mapping = value["mapping"] { return try ChatGPTImport.conversation(value, mapping) }
            if let messages = value["messages"] {
                guard let elements = messages.arrayValue else {
                    throw ConversationImportError("\"messages\" is no array; \(wanted)")
                }
                return try WireImport.conversation(elements, of: value)
            }
            guard value["role"] != nil else { throw ConversationImportError("an object without messages; \(wanted)") }
            return try WireImport.conversation([value], of: .object([]))
        default: throw ConversationImportError("no conversation; \(wanted)")
        }
    }

    /// Refuses more messages than there may be.
    static func check(count: Int) throws(ConversationImportError) {
        guard count <= maximumMessages else {
            throw ConversationImportError("the file holds \(count) messages; wanted at most \(maximumMessages)")
        }
    }
}
