public import ProviderCore

/// Why a call is not run with the arguments it has.
public struct CallRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The argument it is about; nil when it is about all.
    public var argument: String?
    /// Why, in words that follow the argument: `begins with "-", …`.
    public var message: String

    /// A refusal.
    public init(argument: String? = nil, _ message: String) {
        self.argument = argument
        self.message = message
    }

    /// One sentence: `argument "city" is missing`.
    public var description: String { (argument.map { "argument \(Words.quoted($0)) " } ?? "") + message }
}

extension CommandTemplate {
    /// The command for a call. A placeholder becomes part of exactly one argument: strings as they are, numbers as spelt,
    /// arrays and objects as JSON. An element that is nothing but a placeholder is left out when its argument is missing or
    /// null. A command without placeholders reads all arguments as JSON on standard input, unless `input` says what it reads.
    ///
    /// Refused are: arguments that are no object; an argument that is missing elsewhere; a NUL, which no program can be given;
    /// and what begins with "-" where the element begins with a placeholder, unless an element before it is `--`: the program
    /// would take it for an option.
    public func expanded(with arguments: JSONValue) throws(CallRefusal) -> Command {
        guard arguments.objectValue != nil else { throw CallRefusal("the arguments are no JSON object") }
        var expanded: [String] = []
        var hasPlaceholders = false
        var areOperands = false
        for element in self.arguments {
            let parts = try Self.parts(of: element)
            hasPlaceholders = hasPlaceholders || !parts.names.isEmpty
            if let text = try Self.text(of: parts, arguments, mayBeginWithDash: areOperands) { expanded.append(text) }
            if parts.parts == [.text("--")] { areOperands = true }
        }
        if let input {
            // No program takes its standard input for options, so a dash at the beginning is harmless.
            let text = try Self.text(of: Self.parts(of: input), arguments, mayBeginWithDash: true)
            return Command(expanded, input: Array((text ?? "").utf8), limits: limits)
        }
        return Command(
            expanded, input: hasPlaceholders ? nil : JSONWriter.bytes(arguments), limits: limits)
    }

    private static func parts(of element: String) throws(CallRefusal) -> TemplateParts {
        do {
            return try TemplateParts(element)
        } catch { throw CallRefusal("the definition's command \(Words.quoted(element)) \(error)") }
    }

    /// The text of an element; nil when it is left out.
    private static func text(
        of parts: TemplateParts, _ arguments: JSONValue, mayBeginWithDash: Bool
    ) throws(CallRefusal) -> String? {
        if let name = parts.onlyName, arguments[name]?.isNull ?? true { return nil }
        var text = ""
        for part in parts.parts {
            switch part {
            case .text(let constant): text += constant
            case .placeholder(let name): text += try Self.text(of: arguments[name], name)
            }
        }
        if !mayBeginWithDash, case .placeholder(let name) = parts.parts[0], text.utf8.first == UInt8(ascii: "-") {
            throw CallRefusal(
                argument: name,
                "begins with \"-\", which the program may take for an option; the definition must have \"--\" before it"
            )
        }
        return text
    }

    private static func text(of value: JSONValue?, _ name: String) throws(CallRefusal) -> String {
        switch value {
        case nil, .null: throw CallRefusal(argument: name, "is missing")
        case .string(let text):
            guard !text.utf8.contains(0) else {
                throw CallRefusal(argument: name, "has a NUL character, which no program can be given")
            }
            return text
        case .some(let other): return JSONWriter.string(other)
        }
    }
}

extension ToolRun {
    /// The program that answers a call; nil when none does, but a person, a fixed text or a server.
    public func command(for arguments: JSONValue) throws(CallRefusal) -> Command? {
        switch self {
        case .person, .reply, .http: return nil
        case .command(let template): return try template.expanded(with: arguments)
        case .shell(let argument, let limits):
            guard let value = arguments[argument], !value.isNull else {
                throw CallRefusal(argument: argument, "is missing")
            }
            guard case .string(let text) = value else {
                throw CallRefusal(argument: argument, "is no string, and only a string can be run by the shell")
            }
            if let reason = ShellText.refusal(of: text) { throw CallRefusal(argument: argument, reason) }
            // The "--" keeps a text that begins with "-" from being taken for the shell's own options.
            return Command(["/bin/sh", "-c", "--", text], limits: limits)
        }
    }
}
