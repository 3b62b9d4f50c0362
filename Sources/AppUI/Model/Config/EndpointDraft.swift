public import ProviderCore
import TerminalKit

/// An endpoint that is being set up.
public struct EndpointDraft: Sendable, Hashable {
    /// Where the key comes from.
    public enum Key: Sendable, Hashable {
        /// The server needs none.
        case none
        /// A variable of the environment.
        case environment(String)
        /// A program that prints the key, with its arguments, as typed.
        case command(String)
        /// A file that only its owner may read.
        case file(String)
        /// Pasted here. Saving writes it into a file of its own, of mode 0600, and its path into the settings; never the key itself.
        case pasted(Secret)
    }

    /// The name of the profile.
    public var name: String
    /// Where the server is, with the version prefix; empty = OpenAI.
    public var baseURL: String
    /// Where the key comes from.
    public var key: Key
    /// The model asked when none is named; empty = the first that is listed.
    public var model: String

    /// A draft.
    public init(name: String, baseURL: String, key: Key, model: String) {
        self.name = name
        self.baseURL = baseURL
        self.key = key
        self.model = model
    }
}

/// What is tried at an endpoint before it is saved, in this order.
public enum EndpointStep: String, Sendable, Hashable, CaseIterable {
    /// The address is well-formed and its host has one.
    case name
    /// The server takes a connection, and where it is https its certificate holds.
    case connection
    /// There is a key where it is said to be, and the server takes it.
    case key
    /// The server lists its models.
    case models
    /// The model answers a tiny request piece by piece.
    case stream

    /// The step in words.
    var title: String {
        switch self {
        case .name: "name of the server"
        case .connection: "connection, TLS"
        case .key: "key"
        case .models: "list of models"
        case .stream: "a tiny streamed answer"
        }
    }
}

extension EndpointDraft {
    /// The variable that is to hold the key and holds nothing; nil when the key comes from elsewhere or is there.
    public func unsetVariable(in environment: [String: String]) -> String? {
        guard case .environment(let name) = key, environment[name]?.isEmpty ?? true else { return nil }
        return name
    }
}

/// How a step is or went.
public enum EndpointOutcome: Sendable, Hashable {
    /// It has begun.
    case running
    /// It went well; what was found.
    case passed(String)
    /// It went well in part, so that saving asks first: what is missing, and what probably helps.
    case warned(String, fix: String)
    /// It failed: what happened, and what probably helps.
    case failed(String, fix: String)
    /// It was not tried, and why.
    case skipped(String)
}

/// The form in which an endpoint is set up.
struct EndpointForm: Sendable {
    /// What can be chosen in the form, top to bottom.
    enum Row: Sendable, Hashable, CaseIterable {
        case name, baseURL, keySource, key, model, test, save
    }

    /// The kinds of sources of a key.
    enum Source: String, Sendable, Hashable, CaseIterable {
        case environment = "a variable of the environment"
        case command = "a command that prints it"
        case file = "a file that only you can read"
        case pasted = "pasted here, kept in a file of mode 0600"
        case none = "none: the server needs no key"
    }

    /// A question that is open.
    enum Question: Sendable, Hashable {
        /// The pasted key goes into a file as plain text.
        case writesKey
        /// Not every step went well, or none was tried.
        case isUntested
        /// There is a profile of this name.
        case replaces
    }

    var row = Row.name
    var name = LineEditor("work")
    var baseURL = LineEditor()
    var source = Source.environment
    /// What was typed for each source; the pasted key is never shown.
    var keys: [Source: LineEditor] = [.environment: LineEditor("WORK_API_KEY")]
    var model = LineEditor()
    /// Rows of text that hold a proposal which nobody touched: what is typed takes its place.
    private var proposed: Set<Row> = [.name, .key]
    /// How the steps are; empty = nothing was tried.
    var steps: [EndpointStep: EndpointOutcome] = [:]
    /// The id of the test that runs; nil = none.
    var test: Int?
    /// The draft that the steps belong to.
    var tested: EndpointDraft?
    /// The server's models; nil = not known.
    var models: [String]?
    var question: Question?
    /// What was answered with yes.
    var agreed: Set<Question> = []
    var isSaving = false
    var problem: String?

    /// The rows that are shown: a server without a key has no row for it.
    var rows: [Row] { Row.allCases.filter { $0 != .key || source != .none } }

    /// The editor of a row of text; nil = it has none.
    subscript(row: Row) -> LineEditor? {
        get {
            switch row {
            case .name: name
            case .baseURL: baseURL
            case .key: keys[source] ?? LineEditor()
            case .model: model
            case .keySource, .test, .save: nil
            }
        }
        set {
            guard let newValue else { return }
            switch row {
            case .name: name = newValue
            case .baseURL: baseURL = newValue
            case .key: keys[source] = newValue
            case .model: model = newValue
            case .keySource, .test, .save: break
            }
        }
    }

    /// Whether a row holds a proposal which nobody touched.
    func isProposal(_ row: Row) -> Bool { proposed.contains(row) && (row != .key || source == .environment) }

    /// Edits the chosen row; `typing`: text comes in, before which a proposal gives way. The proposed variable follows the name.
    mutating func edit(typing: Bool, _ change: (inout LineEditor) -> Void) {
        guard var editor = self[row] else { return }
        if typing, isProposal(row) { editor = LineEditor() }
        change(&editor)
        self[row] = editor
        if row != .key || source == .environment { proposed.remove(row) }
        if row == .name, proposed.contains(.key) { keys[.environment] = LineEditor(Self.variable(for: name.text)) }
    }

    /// The name of a variable for the key of a profile: `WORK_API_KEY`.
    private static func variable(for name: String) -> String {
        let stem = name.trimmed.uppercased().map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        }
        let isDigit = stem.first?.isNumber ?? false
        return (stem.isEmpty ? "WORK" : (isDigit ? "_" : "") + String(stem)) + "_API_KEY"
    }

    /// Whether a text can name a variable of the environment: `[A-Za-z_][A-Za-z0-9_]*`.
    private static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// Whether a text is rather a key than the name of a place where one is: one long word of letters and digits.
    private static func looksLikeKey(_ text: String) -> Bool {
        if text.hasPrefix("sk-"), !text.contains(" "), !text.contains("/") { return true }
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        let bytes = text.utf8
        return isWord && bytes.count >= 20 && bytes.contains { (0x30...0x39).contains($0) }
            && bytes.contains { $0 >= 0x41 && $0 != UInt8(ascii: "_") }
    }

    /// Whether a text is refused as what stands for the key, so that it may be the key itself and is not to be repeated.
    func refusesKey(_ text: String) -> Bool {
        var form = self
        form.keys[source] = LineEditor(text)
        do throws(ParameterInputError) { _ = try form.key() } catch { return true }
        return false
    }

    /// Forgets a pasted key, and keys that were typed where only their place is named.
    mutating func forgetSecrets() {
        keys[.pasted] = nil
        for (kind, editor) in keys where !editor.text.trimmed.isEmpty {
            var form = self
            form.source = kind
            guard form.refusesKey(editor.text) else { continue }
            keys[kind] = kind == .environment ? LineEditor(Self.variable(for: name.text)) : nil
            if kind == .environment { proposed.insert(.key) }
        }
    }

    /// What was typed as a draft. Throws a sentence where something is missing.
    func draft() throws(ParameterInputError) -> EndpointDraft {
        let name = name.text.trimmed
        guard Preset.isName(name) else {
            throw ParameterInputError("name: letters, digits, - and _, at most 64 of them")
        }
        let url = baseURL.text.trimmed
        if !url.isEmpty, !url.lowercased().hasPrefix("http://"), !url.lowercased().hasPrefix("https://") {
            throw ParameterInputError("base URL: begins with https:// or http://, or stays empty for OpenAI")
        }
        return EndpointDraft(name: name, baseURL: url, key: try key(), model: model.text.trimmed)
    }

    private func key() throws(ParameterInputError) -> EndpointDraft.Key {
        let text = keys[source]?.text.trimmed ?? ""
        guard source == .none || !text.isEmpty else {
            throw ParameterInputError("key: \(source.rawValue) is not named")
        }
        switch source {
        case .none: return .none
        case .environment:
            guard Self.isVariable(text), text.contains("_") || !Self.looksLikeKey(text) else {
                throw ParameterInputError(
                    "key: the name of a variable has letters, digits and _, and begins with no digit, such as WORK_API_KEY; "
                        + "the key itself does not belong here")
            }
            return .environment(text)
        case .command, .file:
            guard !Self.looksLikeKey(text) else {
                throw ParameterInputError("key: this looks like the key itself, which does not belong here")
            }
            return source == .command ? .command(text) : .file(text)
        case .pasted:
            guard let secret = Secret(text) else { throw ParameterInputError("key: it has control characters") }
            return .pasted(secret)
        }
    }

    /// Whether every step went well with what stands in the form now.
    var isTested: Bool {
        guard let draft = try? draft(), draft == tested else { return false }
        return EndpointStep.allCases.allSatisfy {
            switch steps[$0] {
            case .passed, .skipped: true
            case .failed, .warned, .running, nil: false
            }
        }
    }
}
