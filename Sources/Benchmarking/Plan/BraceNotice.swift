internal import ProviderCore

/// Fields in single braces, which are put in as they are: other programs write them so.
enum BraceNotice {
    /// A sentence for each field of a task's samples that its messages or its scorer have in single braces.
    static func notices(_ suite: Suite, _ task: SuiteTask) -> [String] {
        guard let sample = task.samples.first else { return [] }
        let names = Set((sample.fields.objectValue ?? []).map(\.key))
        let prompts = task.prompt.map { [$0] } ?? (sample.messages == nil ? suite.subjects.map(\.prompt) : [])
        let templates = prompts.flatMap { $0.map(\.text) } + (task.scorer?.parts.flatMap(\.templates) ?? [])
        var found: [String] = []
        for template in templates {
            for name in self.names(in: template.source) where names.contains(name) && !found.contains(name) {
                found.append(name)
            }
        }
        return found.map { name in
            "task \"\(task.id)\": {\(name)} is put in as it is; the sample's field is {{\(name)}}"
        }
    }

    /// What stands in single braces.
    private static func names(in text: String) -> [String] {
        let source = Array(text.unicodeScalars)
        var names: [String] = []
        var start: Int?
        for (place, scalar) in source.enumerated() {
            if scalar == "{" {
                start = place == 0 || source[place - 1] != "{" ? place + 1 : nil
            } else if scalar == "}", let first = start {
                let isSingle = place + 1 == source.count || source[place + 1] != "}"
                if isSingle { names.append(String(String.UnicodeScalarView(source[first..<place]))) }
                start = nil
            }
        }
        return names
    }
}

extension ScorerSpec {
    /// Its own templates, but programs: braces in those are theirs.
    fileprivate var templates: [FieldTemplate] {
        switch self {
        case .exact(let text, _), .regex(let text), .number(let text, _, _): [text]
        case .contains(let texts, _, _), .oneOf(let texts, _): texts
        case .judge(let judge): [judge.rubric]
        case .jsonValid, .jsonPath, .calls, .unitTests, .command, .all, .any, .not: []
        }
    }
}
