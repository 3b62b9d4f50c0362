/// Plays the script of a scenario, beat by beat, without a clock: each beat says when it is due.
struct BeatSequence: IteratorProtocol {
    /// What a request adds to the script.
    struct Options {
        /// What the request fills into texts.
        var placeholders = Placeholders(model: "")
        var reportsUsage = false
        /// The most tokens the answer may have; then it ends with finish reason `length`.
        var maxTokens: Int?
        /// The most bytes of texts and calls, for an answer that is kept in memory; then it ends in the same way.
        var maxBytes = Int.max
        /// `repeat forever` is played once, since a whole answer needs an end.
        var isWhole = false
        /// `[DONE]` ends the stream unless the script says something about it.
        var sendsDone = true
        /// `cut` and `reset` are passed over: they are about a connection, and this answer outlives it.
        var skipsCuts = false
    }

    private struct Frame {
        var steps: [Step]
        var index = 0
        var round = 1
        var rounds: Int?
    }

    private struct Text {
        enum Target {
            case message(TextKind)
            case arguments(Int)
        }
        var target: Target
        var bytes: [UInt8]
        var position = 0
    }

    /// What a call without arguments, and a candidate of a scored token, count towards `maxBytes`.
    private static let bytesPerCall = 256
    private static let bytesPerCandidate = 64

    private let scenario: Scenario
    private let options: Options
    private var stack: [Frame]
    /// What is being played: one text, or the arguments of calls that take turns.
    private var texts: [Text] = []
    private var turn = 0
    private var pending: [Beat] = []
    private var clock: Int64 = 0
    private var nanosecondsPerToken = 0.0
    private var pieceSize = PieceSize.tokens(1)
    private var pieceCount = 0
    private var nextTrigger = 0
    private var nextCall = 0
    private var lastCall = 0
    private var closing = Closing()

    /// What is still to be said at the end.
    private struct Closing {
        var counts = TokenCounts()
        var bytes = 0
        var needsFinish = true
        var needsUsage = true
        var needsDone = true
        var hasCalls = false
        var isReached = false
        var isOver = false
    }

    init(_ scenario: Scenario, options: Options) {
        self.scenario = scenario
        self.options = options
        stack = [Frame(steps: scenario.steps, rounds: 1)]
        closing.needsUsage = options.reportsUsage && scenario.settings.usage.isReported
        closing.needsDone = options.sendsDone
    }

    mutating func next() -> Beat? {
        while true {
            if !pending.isEmpty { return pending.removeFirst() }
            if closing.isOver { return nil }
            if nextTrigger < scenario.pieceTriggers.count, scenario.pieceTriggers[nextTrigger].count <= pieceCount {
                nextTrigger += 1
                perform(scenario.pieceTriggers[nextTrigger - 1].step)
            } else if !texts.isEmpty {
                if let beat = nextPiece() { return beat }
            } else if let step = nextStep() {
                perform(step)
            } else if !stack.isEmpty {
                continue
            } else if !closing.isReached {
                close()
            } else {
                return nil
            }
        }
    }

    private mutating func nextStep() -> Step? {
        while let frame = stack.last {
            let top = stack.count - 1
            if frame.index < frame.steps.count {
                stack[top].index += 1
                return frame.steps[frame.index]
            }
            if frame.rounds.map({ frame.round < $0 }) ?? true {
                stack[top].round += 1
                stack[top].index = 0
                // Rounds that play nothing must not spin in here for ever.
                queue(.raw([]))
                return nil
            } else {
                stack.removeLast()
            }
        }
        return nil
    }

    private mutating func queue(_ event: Beat.Event) {
        pending.append(Beat(due: clock, event: event))
    }

    private mutating func perform(_ step: Step) {
        switch step {
        case .rate(let rate): nanosecondsPerToken = rate.map { 1e9 / $0 } ?? 0
        case .pieces(let size): pieceSize = size
        case .wait(.nanoseconds(let time)): clock = clock.later(by: time)
        case .wait(.forever): end(with: .hang)
        case .cut where !options.skipsCuts: end(with: .cut)
        case .reset where !options.skipsCuts: end(with: .reset)
        case .cut, .reset: break
        case .headers: queue(.headers)
        case .text(let kind, let template): start(Text(target: .message(kind), bytes: filled(template)))
        case .call(let call): start(call)
        case .together(let calls):
            for (position, call) in calls.enumerated() { start(call, isAlone: position == 0) }
        case .arguments(let more): start(Text(target: .arguments(lastCall), bytes: filled(more)))
        case .token(let token): emit(token)
        case .delta(let json): queue(.delta(json))
        case .data(let text): queue(.data(text))
        case .comment(let text): queue(.comment(text))
        case .raw(let bytes): queue(.raw(bytes))
        case .body(let bytes): queue(.body(bytes))
        case .error(let error): fail(.error(filled(error)))
        case .fail(let error): fail(.failed(filled(error)))
        case .finish(let reason): finish(reason)
        case .done(let isSent): done(isSent)
        case .repeated(let rounds, let steps):
            stack.append(Frame(steps: steps, rounds: options.isWhole ? rounds ?? 1 : rounds))
        }
    }

    private mutating func end(with event: Beat.Event) {
        queue(event)
        closing.isOver = true
    }

    private mutating func start(_ new: Text) {
        if !new.bytes.isEmpty { texts.append(new) }
    }

    /// - Parameter isAlone: whether the calls before it have ended.
    private mutating func start(_ call: CallStep, isAlone: Bool = true) {
        guard !limitIsReached() else { return }
        closing.bytes += (call.name ?? "").utf8.count + Self.bytesPerCall
        let index = call.index ?? nextCall
        nextCall = index < Int.max ? index + 1 : index
        lastCall = index
        closing.hasCalls = true
        let id = call.id.map { String(decoding: filled($0), as: UTF8.self) }
        queue(
            .callStarted(
                Beat.Call(index: index, isPlaced: call.index != nil, id: id, name: call.name, isAlone: isAlone)))
        start(Text(target: .arguments(index), bytes: filled(call.arguments)))
    }

    private mutating func fail(_ event: Beat.Event) {
        queue(event)
        (closing.needsFinish, closing.needsUsage, closing.needsDone) = (false, false, false)
    }

    private mutating func finish(_ reason: String?) {
        if let reason { queue(.finish(reason, closing.counts)) }
        closing.needsFinish = false
    }

    private mutating func done(_ isSent: Bool) {
        if isSent { queue(.done) }
        closing.needsDone = false
    }

    private mutating func emit(_ token: ScoredToken) {
        guard !limitIsReached() else { return }
        queue(.token(token))
        closing.bytes += Self.bytesPerCandidate * (1 + token.alternatives.count)
        advance(tokens: 1, of: .message(.reply))
    }

    private mutating func nextPiece() -> Beat? {
        guard !limitIsReached() else { return nil }
        var cursor = texts[turn]
        let start = cursor.position
        let (end, tokens) = endOfPiece(in: cursor.bytes, from: start)
        let slice = cursor.bytes[start..<end]
        let beat =
            switch cursor.target {
            case .message(let kind): Beat(due: clock, event: .text(kind, slice))
            case .arguments(let index): Beat(due: clock, event: .arguments(index: index, slice))
            }
        cursor.position = end
        closing.bytes += slice.count
        if end < cursor.bytes.count {
            texts[turn] = cursor
            turn += 1
        } else {
            texts.remove(at: turn)
        }
        if turn >= texts.count { turn = 0 }
        advance(tokens: tokens, of: cursor.target)
        return beat
    }

    private mutating func advance(tokens: Int, of target: Text.Target) {
        pieceCount += 1
        closing.counts.completion += tokens
        if case .message(.reasoning) = target { closing.counts.reasoning += tokens }
        let step = min(Double(tokens) * nanosecondsPerToken, 3.2e17)
        clock = clock.later(by: Int64(step))
    }

    private func endOfPiece(in bytes: [UInt8], from start: Int) -> (end: Int, tokens: Int) {
        var end = start
        switch pieceSize {
        case .whole:
            end = bytes.count
        case .tokens(let wanted):
            var count = 0
            while count < wanted, end < bytes.count {
                end = RoughTokens.end(in: bytes, from: end)
                count += 1
            }
            return (end, count)
        case .characters(let wanted):
            for _ in 0..<wanted where end < bytes.count {
                end += 1
                while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
            }
        }
        return (end, RoughTokens.count(Array(bytes[start..<end])))
    }

    private mutating func limitIsReached() -> Bool {
        let isReached = closing.counts.completion >= options.maxTokens ?? .max || closing.bytes >= options.maxBytes
        guard isReached else { return false }
        stack = []
        texts = []
        if closing.needsFinish { finish("length") }
        return true
    }

    private mutating func close() {
        closing.isReached = true
        if closing.needsFinish { finish(closing.hasCalls ? "tool_calls" : "stop") }
        if closing.needsUsage { queue(.usage(closing.counts)) }
        if closing.needsDone { queue(.done) }
    }

    private func filled(_ error: ErrorObject) -> ErrorObject {
        var error = error
        error.message = String(decoding: filled(error.message), as: UTF8.self)
        return error
    }

    /// The text with what it names filled in.
    private func filled(_ template: String) -> [UInt8] {
        guard template.utf8.contains(0x7B) else { return Array(template.utf8) }
        return options.placeholders.filled(template, round: stack.last?.round ?? 1)
    }
}
