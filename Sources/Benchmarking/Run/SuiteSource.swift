public import FunctionTools
public import ProviderCore
import Synchronization

/// The trials of a plan, asked of real providers and scored as the suite says.
public struct SuiteSource: TrialSource {
    /// What a suite needs of its surroundings.
    public struct Surroundings: Sendable {
        /// The model that is asked where the suite names none.
        public var defaultModel: String
        /// Who is asked for a model of the suite, with all policies around.
        public var provider: @Sendable (SuiteModel) -> any AIProvider
        /// What is known of a model of the suite, at its own prices.
        public var info: @Sendable (SuiteModel) -> ModelInfo?
        /// What answers calls; nil = nothing is run here.
        public var executor: ToolExecutor?
        /// Calls of one answer that are run.
        public var callsPerTurn: Int
        /// Runs the programs of scorers; nil = none are run here.
        public var runner: (any CommandRunner)?
        /// The suite's folder, an absolute path, where programs lie that it names with `./`; nil = in the working folder.
        public var folder: String?
        /// Keeps all requests within other rate limits from now on.
        public var hold: @Sendable (RateCaps) -> Void

        /// Surroundings.
        public init(
            defaultModel: String, executor: ToolExecutor? = nil, callsPerTurn: Int = 16,
            runner: (any CommandRunner)? = nil, folder: String? = nil,
            hold: @escaping @Sendable (RateCaps) -> Void = { _ in },
            provider: @escaping @Sendable (SuiteModel) -> any AIProvider,
            info: @escaping @Sendable (SuiteModel) -> ModelInfo?
        ) {
            self.defaultModel = defaultModel
            self.executor = executor
            self.callsPerTurn = callsPerTurn
            self.runner = runner
            self.folder = folder
            self.hold = hold
            self.provider = provider
            self.info = info
        }
    }

    /// All trials of the plan.
    public let trials: [TrialKey]
    /// The plan.
    public let plan: SuitePlan
    private let surroundings: Surroundings
    private let scorer: Scorer
    private let digests: [String?]

    /// The trials of a plan.
    public init(_ plan: SuitePlan, _ surroundings: Surroundings) {
        self.plan = plan
        self.surroundings = surroundings
        trials = plan.keys
        scorer = Scorer(ScorerTools(runner: surroundings.runner, folder: surroundings.folder))
        digests = plan.suite.tasks.map { task in task.scorer?.digest(extraction: task.extraction) }
    }

    /// See `TrialSource`.
    public func request(of trial: Int) throws -> ChatRequest {
        try plan.request(for: plan.trials[trial], defaultModel: surroundings.defaultModel)
    }

    /// See `TrialSource`.
    public func provider(of trial: Int) -> any AIProvider { surroundings.provider(model(of: trial)) }

    /// See `TrialSource`.
    public func loop(of trial: Int) -> ToolLoop? {
        let planned = plan.trials[trial]
        let (task, sample) = (plan.task(planned), plan.sample(planned))
        let tools = sample.tools.isEmpty ? task.tools : sample.tools
        guard task.turns > 1, !tools.isEmpty, let executor = surroundings.executor else { return nil }
        // The last turn that the suite allows is an answer, not one more round of calls.
        let limits = ToolLoop.Limits(callsPerTurn: surroundings.callsPerTurn, turns: task.turns - 1)
        let placed = surroundings.folder.map { folder in tools.map { $0.placed(in: folder) } } ?? tools
        return ToolLoop(tools: ToolSet(placed), executor: executor, limits: limits)
    }

    /// See `TrialSource`.
    public func endpoint(of trial: Int) -> String {
        let model = model(of: trial)
        return "\(model.endpoint ?? "") \(model.model ?? surroundings.defaultModel)"
    }

    /// See `TrialSource`.
    public func score(
        _ answer: AnswerToScore, of trial: Int, booked: Accounting,
        asking: @escaping @Sendable (CallControl?) -> Void = { _ in }
    ) async -> (result: ScoreResult, score: NamedScore)? {
        let planned = plan.trials[trial]
        let (task, sample) = (plan.task(planned), plan.sample(planned))
        guard let spec = task.scorer, let digest = digests[planned.task] else { return nil }
        var answer = answer
        answer.tools = sample.tools.isEmpty ? task.tools : sample.tools
        let votes = Mutex(0)
        let judged = scorer.asking { spec, messages in
            let vote = votes.withLock { votes in
                votes += 1
                return votes
            }
            var booked = booked
            booked.item = RequestPurpose(trial: trial, role: .judge, turn: vote).item
            return try await judge(spec, messages, booked, asking)
        }
        let result = await judged.score(answer, of: sample, by: spec, extraction: task.extraction)
        return (result, NamedScore(scorer: spec.name, digest: digest, score: result.score))
    }

    /// See `TrialSource`.
    public func hold(to caps: RateCaps) { surroundings.hold(caps) }

    private func model(of trial: Int) -> SuiteModel { plan.subject(plan.trials[trial]).model }

    /// Asks a judge once.
    private func judge(
        _ spec: JudgeSpec, _ messages: [ChatMessage], _ booked: Accounting,
        _ asking: @Sendable (CallControl?) -> Void
    ) async throws -> JudgeAnswer {
        guard let judge = plan.suite.judges[spec.model] else {
            throw ScorerFailure("the suite has no model \"\(spec.model)\"")
        }
        var request = ChatRequest(
            model: judge.model ?? surroundings.defaultModel, messages: messages, parameters: judge.parameters)
        request.accounting = booked
        request.delivery = .whole
        let stream = try await surroundings.provider(judge).stream(request)
        asking(stream.control)
        defer { asking(nil) }
        var response = ChatResponse()
        for try await event in stream { response.apply(event) }
        if response.finishReason == .length { throw ScorerFailure("its answer was cut by the output limit") }
        return JudgeAnswer(response.text)
    }
}

extension SuitePlan {
    /// The trials as they are kept.
    public var keys: [TrialKey] {
        trials.map { trial in
            TrialKey(
                index: trial.index, task: task(trial).id, sample: sample(trial).id, subject: subject(trial).label,
                repetition: trial.repeat)
        }
    }

    /// What a report of a run of this plan needs to know.
    public func reportOptions(_ definition: MetricDefinition = .ours) -> ReportBuilder.Options {
        let figures = Dictionary(suite.tasks.map { ($0.id, $0.figures) }) { first, _ in first }
        var clusters: [String: [String: String]] = [:]
        for task in suite.tasks {
            for sample in task.samples { clusters[task.id, default: [:]][sample.id] = sample.cluster }
        }
        return ReportBuilder.Options(definition: definition, figures: figures) { [clusters] task, sample in
            clusters[task]?[sample]
        }
    }
}
