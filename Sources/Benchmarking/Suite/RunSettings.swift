public import ProviderCore

/// How a suite is run.
public struct RunSettings: Sendable, Hashable {
    /// Trials at the same time.
    public struct Concurrency: Sendable, Hashable {
        /// At the beginning.
        public var start = 8
        /// At most.
        public var most = 64
        /// Whether it grows and shrinks with what the endpoint bears.
        public var adapts = true

        /// The standard values.
        public init() {}
    }

    /// What is waited for at most; nil = as long as the program's own settings say.
    public struct Timeouts: Sendable, Hashable {
        /// To connect.
        public var connect: Duration?
        /// Until the first token.
        public var firstToken: Duration?
        /// Between two pieces.
        public var stall: Duration?
        /// One request in all.
        public var total: Duration?

        /// None.
        public init() {}
    }

    /// What may be spent.
    public struct Budget: Sendable, Hashable {
        /// In all.
        public var run: Money?
        /// On one trial.
        public var trial: Money?
        /// How long the run may take.
        public var time: Duration?

        /// No limit.
        public init() {}
    }

    /// Trials at the same time.
    public var concurrency = Concurrency()
    /// Limits of requests and tokens in any minute, of each model at each endpoint, besides those that the endpoint tells.
    public var limits = RateCaps()
    /// Attempts at each request.
    public var attempts = 6
    /// What is waited for.
    public var timeouts = Timeouts()
    /// What may be spent.
    public var budget = Budget()
    /// Whether models without a known price may be asked. A budget cannot be kept with them all the same.
    public var allowsUnpriced = false

    /// The standard values.
    public init() {}
}

/// What an undecided gate counts as.
public enum InconclusiveRule: String, Sendable, Hashable, CaseIterable {
    /// The gate failed.
    case fail
    /// The gate passed.
    case pass
    /// The run's exit code tells it apart.
    case report
}

/// Something that has to hold at the end of a run.
public struct Gate: Sendable, Hashable {
    /// By which end of the interval a figure is judged.
    public enum Judged: String, Sendable, Hashable, CaseIterable {
        /// The figure itself.
        case estimate
        /// The lower end of its interval.
        case lowerBound = "lower_bound"
        /// The upper end of its interval.
        case upperBound = "upper_bound"
    }

    /// What is demanded.
    public enum Demand: Sendable, Hashable {
        /// At least so much.
        case atLeast(Double)
        /// At most so much.
        case atMost(Double)
        /// Against the baseline, at most so much worse. Judged by the hard end of the interval unless the suite says otherwise.
        case noWorseThanBaseline(by: Double)
    }

    /// Tasks that it holds for; `*` stands for any text.
    public var task: String
    /// Subjects that it holds for; `*` stands for any text.
    public var subject: String
    /// The figure: `accuracy`, `coverage`, `error_rate`, `cost.usd`, `ttft.p95`, `pass@1`…
    public var metric: String
    /// What is demanded.
    public var demand: Demand
    /// By which end it is judged.
    public var judged: Judged
    /// The confidence of its intervals, 0.5 … 0.999.
    public var confidence: Double
    /// Where the suite says it: `FILE:LINE`.
    public var place: String

    /// A gate.
    public init(
        task: String = "*", subject: String = "*", metric: String, demand: Demand, judged: Judged = .estimate,
        confidence: Double = 0.95, place: String = ""
    ) {
        self.task = task
        self.subject = subject
        self.metric = metric
        self.demand = demand
        self.judged = judged
        self.confidence = confidence
        self.place = place
    }
}

/// A file that is written at the end of a run.
public struct SuiteOutput: Sendable, Hashable {
    /// Which form.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// A line of JSON for each trial.
        case jsonl
        /// A table of trials.
        case csv
        /// What CI systems read.
        case junit
        /// A summary for people.
        case markdown
        /// What Inspect's viewer opens.
        case inspect = "inspect_json"
        /// A page of its own.
        case html
    }

    /// Which form.
    public var form: Form
    /// Where, with `{{run_id}}` in it or not; relative to the working folder.
    public var path: String

    /// An output.
    public init(_ form: Form, path: String) {
        self.form = form
        self.path = path
    }
}
