import ProviderCore

/// A form of suites and data of other programs.
public enum ImportForm: String, Sendable, Hashable, CaseIterable {
    /// Samples of OpenAI's evals, JSON Lines.
    case openaiEvals = "openai_evals"
    /// HumanEval's JSON Lines.
    case humaneval
    /// The Berkeley Function Calling Leaderboard, single turn.
    case bfcl
    /// promptfoo's YAML, the part of it that is no program.
    case promptfoo
}

/// What of a file was not taken over.
public struct ImportSkip: Sendable, Hashable, CustomStringConvertible {
    /// Where: `FILE:LINE`.
    public var place: String
    /// What and why, in a sentence.
    public var reason: String
    /// `FILE:LINE: skipped: REASON`.
    public var description: String { "\(place): skipped: \(reason)" }

    let line: Int

    init(_ file: String, _ line: Int, _ reason: String) {
        self.line = line
        place = "\(file):\(line)"
        self.reason = reason
    }
}

/// A suite made of another program's file.
public struct ImportedSuite: Sendable, Hashable {
    /// The suite's YAML.
    public var yaml: String
    /// Files beside it, by their path from its folder.
    public var files: [String: [UInt8]]
    /// Samples, or tests, that were taken over.
    public var samples: Int
    /// What was not, in the file's order.
    public var skipped: [ImportSkip]
}

/// Why nothing of a file can be taken over, in a sentence or several.
public struct ImportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentences.
    public var description: String

    init(_ text: String) { description = text }
}

/// Makes suites of other programs' files.
public struct SuiteImport: Sendable {
    /// What is to be imported.
    public struct Source: Sendable {
        /// Its name, for places.
        public var file: String
        /// Its bytes; unpacked when the name ends in `.gz`.
        public var bytes: [UInt8]
        /// BFCL's file of answers; nil = none.
        public var answers: (file: String, bytes: [UInt8])?
        /// Files that it names.
        public var files: any SuiteFiles
        /// The suite's name, and the beginning of the names of its files.
        public var name: String
        /// The model that is asked; nil = the program's default model. promptfoo's files have their own.
        public var model: String?
        /// How OpenAI's evals are scored.
        public var evalsMatch: EvalsMatch

        /// A source.
        public init(
            file: String, bytes: [UInt8], answers: (file: String, bytes: [UInt8])? = nil, files: any SuiteFiles,
            name: String, model: String? = nil, evalsMatch: EvalsMatch = .match
        ) {
            self.file = file
            self.bytes = bytes
            self.answers = answers
            self.files = files
            self.name = name
            self.model = model
            self.evalsMatch = evalsMatch
        }
    }

    /// How samples of OpenAI's evals are scored: the classes of its registry.
    public enum EvalsMatch: String, Sendable, Hashable, CaseIterable {
        /// `Match`: the answer begins with an ideal one.
        case match
        /// `Includes`: an ideal one is in the answer.
        case includes
    }

    /// Makes a suite. Throws when nothing of the file can be used, and when what comes of it is no suite.
    public static func suite(_ form: ImportForm, _ source: Source) throws(ImportError) -> ImportedSuite {
        var source = source
        source.bytes = try unpacked(source.file, source.bytes)
        if let answers = source.answers {
            source.answers = (answers.file, try unpacked(answers.file, answers.bytes))
        }
        var imported: ImportedSuite
        switch form {
        case .openaiEvals: imported = try EvalsImport(source).suite()
        case .humaneval: imported = try HumanEvalImport(source).suite()
        case .bfcl: imported = try BFCLImport(source).suite()
        case .promptfoo:
            var reading = PromptfooImport(source)
            imported = try reading.suite()
        }
        try check(imported)
        imported.skipped = imported.skipped.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }.map(\.element)
        return imported
    }

    private static func unpacked(_ file: String, _ bytes: [UInt8]) throws(ImportError) -> [UInt8] {
        guard file.hasSuffix(".gz") else { return bytes }
        do { return try Gzip.unpack(bytes, limit: SuiteReader.greatestData) } catch {
            throw ImportError("\(file) \(error.message)")
        }
    }

    /// What is written has to be a suite that can be run.
    private static func check(_ imported: ImportedSuite) throws(ImportError) {
        let result = SuiteReader.read(
            Array(imported.yaml.utf8), file: "the suite", files: ImportedFiles(files: imported.files))
        guard result.suite == nil else { return }
        let problems = result.problems.prefix(5).map(\.description).joined(separator: "\n")
        throw ImportError("what comes of it is no suite that can be run:\n\(problems)")
    }
}

/// The files of an import, before they are written.
private struct ImportedFiles: SuiteFiles {
    let files: [String: [UInt8]]

    func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8] {
        guard let bytes = files[path] else { throw SuiteFileError("is not there") }
        return bytes
    }
}

/// Lines of a suite that are written.
struct SuiteWriter {
    private(set) var text: String

    /// The beginning of a suite.
    init(name: String, about: String) {
        text = "suite: 1\nname: \(Self.quoted(name))\n"
        if !about.isEmpty { text += "about: \(Self.quoted(about))\n" }
    }

    mutating func add(_ line: String) { text += line + "\n" }

    /// JSON is YAML; a text between quotes is one whatever is in it.
    static func quoted(_ text: String) -> String { JSONWriter.string(.string(text)) }

    static func model(_ id: String?) -> String { id.map { "{model: \(quoted($0))}" } ?? "{}" }
}

/// Lines of a JSON Lines file with their numbers; empty ones are left out.
struct ImportLines {
    static func of(_ bytes: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let isEmpty = line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
            return isEmpty ? nil : (index + 1, Array(line))
        }
    }
}
