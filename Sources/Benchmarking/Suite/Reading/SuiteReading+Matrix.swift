internal import ProviderCore

extension SuiteReading {
    /// A way along one axis of the matrix.
    private struct Axis {
        var names: [String] = []
        var isNamed = false
    }

    /// The most subjects.
    private static let mostSubjects = 1_000

    mutating func readMatrix(_ node: SuiteNode?) {
        var (model, prompt) = (Axis(names: models.map(\.name)), Axis(names: prompts.map(\.name)))
        var parameters: [(name: String, values: ModelParameters)] = []
        var excluded: [[String: String]] = []
        var label: (template: FieldTemplate, node: SuiteNode)?
        let count = problems.count
        if let node {
            guard let fields = fields(node, .matrix, example: "{model: [mini], prompt: [plain]}") else { return }
            if let node = fields["model"] { model = axis(node, "model", model.names) }
            if let node = fields["prompt"] { prompt = axis(node, "prompt", prompt.names) }
            if let node = fields["params"] { parameters = parameterSets(node) }
            if let node = fields["exclude"] {
                excluded = exclusions(node, model.names, prompt.names, parameters.map(\.name))
            }
            if let node = fields["label"] { label = self.label(node) }
        }
        guard problems.count == count else { return }
        let cells = model.names.count * max(1, prompt.names.count) * max(1, parameters.count)
        guard cells <= Self.mostSubjects else {
            return problem(
                node?.mark ?? SuiteMark(line: 1, column: 1),
                "the matrix has \(cells) subjects; at most \(Self.mostSubjects)")
        }
        let subjects = combine(model.names, prompt.names, parameters, excluded)
        if subjects.isEmpty, let node { return problem(node, "the matrix leaves no subject: every one is excluded") }
        let hasPrompts = prompt.names.count > 1 || prompt.isNamed
        suite.subjects = subjects.map { cell in
            var subject = cell.subject
            subject.label = named(cell, label, hasPrompts: hasPrompts)
            return subject
        }
        checkLabels(label?.node ?? node)
    }

    private struct Cell {
        var subject: Subject
        var names: [String: String]
    }

    private mutating func axis(_ node: SuiteNode, _ what: String, _ names: [String]) -> Axis {
        let elements = node.elements ?? [node]
        if elements.isEmpty { problem(node, "\"\(what)\" is an empty list: [\(NameWords.list(names))]") }
        var axis = Axis(isNamed: true)
        for element in elements {
            guard let name = name(element, what, among: names) else { continue }
            if axis.names.contains(name) { problem(element, "\"\(name)\" is here twice") }
            axis.names.append(name)
        }
        return axis
    }

    private mutating func parameterSets(_ node: SuiteNode) -> [(name: String, values: ModelParameters)] {
        let entries = named(node, "\"params\" of the matrix", example: "cold: {temperature: 0}")
        if entries.isEmpty, node.entries?.isEmpty == true {
            problem(node, "\"params\" has nothing in it: cold: {temperature: 0}")
        }
        return entries.map { ($0.key, parameters($0.value)) }
    }

    private mutating func exclusions(
        _ node: SuiteNode, _ models: [String], _ prompts: [String], _ parameters: [String]
    ) -> [[String: String]] {
        let example = "- {model: mini, params: warm}"
        let axes = [("model", models), ("prompt", prompts), ("params", parameters)]
        return (list(node, example: example) ?? []).compactMap { element in
            guard let fields = fields(element, .exclusion, example: example) else { return nil }
            var exclusion: [String: String] = [:]
            for (axis, names) in axes {
                if let node = fields[axis] { exclusion[axis] = name(node, axis, among: names) }
            }
            if exclusion.isEmpty, fields.entries.isEmpty {
                problem(element, "an exclusion names at least one of model, prompt, params")
            }
            return exclusion
        }
    }

    private mutating func label(_ node: SuiteNode) -> (FieldTemplate, SuiteNode)? {
        guard let template = template(node, example: "\"{{model}}/{{prompt}}\"") else { return nil }
        // A label has no sample to be tried with.
        templates.removeLast()
        let known = ["model", "prompt", "params"]
        for name in template.names where !known.contains(name) {
            problem(node, "a label has no field \"\(NameWords.cut(name))\"" + NameWords.suggestion(name, among: known))
        }
        return (template, node)
    }

    /// Every combination that is not excluded, in the order of the file.
    private mutating func combine(
        _ modelNames: [String], _ promptNames: [String], _ parameters: [(name: String, values: ModelParameters)],
        _ excluded: [[String: String]]
    ) -> [Cell] {
        var cells: [Cell] = []
        let sets = parameters.isEmpty ? [(name: "", values: ModelParameters())] : parameters
        for name in modelNames {
            guard let model = models.first(where: { $0.name == name }) else { continue }
            for promptName in promptNames.isEmpty ? [""] : promptNames {
                for set in sets {
                    let names = ["model": name, "prompt": promptName, "params": set.name]
                    let isExcluded = excluded.contains { $0.allSatisfy { names[$0.key] == $0.value } }
                    guard !isExcluded else { continue }
                    let messages = prompts.first { $0.name == promptName }?.messages ?? []
                    let subject = Subject(
                        label: "", model: model, promptName: promptName, prompt: messages,
                        parameters: model.parameters.overridden(by: set.values))
                    cells.append(Cell(subject: subject, names: names))
                }
            }
        }
        return cells
    }

    private func named(_ cell: Cell, _ label: (template: FieldTemplate, node: SuiteNode)?, hasPrompts: Bool) -> String {
        if let label {
            let fields = JSONValue.object(cell.names.map { JSONMember($0.key, .string($0.value)) })
            return (try? label.template.rendered(with: fields)) ?? ""
        }
        var parts = [cell.names["model"] ?? ""]
        if hasPrompts { parts.append(cell.names["prompt"] ?? "") }
        parts.append(cell.names["params"] ?? "")
        return parts.filter { !$0.isEmpty }.joined(separator: "/")
    }

    private mutating func checkLabels(_ node: SuiteNode?) {
        guard let node else { return }
        var seen: Set<String> = []
        for subject in suite.subjects {
            let isLine = subject.label.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            if subject.label.isEmpty || !isLine {
                return problem(node, "the label of a subject is empty or more than a line")
            }
            guard seen.insert(subject.label).inserted else {
                return problem(
                    node,
                    "two subjects have the label \"\(NameWords.cut(subject.label))\"; "
                        + "a label tells them apart: \"{{model}}/{{prompt}}/{{params}}\"")
            }
        }
    }
}

extension ModelParameters {
    /// These parameters with those that others name in their place.
    func overridden(by other: ModelParameters) -> ModelParameters {
        ModelParameters(
            temperature: other.temperature ?? temperature, topP: other.topP ?? topP,
            maxOutputTokens: other.maxOutputTokens ?? maxOutputTokens, seed: other.seed ?? seed,
            stop: other.stop ?? stop,
            frequencyPenalty: other.frequencyPenalty ?? frequencyPenalty,
            presencePenalty: other.presencePenalty ?? presencePenalty,
            reasoningEffort: other.reasoningEffort ?? reasoningEffort,
            reasoningSummary: other.reasoningSummary ?? reasoningSummary, verbosity: other.verbosity ?? verbosity,
            serviceTier: other.serviceTier ?? serviceTier, topLogprobs: other.topLogprobs ?? topLogprobs)
    }
}
