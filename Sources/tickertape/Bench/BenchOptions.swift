import ArgumentParser
import Benchmarking
import Storage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// In which form benchmark commands print.
enum BenchFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// Where runs are kept.
struct RunsOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Where runs are kept (standard: ./.tickertape/runs).", valueName: "dir"),
        completion: .directory)
    var runsDir: String?

    /// The runs of the folder.
    var library: SQLiteRunLibrary { SQLiteRunLibrary(folder: folder) }

    /// A run by its id, the beginning of it, or the newest that fits. Throws a failure when there is none.
    func run(_ id: String?, where fits: (StoredRun) -> Bool = { _ in true }, what: String) async throws -> any RunStore
    {
        try checkFolder()
        let library = library
        do throws(RunStoreError) {
            if let id, id != "latest" { return try await library.open(id) }
            let (runs, problems) = try await library.list()
            for problem in problems { Terminal.complain(problem) }
            if let newest = runs.first(where: fits) { return try await library.open(newest.header.id) }
        } catch {
            throw Failure.of(error)
        }
        throw Failure("there is no \(what) in \(folder)", code: Exit.usage)
    }

    private var folder: String { runsDir ?? ".tickertape/runs" }

    /// Throws a failure where the folder is none or may not be looked into. One that is not there yet has no runs.
    func checkFolder() throws {
        var status = stat()
        let isThere = stat(folder, &status) == 0
        if !isThere, errno == ENOENT { return }
        let isFolder = isThere && status.st_mode & S_IFMT == S_IFDIR
        guard isFolder, access(folder, R_OK | X_OK) == 0 else {
            let why = isThere && !isFolder ? "is no folder" : "cannot be read: \(String(cString: strerror(errno)))"
            throw Failure("the runs folder \(folder) \(why)", code: Exit.storage)
        }
    }
}

/// What of a suite is meant.
struct SelectionOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Only this task; can be repeated.", valueName: "task"))
    var only: [String] = []

    @Option(name: .long, help: ArgumentHelp("At most so many samples of each task.", valueName: "n"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a whole number of at least 1, not \(limit)") }
    }

    /// The selection, checked against a suite. Throws a failure for a task that it has not.
    func selection(of suite: Suite) throws -> PlanSelection {
        let names = suite.tasks.map(\.id)
        for name in only where !names.contains(name) {
            throw Failure(
                "--only: the suite has no task \"\(name)\" (it has \(names.joined(separator: ", ")))",
                code: Exit.usage)
        }
        return PlanSelection(tasks: only, samples: limit)
    }
}

extension Failure {
    /// A run's database that does not do what it was asked.
    static func of(_ error: RunStoreError) -> Failure {
        switch error {
        case .missing(let text): Failure(text, code: Exit.usage)
        case .held(let text), .refused(let text), .storage(let text): Failure(text, code: Exit.storage)
        }
    }
}
