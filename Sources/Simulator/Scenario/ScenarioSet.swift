/// The scenarios a simulator plays, in the order in which they are tried.
///
/// The first scenario whose conditions all hold, and which has not been used up, answers a request.
public struct ScenarioSet: Sendable {
    let scenarios: [Scenario]

    /// The names, in the order in which the scenarios are tried.
    public var names: [String] { scenarios.map(\.name) }

    /// The scenarios that come with the program.
    ///
    /// - Throws: `ScenarioError` if one of them is malformed, which a test rules out.
    public static func builtIn() throws -> ScenarioSet {
        var scenarios: [Scenario] = []
        for file in embeddedFiles.keys.sorted() where file.hasSuffix(".scenario") {
            guard let text = embeddedFiles[file] else { continue }
            scenarios += try ScenarioSet(parsing: text.description, file: file).scenarios
        }
        return ScenarioSet(scenarios: scenarios)
    }

    /// The scenarios of a file. The format is described in `SCENARIOS.md` beside this target's sources.
    ///
    /// - Parameters:
    ///   - text: the file's text.
    ///   - file: its name, for messages only.
    /// - Throws: `ScenarioError` with line and column of the first thing that is wrong.
    public init(parsing text: String, file: String) throws {
        var parser = ScenarioParser(text, file: file)
        scenarios = try parser.parse()
    }

    /// These scenarios and others, which are tried first and replace those of the same name.
    public func adding(_ others: ScenarioSet) -> ScenarioSet {
        let replaced = Set(others.names)
        return ScenarioSet(scenarios: others.scenarios + scenarios.filter { !replaced.contains($0.name) })
    }

    /// The same scenarios without rates and pauses, for tests that have no time. A `wait forever` stays.
    public func withoutPauses() -> ScenarioSet {
        ScenarioSet(scenarios: scenarios.map { $0.withoutPauses() })
    }

    private init(scenarios: [Scenario]) {
        self.scenarios = scenarios
    }
}

extension Scenario {
    fileprivate func withoutPauses() -> Scenario {
        var scenario = self
        scenario.steps = Self.withoutPauses(steps)
        scenario.pieceTriggers.removeAll { $0.step.isPause }
        scenario.byteTriggers.removeAll { $0.step.isPause }
        if case .every(let size, _) = split { scenario.split = .every(size, pause: 0) }
        return scenario
    }

    private static func withoutPauses(_ steps: [Step]) -> [Step] {
        steps.filter { !$0.isPause }.map { step in
            if case .repeated(let rounds, let inner) = step { .repeated(rounds, withoutPauses(inner)) } else { step }
        }
    }
}

extension Step {
    fileprivate var isPause: Bool {
        switch self {
        case .rate, .wait(.nanoseconds): true
        default: false
        }
    }
}
