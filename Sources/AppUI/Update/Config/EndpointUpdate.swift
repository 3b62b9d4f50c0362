import ProviderCore
import TerminalKit

extension AppModel {
    /// Opens the form for an endpoint; what was typed there before is still in it, but for a key.
    mutating func setUpEndpoint() -> [AppEffect] {
        overlay = .form(.endpoint(desk.endpoint ?? EndpointForm()))
        return []
    }

    /// A key in the form.
    mutating func take(_ chord: KeyChord, in form: EndpointForm) -> [AppEffect] {
        var form = form
        defer { keep(form) }
        if let question = form.question { return answer(chord, question, &form) }
        switch chord {
        case KeyChord(.escape), .control("c"): return leave(&form)
        case KeyChord(.up), KeyChord(.backTab): move(by: -1, &form)
        case KeyChord(.down), KeyChord(.tab): move(by: 1, &form)
        case KeyChord(.enter):
            switch form.row {
            case .test: return test(&form)
            case .save: return save(&form)
            default: move(by: 1, &form)
            }
        case .control("t"): return test(&form)
        case .control("s"): return save(&form)
        default: edit(chord, &form)
        }
        return []
    }

    private mutating func keep(_ form: EndpointForm) {
        if case .form(.endpoint) = overlay { overlay = .form(.endpoint(form)) }
    }

    private func move(by step: Int, _ form: inout EndpointForm) {
        let rows = form.rows
        let index = rows.firstIndex(of: form.row) ?? 0
        form.row = rows[(index + step + rows.count) % rows.count]
    }

    private func edit(_ chord: KeyChord, _ form: inout EndpointForm) {
        form.problem = nil
        switch form.row {
        case .keySource:
            let all = EndpointForm.Source.allCases
            let index = all.firstIndex(of: form.source) ?? 0
            switch chord {
            case KeyChord(.left): form.source = all[(index + all.count - 1) % all.count]
            case KeyChord(.right), .character(" "): form.source = all[(index + 1) % all.count]
            default: break
            }
        case .model where chord == KeyChord(.pageDown) || chord == KeyChord(.pageUp):
            guard let models = form.models, !models.isEmpty else { return }
            let step = chord == KeyChord(.pageDown) ? 1 : -1
            let index = models.firstIndex(of: form.model.text).map { $0 + step } ?? 0
            form.model.setText(models[(index + models.count) % models.count])
        default: form.edit(typing: chord.isText) { _ = $0.handle(chord) }
        }
        form.agreed = []
    }

    /// Text that was pasted into the form.
    mutating func paste(_ text: String, into form: EndpointForm) {
        var form = form
        form.edit(typing: true) { $0.insert(text.trimmed.replacing("\n", with: " ")) }
        (form.problem, form.agreed) = (nil, [])
        overlay = .form(.endpoint(form))
    }

    /// Esc ends a test that runs, else leaves. A key is not kept. What is being saved is told of when it is there.
    private mutating func leave(_ form: inout EndpointForm) -> [AppEffect] {
        if let id = form.test {
            // What was not tried to its end counts for nothing.
            (form.test, form.tested) = (nil, nil)
            for (step, outcome) in form.steps where outcome == .running { form.steps[step] = .skipped("stopped") }
            return [.cancel(id: id)]
        }
        overlay = nil
        form.forgetSecrets()
        (form.steps, form.tested, form.problem, form.isSaving) = ([:], nil, nil, false)
        desk.endpoint = form
        return []
    }

    private mutating func test(_ form: inout EndpointForm) -> [AppEffect] {
        do throws(ParameterInputError) {
            let draft = try form.draft()
            let stopped: [AppEffect] = form.test.map { [.cancel(id: $0)] } ?? []
            let id = nextRequest
            nextRequest += 1
            (form.test, form.tested, form.steps, form.models, form.problem) = (id, draft, [:], nil, nil)
            form.row = .test
            return stopped + [.configure(.checkEndpoint(id: id, draft))]
        } catch {
            form.problem = error.message
            return []
        }
    }

    private mutating func save(_ form: inout EndpointForm) -> [AppEffect] {
        guard !form.isSaving else { return [] }
        let draft: EndpointDraft
        do throws(ParameterInputError) { draft = try form.draft() } catch {
            form.problem = error.message
            return []
        }
        form.row = .save
        if !form.isTested, !form.agreed.contains(.isUntested) {
            form.question = .isUntested
        } else if case .pasted = draft.key, !form.agreed.contains(.writesKey) {
            form.question = .writesKey
        } else {
            form.isSaving = true
            form.problem = nil
            desk.written.insert("profiles.\(draft.name)")
            return [.configure(.saveEndpoint(draft, replaces: form.agreed.contains(.replaces)))]
        }
        return []
    }

    private mutating func answer(
        _ chord: KeyChord, _ question: EndpointForm.Question, _ form: inout EndpointForm
    ) -> [AppEffect] {
        form.question = nil
        guard chord == .character("y") || chord == .character("Y") else { return [] }
        form.agreed.insert(question)
        return save(&form)
    }

    // MARK: What came of it

    /// A step of a test has begun or is done.
    mutating func take(_ outcome: EndpointOutcome, of step: EndpointStep, test id: Int) {
        guard case .form(.endpoint(var form)) = overlay, form.test == id else { return }
        form.steps[step] = outcome
        overlay = .form(.endpoint(form))
    }

    /// The server's models; the first is taken where none was named.
    mutating func take(endpointModels models: [String], test id: Int) {
        guard case .form(.endpoint(var form)) = overlay, form.test == id else { return }
        form.models = models
        if form.model.text.trimmed.isEmpty, let first = models.first {
            form.model.setText(first)
            form.tested?.model = first
        }
        overlay = .form(.endpoint(form))
    }

    /// A test is over.
    mutating func endpointTested(_ id: Int) {
        guard case .form(.endpoint(var form)) = overlay, form.test == id else { return }
        form.test = nil
        if form.isTested { form.row = .save }
        overlay = .form(.endpoint(form))
    }

    /// How saving an endpoint ended. The form that asked for it may have been left, and another one be open.
    mutating func endpointSaved(_ name: String, _ outcome: SaveOutcome) {
        var form: EndpointForm?
        if case .form(.endpoint(let open)) = overlay, open.isSaving { form = open }
        form?.isSaving = false
        if case .saved = outcome {} else { desk.written.remove("profiles.\(name)") }
        switch outcome {
        case .saved(let words):
            if form != nil { overlay = nil }
            if form != nil || desk.endpoint?.name.text.trimmed == name { desk.endpoint = nil }
            say(TextGate.gate(words, allowNewlines: false).text)
            flash = Flash(text: "\(name) is saved: tickertape --profile \(name) asks there.", level: .info)
            return
        case .exists:
            form?.question = .replaces
            if form == nil { tellUnsaved(name, "there is a profile of this name") }
        case .failed(let problem):
            let problem = TextGate.gate(problem, allowNewlines: false).text
            form?.problem = problem
            if form == nil { tellUnsaved(name, problem) }
        }
        if let form { overlay = .form(.endpoint(form)) }
    }

    /// Tells that an endpoint whose form was left is not saved; the form says so, too, when it is opened again.
    private mutating func tellUnsaved(_ name: String, _ problem: String) {
        if desk.endpoint?.name.text.trimmed == name { desk.endpoint?.problem = problem }
        flash = Flash(text: "\(name) is not saved: \(problem)", level: .error)
    }
}
