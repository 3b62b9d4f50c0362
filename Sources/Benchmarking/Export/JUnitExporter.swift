import ProviderCore

/// JUnit's XML, as CI systems read it: a case for each trial, and one for each gate.
struct JUnitExporter: RunExporter {
    let wantsTrials = true
    let wantsRequests = false
    private let context: RunExport.Context
    /// Letters of an answer that a failure shows.
    private static let shownAnswer = 4000

    init(_ context: RunExport.Context) { self.context = context }

    mutating func begin() -> String {
        let (report, header) = (context.report, context.header)
        let trials = Self.counts(report.outcomes)
        let gates = gateCounts
        let name = ExportText.markup(header.name)
        let time = ExportText.fixed(report.run.worked.inSeconds, 3)
        func attributes(_ counts: Counts) -> String {
            "tests=\"\(counts.tests)\" failures=\"\(counts.failures)\" errors=\"\(counts.errors)\" "
                + "skipped=\"\(counts.skipped)\""
        }
        let all = Counts(
            tests: trials.tests + gates.tests, failures: trials.failures + gates.failures, errors: trials.errors,
            skipped: trials.skipped + gates.skipped)
        // Attributes of testsuite that validators know; skipped of testsuites is none of them.
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="\(name)" tests="\(all.tests)" failures="\(all.failures)" errors="\(all.errors)" time="\(time)">
            <testsuite name="\(name)" \(attributes(trials)) time="\(time)" timestamp="\(stamp)" hostname="localhost">
            <properties>
            <property name="run" value="\(ExportText.markup(header.id))"/>
            <property name="state" value="\(report.run.stateWord)"/>
            <property name="version" value="\(ExportText.markup(header.version))"/>
            </properties>

            """
    }

    /// Without a zone: the format has none.
    private var stamp: String { String(ExportText.instant(context.header.created).prefix(19)) }

    mutating func trial(_ trial: ExportedTrial) -> String {
        let (record, key) = (trial.record, trial.record.key)
        let classname = ExportText.markup("\(key.task).\(key.subject)")
        let name = ExportText.markup(key.repetition > 1 ? "\(key.sample) (\(key.repetition))" : key.sample)
        let head =
            "<testcase classname=\"\(classname)\" name=\"\(name)\" time=\"\(ExportText.fixed(trial.seconds, 3))\""
        let kind = Self.kind(record.outcome)
        guard kind != .passed else { return head + "/>\n" }
        let why = [trial.score?.explanation, record.error?.message].compactMap(\.self).first { !$0.isEmpty } ?? ""
        let word = record.outcome.rawValue
        let message = ExportText.markup(why.isEmpty ? word : "\(word): \(why)")
        guard kind != .skipped else { return head + "><skipped message=\"\(message)\"/></testcase>\n" }
        let tag = kind == .failed ? "failure" : "error"
        let answer = ExportText.markup(String((record.answer.refusal ?? record.answer.text).prefix(Self.shownAnswer)))
        return head + "><\(tag) message=\"\(message)\" type=\"\(word)\">\(answer)</\(tag)></testcase>\n"
    }

    mutating func end() -> String {
        var text = "</testsuite>\n"
        let counts = gateCounts
        if counts.tests > 0 {
            text +=
                "<testsuite name=\"gates\" tests=\"\(counts.tests)\" failures=\"\(counts.failures)\" errors=\"0\" "
                + "skipped=\"\(counts.skipped)\" time=\"0\" timestamp=\"\(stamp)\" hostname=\"localhost\">\n"
            for (number, gate) in context.gates.enumerated() { text += Self.gate(gate, number + 1, rule) }
            text += "</testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func gate(_ result: GateResult, _ number: Int, _ rule: InconclusiveRule) -> String {
        let place = [result.task ?? result.gate.task, result.subject ?? result.gate.subject].joined(separator: " ")
        let name = ExportText.markup("\(number) \(result.gate.metric) \(place)")
        let head = "<testcase classname=\"gates\" name=\"\(name)\" time=\"0\""
        let message = ExportText.markup(result.text)
        switch kind(result.verdict, rule) {
        case .passed: return head + "/>\n"
        case .skipped: return head + "><skipped message=\"\(message)\"/></testcase>\n"
        case .failed, .broken:
            return head + "><failure message=\"\(message)\" type=\"\(result.verdict.rawValue)\"/></testcase>\n"
        }
    }

    // MARK: Counts

    private enum Kind { case passed, failed, broken, skipped }

    private struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0

        mutating func add(_ kind: Kind, _ count: Int = 1) {
            tests += count
            switch kind {
            case .passed: break
            case .failed: failures += count
            case .broken: errors += count
            case .skipped: skipped += count
            }
        }
    }

    private var rule: InconclusiveRule { context.run.suite.onInconclusive }

    private static func kind(_ outcome: TrialOutcome) -> Kind {
        switch outcome {
        case .right, .answered: .passed
        case .budget, .skipped: .skipped
        case .scorerError, .infraError: .broken
        case .wrong, .partial, .refused, .truncated, .badFormat, .toolError: .failed
        }
    }

    private static func kind(_ verdict: GateResult.Verdict, _ rule: InconclusiveRule) -> Kind {
        switch verdict {
        case .pass: .passed
        case .fail: .failed
        case .skipped: .skipped
        case .inconclusive: rule == .fail ? .failed : rule == .pass ? .passed : .skipped
        }
    }

    private static func counts(_ outcomes: [TrialOutcome: Int]) -> Counts {
        var counts = Counts()
        for (outcome, count) in outcomes { counts.add(kind(outcome), count) }
        return counts
    }

    private var gateCounts: Counts {
        var counts = Counts()
        for gate in context.gates { counts.add(Self.kind(gate.verdict, rule)) }
        return counts
    }
}
