import ProviderCore

/// What the running request waits for before anything is sent (again).
enum PendingWait: Sendable, Hashable {
    /// An attempt failed, another follows.
    case retry(RetryNotice)
    /// The rate limiter holds the request back.
    case held(HoldNotice)

    /// When it is over; nil = when somebody decides, or not known.
    var until: ContinuousClock.Instant? {
        switch self {
        case .retry(let notice): notice.until
        case .held(let notice): notice.until
        }
    }
}

extension AppModel {
    /// Takes what the policies around the provider told of the running request.
    mutating func take(_ event: PolicyEvent, of id: Int, at: ContinuousClock.Instant) {
        guard let request = requests[id] else { return }
        inConversation(request.conversation) { model in
            model.conversation.withAnswer(request.message) { $0.attempts.apply(event) }
        }
        switch event {
        case .attemptStarted(let notice):
            requests[id]?.wait = nil
            guard notice.number > 1, !notice.isResumed else { break }
            inConversation(request.conversation) { model in
                model.conversation.withAnswer(request.message) { $0.timing.attempted = at }
            }
        case .retryScheduled(let notice):
            requests[id]?.wait = .retry(notice)
            if let limits = notice.error.rateLimits {
                inConversation(request.conversation) { model in
                    model.conversation.withAnswer(request.message) { $0.refusedLimits = limits }
                }
            }
            if notice.basis == .person, let there = left[request.conversation]?.conversation {
                flash = Flash(text: "The answer in \"\(there.shortName)\" waits for you.", level: .warning)
                refreshConversationList()
            }
        case .held(let notice): requests[id]?.wait = .held(notice)
        case .circuit(.opened(let time, let failures)):
            flash = Flash(
                text: "\(failures) requests to \(connection.name) failed in a row: none is sent for "
                    + MeterText.seconds(time) + ".", level: .warning)
            flash?.countdown = Flash.Countdown(
                words: "\(failures) requests to \(connection.name) failed in a row: none is sent for ", until: at + time
            )
        case .circuit(.probing): requests[id]?.wait = nil
        case .budget(let notice): flash = Flash(text: "Budget: \(notice.sentence).", level: .warning)
        case .circuit(.closed): flash = Flash(text: "\(connection.name) answers again.", level: .info)
        }
    }

    /// Ends the wait, or asks again for an answer that failed.
    mutating func retryNow() -> [AppEffect] {
        if let id = running, pendingWait != nil {
            requests[id]?.wait = nil
            return [.retryNow(id: id)]
        }
        guard !isRunning, conversation.lastAnswer?.failure != nil else {
            flash = Flash(text: "Nothing waits to be tried again.", level: .info)
            return []
        }
        return regenerate()
    }

    /// Ends a wait, and the request with the error that led to it.
    mutating func giveUp() -> [AppEffect] {
        guard let id = running, pendingWait != nil else { return stopRunning() }
        requests[id]?.wait = nil
        return [.giveUp(id: id)]
    }

    /// Asks the model to go on where its answer was cut; the text that came stays in the conversation.
    mutating func continueAnswer() -> [AppEffect] {
        guard !isRunning, let answer = conversation.lastAnswer, answer.canBeContinued else {
            flash = Flash(text: "There is no answer that was cut.", level: .info)
            return []
        }
        let text = answer.continuation
        guard canAsk() else { return [] }
        conversation.append(user: text)
        return ask()
    }
}

extension Answer {
    /// What the server told of its rate limits, in the answer or in the refusal that was waited out.
    var rateLimits: RateLimits? { response.metadata.rateLimits ?? failure?.rateLimits ?? refusedLimits }

    /// Why it failed; nil when it did not.
    var failure: ProviderError? {
        if case .failed(let error) = state { error } else { nil }
    }

    /// What is said to the model whose answer was cut.
    var continuation: String {
        let what =
            switch state {
            case .cancelled: "Your answer was stopped before it ended."
            case .failed(let error)
            where error.kind == .connection && error.message != ProviderError.programEnded.message:
                "The connection was lost before your answer ended."
            case .failed, .waiting, .streaming, .complete: "Your answer was cut before it ended."
            }
        return what + " Continue exactly where it stops, without repeating any of it."
    }

    /// Whether text came and the end is missing.
    var canBeContinued: Bool {
        switch state {
        case .failed, .cancelled: !response.text.isEmpty
        case .waiting, .streaming, .complete: false
        }
    }
}
