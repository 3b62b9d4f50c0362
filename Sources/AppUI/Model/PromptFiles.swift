import Conversations
import ProviderCore
import TerminalKit

/// Why a service of the system did not do what it was asked: what, where, what to do, in a sentence.
public struct ServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public var description: String
    /// Whether there is no such file at all.
    public var isMissing: Bool

    /// A reason.
    public init(_ description: String, isMissing: Bool = false) {
        self.description = description
        self.isMissing = isMissing
    }
}

extension Attachment {
    /// Whether it is the output of a command, which the text does not name.
    var isOutput: Bool { name.hasPrefix("$ ") }
}

/// The files and outputs that go along with the prompt.
struct PromptFiles: Sendable {
    /// How far a file is.
    enum State: Sendable, Hashable {
        case reading
        case ready(Attachment)
        case failed(ServiceError)
    }

    /// What is known of the files that the prompt names, by their names as typed.
    var named: [String: State] = [:]
    /// Outputs of commands, which go along whatever the prompt says.
    var carried: [Attachment] = []
    /// The prompt that is to be sent as soon as its files are read; another one is not.
    var sendsWhenRead: String?
    /// The command that runs, and the id of its task.
    var running: (command: String, id: Int)?

    /// Files that go along with a text, in the order in which it names them.
    func attachments(of text: String) -> [Attachment] {
        var seen: Set<String> = []
        return carried
            + FileMention.all(in: text).compactMap { mention in
                guard seen.insert(mention.path).inserted, case .ready(let attachment)? = named[mention.path] else {
                    return nil
                }
                return attachment
            }
    }
}

/// A file that a text names: `@path`, or `@"path with blanks"`.
struct FileMention: Sendable, Hashable {
    /// The path as typed.
    let path: String
    /// Whether something follows it, so that it is whole.
    let isWhole: Bool

    /// Whether it is meant as a path, not as somebody's name.
    var looksLikePath: Bool { path.contains("/") || path.contains(".") || path.hasPrefix("~") }

    /// All mentions of a text. One begins a word; the address in `name@example.org` is none.
    static func all(in text: String) -> [FileMention] {
        guard text.contains("@") else { return [] }
        var mentions: [FileMention] = []
        var isStart = true
        var rest = Substring(text)
        while let character = rest.first {
            rest.removeFirst()
            guard character == "@", isStart else {
                isStart = character.isWhitespace || character == "("
                continue
            }
            isStart = false
            let isQuoted = rest.first == "\""
            let path =
                isQuoted ? rest.dropFirst().prefix { $0 != "\"" && $0 != "\n" } : rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(path.count + (isQuoted ? 1 : 0))
            let isClosed = isQuoted && rest.first == "\""
            if isClosed { rest.removeFirst() }
            let name = isQuoted ? String(path) : trimmed(path)
            guard !name.isEmpty, !isQuoted || isClosed else { continue }
            mentions.append(FileMention(path: name, isWhole: isClosed || !rest.isEmpty))
        }
        return mentions
    }

    /// Without what ends a sentence.
    private static func trimmed(_ path: Substring) -> String {
        var path = path
        while let last = path.last, ",;:!?)".contains(last) { path.removeLast() }
        if path.last == ".", path.count > 1, path != ".." { path.removeLast() }
        return String(path)
    }
}
