public import FunctionTools
public import ProviderCore

/// A benchmark as its file says it: what is asked of whom, how it is scored, and within which limits.
public struct Suite: Sendable, Hashable {
    /// Its name.
    public var name = ""
    /// What it is about; empty = not said.
    public var about = ""
    /// The file it was read from, as it was named.
    public var file = ""
    /// Seeds whatever is drawn by chance.
    public var seed: UInt64 = 0
    /// Endpoints by name, in the file's order. Empty = the program's own endpoint is asked.
    public var endpoints: [SuiteEndpoint] = []
    /// Prices of the suite's own, the first that fits counts.
    public var prices: [SuitePrice] = []
    /// Who is compared: models x prompts x parameters, without the excluded ones.
    public var subjects: [Subject] = []
    /// Models that are asked as judges, by name.
    public var judges: [String: SuiteModel] = [:]
    /// Where the file names the models: `FILE:LINE:COLUMN`, by name.
    public var modelPlaces: [String: String] = [:]
    /// What programs that score and tools may use.
    public var sandbox = CommandLimits()
    /// What is asked.
    public var tasks: [SuiteTask] = []
    /// How it is run.
    public var run = RunSettings()
    /// What has to hold at the end.
    public var gates: [Gate] = []
    /// What an undecided gate counts as.
    public var onInconclusive = InconclusiveRule.fail
    /// The run to compare with: `latest`, or an id; nil = none.
    public var baseline: String?
    /// Files that are written at the end.
    public var outputs: [SuiteOutput] = []
    /// SHA-256 of the file and of every file that it reads, in hexadecimal digits.
    public var digest = ""

    /// An empty suite.
    public init() {}

    /// Programs of tools and scorers that lie in its folder, by their paths there, in no order.
    public var programs: Set<String> {
        var programs: Set<String> = []
        for task in tasks {
            let scorers = task.scorer?.parts.compactMap { part in
                if case .command(let words, _) = part { words.first } else { nil }
            }
            let tools = task.tools.compactMap { tool in
                if case .command(let run) = tool.run { run.arguments.first } else { nil }
            }
            for program in (scorers ?? []) + tools where program.hasPrefix("./") {
                programs.insert(String(program.dropFirst(2)))
            }
        }
        return programs
    }

    /// The suite's own prices of a model; nil = it has none, and the catalog's hold.
    public func prices(of model: String) -> ModelPrices? {
        prices.first { price in
            price.model.hasSuffix("*") ? model.hasPrefix(price.model.dropLast()) : model == price.model
        }?.prices
    }
}

/// An endpoint of a suite.
public struct SuiteEndpoint: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its base URL; nil = the program's own endpoint.
    public var baseURL: String?
    /// The variable of the environment that holds the key; nil = none is sent.
    public var keyVariable: String?
    /// A profile of the settings file whose key and headers are used; nil = none.
    public var profile: String?
    /// The API to ask; nil = as the catalog says.
    public var api: ModelAPI?

    /// An endpoint.
    public init(
        name: String, baseURL: String? = nil, keyVariable: String? = nil, profile: String? = nil, api: ModelAPI? = nil
    ) {
        self.name = name
        self.baseURL = baseURL
        self.keyVariable = keyVariable
        self.profile = profile
        self.api = api
    }
}

/// A price of the suite's own, in dollars per million tokens.
public struct SuitePrice: Sendable, Hashable {
    /// The model; a `*` at the end stands for any rest.
    public var model: String
    /// What it costs.
    public var prices: ModelPrices

    /// A price.
    public init(model: String, prices: ModelPrices) {
        self.model = model
        self.prices = prices
    }
}

/// A model of a suite.
public struct SuiteModel: Sendable, Hashable {
    /// Its name in the suite.
    public var name: String
    /// The endpoint's name; nil = the program's own endpoint.
    public var endpoint: String?
    /// The id that is asked for; nil = the program's default model.
    public var model: String?
    /// Parameters that go along.
    public var parameters: ModelParameters

    /// A model.
    public init(name: String, endpoint: String? = nil, model: String? = nil, parameters: ModelParameters = .init()) {
        self.name = name
        self.endpoint = endpoint
        self.model = model
        self.parameters = parameters
    }
}

/// A message of a prompt.
public struct PromptMessage: Sendable, Hashable {
    /// Who speaks.
    public var role: ChatRole
    /// What is said, with places for fields.
    public var text: FieldTemplate

    /// A message.
    public init(_ role: ChatRole, _ text: FieldTemplate) {
        self.role = role
        self.text = text
    }
}

/// Who is asked, and how: one cell of the matrix.
public struct Subject: Sendable, Hashable {
    /// Its name, unique in the suite: `mini/plain/cold`.
    public var label: String
    /// The model.
    public var model: SuiteModel
    /// The prompt's name; empty = there is only one.
    public var promptName: String
    /// The prompt; a task's own goes before it.
    public var prompt: [PromptMessage]
    /// The model's parameters with those of the matrix over them.
    public var parameters: ModelParameters

    /// A subject.
    public init(
        label: String, model: SuiteModel, promptName: String = "", prompt: [PromptMessage],
        parameters: ModelParameters = .init()
    ) {
        self.label = label
        self.model = model
        self.promptName = promptName
        self.prompt = prompt
        self.parameters = parameters
    }
}

/// A group of samples that are asked and scored alike.
public struct SuiteTask: Sendable, Hashable {
    /// Its name.
    public var id: String
    /// Its samples, in the data's order.
    public var samples: [Sample]
    /// The prompt of its own; nil = the subject's.
    public var prompt: [PromptMessage]?
    /// Functions that may be called.
    public var tools: [Tool] = []
    /// Answers with calls that are answered at most; 1 = calls are scored, not run.
    public var turns = 1
    /// How often each sample is asked.
    public var repeats = 1
    /// The form that is asked for; nil = free text.
    public var responseFormat: ResponseFormat?
    /// What is taken out of an answer before it is scored.
    public var extraction: [ExtractionStep] = []
    /// How it is scored; nil = nothing is scored, only speed and cost count.
    public var scorer: ScorerSpec?
    /// Figures of the report besides accuracy: `pass@5`, `pass^3`, `mean`.
    public var figures: [String] = []
    /// SHA-256 of how it is scored: what the suite says, and the files that it names there, in hexadecimal digits.
    public var scoringDigest = ""

    /// A task.
    public init(id: String, samples: [Sample]) {
        self.id = id
        self.samples = samples
    }
}
