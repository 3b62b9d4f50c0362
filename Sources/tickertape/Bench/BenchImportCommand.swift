import ArgumentParser
import Benchmarking
import ProviderCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes a suite of another program's file.
struct BenchImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a suite of samples or suites of other programs.",
        discussion: """
            openai_evals: samples of OpenAI's evals (JSON Lines). humaneval: HumanEval (JSON Lines). bfcl: the Berkeley \
            Function Calling Leaderboard, single turn, with --answers. promptfoo: its YAML with OpenAI's providers and \
            assertions that are no programs. What is not taken over is told on standard error, line by line.
            """)

    @Argument(help: ArgumentHelp("The file; may be packed (.gz).", valueName: "file"), completion: .file())
    var file: String

    @Option(
        name: .customLong("from"), help: ArgumentHelp("\(Self.words).", valueName: "form"),
        transform: { word in
            guard let form = ImportForm(rawValue: word) else {
                throw ValidationError("--from takes one of \(Self.words), not \"\(word)\"")
            }
            return form
        })
    var form: ImportForm

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The suite; its data go into the folder data beside it.", valueName: "suite.yaml"),
        completion: .file(extensions: ["yaml", "yml"]))
    var output: String

    @Option(name: .long, help: ArgumentHelp("bfcl: the file of right answers.", valueName: "file"), completion: .file())
    var answers: String?

    @Option(
        name: [.short, .long], help: ArgumentHelp("The model that is asked; promptfoo names its own.", valueName: "id"))
    var model: String?

    @Option(
        name: .long,
        help: ArgumentHelp("openai_evals: match (the answer begins with an ideal one) or includes.", valueName: "how"),
        transform: { word in
            guard let match = SuiteImport.EvalsMatch(rawValue: word) else {
                throw ValidationError("--evals-match takes match or includes, not \"\(word)\"")
            }
            return match
        })
    var evalsMatch = SuiteImport.EvalsMatch.match

    @Flag(name: .long, help: "Write over files that are there.")
    var force = false

    private static let words = ImportForm.allCases.map(\.rawValue).joined(separator: ", ")

    func run() async throws {
        let (folder, name) = Self.parts(file)
        let files = FolderFiles(folder)
        var source = SuiteImport.Source(
            file: file, bytes: try Self.read(name, in: files, as: file), files: files, name: Self.stem(output),
            model: model, evalsMatch: evalsMatch)
        if let answers {
            let (folder, name) = Self.parts(answers)
            source.answers = (answers, try Self.read(name, in: FolderFiles(folder), as: answers))
        }
        let imported: ImportedSuite
        do throws(ImportError) { imported = try SuiteImport.suite(form, source) } catch {
            throw Failure(error.description, code: Exit.inputFile)
        }
        try write(imported)
        for skip in imported.skipped { Terminal.complain(skip.description) }
        let skipped = imported.skipped.isEmpty ? "" : ", \(imported.skipped.count) skipped"
        Terminal.tell("wrote \(output): \(imported.samples) sample\(imported.samples == 1 ? "" : "s")\(skipped)")
    }

    private func write(_ imported: ImportedSuite) throws {
        let folder = Self.parts(output).folder
        var files = imported.files.map { (path: "\(folder)/\($0.key)", bytes: $0.value) }
        files.sort { $0.path < $1.path }
        // The suite comes last: where it is, all that it reads is there.
        files.append((output, Array(imported.yaml.utf8)))
        if !force, let taken = files.first(where: { access($0.path, F_OK) == 0 }) {
            throw Failure("\(taken.path) is there already; --force writes over it", code: Exit.usage)
        }
        for file in files {
            try ExportFile.write(to: file.path) { write in try write(file.bytes) }
        }
    }

    private static func read(_ name: String, in files: FolderFiles, as shown: String) throws -> [UInt8] {
        do throws(SuiteFileError) { return try files.read(name, limit: SuiteReader.greatestData) } catch {
            throw Failure("\(shown): \(error.message)", code: Exit.inputFile)
        }
    }

    private static func parts(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return (folder, String(path[path.index(after: slash)...]))
    }

    /// The name of a file without its ending, in letters that a suite's names have.
    private static func stem(_ path: String) -> String {
        let name = parts(path).name
        let stem = name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) } ?? name
        let plain = stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" }
        return plain.isEmpty ? "suite" : String(plain)
    }
}
