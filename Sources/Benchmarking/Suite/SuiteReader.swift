internal import ProviderCore

/// What came of reading a suite.
public struct SuiteResult: Sendable {
    /// The suite; nil when anything is wrong.
    public var suite: Suite?
    /// Everything that is wrong, by file, line and column.
    public var problems: [SuiteProblem]
}

/// Reads a suite: one YAML file and the files that it names. Nothing is asked of a network.
///
/// Nothing is ignored: what is not known, what would not be honoured, and names that lead nowhere are problems.
/// Templates are tried with every sample.
public enum SuiteReader {
    /// The most bytes of a suite: 4 MB.
    public static let greatestSuite = SuiteYAML.greatestSize
    /// The most bytes of a data file: 256 MB.
    public static let greatestData = 256_000_000
    /// The most bytes of a program of a tool or a scorer, which is kept with the run: 16 MB.
    public static let greatestProgram = 16_000_000

    /// Reads the suite at a path, and its files from the folder that it lies in.
    public static func read(path: String) -> SuiteResult {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let files = FolderFiles(folder)
        do {
            return read(try files.read(name, limit: SuiteYAML.greatestSize), file: path, files: files)
        } catch {
            return SuiteResult(suite: nil, problems: [SuiteProblem(file: path, line: 1, column: 1, error.message)])
        }
    }

    /// Reads a suite from its bytes. `file` is how messages name it.
    public static func read(_ bytes: [UInt8], file: String, files: some SuiteFiles) -> SuiteResult {
        let (root, problems) = SuiteYAML.read(bytes, file: file)
        var reading = SuiteReading(file: file, files: files)
        reading.add(problems)
        if let root { reading.readSuite(root) }
        guard reading.hasProblems else {
            reading.suite.digest = reading.digest(bytes)
            return SuiteResult(suite: reading.suite, problems: [])
        }
        return SuiteResult(suite: nil, problems: reading.sortedProblems)
    }
}

extension SuiteReading {
    /// The most trials.
    private static let mostTrials = 5_000_000

    mutating func readSuite(_ root: SuiteNode) {
        guard let fields = fields(root, .suite, example: "suite: 1") else { return }
        if let node = required(fields, "suite", example: "suite: 1, the version of the format") {
            if node.scalar != "1" { problem(node, "this program reads suites of format 1, and this is \(node.words)") }
        }
        suite.name = required(fields, "name", example: "name: nightly").flatMap { text($0, example: "nightly") } ?? ""
        if let node = fields["about"] { suite.about = text(node, example: "\"What it measures\"") ?? "" }
        if let node = fields["seed"] { suite.seed = UInt64(int(node, 0...Int.max, example: "7") ?? 0) }
        readEndpoints(fields["endpoints"])
        readPrices(fields["prices"])
        readModels(fields["models"])
        readPrompts(fields["prompts"])
        readMatrix(fields["matrix"])
        readSandbox(fields["sandbox"])
        readTools(fields["tools"])
        if let node = required(fields, "tasks", example: "tasks: [{id: arith, data: {jsonl: data.jsonl}}]") {
            readTasks(node)
        }
        let trials = suite.tasks.reduce(0) { $0 + $1.samples.count * $1.repeats } * suite.subjects.count
        if trials > Self.mostTrials {
            problem(fields.mark("tasks"), "the suite comes to \(trials) trials; at most \(Self.mostTrials)")
        }
        readRun(fields["run"])
        readBaseline(fields["baseline"])
        readGates(fields["gates"], fields["on_inconclusive"])
        readOutputs(fields["outputs"])
    }

    /// SHA-256 of the suite's bytes and of the files that it reads, in the order of their names.
    func digest(_ bytes: [UInt8]) -> String {
        guard !digests.isEmpty else { return SHA256.hex(bytes) }
        var digest = SHA256()
        digest.update(SHA256.hex(bytes).utf8)
        for (name, value) in digests.sorted(by: { $0.key < $1.key }) { digest.update("\n\(name) \(value)".utf8) }
        return digest.finish()
    }
}
