public import ProviderCore

/// What a plan comes to before anything is sent.
///
/// Input tokens are counted as the model does where that is known. The worst cost takes every answer to be as long as
/// it may be; in loops with functions each turn sends the answers before it again, but results of functions, which
/// nobody knows before, count nothing.
public struct PlanEstimate: Sendable, Hashable {
    /// What one subject, or one judge, comes to.
    public struct Part: Sendable, Hashable {
        /// The subject's label, or `judge NAME`.
        public var label: String
        /// The model's id.
        public var model: String
        /// Trials; 0 for judges.
        public var trials = 0
        /// Requests at most, without attempts that are repeated.
        public var requests = 0
        /// Input tokens of the first turns of all trials.
        public var inputTokens = 0
        /// Whether the input tokens are the model's own count, not an estimate.
        public var isExact = true
        /// Output tokens at most; nil = some answer has no known limit.
        public var outputTokens: Int? = 0
        /// What it costs at most; nil = the price, or the limit of the output, is not known.
        public var worst: Money? = .zero
        /// Whether the price is known.
        public var isPriced = true

        mutating func add(_ other: Part) {
            trials += other.trials
            requests += other.requests
            inputTokens += other.inputTokens
            isExact = isExact && other.isExact
            outputTokens = outputTokens.flatMap { own in other.outputTokens.map { own + $0 } }
            worst = worst.flatMap { own in other.worst.map { own + $0 } }
            isPriced = isPriced && other.isPriced
        }
    }

    /// Each subject, in the suite's order, then the judges by name.
    public var parts: [Part]
    /// All together.
    public var total: Part
}

extension SuitePlan {
    /// What is known of the model that a subject or a judge asks: the catalog's, with the suite's own prices.
    public func info(of model: SuiteModel, catalog: ModelCatalog, defaultModel: String) -> ModelInfo? {
        let id = model.model ?? defaultModel
        return catalog.model(id, prices: suite.prices(of: id))
    }

    /// What the plan comes to. `info` tells what is known of a model; `counting` must be ready for it. Throws as
    /// `request` does.
    public func estimate(
        defaultModel: String, counting: some TokenCounting = EstimatesOnly(), info: (SuiteModel) -> ModelInfo?
    ) throws(FieldTemplateError) -> PlanEstimate {
        let infos = suite.subjects.map { info($0.model) }
        var parts = suite.subjects.map { PlanEstimate.Part(label: $0.label, model: $0.model.model ?? defaultModel) }
        var judges: [String: PlanEstimate.Part] = [:]
        var counted: [CountKey: RequestTokens] = [:]
        for trial in trials {
            let subject = subject(trial)
            let key = CountKey(
                task: trial.task, sample: trial.sample, prompt: subject.promptName,
                model: subject.model.model ?? defaultModel)
            let count: RequestTokens
            if let known = counted[key] {
                count = known
            } else {
                let request = try request(for: trial, defaultModel: defaultModel)
                count = RequestTokens(request, model: infos[trial.subject], counting)
                counted[key] = count
            }
            let most = subject.parameters.maxOutputTokens ?? infos[trial.subject]?.maxOutputTokens
            let prices = Self.prices(infos[trial.subject], subject.parameters, count.tokens)
            parts[trial.subject].add(
                Self.part(count, turns: task(trial).turns, most: most, prices: prices))
            for spec in task(trial).scorer?.judgeSpecs ?? [] {
                try addJudge(spec, trial, answer: most, into: &judges, defaultModel, counting, info)
            }
        }
        let all = parts + judges.sorted { $0.key < $1.key }.map(\.value)
        var total = PlanEstimate.Part(label: "all", model: "")
        for part in all { total.add(part) }
        return PlanEstimate(parts: all, total: total)
    }

    /// By what the input tokens of trials are the same.
    private struct CountKey: Hashable {
        var task: Int
        var sample: Int
        var prompt: String
        var model: String
    }

    private static func prices(_ info: ModelInfo?, _ parameters: ModelParameters, _ input: Int) -> PriceSet? {
        // What `auto` becomes is told by the answer only; it is priced as usual.
        let tier = parameters.serviceTier == "auto" ? nil : parameters.serviceTier
        return info?.prices?.prices(serviceTier: tier, inputTokens: input)
    }

    /// One trial.
    private static func part(
        _ count: RequestTokens, turns: Int, most: Int?, prices: PriceSet?
    ) -> PlanEstimate.Part {
        var part = PlanEstimate.Part(label: "", model: "")
        part.trials = 1
        part.requests = turns
        part.inputTokens = count.tokens
        part.isExact = count.isExact
        part.outputTokens = most.map { $0 * turns }
        part.isPriced = prices != nil
        part.worst = (0..<turns).reduce(Optional(Money.zero)) { sum, turn in
            let input = count.tokens + turn * (most ?? 0)
            let worst = BudgetRules(prices: prices, inputTokens: input, wantedOutput: most).worst(most)
            return sum.flatMap { sum in worst.map { sum + $0 } }
        }
        return part
    }

    /// The votes of a judge on one trial: the rubric, and an answer as long as it may be.
    private func addJudge(
        _ spec: JudgeSpec, _ trial: PlannedTrial, answer: Int?, into judges: inout [String: PlanEstimate.Part],
        _ defaultModel: String, _ counting: some TokenCounting, _ info: (SuiteModel) -> ModelInfo?
    ) throws(FieldTemplateError) {
        guard let model = suite.judges[spec.model] else { return }
        let known = info(model)
        let rubric = try spec.rubric.rendered(with: sample(trial).fields, output: "")
        let request = ChatRequest(model: model.model ?? defaultModel, messages: [ChatMessage(.user, rubric)])
        let tokens = RequestTokens(request, model: known, counting).tokens + (answer ?? 0)
        let most = model.parameters.maxOutputTokens ?? known?.maxOutputTokens
        let prices = Self.prices(known, model.parameters, tokens)
        let rules = BudgetRules(prices: prices, inputTokens: tokens, wantedOutput: most)
        var part = PlanEstimate.Part(label: "judge \(spec.model)", model: model.model ?? defaultModel)
        part.requests = spec.votes
        part.inputTokens = tokens * spec.votes
        part.isExact = false
        part.outputTokens = most.map { $0 * spec.votes }
        part.isPriced = prices != nil
        part.worst =
            answer == nil ? nil : rules.worst(most).map { Money(picodollars: $0.picodollars * Int128(spec.votes)) }
        if judges[spec.model] == nil {
            judges[spec.model] = part
        } else {
            judges[spec.model]?.add(part)
        }
    }
}

extension ScorerSpec {
    /// The judges in it.
    public var judgeSpecs: [JudgeSpec] {
        parts.compactMap { if case .judge(let spec) = $0 { spec } else { nil } }
    }
}
