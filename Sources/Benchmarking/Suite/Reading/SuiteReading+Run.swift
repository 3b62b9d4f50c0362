internal import ProviderCore

/// Reading `run`, `baseline` and `outputs`.
extension SuiteReading {
    mutating func readRun(_ node: SuiteNode?) {
        guard let node else { return }
        // A load suite has members of its own, which say nothing while the mode is refused.
        if let mode = node.entries?.first(where: { $0.key == "mode" })?.value,
            mode.scalar == "load" || mode.scalar == "batch"
        {
            let reason = "is not there yet; mode: quality is"
            _ = word(mode, ["quality"], notYet: ["load": reason, "batch": reason])
            return
        }
        guard let fields = fields(node, .run, example: "{budget: {usd: 5}}") else { return }
        if let node = fields["mode"] { _ = word(node, ["quality"]) }
        if let node = fields["order"] { _ = word(node, ["interleave"]) }
        if let node = fields["concurrency"] { readConcurrency(node) }
        if let node = fields["limits"] { readLimits(node) }
        if let node = fields["retry"] { readRetry(node) }
        if let node = fields["timeouts"] { readTimeouts(node) }
        if let node = fields["budget"] { readBudget(node) }
        if let node = fields["allow_unpriced"] { suite.run.allowsUnpriced = bool(node) ?? false }
    }

    private mutating func readConcurrency(_ node: SuiteNode) {
        var concurrency = RunSettings.Concurrency()
        if node.scalar != nil, !node.isNull {
            guard let count = int(node, 1...4_096, example: "8") else { return }
            concurrency.start = count
            concurrency.most = count
            concurrency.adapts = false
        } else {
            guard let fields = fields(node, .concurrency, example: "{start: 8, max: 64}") else { return }
            if let node = fields["adapt"] { concurrency.adapts = bool(node) ?? true }
            if let node = fields["max"] { concurrency.most = int(node, 1...4_096, example: "64") ?? 64 }
            concurrency.start = min(concurrency.start, concurrency.most)
            if let node = fields["start"] {
                concurrency.start = int(node, 1...4_096, example: "8") ?? concurrency.start
                if fields["max"] == nil { concurrency.most = max(concurrency.most, concurrency.start) }
                if concurrency.start > concurrency.most {
                    problem(node, "\"start\" is \(concurrency.start), which is more than \"max\", \(concurrency.most)")
                }
            }
            if !concurrency.adapts, fields["max"] != nil, fields["start"] != nil, concurrency.most != concurrency.start
            {
                problem(fields.mark("max"), "\"max\" has no use with adapt: false, where \"start\" holds")
            }
            if !concurrency.adapts { concurrency.most = fields["start"] == nil ? concurrency.most : concurrency.start }
            if !concurrency.adapts { concurrency.start = concurrency.most }
        }
        suite.run.concurrency = concurrency
    }

    private mutating func readLimits(_ node: SuiteNode) {
        guard let fields = fields(node, .limits, example: "{rpm: auto, tpm: 200000}") else { return }
        if let node = fields["rpm"], node.scalar != "auto" {
            suite.run.limits.requestsPerMinute = int(node, 1...1_000_000_000, example: "500")
        }
        if let node = fields["tpm"], node.scalar != "auto" {
            suite.run.limits.tokensPerMinute = int(node, 1...1_000_000_000_000, example: "200000")
        }
    }

    private mutating func readRetry(_ node: SuiteNode) {
        guard let fields = fields(node, .retry, example: "{attempts: 6}") else { return }
        if let node = fields["attempts"] { suite.run.attempts = int(node, 1...100, example: "6") ?? 6 }
        if let node = fields["jitter"] { _ = word(node, ["full"]) }
        if let node = fields["honour_retry_after"], bool(node) == false {
            problem(node, "\"honour_retry_after\" is always true")
        }
    }

    private mutating func readTimeouts(_ node: SuiteNode) {
        guard let fields = fields(node, .timeouts, example: "{first_token: 90s, total: 10m}") else { return }
        var timeouts = RunSettings.Timeouts()
        func read(_ key: String, _ reading: inout SuiteReading) -> Duration? {
            fields[key].flatMap { reading.duration($0, 0.1...86_400, example: "30s") }
        }
        timeouts.connect = read("connect", &self)
        timeouts.firstToken = read("first_token", &self)
        timeouts.stall = read("stall", &self)
        timeouts.total = read("total", &self)
        suite.run.timeouts = timeouts
    }

    private mutating func readBudget(_ node: SuiteNode) {
        guard let fields = fields(node, .budget, example: "{usd: 5, hours: 2}") else { return }
        var budget = RunSettings.Budget()
        if let node = fields["usd"] { budget.run = money(node, example: "5") }
        if let node = fields["per_trial_usd"] { budget.trial = money(node, example: "0.10") }
        if let node = fields["hours"], let hours = double(node, 0.001...8_760, example: "2") {
            budget.time = .milliseconds(Int64((hours * 3_600_000).rounded()))
        }
        if let run = budget.run, let trial = budget.trial, trial > run {
            problem(fields.mark("per_trial_usd"), "\"per_trial_usd\" is more than \"usd\"")
        }
        suite.run.budget = budget
    }

    // MARK: Baseline and outputs

    mutating func readBaseline(_ node: SuiteNode?) {
        guard let node, let text = text(node, example: "latest") else { return }
        let isName =
            !text.isEmpty
            && text.utf8.allSatisfy {
                ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
        guard isName else {
            return problem(
                node, "\"baseline\" is latest, or the id of a run of the same runs folder; files are not there yet")
        }
        suite.baseline = text
    }

    mutating func readOutputs(_ node: SuiteNode?) {
        guard let node else { return }
        let example = "- {junit: out/junit.xml}"
        let forms = SuiteOutput.Form.allCases
        var paths: Set<String> = []
        for element in list(node, example: example) ?? [] {
            guard let fields = fields(element, .outputFile, example: example) else { continue }
            let known = fields.entries.filter { entry in forms.contains { $0.rawValue == entry.key } }
            if known.count > 1 || fields.entries.isEmpty { problem(element, "an output has one form: \(example)") }
            guard let entry = known.first, let form = SuiteOutput.Form(rawValue: entry.key),
                let path = outputPath(entry.value)
            else { continue }
            if !paths.insert(path).inserted { problem(entry.value, "\"\(NameWords.cut(path))\" is written twice") }
            suite.outputs.append(SuiteOutput(form, path: path))
        }
    }

    private mutating func outputPath(_ node: SuiteNode) -> String? {
        guard let template = template(node, example: "out/report.md") else { return nil }
        templates.removeLast()
        let path = template.source
        for name in template.names where name != "run_id" {
            problem(node, "an output has no field \"\(NameWords.cut(name))\"; known: run_id")
            return nil
        }
        let isInside = !path.hasPrefix("/") && !path.split(separator: "/").contains("..") && !path.utf8.contains(0)
        if path.isEmpty || path.hasSuffix("/") || !isInside {
            problem(node, "an output is a file below the working folder: out/report.md")
            return nil
        }
        return path
    }
}
