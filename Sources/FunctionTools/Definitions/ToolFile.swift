internal import ProviderCore

/// Reads files of tool definitions: one definition, an array of them, or an object with the member `tools`.
///
/// A definition is what OpenAI's APIs take: `{"type": "function", "function": {"name", "description", "parameters", "strict"}}`,
/// the same without the wrapper, or Responses' flat form. Beside the function, `run` says how calls are answered; its form is
/// that of `ToolRun`.
public enum ToolFile {
    /// The most bytes of a file: 16 MiB.
    public static let greatestSize = 16 << 20
    /// The most tools that a request may have.
    public static let mostTools = 128
    /// The most Unicode scalars of a description.
    public static let longestDescription = 1_024
    /// The most mistakes that are told of one file.
    public static let mostDiagnostics = 200

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: What is in it.
    ///   - name: How messages name it.
    ///   - origin: Who wrote it. What a file of the working folder may not ask for is ignored with a warning.
    public static func read(_ bytes: [UInt8], name: String, origin: Tool.Origin) -> ToolFileReading {
        func failed(_ line: Int, _ column: Int, _ message: String) -> ToolFileReading {
            let diagnostic = ToolDiagnostic(.error, file: name, line: line, column: column, message: message)
            return ToolFileReading(tools: [], diagnostics: [diagnostic])
        }
        guard bytes.count <= greatestSize else { return failed(1, 1, "is larger than \(greatestSize >> 20) MiB") }
        do {
            var reader = ToolFileReader(origin: origin)
            reader.read(try JSONParser.parse(bytes))
            return reader.reading(of: bytes, name: name)
        } catch let error as JSONSyntaxError {
            return failed(error.line, error.column, error.message)
        } catch { return failed(1, 1, "\(error)") }
    }
}

/// What a file of definitions has.
public struct ToolFileReading: Sendable, Hashable {
    /// The tools without mistakes, in order.
    public var tools: [Tool]
    /// What is wrong, in the order of the file.
    public var diagnostics: [ToolDiagnostic]

    /// What was read.
    public init(tools: [Tool], diagnostics: [ToolDiagnostic]) {
        self.tools = tools
        self.diagnostics = diagnostics
    }

    /// Whether a tool, or all, could not be read.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Something wrong with a file of definitions.
public struct ToolDiagnostic: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: Sendable, Hashable {
        /// The tool cannot be used.
        case error
        /// The tool can be used, though perhaps not as was meant.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// The file, as the caller named it.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The character of the line, from 1.
    public var column: Int
    /// What is wrong, in plain words.
    public var message: String

    /// A diagnostic.
    public init(_ severity: Severity, file: String, line: Int, column: Int, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `FILE:LINE:COLUMN: message`; before the message of a warning stands `warning: `.
    public var description: String {
        "\(file):\(line):\(column): \(severity == .warning ? "warning: " : "")\(message)"
    }
}
