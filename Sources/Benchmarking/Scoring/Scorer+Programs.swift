internal import FunctionTools
internal import ProviderCore

/// Programs: unit tests, and the suite's own scorers.
extension Scorer {
    func unitTests(
        _ spec: UnitTestSpec, _ part: ScoredPart, _ trial: ScoredTrial
    ) async throws(ScorerFailure) -> Verdict {
        guard let runner = tools.runner else { throw ScorerFailure("no programs are run here") }
        let program = try UnitTestProgram(spec, answer: part.bare, fields: trial.sample.fields)
        guard let interpreter = tools.interpreters[spec.language], !interpreter.isEmpty else {
            throw ScorerFailure("no interpreter of \(spec.language) is known")
        }
        let outcome = await runner.run(
            Command(interpreter, input: Array(program.guarded.utf8), limits: limits(spec.timeout)))
        // A shell ends so for commands of the answer, too; an interpreter only where a wrapper did not find it.
        if spec.language != "sh", outcome.end == .exited(126) || outcome.end == .exited(127) {
            let output = shown(outcome.output.text(limit: tools.limits.output))
            throw ScorerFailure("\(interpreter[0]) could not be run: \(Self.end(outcome)): \(output)")
        }
        return try verdict(of: outcome, program)
    }

    private func verdict(of outcome: CommandOutcome, _ program: UnitTestProgram) throws(ScorerFailure) -> Verdict {
        try Self.checkStarted(outcome)
        let output = outcome.output.text(limit: tools.limits.output)
        let isThrough = ByteSearch(Array(program.mark.utf8)).first(in: Array(output.utf8)) != nil
        if outcome.end == .exited(0), isThrough { return Verdict(true) }
        let reason = outcome.end == .exited(0) ? "the program ended before its tests" : Self.end(outcome)
        let shown = shown(output.replacing(program.mark, with: ""))
        return Verdict(
            Score(
                value: 0, passes: false, explanation: shown.isEmpty ? reason : "\(reason): \(shown)",
                detail: .object([JSONMember("seconds", .double(Self.seconds(outcome.duration)))])))
    }

    func command(
        _ arguments: [String], _ timeout: Duration, _ part: ScoredPart, _ trial: ScoredTrial
    ) async throws(ScorerFailure) -> Verdict {
        guard let runner = tools.runner else { throw ScorerFailure("no programs are run here") }
        if let problem = part.problem, problem.isSuiteFault { throw ScorerFailure(problem.description) }
        let input = JSONWriter.bytes(CommandScore.input(part, trial))
        var placed = arguments
        if let folder = tools.folder, let program = arguments.first, program.hasPrefix("./") {
            placed[0] = folder + program.dropFirst()
        }
        let outcome = await runner.run(Command(placed, input: input, limits: limits(timeout)))
        try Self.checkStarted(outcome)
        let name = Texts.quoted(arguments.first ?? "")
        let output = outcome.output.text(limit: tools.limits.output)
        guard outcome.end == .exited(0) else {
            throw ScorerFailure("the scorer \(name) failed: \(Self.end(outcome)): \(shown(output))")
        }
        do throws(CommandScore.Problem) {
            return Verdict(try CommandScore.score(from: output))
        } catch {
            throw ScorerFailure("the scorer \(name) answered wrongly: \(error); it wrote \(Texts.quoted(output))")
        }
    }

    /// CPU time decides, so that a busy machine makes no answer wrong; time by the clock ends what only waits.
    private func limits(_ timeout: Duration) -> CommandLimits {
        let seconds = max(1, Int(Self.seconds(timeout).rounded(.up)))
        return CommandLimits(
            time: timeout * 2 + .seconds(1), cpuSeconds: seconds, memory: tools.limits.memory,
            processes: tools.limits.processes, output: tools.limits.output)
    }

    private static func checkStarted(_ outcome: CommandOutcome) throws(ScorerFailure) {
        switch outcome.end {
        case .notStarted, .cancelled: throw ScorerFailure(outcome.end.sentence)
        case .exited, .signalled, .timedOut: break
        }
    }

    private static func end(_ outcome: CommandOutcome) -> String {
        switch (outcome.end, outcome.limit) {
        case (.timedOut, let time?): "stopped: its time of \(time) was up"
        case (_, let limit?): "\(outcome.end.sentence) (\(limit))"
        case (_, nil): outcome.end.sentence
        }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    /// The end of an output, where the reason stands.
    private func shown(_ output: String) -> String {
        let text = Texts.trimmed(output)
        let scalars = text.unicodeScalars
        let rest = scalars.suffix(tools.limits.shownOutput)
        return rest.startIndex == scalars.startIndex ? text : "…" + String(String.UnicodeScalarView(rest))
    }
}

/// What a scorer that is a program of the suite reads and writes.
///
/// It reads one JSON object: `sample` (`id`, `fields`), `answer` (after extraction; null when nothing was found), `text`,
/// `refusal`, `finish` and `calls` (`name`, `arguments`). It writes one: `value` from 0 to 1, `pass` (optional), `explanation`
/// (optional) and `detail` (optional). What it writes before that, on lines of their own, is not looked at.
enum CommandScore {
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    static func input(_ part: ScoredPart, _ trial: ScoredTrial) -> JSONValue {
        let answer = trial.answer
        let calls = answer.calls.map { call in
            // Arguments that are no JSON go as the text that they are.
            JSONValue.object([
                JSONMember("name", .string(call.name)),
                JSONMember("arguments", (try? JSONParser.parse(call.arguments)) ?? .string(call.arguments)),
            ])
        }
        let sample = [JSONMember("id", .string(trial.sample.id)), JSONMember("fields", trial.sample.fields)]
        return .object([
            JSONMember("sample", .object(sample)),
            JSONMember("answer", part.text.map { .string($0) } ?? .null),
            JSONMember("text", .string(answer.text)),
            JSONMember("refusal", answer.refusal.map { .string($0) } ?? .null),
            JSONMember("finish", answer.finishReason.map { .string($0.wireName) } ?? .null),
            JSONMember("calls", .array(calls)),
        ])
    }

    static func score(from output: String) throws(Problem) -> Score {
        let lines = Texts.lines(output).filter { !Texts.trimmed($0).isEmpty }
        let candidates = [output, lines.last.map(String.init) ?? ""]
        guard
            let answer = candidates.lazy.compactMap({ try? JSONParser.parse($0) }).first(where: {
                $0.objectValue != nil
            })
        else { throw Problem(description: "its output is no JSON object") }
        let known: Set = ["value", "pass", "explanation", "detail"]
        if let odd = answer.objectValue?.first(where: { !known.contains($0.key) }) {
            throw Problem(description: "\(Texts.quoted(odd.key)) is none of value, pass, explanation, detail")
        }
        guard let member = answer["value"] else { throw Problem(description: "\"value\" is missing") }
        guard let value = member.doubleValue else {
            throw Problem(description: "\"value\" is \(member.kindWords), not a number")
        }
        guard (0...1).contains(value) else {
            throw Problem(description: "\"value\" is \(Texts.shown(member)), not between 0 and 1")
        }
        let pass = answer["pass"] ?? .null
        guard pass.isNull || pass.boolValue != nil else {
            throw Problem(description: "\"pass\" is \(pass.kindWords), not true or false")
        }
        let explanation = answer["explanation"] ?? .null
        guard explanation.isNull || explanation.stringValue != nil else {
            throw Problem(description: "\"explanation\" is \(explanation.kindWords), not a string")
        }
        return Score(
            value: value, passes: pass.boolValue, explanation: Texts.cut(explanation.stringValue ?? "", to: 2_000),
            detail: answer["detail"])
    }
}
