internal import ProviderCore

/// Templates of a task, by what fills them.
struct TemplateUse {
    /// Messages of the task's own prompt.
    var prompt: [TemplatePlace] = []
    /// Filled with the sample alone.
    var plain: [TemplatePlace] = []
    /// Filled with the sample, and some with the answer.
    var scoring: [TemplatePlace] = []
}

/// Trying the templates with every sample, so that a name that is not there is told before anything is paid for.
extension SuiteReading {
    mutating func checkTemplates(
        _ task: inout SuiteTask, _ cluster: FieldTemplate?, _ use: TemplateUse, _ fields: SuiteFields
    ) {
        let asked = task.prompt == nil ? task.samples.filter { $0.messages == nil } : task.samples
        let isSpoiled = suite.subjects.isEmpty || spoiled.contains { $0.hasPrefix("prompt ") }
        if task.prompt == nil, !asked.isEmpty, !isSpoiled {
            let used = prompts.filter { prompt in suite.subjects.contains { $0.promptName == prompt.name } }
            if used.isEmpty {
                problem(
                    fields.node,
                    "the task \"\(task.id)\" has no prompt, and neither has the suite: "
                        + "prompt: [{role: user, text: \"{{question}}\"}]")
            }
            for place in used.flatMap(\.places) { check(place, asked, task.id, output: nil) }
        }
        for place in use.prompt + use.plain { check(place, task.samples, task.id, output: nil) }
        for place in use.scoring { check(place, task.samples, task.id, output: place.hasOutput ? "" : nil) }
        guard let cluster else { return }
        for index in task.samples.indices {
            task.samples[index].cluster = try? cluster.rendered(with: task.samples[index].fields)
        }
    }

    private mutating func check(_ place: TemplatePlace, _ samples: [Sample], _ task: String, output: String?) {
        var first: (id: String, message: String)?
        var count = 0
        for sample in samples {
            do throws(FieldTemplateError) {
                let text = try place.template.rendered(with: sample.fields, output: output)
                if place.isNumber, NumberScanner.whole(text) == nil {
                    throw FieldTemplateError(
                        "\"number\" needs a number, and \(NameWords.cut(place.template.source)) is \(Texts.quoted(text))"
                    )
                }
            } catch {
                count += 1
                if first == nil { first = (sample.id, error.message) }
            }
        }
        guard let first else { return }
        let more = count > 1 ? " (in \(count) of \(samples.count) samples)" : ""
        problem(place.mark, "task \"\(task)\", sample \"\(NameWords.cut(first.id))\": \(first.message)\(more)")
    }
}
