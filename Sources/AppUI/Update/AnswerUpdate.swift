import FunctionTools
import ProviderCore
import TerminalKit

extension Answer {
    /// Takes one event.
    mutating func take(_ event: StreamEvent, tools: ToolSet, at: ContinuousClock.Instant) {
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
