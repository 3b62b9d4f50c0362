internal import FunctionTools
public import ProviderCore

/// One thing to do: a sample asked of a subject, for the so manieth time.
public struct PlannedTrial: Sendable, Hashable {
    /// Its place in the plan, from 0.
    public var index: Int
    /// The task's place in the suite.
    public var task: Int
    /// The sample's place in the task.
    public var sample: Int
    /// The subject's place in the suite.
    public var subject: Int
    /// Which time, from 1.
    public var `repeat`: Int

    /// A trial.
    public init(index: Int, task: Int, sample: Int, subject: Int, repeat: Int) {
        self.index = index
        self.task = task
        self.sample = sample
        self.subject = subject
        self.repeat = `repeat`
    }
}

/// All trials of a suite in the order in which they are asked.
///
/// One sample after the other, and each of all subjects before the next, so that whatever part of a run is done
/// compares the subjects fairly. Samples of several tasks alternate in proportion to their number.
public struct SuitePlan: Sendable {
    /// The suite.
    public let suite: Suite
    /// The trials.
    public let trials: [PlannedTrial]
    /// SHA-256 of what is asked of whom in which order, in hexadecimal digits: equal digests, equal plans.
    public let digest: String
    /// What is worth knowing before it is paid for, in sentences.
    public let notices: [String]

    /// A plan.
    ///
    /// - Parameters:
    ///   - suite: The suite.
    ///   - only: Tasks, by id, that are asked; empty = all. Ids that the suite has not are left out.
    ///   - limit: At most so many samples of each task; nil = all.
    public init(_ suite: Suite, only: [String] = [], limit: Int? = nil) {
        self.suite = suite
        let tasks = suite.tasks.indices.filter { only.isEmpty || only.contains(suite.tasks[$0].id) }
        let counts = tasks.map { min(suite.tasks[$0].samples.count, max(0, limit ?? .max)) }
        var trials: [PlannedTrial] = []
        trials.reserveCapacity(
            zip(tasks, counts).reduce(0) { $0 + $1.1 * suite.tasks[$1.0].repeats } * suite.subjects.count)
        for (task, sample) in Self.order(counts).map({ (tasks[$0.0], $0.1) }) {
            for turn in 1...max(1, suite.tasks[task].repeats) {
                for subject in suite.subjects.indices {
                    trials.append(
                        PlannedTrial(index: trials.count, task: task, sample: sample, subject: subject, repeat: turn))
                }
            }
        }
        self.trials = trials
        digest = Self.digest(suite, tasks, counts)
        notices = tasks.flatMap { task in
            [Self.notice(suite, suite.tasks[task])].compactMap(\.self) + BraceNotice.notices(suite, suite.tasks[task])
        }
    }

    /// The trials of a run by another reading of its suite, each with its number in that run. `missing` are those of which this suite has
    /// no task, sample or subject, by why; what stands in their place is none of them.
    static func rereading(_ keys: [TrialKey], as suite: Suite) -> (plan: SuitePlan, missing: [Int: String]) {
        func places<Element>(_ elements: [Element], _ name: (Element) -> String) -> [String: Int] {
            elements.enumerated().reduce(into: [:]) { $0[name($1.element)] = $1.offset }
        }
        let tasks = places(suite.tasks, \.id)
        let subjects = places(suite.subjects, \.label)
        let samples = suite.tasks.map { places($0.samples, \.id) }
        var missing: [Int: String] = [:]
        let trials = keys.enumerated().map { index, key in
            var trial = PlannedTrial(index: index, task: 0, sample: 0, subject: 0, repeat: key.repetition)
            guard let task = tasks[key.task] else {
                missing[index] = "the suite has no task \(key.task)"
                return trial
            }
            guard let sample = samples[task][key.sample], let subject = subjects[key.subject] else {
                missing[index] = "the suite has not all samples and subjects of task \(key.task)"
                return trial
            }
            (trial.task, trial.sample, trial.subject) = (task, sample, subject)
            return trial
        }
        return (SuitePlan(suite, trials: trials), missing)
    }

    private init(_ suite: Suite, trials: [PlannedTrial]) {
        (self.suite, self.trials, digest, notices) = (suite, trials, "", [])
    }

    /// The sample of a trial.
    public func sample(_ trial: PlannedTrial) -> Sample { suite.tasks[trial.task].samples[trial.sample] }

    /// The task of a trial.
    public func task(_ trial: PlannedTrial) -> SuiteTask { suite.tasks[trial.task] }

    /// The subject of a trial.
    public func subject(_ trial: PlannedTrial) -> Subject { suite.subjects[trial.subject] }

    /// What is sent first for a trial. `defaultModel` is asked where the suite names no model. Throws when a template
    /// has a name that the sample does not have, which a suite that was read without problems has not.
    public func request(for trial: PlannedTrial, defaultModel: String) throws(FieldTemplateError) -> ChatRequest {
        let (task, sample, subject) = (task(trial), sample(trial), subject(trial))
        var request = ChatRequest(
            model: subject.model.model ?? defaultModel, messages: try Self.messages(task, sample, subject),
            parameters: subject.parameters)
        request.tools = (sample.tools.isEmpty ? task.tools : sample.tools).map(\.definition)
        request.responseFormat = task.responseFormat
        request.api = suite.endpoints.first { $0.name == subject.model.endpoint }?.api
        return request
    }

    /// The task's own prompt, else the messages of the sample, else the subject's prompt.
    private static func messages(
        _ task: SuiteTask, _ sample: Sample, _ subject: Subject
    ) throws(FieldTemplateError) -> [ChatMessage] {
        if task.prompt == nil, let messages = sample.messages { return messages }
        var messages: [ChatMessage] = []
        for message in task.prompt ?? subject.prompt {
            messages.append(ChatMessage(message.role, try message.text.rendered(with: sample.fields)))
        }
        return messages
    }

    /// Places of samples, those of all lists spread evenly: each by where it stands within its own list.
    private static func order(_ counts: [Int]) -> [(list: Int, place: Int)] {
        let all = counts.enumerated().flatMap { list, count in (0..<count).map { (list: list, place: $0) } }
        return all.sorted { left, right in
            // (place + 1/2) / count, without fractions.
            let (first, second) = ((2 * left.place + 1) * counts[right.list], (2 * right.place + 1) * counts[left.list])
            return first == second ? left.list < right.list : first < second
        }
    }

    private static func digest(_ suite: Suite, _ tasks: [Int], _ counts: [Int]) -> String {
        var digest = SHA256()
        digest.update(suite.digest.utf8)
        for subject in suite.subjects { digest.update("\n\(subject.label) \(subject.digest)".utf8) }
        for (task, count) in zip(tasks, counts) {
            digest.update("\n\(suite.tasks[task].id) \(count) \(suite.tasks[task].repeats)".utf8)
        }
        return digest.finish()
    }

    /// Subjects that differ only in a prompt that the task does not use are asked the same, which costs as if it were
    /// something else.
    private static func notice(_ suite: Suite, _ task: SuiteTask) -> String? {
        guard task.prompt != nil || task.samples.allSatisfy({ $0.messages != nil }), !task.samples.isEmpty else {
            return nil
        }
        var groups: [[Subject]] = []
        for subject in suite.subjects {
            let index = groups.firstIndex { group in
                group.first.map { $0.model == subject.model && $0.parameters == subject.parameters } ?? false
            }
            if let index { groups[index].append(subject) } else { groups.append([subject]) }
        }
        guard let alike = groups.first(where: { $0.count > 1 }) else { return nil }
        let labels = NameWords.list(alike.map(\.label))
        return "task \"\(task.id)\" has messages of its own, so \(labels) are asked the same and each is paid for"
    }
}
