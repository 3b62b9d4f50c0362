public import ProviderCore

/// Function calling without a person: answers the calls of an answer, so that the conversation goes on, until there are none.
///
/// A call that is wrong (unknown function, arguments that are no JSON or break the schema) is never run: the model is told
/// what is wrong with it. When a call of a turn needs a person, none of that turn is run. Calls of an answer that the output
/// limit cut off or that the provider filtered are not run either, and the conversation ends there: such a call may lack what
/// would have made it another one, and the same limit would cut the next answer, too.
public struct ToolLoop: Sendable {
    /// How far it goes.
    public struct Limits: Sendable, Hashable {
        /// Calls of one turn that are run; the others are answered with an error.
        public var callsPerTurn: Int
        /// Turns with calls.
        public var turns: Int

        /// Limits: 16 calls a turn, 50 turns unless told.
        public init(callsPerTurn: Int = 16, turns: Int = 50) {
            self.callsPerTurn = callsPerTurn
            self.turns = turns
        }

        /// What the model is told for a call beyond `callsPerTurn`.
        public var tooManyCalls: String {
            "not run: at most \(callsPerTurn) calls of an answer are run (tools.max_calls)"
        }
    }

    /// A call and its result.
    public struct AnsweredCall: Sendable, Hashable {
        /// The call, with the id by which its result is sent.
        public var call: ToolCall
        /// What it is worth.
        public var check: CallCheck
        /// What goes back.
        public var result: ToolResult

        /// A call and its result.
        public init(_ call: ToolCall, check: CallCheck, result: ToolResult) {
            self.call = call
            self.check = check
            self.result = result
        }
    }

    /// What follows an answer.
    public enum Step: Sendable, Hashable {
        /// It has no calls, or the provider filtered it: the conversation is at its end.
        case finished
        /// Nothing was run: the output limit cut the answer off, so that its calls may be incomplete.
        case cutOff
        /// Nothing was run, since these functions need a person.
        case needsPerson([String])
        /// Nothing was run: there were as many turns as there may be.
        case tooManyTurns(limit: Int)
        /// All calls are answered, in the model's order; the conversation goes on with `messages`. When the task was cancelled
        /// meanwhile, those that had ended by then have their results, and the others say that they were stopped.
        case answered([AnsweredCall])
    }

    private let tools: ToolSet
    private let executor: ToolExecutor
    /// How far it goes.
    public let limits: Limits

    /// A loop.
    public init(tools: ToolSet, executor: ToolExecutor, limits: Limits = Limits()) {
        self.tools = tools
        self.executor = executor
        self.limits = limits
    }

    /// Answers the calls of a whole answer. `turn` counts the answers of the loop from 1. `isParallel`: at the same time;
    /// the results are in the model's order in either case.
    public func step(after response: ChatResponse, turn: Int, isParallel: Bool = true) async -> Step {
        let calls = Self.identified(response.orderedCalls, turn: turn)
        guard !calls.isEmpty, response.finishReason != .contentFilter else { return .finished }
        guard response.finishReason != .length else { return .cutOff }
        guard turn <= limits.turns else { return .tooManyTurns(limit: limits.turns) }
        let checks = calls.map { tools.check($0) }
        let personal = checks.prefix(limits.callsPerTurn).filter(\.needsPerson).compactMap(\.tool?.name)
        guard personal.isEmpty else { return .needsPerson(personal) }
        let results = await results(of: checks, isParallel: isParallel)
        return .answered(
            zip(zip(calls, checks), results).map { AnsweredCall($0.0, check: $0.1, result: $1) })
    }

    private func results(of checks: [CallCheck], isParallel: Bool) async -> [ToolResult] {
        guard isParallel, checks.count > 1 else {
            var results: [ToolResult] = []
            for (position, check) in checks.enumerated() { results.append(await result(of: check, at: position)) }
            return results
        }
        return await withTaskGroup(of: (Int, ToolResult).self) { group in
            for (position, check) in checks.enumerated() {
                group.addTask { (position, await result(of: check, at: position)) }
            }
            var results = [ToolResult?](repeating: nil, count: checks.count)
            for await (position, result) in group { results[position] = result }
            return results.compactMap(\.self)
        }
    }

    private func result(of check: CallCheck, at position: Int) async -> ToolResult {
        guard position < limits.callsPerTurn else {
            return ToolResult(limits.tooManyCalls, kind: .error)
        }
        if let fault = check.fault { return ToolResult("error: \(fault.sentence)", kind: .error) }
        guard let tool = check.tool, let arguments = check.arguments else {
            return ToolResult("not run", kind: .error)
        }
        guard !Task.isCancelled else { return ToolResult("not run: stopped by the user", kind: .error) }
        return await executor.result(of: tool, arguments: arguments)
    }

    /// The messages that go on with the conversation: the answer with its calls, then the results in the same order.
    public static func messages(after response: ChatResponse, _ answered: [AnsweredCall]) -> [ChatMessage] {
        var message = response.message
        message.toolCalls = answered.map(\.call)
        return [message] + answered.map { .toolResult(callID: $0.call.id, $0.result.text) }
    }

    /// Calls with an id each that no other has: results are matched by it, and servers leave it out or repeat it.
    public static func identified(_ calls: [ToolCall], turn: Int) -> [ToolCall] {
        var seen: Set<String> = []
        return calls.enumerated().map { position, call in
            guard call.id.isEmpty || !seen.insert(call.id).inserted else { return call }
            var call = call
            call.id = "call_\(turn)_\(position + 1)"
            while !seen.insert(call.id).inserted { call.id += "_" }
            return call
        }
    }
}

extension CallCheck {
    /// Whether it may be run, but only by a person.
    public var needsPerson: Bool {
        guard fault == nil, let tool else { return false }
        return !tool.canRunUnattended
    }
}

extension Tool {
    /// Whether its calls may be run where no person is asked.
    public var canRunUnattended: Bool {
        switch run {
        case .person: false
        case .reply: true
        case .command, .shell, .http: runsUnattended
        }
    }
}
