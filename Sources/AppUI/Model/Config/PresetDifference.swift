import TerminalKit

/// A line of a comparison of presets.
enum DifferenceLine: Sendable, Hashable {
    /// A value that differs: its name, what the left has, what the right has.
    case value(String, left: String, right: String)
    /// A text that differs begins.
    case text(String)
    /// A line of it that both have.
    case same(String)
    /// A line that only the left has.
    case removed(String)
    /// A line that only the right has.
    case added(String)
}

/// What differs between two presets.
enum PresetDifference {
    /// The differences, values first; empty when there are none. `standard` is what a parameter is that a preset does not name.
    static func lines(
        _ left: Preset, _ right: Preset, standard: (ParameterID) -> ParameterValue? = { _ in nil }
    ) -> [DifferenceLine] {
        var lines: [DifferenceLine] = []
        for spec in ParameterSpec.all where spec.id != .systemPrompt && Preset.holds(spec.id) {
            let values = [left, right].map { $0.values[spec.id] ?? (spec.id == .model ? nil : standard(spec.id)) }
            guard values[0] != values[1] else { continue }
            let words = values.map { $0.map(spec.shown) ?? (spec.id == .model ? "as chosen" : "not sent") }
            lines.append(.value(spec.label, left: words[0], right: words[1]))
        }
        if Set(left.tools ?? []) != Set(right.tools ?? []) || (left.tools == nil) != (right.tools == nil) {
            lines.append(.value("functions", left: words(left.tools), right: words(right.tools)))
        }
        let names = Set(left.variables.keys).union(right.variables.keys).sorted()
        for name in names where left.variables[name] != right.variables[name] {
            lines.append(
                .value("{{\(name)}}", left: left.variables[name] ?? "–", right: right.variables[name] ?? "–"))
        }
        let prompts = [left, right].map { preset -> String in
            if case .text(let text)? = preset.values[.systemPrompt] ?? standard(.systemPrompt) { text } else { "" }
        }
        if prompts[0] != prompts[1] {
            lines.append(.text("system prompt"))
            lines += LineDifference.lines(prompts[0], prompts[1])
        }
        return lines
    }

    private static func words(_ tools: [String]?) -> String {
        guard let tools else { return "as they are" }
        return tools.isEmpty ? "none" : tools.sorted().joined(separator: ", ")
    }
}

/// The difference of two texts, line by line.
enum LineDifference {
    /// More lines than this in a text are compared as one block: the table of the algorithm grows with both.
    private static let mostLines = 500

    /// The lines in order, by the longest common subsequence.
    static func lines(_ left: String, _ right: String) -> [DifferenceLine] {
        let a = left.isEmpty ? [] : left.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let b = right.isEmpty ? [] : right.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard a.count <= mostLines, b.count <= mostLines else {
            return a.map(DifferenceLine.removed) + b.map(DifferenceLine.added)
        }
        var common = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
            }
        }
        var lines: [DifferenceLine] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                lines.append(.same(a[i]))
                (i, j) = (i + 1, j + 1)
            } else if i < a.count, j == b.count || common[i + 1][j] >= common[i][j + 1] {
                lines.append(.removed(a[i]))
                i += 1
            } else {
                lines.append(.added(b[j]))
                j += 1
            }
        }
        return lines
    }
}
