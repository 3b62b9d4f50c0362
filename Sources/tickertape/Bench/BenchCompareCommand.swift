import ArgumentParser
import Benchmarking
import ProviderCore

/// Compares two runs, or two subjects.
struct BenchCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare two runs, or two subjects, sample by sample.",
        discussion: """
            RUN is an id, the beginning of one, or latest. RUN#SUBJECT (or RUN:SUBJECT) names one subject of it; #SUBJECT \
            is one of the newest run. Whole runs are compared by subjects of the same label; subjects that are named are \
            compared whatever their model, prompt and parameters. Samples are compared only where dataset, tools, scorer \
            and judge are alike.
            """)

    @Argument(help: ArgumentHelp("What is compared with.", valueName: "a"))
    var first: String

    @Argument(help: ArgumentHelp("What is compared.", valueName: "b"))
    var second: String

    @Option(name: .long, help: ArgumentHelp("Only this task.", valueName: "task"))
    var task: String?

    @Option(
        name: .long, help: ArgumentHelp("Differences of accuracy up to this size do not matter.", valueName: "share"))
    var margin = 0.02

    @Option(name: .long, help: ArgumentHelp("The confidence of intervals.", valueName: "share"))
    var confidence = 0.95

    @OptionGroup var runs: RunsOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: BenchFormat = .text

    private var rule: ComparisonRule? { ComparisonRule(confidence: confidence, margin: margin, task: task) }

    func validate() throws {
        if !(0.5..<1).contains(confidence) {
            throw ValidationError("--confidence takes a number from 0.5 to below 1, not \(confidence)")
        }
        if rule == nil { throw ValidationError("--margin takes a number from 0 to 1, not \(margin)") }
    }

    func run() async throws {
        guard let rule else { return }
        let (one, other) = (ComparedName(first), ComparedName(second))
        guard (one.subject == nil) == (other.subject == nil) else {
            throw Failure("name a subject on both sides, or on none", code: Exit.usage)
        }
        let before = try await KeptRun.load(try await runs.run(one.run, what: "run"))
        let after = one.run == other.run ? before : try await KeptRun.load(try await runs.run(other.run, what: "run"))
        if let task, !(before.header.tasks.contains(task) && after.header.tasks.contains(task)) {
            throw Failure("--task: one of the runs has no task \"\(task)\"", code: Exit.usage)
        }
        var subjects = RunComparison.Subjects.sameLabels
        if let label = one.subject, let twin = other.subject {
            subjects = .named(try before.label(label), try after.label(twin))
        }
        let comparison = RunComparison(before.compared, after.compared, subjects, rule)
        let report = ComparisonReport(before: before, after: after, comparison: comparison, rule: rule)
        switch output {
        case .text: for line in try await report.lines() { Terminal.tell(line) }
        case .json: Terminal.say(JSONWriter.string(report.json))
        }
        guard comparison.rows.contains(where: { $0.obstacles.isEmpty }) else {
            throw Failure(report.refusal, code: Exit.usage)
        }
    }
}

/// `RUN`, `RUN#SUBJECT` or `RUN:SUBJECT`.
struct ComparedName: Equatable {
    /// The run; nil = the newest.
    var run: String?
    /// The subject's label; nil = all.
    var subject: String?

    init(_ text: String) {
        guard let mark = text.firstIndex(where: { $0 == "#" || $0 == ":" }) else {
            run = text.isEmpty ? nil : text
            return
        }
        run = mark == text.startIndex ? nil : String(text[..<mark])
        let label = text[text.index(after: mark)...]
        subject = label.isEmpty ? nil : String(label)
    }
}

extension KeptRun {
    /// A subject by its label, or the only one whose label begins so. Throws a failure that names those that there are.
    func label(_ name: String) throws -> String {
        if header.subjects.contains(name) { return name }
        let found = header.subjects.filter { $0.hasPrefix(name) }
        if found.count == 1 { return found[0] }
        let all = header.subjects.joined(separator: ", ")
        throw Failure("run \(header.id) has no subject \"\(name)\" (it has \(all))", code: Exit.usage)
    }
}
