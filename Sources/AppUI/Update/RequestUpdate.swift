import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// Sends the prompt. While an answer runs, and while its calls are not decided, it is queued.
    mutating func send() -> [AppEffect] {
        let text = prompt.text
        guard !text.trimmed.isEmpty else {
            if let effects = sendInsteadOfCalls() { return effects }
            flash = Flash(text: "The prompt is empty.", level: .info)
            return []
        }
        if let effects = performTyped(text) { return effects }
        if text.hasPrefix("!"), !text.hasPrefix("!!") { return runShell(text.dropFirst().trimmed) }
        let (isReady, reading) = filesAreReady(text)
        guard isReady else { return reading }
        guard isQueuing || canAsk(), !asksForVariables(of: text) else { return [] }
        return send(PromptTemplate(text).filled([:]))
    }

    /// Whether what is sent now is queued.
    var isQueuing: Bool { editing == nil && (isRunning || awaitsModels || conversation.hasOpenCalls) }

    /// Enter on an empty prompt while a queued one waits for decisions on calls: they are refused, and it is sent. Nil: none waits so.
    private mutating func sendInsteadOfCalls() -> [AppEffect]? {
        guard waitsForCalls else { return nil }
        guard canAsk() else { return [] }
        return refuseOpenCalls() + sendQueued(after: nil)
    }

    /// Whether a queued prompt waits for nothing but decisions on calls.
    var waitsForCalls: Bool { !queue.isEmpty && !isRunning && tools.running.isEmpty && !conversation.openCalls.isEmpty }

    /// Sends a text whose variables are filled in, in place of the prompt, which is what history keeps and what names files.
    mutating func send(_ text: String) -> [AppEffect] {
        let attached = files.attachments(of: prompt.text)
        if isQueuing { return enqueue(SlashLine.unescaped(text), attached) }
        guard canAsk(), fitsOrIsWanted(text) else { return [] }
        files = PromptFiles()
        history.add(prompt.text)
        prompt.setText("")
        leaveEdited()
        conversation.append(user: SlashLine.unescaped(text), attached)
        return ask()
    }

    /// Whether the request fits into the model's window as far as we can count; one that does not is sent on the second Enter.
    private mutating func fitsOrIsWanted(_ text: String) -> Bool {
        // Files were read anew since it was counted.
        if !files.attachments(of: prompt.text).isEmpty { sendCount = countOfSending() }
        guard let count = sendCount, count.isTooLong, warnedOfLength != text else { return true }
        warnedOfLength = text
        let window = info(parameters.model)?.contextWindow.map(MeterText.full) ?? "–"
        flash = Flash(
            text:
                "\(MeterText.full(count.tokens)) tokens, and the model takes \(window): "
                + "\(keys.label(of: .send, in: .prompt)) again sends them all the same.",
            level: .warning)
        return false
    }

    /// Whether a request can start now; says why not.
    ///
    /// `besideRunning`: an answer that runs in the transcript does not matter, because this one gets a branch of its own.
    mutating func canAsk(besideRunning: Bool = false) -> Bool {
        if !tools.running.isEmpty || (isRunning && !besideRunning) {
            let what = isRunning ? "An answer" : "A tool"
            flash = Flash(
                text: "\(what) is running: \(keys.label(of: .cancel)) stops it. The prompt is kept.", level: .warning)
            return false
        }
        guard let problem = askProblem else { return true }
        flash = Flash(text: problem, level: .warning)
        return false
    }

    /// What keeps any request from being made as things are chosen now; nil = nothing.
    var askProblem: String? {
        if needsModel {
            return awaitsModels
                ? "\(connection.name) was asked for its models and has not answered yet."
                : "No model is chosen: \(keys.label(of: .chooseModel)) lists what \(connection.name) offers."
        }
        if let problem = toolProblem { return problem }
        guard let obstacle else { return nil }
        return "\(parameters.model) does not take \(obstacle.parameter): \(obstacle.reason)."
            + (obstacle.isRemovable ? " \(unsetKeys) leaves it out." : "")
    }

    /// The way to a parameter that is not to be sent.
    private var unsetKeys: String {
        "\(keys.label(of: .focusParameters)), then \(keys.label(of: .unset, in: .parameters))"
    }

    /// What is wrong with tools and the choice among them; nil = nothing.
    private var toolProblem: String? {
        if let name = parameters.toolChoice?.functionName, !tools.offered.contains(where: { $0.name == name }) {
            return "tool choice: no function \"\(name)\" is offered. \(unsetKeys) leaves it out."
        }
        guard parameters.isStrict == true else { return nil }
        for tool in tools.offered {
            let problem = tool.definition.parameters.flatMap { StrictSubset.problems(in: $0).first }
            if let problem { return "\(tool.name) cannot be strict: \(problem.description). \(unsetKeys) on strict." }
        }
        return nil
    }

    /// The first thing in the next request that model or API do not take; nil = none is known.
    private var obstacle: RequestObstacle? {
        let request = request(messages: [])
        let info = catalog.model(parameters.model)
        return info.obstacles(to: request, api: api(of: request), isOpenAI: connection.isOpenAI).first
    }

    /// The request that these messages would make with the present parameters and tools.
    func request(messages: [ChatMessage]) -> ChatRequest {
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
        return Accounting(purpose: .workspace, conversation: conversation.id, caps: caps)
    }

    /// The API that a request will go through.
    func api(of request: ChatRequest) -> ModelAPI {
        (connection.isOpenAI ? catalog.model(request.model) : nil).api(for: request)
    }

    /// Starts a request for the conversation as it stands.
    mutating func ask() -> [AppEffect] {
        tellEndOfModel()
        let request = request(messages: conversation.messages(systemPrompt: sentSystemPrompt))
        tools.sent = tools.all.without(tools.switchedOff)
        let stamp = RequestStamp(model: parameters.model, parameters: self.stamp)
        parameters.noteSent()
        conversation.turns += 1
        var answer = Answer(
            stamp: stamp, sent: now, inputEstimate: estimatedInput(of: request), pricing: info(parameters.model),
            counted: TokenCount(counting, model: catalog.model(parameters.model)))
        answer.turn = conversation.turns
        if case .jsonSchema(_, let schema, _)? = request.responseFormat { answer.schema = try? JSONSchema(schema) }
        answer.request = requestRecord(of: request)
        let message = conversation.append(answer)
        transcript.follow()
        let id = nextRequest
        nextRequest += 1
        requests[id] = RunningRequest(
            conversation: conversation.id, message: message, tools: tools.sent, values: parameters.values)
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
        var request = request(messages: before.messages(systemPrompt: sentSystemPrompt))
        request.model = model
        let input = estimatedInput(of: request)
        let count = TokenCount(counting, model: catalog.model(model))
        conversation.withLastAnswer { answer in
            answer.inputEstimate = input
            answer.recount(with: count)
        }
        if let id = conversation.lastAnswer?.id { updateCost(of: id) }
    }

    /// Says, once a model, when it ended or will.
    private mutating func tellEndOfModel() {
        guard connection.isOpenAI, let end = catalog.model(parameters.model)?.retirement,
            toldEnds.insert(parameters.model).inserted
        else { return }
        say(end + ".", .warning)
    }

    /// Stops the answer at hand, else those on other branches, and keeps what came; stops the tools that run. What was queued comes
    /// back into the prompt.
    mutating func stopRunning() -> [AppEffect] {
        let stopped = stopTools()
        unqueue()
        let ids = running.map { [$0] } ?? requestsHere.keys.sorted()
        guard !ids.isEmpty else { return stopped }
        return stopped + ids.flatMap { stop($0) } + [.loadToday(isDemo: connection.isDemo)]
    }

    /// Stops every answer, also in conversations that were left, and every tool.
    mutating func stopAll() -> [AppEffect] {
        let first = stopRunning()
        return first + requests.keys.sorted().flatMap { stop($0) }
    }

    private mutating func stop(_ id: Int) -> [AppEffect] {
        guard let request = requests.removeValue(forKey: id) else { return [] }
        let at = now
        // Nobody stopped an answer that ends with the program.
        let state = endedBySignal > 0 ? AnswerState.failed(.programEnded) : .cancelled
        inConversation(request.conversation) { model in
            model.conversation.withAnswer(request.message) { answer in
                answer.timing.last = answer.timing.firstToken == nil ? at : answer.timing.last
                answer.settle(state, at: at)
            }
            model.account(for: request.message)
        }
        return [.cancel(id: id)]
    }

    /// Takes a batch of stream events.
    mutating func take(_ events: [StreamEvent], of id: Int, at: ContinuousClock.Instant) -> [AppEffect] {
        guard let request = requests[id] else { return [] }
        let hadCalls = conversation.callMessages.last
        for case .policy(let event) in events { take(event, of: id, at: at) }
        inConversation(request.conversation) { model in
            model.conversation.withAnswer(request.message) { answer in
                for event in events { answer.take(event, tools: request.tools, at: at) }
            }
            model.notePricing(events, of: request.message)
            model.updateCost(of: request.message)
        }
        guard request.conversation == conversation.id else { return [] }
        if let message = conversation.callMessages.last, message != hadCalls {
            // The trace follows what arrives.
            traceSelection = TraceID(message: message, call: 0)
        }
        transcript.noteGrowth()
        return []
    }

    /// The stream ended.
    mutating func end(_ id: Int, _ error: ProviderError?, at: ContinuousClock.Instant) -> [AppEffect] {
        guard let request = requests.removeValue(forKey: id) else { return [] }
        inConversation(request.conversation) { model in
            model.conversation.withAnswer(request.message) { answer in
                if let error {
                    answer.settle(.failed(error), at: at)
                } else {
                    answer.settle(.complete(answer.response.finishReason ?? .other("none")), at: at)
                }
            }
            model.account(for: request.message)
            model.checkFormat(of: request.message)
        }
        if let error { learn(from: error, of: request) }
        guard request.conversation == conversation.id else {
            let sent = sendQueued(whereLeft: request, after: error)
            tellEnd(of: request, error, goesOn: !sent.isEmpty)
            return sent + [.loadToday(isDemo: connection.isDemo)]
        }
        refreshConversationList()
        let isHere = conversation.lastAnswer?.id == request.message
        var effects: [AppEffect] = [.loadToday(isDemo: connection.isDemo)]
        if isHere { effects = receiveCalls() + effects }
        return effects + (isHere ? sendQueued(after: error) : [])
    }

    /// Looks whether a whole answer has the form that was asked for.
    private mutating func checkFormat(of id: MessageTree.ID) {
        conversation.withAnswer(id) { answer in
            guard case .complete = answer.state, let schema = answer.schema, answer.response.toolCalls.isEmpty,
                answer.response.refusal == nil
            else { return }
            answer.violations = AnswerFormat.violations(of: answer.response.text, schema)
        }
    }

    /// Adds the ended answer to the session. A request that the server refused before any content was not billed.
    private mutating func account(for id: MessageTree.ID) {
        guard let answer = conversation.answer(id) else { return }
        let isFree =
            switch answer.state {
            case .failed(let error) where error.message == ProviderError.programEnded.message:
                answer.attempts.running == nil
            case .failed(let error): error.status != nil || error.fate == .notSent || error.fate == .refused
            // Given up while it waited for its turn or for another attempt.
            case .cancelled: answer.attempts.running == nil
            case .waiting, .streaming, .complete: false
            }
        if isFree, answer.isEmpty {
            conversation.withAnswer(id) { $0.cost = .unknown }
            return
        }
        updateCost(of: id)
        if let priced = conversation.answer(id) { totals.add(priced) }
    }

    /// Prices the running answer by the tokens told or estimated so far.
    private mutating func updateCost(of id: MessageTree.ID) {
        conversation.withAnswer(id) { answer in
            var usage = answer.response.usage
            let isEstimate = usage.outputTokens == nil || usage.inputTokens == nil
            if usage.outputTokens == nil { usage.outputTokens = answer.counted.tokens }
            if usage.inputTokens == nil { usage.inputTokens = answer.inputEstimate }
            answer.cost = CostCalculator.cost(
                of: usage, model: answer.pricing, tier: answer.response.metadata.serviceTier, isEstimate: isEstimate)
        }
    }

    /// The model that answers may be another than the one asked: prices follow it.
    private mutating func notePricing(_ events: [StreamEvent], of id: MessageTree.ID) {
        for case .responseStarted(let metadata) in events {
            guard let told = metadata.model, let info = info(told) else { continue }
            conversation.withAnswer(id) { $0.pricing = info }
        }
    }
}
