internal import ProviderCore

/// Keys that may stand together in one mapping of a suite, and what the mapping is called in messages.
///
/// Every key that the reader takes is in one of these tables, and `Examples/SUITES.md` tells what it is for.
struct SuiteKeys: Sendable {
    /// What they are keys of: "a task".
    let what: String
    /// Those that are taken.
    let known: [String]
    /// Those that are refused for a reason that is worth telling, with the reason.
    let refused: [String: String]

    init(_ what: String, _ known: [String], refused: [String: String] = [:]) {
        self.what = what
        self.known = known
        self.refused = refused
    }
}

extension SuiteKeys {
    private static let later = "is not there yet"

    static let suite = SuiteKeys(
        "a suite",
        [
            "suite", "name", "about", "seed", "endpoints", "prices", "models", "prompts", "matrix", "tools", "sandbox",
            "tasks", "run", "gates", "on_inconclusive", "baseline", "outputs",
        ])

    // MARK: Who is asked

    static let endpoint = SuiteKeys("an endpoint", ["base_url", "key", "profile", "api"])
    static let price = SuiteKeys(
        "a price", ["model", "input", "cached_input", "cache_write", "output", "tiers", "as_of"],
        refused: ["machine_hour": "is not there yet: only tokens have a price"])
    static let tiers = SuiteKeys("\"tiers\"", PriceTier.allCases.filter { $0 != .standard }.map(\.rawValue))
    static let model = SuiteKeys("a model", ["endpoint", "model", "params"])
    static let parameters = SuiteKeys(
        "\"params\"",
        [
            "temperature", "top_p", "max_output_tokens", "max_tokens", "seed", "stop", "frequency_penalty",
            "presence_penalty", "reasoning_effort", "reasoning_summary", "verbosity", "service_tier",
        ], refused: ["top_logprobs": "is not there yet: log probabilities are not kept by a run"])
    static let message = SuiteKeys("a message", ["role", "text"])
    static let matrix = SuiteKeys("\"matrix\"", ["model", "prompt", "params", "exclude", "label"])
    static let exclusion = SuiteKeys("an exclusion", ["model", "prompt", "params"])

    // MARK: What is asked

    static let task = SuiteKeys(
        "a task",
        ["id", "data", "cluster", "prompt", "tools", "turns", "repeats", "output", "extract", "score", "report"])
    /// Where samples come from; one of them is there.
    static let sources = ["inline", "jsonl", "csv", "humaneval", "bfcl", "openai_evals"]
    static let data = SuiteKeys(
        "\"data\"", sources + ["answers", "map", "ids", "split_ids", "shuffle", "skip", "take"])
    static let output = SuiteKeys("\"output\"", ["json_schema", "json_object", "strict"])
    static let tool = SuiteKeys("a tool", ["about", "schema", "strict", "does"])
    /// What a tool does; one of them is there.
    static let ways = ["reply", "exec", "http"]
    static let does = SuiteKeys("\"does\"", ways + ["stdin", "timeout"])
    static let sandbox = SuiteKeys(
        "\"sandbox\"", ["kind", "network", "memory", "cpu_time", "files", "processes", "output"])

    // MARK: How it is scored

    /// What a step of `extract` does, where it has a value; one of them is there.
    static let steps = ["after", "before", "regex", "code_block", "json_path"]
    static let step = SuiteKeys("a step", steps + ["which"])
    private static let folds = ["fold_case", "fold_space"]
    /// Kinds of scorers and the further members of each; `json_path` stands beside any.
    static let scorers: [(name: String, options: [String])] = [
        ("exact", folds), ("equals", folds), ("contains", folds), ("contains_any", folds), ("regex", []),
        ("number", ["tolerance", "relative"]), ("one_of", folds), ("json_valid", []), ("json_path", []),
        ("calls", ["order", "match"]), ("unit_tests", []), ("judge", []), ("command", ["timeout"]),
        ("all", ["weights"]), ("any", []), ("not", []),
    ]
    /// What other programs call these kinds.
    static let otherScorers = [
        "json_schema": "json_valid", "is_json": "json_valid", "is-json": "json_valid", "json": "json_valid",
        "schema": "json_valid", "tool_call": "calls", "tool_calls": "calls", "function_call": "calls",
        "is-valid-openai-tools-call": "calls", "llm_judge": "judge", "llm-rubric": "judge", "llm_rubric": "judge",
        "model_graded": "judge", "includes": "contains", "match": "exact", "pattern": "regex", "python": "unit_tests",
        "exec": "command", "numeric": "number",
    ]
    static let call = SuiteKeys("a call", ["name", "arguments"])
    static let argument = SuiteKeys("an argument", ["any_of", "optional"])
    static let unitTests = SuiteKeys("\"unit_tests\"", ["language", "program", "timeout"])
    static let judge = SuiteKeys(
        "\"judge\"", ["model", "rubric", "scale", "pass_at", "votes", "swap_positions", "calibrate"])

    /// The members of a score of one kind.
    static func score(_ kind: String) -> SuiteKeys {
        SuiteKeys("\"\(kind)\"", [kind, "json_path"] + (scorers.first { $0.name == kind }?.options ?? []))
    }

    // MARK: How it is run

    static let run = SuiteKeys(
        "\"run\"", ["mode", "order", "concurrency", "limits", "retry", "timeouts", "budget", "allow_unpriced"],
        refused: [
            "breaker": "cannot be set: the program's own breaker holds", "cache": later, "stop_early": later,
        ])
    static let concurrency = SuiteKeys("\"concurrency\"", ["start", "max", "adapt"])
    static let limits = SuiteKeys("\"limits\"", ["rpm", "tpm"], refused: ["headroom": later])
    static let retry = SuiteKeys(
        "\"retry\"", ["attempts", "jitter", "honour_retry_after"], refused: ["base": later, "cap": later])
    static let timeouts = SuiteKeys("\"timeouts\"", ["connect", "first_token", "stall", "total"])
    static let budget = SuiteKeys("\"budget\"", ["usd", "per_trial_usd", "hours"])

    // MARK: What comes of it

    /// What a gate demands; one of them is there.
    static let demands = ["at_least", "at_most", "versus"]
    static let gate = SuiteKeys(
        "a gate", ["task", "subject", "metric", "no_worse_by", "judge_by", "confidence"] + demands,
        refused: ["baseline": "is spelt \"versus\" here: versus: baseline, no_worse_by: 0.02"])
    static let outputFile = SuiteKeys(
        "an output", SuiteOutput.Form.allCases.map(\.rawValue),
        refused: ["sqlite": "needs no output: the database of a run is always written, into the runs folder"])

    /// All tables, but those of single kinds of scorers.
    static let all = [
        suite, endpoint, price, tiers, model, parameters, message, matrix, exclusion, task, data, output, tool, does,
        sandbox,
        step, call, argument, unitTests, judge, run, concurrency, limits, retry, timeouts, budget, gate, outputFile,
    ]
}
