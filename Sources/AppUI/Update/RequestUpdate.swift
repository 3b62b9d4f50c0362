import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// Sends the prompt. While an answer runs nothing is lost: the text stays where it is.
    mutating func send() -> [AppEffect] {
        let text = prompt.text
        guard !text.trimmed.isEmpty else {
            flash = Flash(text: "The prompt is empty.", level: .info)
            return []
        }
        guard canAsk(), fitsOrIsWanted(text) else { return [] }
        let refused = refuseOpenCalls()
        history.add(text)
        prompt.setText("")
        conversation.entries.append(.user(text, DisplayText(text)))
        return refused + ask()
    }

    /// Whether the request fits into the model's window as far as we can count; one that does not is sent on the second Enter.
    private mutating func fitsOrIsWanted(_ text: String) -> Bool {
        guard let count = sendCount, count.isTooLong, warnedOf != text else { return true }
        warnedOf = text
        let window = info(parameters.model)?.contextWindow.map(MeterText.full) ?? "–"
        flash = Flash(
            text:
                "\(MeterText.full(count.tokens)) tokens, and the model takes \(window): Enter again sends them all the same.",
            level: .warning)
        return false
    }

    /// Whether a request can start now; says why not.
    mutating func canAsk() -> Bool {
        if isBusy {
            let what = isRunning ? "An answer" : "A tool"
            flash = Flash(text: "\(what) is running: Esc stops it. The prompt is kept.", level: .warning)
            return false
        }
        if parameters.model.isEmpty {
            flash = Flash(text: "No model is chosen: Ctrl-X m lists what \(connection.name) offers.", level: .warning)
            return false
        }
        if let problem = toolProblem {
            flash = Flash(text: problem, level: .warning)
            return false
        }
        guard let obstacle = obstacle else { return true }
        flash = Flash(
            text:
                "\(parameters.model) does not take \(obstacle.parameter): \(obstacle.reason)."
                + (obstacle.isRemovable ? " Alt-5, then u leaves it out." : ""),
            level: .warning)
        return false
    }

    /// What is wrong with tools and the choice among them; nil = nothing.
    private var toolProblem: String? {
        if let name = parameters.toolChoice?.functionName, !tools.offered.contains(where: { $0.name == name }) {
            return "tool choice: no function \"\(name)\" is offered. Alt-5, then u leaves it out."
        }
        guard parameters.isStrict == true else { return nil }
        for tool in tools.offered {
            let problem = tool.definition.parameters.flatMap { StrictSubset.problems(in: $0).first }
            if let problem { return "\(tool.name) cannot be strict: \(problem.description). Alt-5, then u on strict." }
        }
        return nil
    }

    /// The first thing in the next request that model or API do not take; nil = none is known.
    private var obstacle: RequestObstacle? {
        let request = request(messages: [])
        let info = catalog.model(parameters.model)
        return info.obstacles(to: request, api: api(of: request), isOpenAI: connection.isOpenAI).first
    }

    private func request(messages: [ChatMessage]) -> ChatRequest {
        let definitions = tools.offered.map { tool in
            var definition = tool.definition
            if let strict = parameters.isStrict { definition.strict = strict }
            return definition
        }
        var request = ChatRequest(
            model: parameters.model, messages: messages, parameters: parameters.modelParameters, tools: definitions,
            responseFormat: parameters.responseFormat, api: connection.api)
        if !definitions.isEmpty {
            let isAfterResults = messages.last?.role == .tool
            request.toolChoice = parameters.toolChoice.flatMap { isAfterResults && $0.forcesCall ? nil : $0 }
            request.parallelToolCalls = parameters.callsInParallel
        }
        request.accounting = accounting
        request.isBackground = connection.asksInBackground && api(of: request) == .responses
        return request
    }

    /// To what the next request is booked: the cap on it is the panel's, the others are the settings'.
    private var accounting: Accounting {
        var caps = connection.caps
        caps[.request, default: SpendingCap()].hard = parameters.maxCost
        if caps[.request] == SpendingCap() { caps[.request] = nil }
        return Accounting(purpose: .workspace, conversation: "\(session)-\(conversationNumber)", caps: caps)
    }

    /// The API that a request will go through.
    private func api(of request: ChatRequest) -> ModelAPI {
        (connection.isOpenAI ? catalog.model(request.model) : nil).api(for: request)
    }

    /// Starts a request for the conversation as it stands.
    mutating func ask() -> [AppEffect] {
        tellEndOfModel()
        let request = request(messages: conversation.messages(systemPrompt: parameters.systemPrompt))
        tools.sent = tools.all.without(tools.switchedOff)
        let stamp = RequestStamp(model: parameters.model, parameters: parameters.stamp)
        parameters.noteSent()
        conversation.turns += 1
        var answer = Answer(
            stamp: stamp, sent: now, inputEstimate: requestTokens(request).tokens, pricing: info(parameters.model),
            counted: TokenCount(counting, model: catalog.model(parameters.model)))
        if case .jsonSchema(_, let schema, _)? = request.responseFormat { answer.schema = try? JSONSchema(schema) }
        conversation.entries.append(.answer(answer))
        transcript.follow()
        let id = nextRequest
        nextRequest += 1
        running = id
        pendingWait = nil
        return [.ask(id: id, request), .loop(.alarm(after: Self.tickInterval))]
    }

    /// Counts the running answer and its request anew, now that exact counts are ready.
    mutating func recount() {
        guard isRunning, let index = conversation.lastAnswerIndex, let model = conversation.lastAnswer?.stamp.model
        else {
            return
        }
        var before = conversation
        before.entries.removeSubrange(index...)
        var request = request(messages: before.messages(systemPrompt: parameters.systemPrompt))
        request.model = model
        let input = requestTokens(request).tokens
        let count = TokenCount(counting, model: catalog.model(model))
        conversation.withLastAnswer { answer in
            answer.inputEstimate = input
            answer.recount(with: count)
        }
        updateCost()
    }

    /// Says, once a model, when it ended or will.
    private mutating func tellEndOfModel() {
        guard connection.isOpenAI, let end = catalog.model(parameters.model)?.retirement,
            toldEnds.insert(parameters.model).inserted
        else { return }
        say(end + ".", .warning)
    }

    /// Asks again for the last answer with the present parameters; the old answer is replaced.
    mutating func regenerate() -> [AppEffect] {
        guard let index = conversation.lastAnswerIndex else {
            flash = Flash(text: "There is no answer to ask again for.", level: .info)
            return []
        }
        guard canAsk() else { return [] }
        conversation.entries.removeSubrange(index...)
        traceSelection = nil
        return ask()
    }

    /// Takes the last prompt and all after it out of the conversation; its text goes back into the prompt.
    mutating func undoTurn() -> [AppEffect] {
        let effects = stopRunning()
        let last = conversation.entries.lastIndex { if case .user = $0 { true } else { false } }
        guard let last, case .user(let text, _) = conversation.entries[last] else {
            flash = Flash(text: "There is no turn to take back.", level: .info)
            return effects
        }
        conversation.entries.removeSubrange(last...)
        traceSelection = nil
        if prompt.isEmpty { prompt.setText(text) } else { history.add(text) }
        focus = .prompt
        return effects
    }

    /// Stops the running answer and keeps what came; stops the tools that run.
    mutating func stopRunning() -> [AppEffect] {
        let stopped = stopTools()
        guard let id = running else { return stopped }
        running = nil
        pendingWait = nil
        let at = now
        conversation.withLastAnswer { answer in
            answer.timing.last = answer.timing.firstToken == nil ? at : answer.timing.last
            answer.settle(.cancelled, at: at)
        }
        account()
        return stopped + [.cancel(id: id), .loadToday(isDemo: connection.isDemo)]
    }

    /// Takes a batch of stream events.
    mutating func take(_ events: [StreamEvent], of id: Int, at: ContinuousClock.Instant) -> [AppEffect] {
        guard id == running else { return [] }
        let turn = conversation.turns
        let tools = tools.sent
        let hadCalls = conversation.lastAnswer?.calls.isEmpty == false
        for case .policy(let event) in events { take(event) }
        conversation.withLastAnswer { answer in
            for event in events { answer.take(event, turn: turn, tools: tools, at: at) }
        }
        if !hadCalls, conversation.lastAnswer?.calls.isEmpty == false, let entry = conversation.lastAnswerIndex {
            // The trace follows what arrives.
            traceSelection = TraceID(entry: entry, call: 0)
        }
        notePricing(events)
        updateCost()
        transcript.noteGrowth()
        return []
    }

    /// The stream ended.
    mutating func end(_ id: Int, _ error: ProviderError?, at: ContinuousClock.Instant) -> [AppEffect] {
        guard id == running else { return [] }
        running = nil
        pendingWait = nil
        conversation.withLastAnswer { answer in
            if let error {
                answer.settle(.failed(error), at: at)
            } else {
                answer.settle(.complete(answer.response.finishReason ?? .other("none")), at: at)
            }
        }
        account()
        checkFormat()
        return receiveCalls() + [.loadToday(isDemo: connection.isDemo)]
    }

    /// Looks whether a whole answer has the form that was asked for.
    private mutating func checkFormat() {
        conversation.withLastAnswer { answer in
            guard case .complete = answer.state, let schema = answer.schema, answer.response.toolCalls.isEmpty,
                answer.response.refusal == nil
            else { return }
            answer.violations = AnswerFormat.violations(of: answer.response.text, schema)
        }
    }

    /// Adds the ended answer to the session. A request that the server refused before any content was not billed.
    private mutating func account() {
        guard let answer = conversation.lastAnswer else { return }
        let isFree =
            switch answer.state {
            case .failed(let error): error.status != nil || error.fate == .notSent || error.fate == .refused
            // Given up while it waited for its turn or for another attempt.
            case .cancelled: answer.attempts.running == nil
            case .waiting, .streaming, .complete: false
            }
        if isFree, answer.isEmpty {
            conversation.withLastAnswer { $0.cost = .unknown }
            return
        }
        updateCost()
        if let priced = conversation.lastAnswer { totals.add(priced) }
    }

    /// Prices the running answer by the tokens told or estimated so far.
    private mutating func updateCost() {
        conversation.withLastAnswer { answer in
            var usage = answer.response.usage
            let isEstimate = usage.outputTokens == nil || usage.inputTokens == nil
            if usage.outputTokens == nil { usage.outputTokens = answer.counted.tokens }
            if usage.inputTokens == nil { usage.inputTokens = answer.inputEstimate }
            answer.cost = CostCalculator.cost(
                of: usage, model: answer.pricing, tier: answer.response.metadata.serviceTier, isEstimate: isEstimate)
        }
    }

    /// The model that answers may be another than the one asked: prices follow it.
    private mutating func notePricing(_ events: [StreamEvent]) {
        for case .responseStarted(let metadata) in events {
            guard let told = metadata.model, let info = info(told) else { continue }
            conversation.withLastAnswer { $0.pricing = info }
        }
    }

    /// Takes the model list; chooses the first model when none is chosen yet.
    mutating func take(models result: Result<[ModelListing], ProviderError>) -> [AppEffect] {
        switch result {
        case .success(let list):
            models = list
            if parameters.model.isEmpty, let first = list.first { parameters.set(.model, to: .text(first.id)) }
            refreshModelPicker()
        case .failure(let error):
            models = models ?? []
            refreshModelPicker(failed: true)
            flash = Flash(
                text: TextGate.gate("The model list of \(connection.name): \(error.message)", allowNewlines: false)
                    .text,
                level: .warning)
        }
        return []
    }
}

extension Answer {
    /// Takes one event.
    mutating func take(_ event: StreamEvent, turn: Int, tools: ToolSet, at: ContinuousClock.Instant) {
        response.apply(event)
        if case .policy = event { return }
        state = .streaming
        switch event {
        case .textDelta(let delta, choice: 0):
            text.append(delta)
            grow(delta, at: at)
        case .refusalDelta(let delta, choice: 0):
            text.append(delta)
            grow(delta, at: at)
        case .reasoningDelta(let delta, choice: 0):
            reasoning.append(delta)
            grow(delta, at: at)
        case .toolCallDelta(let delta) where delta.choice == 0:
            while calls.count <= delta.index { calls.append(TracedCall(turn: turn, started: at)) }
            if let name = delta.name, calls[delta.index].arguments.isEmpty {
                calls[delta.index].arguments = ArgumentStream(schema: tools.schema(of: name))
            }
            calls[delta.index].arguments.append(delta.argumentsDelta)
            calls[delta.index].arrived = at
            grow(delta.argumentsDelta, at: at)
        default: break
        }
    }

    private mutating func grow(_ delta: String, at: ContinuousClock.Instant) {
        counted.append(delta)
        if timing.firstToken == nil { timing.firstToken = at }
        timing.last = at
    }

    /// Ends the answer: texts are finished, whole calls wait for a decision, unfinished ones are cut.
    mutating func settle(_ end: AnswerState, at: ContinuousClock.Instant) {
        state = end
        text.finish()
        reasoning.finish()
        let isComplete = if case .complete = end { true } else { false }
        for index in calls.indices where calls[index].state == .assembling {
            calls[index].arguments.finish()
            calls[index].state = isComplete ? .waiting : .cut
            calls[index].arrived = calls[index].arrived ?? at
        }
    }
}
