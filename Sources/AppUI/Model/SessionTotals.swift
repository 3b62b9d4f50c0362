import ProviderCore

/// Sums over the answers of this session.
struct SessionTotals: Sendable, Hashable {
    var answers = 0
    var inputTokens = 0
    var outputTokens = 0
    var cost = Money.zero
    /// Whether a count of input in the sums is ours, not the server's.
    var inputIsEstimate = false
    /// Whether a count of output in the sums is ours.
    var outputIsEstimate = false
    /// Whether a cost in the sum is an estimate.
    var costIsEstimate = false
    /// Answers whose cost is unknown; the sum is then a lower bound.
    var unpriced = 0

    /// Input tokens, marked when estimated.
    func input(_ spell: (Int) -> String) -> String { spell(inputTokens) + (inputIsEstimate ? "~" : "") }

    /// Output tokens, marked when estimated.
    func output(_ spell: (Int) -> String) -> String { spell(outputTokens) + (outputIsEstimate ? "~" : "") }

    mutating func add(_ answer: Answer) {
        answers += 1
        inputTokens += answer.response.usage.inputTokens ?? answer.inputEstimate ?? 0
        outputTokens += answer.outputTokens
        if answer.response.usage.inputTokens == nil { inputIsEstimate = true }
        if answer.outputIsEstimate { outputIsEstimate = true }
        guard let amount = answer.cost.amount else {
            unpriced += 1
            return
        }
        cost = cost + amount
        if answer.cost.state == .estimate { costIsEstimate = true }
    }
}

extension AppModel {
    /// The session's sums with the running answer as far as it has come, so that they move with every chunk.
    var liveTotals: SessionTotals {
        var sums = totals
        for request in requests.values {
            if let answer = answer(of: request), !answer.isEmpty { sums.add(answer) }
        }
        return sums
    }
}
