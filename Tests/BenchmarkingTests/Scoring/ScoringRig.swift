import Benchmarking
import Foundation
import FunctionTools
import ProviderCore

/// What tests of scorers share: plain templates, answers and samples in one line.
enum ScoringRig {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// `{{a.b}}` and nothing else.
    static let rendering = FieldRendering(
        text: { try text($0.source, $1, $2) },
        list: { template, fields in
            let source = template.source
            if source.hasPrefix("{{"), source.hasSuffix("}}"), !source.dropFirst(2).contains("{"),
                case .array(let elements) = try value(String(source.dropFirst(2).dropLast(2)), fields, nil)
            {
                return elements.map { $0.stringValue ?? JSONWriter.string($0) }
            }
            return [try text(source, fields, nil)]
        })

    static func scorer(
        runner: (any CommandRunner)? = nil,
        judge: @escaping @Sendable (JudgeSpec, [ChatMessage]) async throws -> JudgeAnswer = { _, _ in JudgeAnswer("") }
    ) -> Scorer {
        Scorer(ScorerTools(rendering: rendering, runner: runner, judge: judge))
    }

    static func sample(_ fields: String = "{}", tools: [Tool] = [], calls: [ExpectedCall] = []) throws -> Sample {
        Sample(id: "s1", fields: try JSONParser.parse(fields), tools: tools, expectedCalls: calls)
    }

    private static func text(_ source: String, _ fields: JSONValue, _ output: String?) throws -> String {
        var text = ""
        var rest = source[...]
        while let start = rest.range(of: "{{"), let end = rest[start.upperBound...].range(of: "}}") {
            text += rest[..<start.lowerBound]
            let found = try value(String(rest[start.upperBound..<end.lowerBound]), fields, output)
            text += found.stringValue ?? JSONWriter.string(found)
            rest = rest[end.upperBound...]
        }
        return text + rest
    }

    private static func value(_ path: String, _ fields: JSONValue, _ output: String?) throws -> JSONValue {
        if path == "output", let output { return .string(output) }
        var value = fields
        for name in path.split(separator: ".") {
            guard let next = value[String(name)] else { throw Missing(description: "there is no field \"\(path)\"") }
            value = next
        }
        return value
    }
}

/// A runner that answers by a function and starts nothing.
struct TableRunner: CommandRunner {
    var isolation: Isolation { .sandboxed(by: "a table") }
    var outcome: @Sendable (Command) -> CommandOutcome

    init(_ outcome: @escaping @Sendable (Command) -> CommandOutcome) { self.outcome = outcome }

    func run(_ command: Command) async -> CommandOutcome { outcome(command) }
}

extension ScoreResult {
    /// Why, whoever says it.
    var said: String { failure ?? score?.explanation ?? "" }

    /// Whether it says this; nothing is always said, which Foundation's `contains` denies.
    func says(_ text: String) -> Bool { text.isEmpty || said.contains(text) }
}
