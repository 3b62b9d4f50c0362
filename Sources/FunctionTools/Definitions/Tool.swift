public import ProviderCore

/// A function that the model may call, and how its calls are answered.
public struct Tool: Sendable, Hashable {
    /// Who wrote a definition: decides what it may ask for.
    public enum Origin: Sendable, Hashable {
        /// The user's own `tools/` folder, or a file that the user named.
        case user
        /// The working folder. Nothing there can allow itself to run without a person.
        case project
        /// Compiled in.
        case builtIn
    }

    /// What the model is told.
    public var definition: ToolDefinition
    /// How its calls are answered.
    public var run: ToolRun
    /// Whether its calls may be run where no person is asked (`ask --run-tools`, benchmarks). The workspace asks always.
    public var runsUnattended: Bool
    /// Who wrote it.
    public var origin: Origin
    /// Where it is defined: `FILE:LINE:COLUMN`, or a word for what is compiled in.
    public var place: String

    /// A tool.
    public init(
        _ definition: ToolDefinition, run: ToolRun = .person, runsUnattended: Bool = false, origin: Origin = .user,
        place: String = ""
    ) {
        self.definition = definition
        self.run = run
        self.runsUnattended = runsUnattended
        self.origin = origin
        self.place = place
    }

    /// Its name.
    public var name: String { definition.name }
}

/// How the calls of a tool are answered: the `run` section beside its function.
public enum ToolRun: Sendable, Hashable {
    /// A person types the result.
    case person
    /// Always this text.
    case reply(String)
    /// A program, without a shell.
    case command(CommandTemplate)
    /// The text of one argument is run by `/bin/sh -c`.
    case shell(argument: String, CommandLimits)
    /// The arguments are sent by POST to a URL on loopback; the body of the answer is the result.
    case http(url: String, timeout: Duration)
}

/// A program and how a call's arguments reach it.
///
/// A program that begins with `./` or `../` lies beside its definition: whoever reads a file puts the file's folder before it
/// (`placed(in:)`). A name without a slash is looked up in `PATH`; any other path is relative to the working folder.
public struct CommandTemplate: Sendable, Hashable {
    /// The program and its arguments. `{name}` stands for the argument of that name; `{{` and `}}` are braces. A placeholder
    /// never makes more than one argument, and the first element, the program, has none.
    public var arguments: [String]
    /// What the program reads on its standard input, with placeholders as in its arguments; nil = the arguments as JSON when
    /// there are no placeholders, else nothing.
    public var input: String?
    /// What it may use.
    public var limits: CommandLimits

    /// A template. Without placeholders and input the program gets the arguments as JSON on its standard input.
    public init(_ arguments: [String], input: String? = nil, limits: CommandLimits = CommandLimits()) {
        self.arguments = arguments
        self.input = input
        self.limits = limits
    }

    /// The template of a definition that lies in a folder, which is an absolute path: a program beside it by its whole path.
    public func placed(in folder: String) -> CommandTemplate {
        guard var program = arguments.first, program.hasPrefix("./") || program.hasPrefix("../") else { return self }
        while program.hasPrefix("./") { program = String(program.dropFirst(2).drop { $0 == "/" }) }
        var template = self
        // The program has no placeholders, but it is read as if it had: braces are doubled.
        let place = folder.replacing("{", with: "{{").replacing("}", with: "}}")
        template.arguments[0] = (place.hasSuffix("/") ? place : place + "/") + program
        return template
    }
}

extension Tool {
    /// The tool, defined in a folder, an absolute path: see `CommandTemplate.placed(in:)`.
    public func placed(in folder: String) -> Tool {
        guard case .command(let template) = run else { return self }
        var tool = self
        tool.run = .command(template.placed(in: folder))
        return tool
    }
}
