import ArgumentParser
import Benchmarking
import ProviderCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes a run in another form.
struct BenchExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run as JSONL, CSV, JUnit, Markdown, Inspect log or page.",
        discussion: """
            jsonl and csv have a line for each trial; junit is what CI systems read; markdown a summary for a comment; \
            inspect_json a log that Inspect's viewer opens; html a page of its own with plots.
            """)

    @Argument(help: ArgumentHelp("The run: its id or the beginning of it. Standard: the newest.", valueName: "run"))
    var id: String?

    @Option(
        name: .long, help: ArgumentHelp("\(Self.words).", valueName: "form"),
        transform: { word in
            guard let form = SuiteOutput.Form(rawValue: word) else {
                throw ValidationError("--format takes one of \(Self.words), not \"\(word)\"")
            }
            return form
        })
    var format: SuiteOutput.Form

    @Option(
        name: [.short, .long], help: ArgumentHelp("Where to. Standard: standard output.", valueName: "file"),
        completion: .file())
    var file: String?

    @OptionGroup var runs: RunsOptions

    private static let words = SuiteOutput.Form.allCases.map(\.rawValue).joined(separator: ", ")

    func run() async throws {
        let kept = try await KeptRun.load(try await runs.run(id, what: "run"))
        let gates = try await GateChecking.results(kept.compared, in: runs.library)
        let context = RunExport.Context(run: kept.compared, gates: gates)
        if let file {
            try await ExportFile.write(format, context, of: kept.store, to: file)
        } else {
            try await ExportFile.writing {
                try await RunExport.write(format, context, of: kept.store, to: Terminal.put)
            }
        }
    }
}

/// Writes exports into files: whole, or not at all.
enum ExportFile {
    /// Writes the outputs that a suite names. What cannot be written is told on standard error; false then.
    static func writeOutputs(_ run: ComparedRun, _ gates: [GateResult], of store: any RunStore) async -> Bool {
        let context = RunExport.Context(run: run, gates: gates)
        var isWhole = true
        for output in run.suite.outputs {
            let id = run.results.report.run.header.id
            let path = output.path.replacing(/\{\{\s*run_id\s*\}\}/, with: id)
            do {
                try await write(output.form, context, of: store, to: path, staysInside: true)
                Terminal.complain("wrote \(path)")
            } catch {
                Terminal.complain((error as? Failure)?.message ?? "\(path): \(error)")
                isWhole = false
            }
        }
        return isWhole
    }

    /// Writes one export. `staysInside`: the file has to lie in the working folder. Throws a failure.
    static func write(
        _ form: SuiteOutput.Form, _ context: RunExport.Context, of store: any RunStore, to path: String,
        staysInside: Bool = false
    ) async throws {
        let target = try OutputFile(path, staysInside: staysInside)
        do {
            try await writing { try await RunExport.write(form, context, of: store, to: target.write) }
            try target.finish()
        } catch {
            target.discard()
            throw error
        }
    }

    /// Writes a file. Throws a failure.
    static func write(to path: String, _ body: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws {
        let target = try OutputFile(path)
        do {
            try body(target.write)
            try target.finish()
        } catch {
            target.discard()
            throw error
        }
    }

    /// Does it, and throws the store's errors as failures.
    static func writing(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as RunStoreError { throw Failure.of(error) }
    }
}

/// A file that is written beside its place first, and takes it when it is whole. Its folders are made.
private struct OutputFile {
    private let path: String
    private let target: String
    private let descriptor: Int32
    private var isSpecial: Bool { target == path }

    init(_ path: String, staysInside: Bool = false) throws {
        try Self.makeFolders(of: path, staysInside: staysInside)
        // What stands there and is no file, a pipe say, is written as it is. A link may lead out: the file takes its place.
        var status = stat()
        let isThere = (staysInside ? lstat(path, &status) : stat(path, &status)) == 0
        let isSpecial = isThere && ![S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT)
        self.path = path
        target = isSpecial ? path : "\(path).\(getpid()).new"
        let flags = O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_EXCL | O_NOFOLLOW)
        descriptor = open(target, flags, 0o644)
        guard descriptor >= 0 else { throw Self.unwritable(path) }
    }

    func write(_ bytes: [UInt8]) throws {
        guard bytes.withUnsafeBytes({ Terminal.write($0, to: descriptor) }) else { throw Self.unwritable(path) }
    }

    func finish() throws {
        guard isSpecial || (fsync(descriptor) == 0 && rename(target, path) == 0) else { throw Self.unwritable(path) }
        close(descriptor)
    }

    func discard() {
        close(descriptor)
        if !isSpecial { unlink(target) }
    }

    /// Makes the folders of a path. `staysInside`: none of them may lead out of the working folder through a link, and none is made
    /// out there.
    private static func makeFolders(of path: String, staysInside: Bool) throws {
        let root = staysInside ? resolved(".") : nil
        if staysInside, root == nil { throw unwritable(path) }
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            end = path.index(after: slash)
            let folder = String(path[..<slash])
            let isMade = folder.isEmpty || mkdir(folder, 0o755) == 0 || errno == EEXIST || errno == EISDIR
            guard isMade else { throw unwritable(folder) }
            guard let root, !folder.isEmpty else { continue }
            guard let real = resolved(folder) else { throw unwritable(folder) }
            guard real == root || real.hasPrefix(root == "/" ? "/" : root + "/") else {
                throw Failure(
                    "\(path) is not written: its folder leads out of the working folder, to \(real); "
                        + "bench export -f writes anywhere",
                    code: Exit.storage)
            }
        }
    }

    /// The path without links; nil when it is not there.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func unwritable(_ path: String) -> Failure {
        Failure("\(path) cannot be written: \(String(cString: strerror(errno)))", code: Exit.storage)
    }
}
