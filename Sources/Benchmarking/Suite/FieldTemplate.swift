public import ProviderCore

/// A text of a suite with places for the fields of a sample: `{{question}}`, `{{want.total}}`, `{{items|json}}`.
///
/// Names are looked up by path through objects and arrays (`a.b`, `a.0`). Filters follow after `|`, in order: `json`,
/// `upper`, `lower`, `trim`, `lines` (each element of an array on a line) and `truncate:N` (the first N characters).
/// In prompts `{{#each items}}…{{/each}}` repeats a text, with `{{this}}` and `{{@index}}`, from 0, in it. A name
/// that the sample does not have is an error, never an empty text. Texts are put in as they are, other values as
/// JSON. Four braces on each side write two: `{{{{name}}}}` becomes `{{name}}`.
public struct FieldTemplate: Sendable, Hashable {
    /// As it was written.
    public let source: String
    /// Its pieces; empty when the syntax is wrong.
    let pieces: [TemplatePiece]
    /// What is wrong with its syntax, in a sentence; nil = nothing.
    public let problem: String?

    /// A template of a text; its syntax is checked by `problem`.
    public init(_ source: String) {
        self.source = source
        do {
            pieces = try TemplateParser.parse(source)
            problem = nil
        } catch {
            pieces = []
            problem = error.message
        }
    }

    /// Whether it repeats a part for each element of an array, which only prompts may.
    public var repeatsParts: Bool {
        pieces.contains { if case .each = $0 { true } else { false } }
    }

    /// The paths that it looks up, in order, each once; `this` and `@index` are not among them.
    public var names: [String] {
        var names: [String] = []
        func collect(_ pieces: [TemplatePiece]) {
            for piece in pieces {
                let path = piece.lookup?.path ?? []
                if let first = path.first, first != "this", first != "@index" {
                    let name = path.joined(separator: ".")
                    if !names.contains(name) { names.append(name) }
                }
                if case .each(_, let inner) = piece { collect(inner) }
            }
        }
        collect(pieces)
        return names
    }

    /// The text with the fields of a sample in their places. `output` is the answer; nil = there is none here. Throws
    /// `FieldTemplateError` for a name that is not there, and when the syntax is wrong.
    public func rendered(with fields: JSONValue, output: String? = nil) throws(FieldTemplateError) -> String {
        if let problem { throw FieldTemplateError(problem) }
        let scope = TemplateScope(fields: fields, output: output)
        return try scope.text(of: pieces)
    }

    /// As `rendered`, but a template that is one name of an array and nothing else gives a text for each element.
    public func renderedList(with fields: JSONValue, output: String? = nil) throws(FieldTemplateError) -> [String] {
        if let problem { throw FieldTemplateError(problem) }
        let scope = TemplateScope(fields: fields, output: output)
        if pieces.count == 1, case .value(let lookup) = pieces[0], lookup.filters.isEmpty,
            case .array(let elements) = try scope.value(of: lookup)
        {
            return elements.map(TemplateScope.text)
        }
        return [try scope.text(of: pieces)]
    }

    /// As `rendered`, but a template that is one name and nothing else gives the field as it is: a number stays one.
    func value(with fields: JSONValue) throws(FieldTemplateError) -> JSONValue {
        if let problem { throw FieldTemplateError(problem) }
        let scope = TemplateScope(fields: fields, output: nil)
        if pieces.count == 1, case .value(let lookup) = pieces[0] { return try scope.value(of: lookup) }
        return .string(try scope.text(of: pieces))
    }

    /// A value whose texts are templates, at any depth, with the fields of a sample in their places. Names of members are left as
    /// they are.
    static func filled(_ value: JSONValue, with fields: JSONValue) throws(FieldTemplateError) -> JSONValue {
        switch value {
        case .string(let text) where text.contains("{{"): return try FieldTemplate(text).value(with: fields)
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements { filled.append(try Self.filled(element, with: fields)) }
            return .array(filled)
        case .object(let members):
            var filled: [JSONMember] = []
            for member in members { filled.append(JSONMember(member.key, try Self.filled(member.value, with: fields))) }
            return .object(filled)
        default: return value
        }
    }

    /// Whether two were written alike.
    public static func == (left: FieldTemplate, right: FieldTemplate) -> Bool { left.source == right.source }

    /// By the text as it was written.
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Why a template gives no text, in a sentence.
public struct FieldTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public var message: String
    /// The sentence.
    public var description: String { message }

    init(_ message: String) { self.message = message }
}

/// A part of a template.
indirect enum TemplatePiece: Sendable, Hashable {
    case text(String)
    case value(TemplateLookup)
    case each(TemplateLookup, [TemplatePiece])

    var lookup: TemplateLookup? {
        switch self {
        case .text: nil
        case .value(let lookup), .each(let lookup, _): lookup
        }
    }
}

/// A name in a template and what is done with its value.
struct TemplateLookup: Sendable, Hashable {
    enum Filter: Sendable, Hashable {
        case json, upper, lower, trim, lines
        case truncate(Int)
    }

    var path: [String]
    var filters: [Filter] = []
}

/// What names mean while a template is filled.
struct TemplateScope {
    var fields: JSONValue
    var output: String?
    var element: JSONValue?
    var index = 0

    func text(of pieces: [TemplatePiece]) throws(FieldTemplateError) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .value(let lookup): text += Self.text(try value(of: lookup))
            case .each(let lookup, let inner):
                let list = try value(of: lookup)
                guard let elements = list.arrayValue else {
                    throw FieldTemplateError("\"\(lookup.path.joined(separator: "."))\" is no list to repeat for")
                }
                for (index, element) in elements.enumerated() {
                    var scope = self
                    scope.element = element
                    scope.index = index
                    text += try scope.text(of: inner)
                }
            }
        }
        return text
    }

    func value(of lookup: TemplateLookup) throws(FieldTemplateError) -> JSONValue {
        var value = try found(lookup.path)
        for filter in lookup.filters { value = Self.filtered(value, filter) }
        return value
    }

    private func found(_ path: [String]) throws(FieldTemplateError) -> JSONValue {
        switch path[0] {
        case "output" where output != nil && path.count == 1: return .string(output ?? "")
        case "@index" where element != nil: return .int(index)
        case "this":
            guard let element else { throw FieldTemplateError("\"this\" has a meaning only within {{#each …}}") }
            return try Self.walk(element, path.dropFirst(), whole: path, isSample: false)
        default: return try Self.walk(fields, path[...], whole: path, isSample: true, hasOutput: output != nil)
        }
    }

    private static func walk(
        _ root: JSONValue, _ path: ArraySlice<String>, whole: [String], isSample: Bool, hasOutput: Bool = false
    ) throws(FieldTemplateError) -> JSONValue {
        var value = root
        for (position, name) in path.enumerated() {
            if let elements = value.arrayValue, let index = Int(name), elements.indices.contains(index) {
                value = elements[index]
            } else if let member = value[name] {
                value = member
            } else {
                let parent = whole[..<(whole.count - path.count + position)].joined(separator: ".")
                throw missing(name, in: value, parent, hasOutput: hasOutput && isSample && position == 0)
            }
        }
        return value
    }

    /// The error of a name that is not there, with those that are.
    private static func missing(
        _ name: String, in value: JSONValue, _ parent: String, hasOutput: Bool
    ) -> FieldTemplateError {
        let owner = parent.isEmpty ? "the sample" : "\"\(parent)\""
        if let elements = value.arrayValue {
            return FieldTemplateError("\(owner) has no element \(name): it is a list of \(elements.count)")
        }
        guard let members = value.objectValue else {
            return FieldTemplateError("\(owner) has nothing in it, so \"\(parent).\(name)\" is not there")
        }
        var names: [String] = []
        for member in members where !names.contains(member.key) { names.append(member.key) }
        if hasOutput, !names.contains("output") { names.append("output") }
        return FieldTemplateError("\(owner) has no field \"\(name)\"" + NameWords.suggestion(name, among: names))
    }

    private static func filtered(_ value: JSONValue, _ filter: TemplateLookup.Filter) -> JSONValue {
        switch filter {
        case .json: .string(JSONWriter.string(value))
        case .upper: .string(text(value).uppercased())
        case .lower: .string(text(value).lowercased())
        case .trim: .string(trimmed(text(value)))
        case .lines: .string((value.arrayValue?.map(text) ?? [text(value)]).joined(separator: "\n"))
        case .truncate(let count): .string(String(text(value).prefix(count)))
        }
    }

    /// A value as it is put into a text.
    static func text(_ value: JSONValue) -> String { value.stringValue ?? JSONWriter.string(value) }

    private static func trimmed(_ text: String) -> String {
        let head = text.drop(while: \.isWhitespace)
        return String(head.reversed().drop(while: \.isWhitespace).reversed())
    }
}
