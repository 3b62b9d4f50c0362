internal import ProviderCore

/// A run as one side of a comparison: its suite, as it was, and its results.
public struct ComparedRun: Sendable {
    /// The suite that it was made from.
    public let suite: Suite
    /// What it came to.
    public let results: RunResults
    /// Places of tasks and samples in the suite, by task and sample.
    private let places: [String: [String: (task: Int, sample: Int)]]

    /// A side.
    public init(suite: Suite, results: RunResults) {
        self.suite = suite
        self.results = results
        var places: [String: [String: (task: Int, sample: Int)]] = [:]
        for (task, element) in suite.tasks.enumerated() {
            for (sample, one) in element.samples.enumerated() {
                places[element.id, default: [:]][one.id] = (task, sample)
            }
        }
        self.places = places
    }

    /// The sample of a trial; nil when the suite has none.
    func sample(_ key: TrialKey) -> Sample? {
        places[key.task]?[key.sample].map { suite.tasks[$0.task].samples[$0.sample] }
    }

    /// The run's id.
    public var id: String { results.report.run.header.id }

    func task(_ id: String) -> SuiteTask? { suite.tasks.first { $0.id == id } }
    func subject(_ label: String) -> Subject? { suite.subjects.first { $0.label == label } }
}

/// Parts of two runs that may differ.
public enum ComparedPart: String, Sendable, Hashable, CaseIterable {
    /// No sample of the task is alike.
    case dataset
    /// The task's own prompt.
    case taskPrompt = "task_prompt"
    /// The functions of the task, its turns, and the form that is asked for.
    case tools
    /// How answers are scored.
    case scorer
    /// Who judges answers.
    case judge
    /// The model, or where it is asked.
    case model
    /// The subject's prompt.
    case prompt
    /// The subject's parameters.
    case parameters

    /// Its name in sentences.
    public var words: String {
        switch self {
        case .dataset: "the dataset"
        case .taskPrompt: "the task's prompt"
        case .tools: "the tools"
        case .scorer: "the scorer"
        case .judge: "the judge"
        case .model: "the model"
        case .prompt: "the prompt"
        case .parameters: "the parameters"
        }
    }
}

/// Which samples of a task two runs have alike.
struct SamplePairing: Sendable, Hashable {
    /// Samples of equal content in both.
    var alike: Set<String> = []
    /// Samples of one name whose content differs.
    var changed = 0
    /// Samples that only one run has.
    var single = 0

    /// What was left out; empty = nothing.
    var remark: String {
        var parts: [String] = []
        if changed > 0 { parts.append("\(changed) sample\(changed == 1 ? "" : "s") with other content left out") }
        if single > 0 { parts.append("\(single) of one run only left out") }
        return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
    }

    /// The values of samples that both have, in the order of their names.
    func pairs(
        _ first: [String: Double], _ second: [String: Double]
    ) -> [(sample: String, first: Double, second: Double)] {
        alike.sorted().compactMap { sample in
            guard let before = first[sample], let after = second[sample] else { return nil }
            return (sample, before, after)
        }
    }
}

/// What of two runs is alike. Scores are comparable when the same samples were asked with the same tools and scored the same way;
/// model, prompt and parameters are what is compared.
enum Comparability {
    /// Parts of a task that differ, so that its scores cannot be compared.
    static func parts(of task: String, _ first: ComparedRun, _ second: ComparedRun) -> [ComparedPart] {
        guard let one = first.task(task), let other = second.task(task) else { return [.dataset] }
        var parts: [ComparedPart] = []
        if pairing(of: task, first, second).alike.isEmpty { parts.append(.dataset) }
        if one.promptDigest != other.promptDigest { parts.append(.taskPrompt) }
        if one.toolsDigest != other.toolsDigest { parts.append(.tools) }
        if scorers(one, first) != scorers(other, second) { parts.append(.scorer) }
        if judges(one, first.suite) != judges(other, second.suite) { parts.append(.judge) }
        return parts
    }

    /// Parts in which two subjects differ.
    static func parts(of one: Subject?, _ other: Subject?) -> [ComparedPart] {
        guard let one, let other else { return [] }
        var parts: [ComparedPart] = []
        if one.model.model != other.model.model || one.model.endpoint != other.model.endpoint { parts.append(.model) }
        if one.promptDigest != other.promptDigest { parts.append(.prompt) }
        if one.parametersDigest != other.parametersDigest { parts.append(.parameters) }
        return parts
    }

    static func pairing(of task: String, _ first: ComparedRun, _ second: ComparedRun) -> SamplePairing {
        let (one, other) = (digests(task, first), digests(task, second))
        var pairing = SamplePairing()
        for (sample, digest) in one {
            guard let twin = other[sample] else {
                pairing.single += 1
                continue
            }
            if twin == digest { pairing.alike.insert(sample) } else { pairing.changed += 1 }
        }
        pairing.single += other.keys.count { one[$0] == nil }
        return pairing
    }

    /// The samples as they were scored.
    private static func digests(_ task: String, _ run: ComparedRun) -> [String: String] {
        let digests = (run.task(task)?.samples ?? []).reduce(into: [:]) { $0[$1.id] = $1.digest }
        return run.results.report.run.header.subjects.reduce(into: digests) { digests, subject in
            digests.merge(run.results.sums(task, subject)?.rescored ?? [:]) { $1 }
        }
    }

    /// What scored the answers of a task: scores tell it themselves, since they may have been made anew.
    private static func scorers(_ task: SuiteTask, _ run: ComparedRun) -> Set<String> {
        let told = run.results.report.run.header.subjects.reduce(into: Set<String>()) { told, subject in
            told.formUnion(run.results.sums(task.id, subject)?.scorers ?? [])
        }
        if !told.isEmpty { return told }
        return task.scorer.map { [$0.digest(extraction: task.extraction)] } ?? []
    }

    private static func judges(_ task: SuiteTask, _ suite: Suite) -> [SuiteModel?] {
        (task.scorer?.judges ?? []).map { suite.judges[$0] }
    }
}

extension ScorerSpec {
    /// The models that it asks, by name, in order.
    public var judges: [String] {
        switch self {
        case .judge(let judge): [judge.model]
        case .jsonPath(_, let inner), .not(let inner): inner.judges
        case .all(let parts), .any(let parts): parts.flatMap(\.scorer.judges)
        default: []
        }
    }
}
