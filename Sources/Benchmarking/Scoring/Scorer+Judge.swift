internal import ProviderCore

/// Judgements by another model.
extension Scorer {
    /// One vote.
    private struct Vote {
        var reply: JudgeReply
        var isSwapped: Bool
    }

    func judgement(
        _ spec: JudgeSpec, _ part: ScoredPart, _ trial: ScoredTrial
    ) async throws(ScorerFailure) -> Verdict {
        guard spec.votes >= 1, spec.scale.count >= 2, let low = spec.scale.min(), let high = spec.scale.max(),
            low < high
        else { throw ScorerFailure("a judge needs at least one vote and two values to choose from") }
        var votes: [Vote] = []
        for number in 0..<spec.votes {
            let isSwapped = spec.swapsPositions && number % 2 == 1
            let order: JudgePrompt.Order? = spec.swapsPositions ? (isSwapped ? .answerFirst : .referenceFirst) : nil
            let prompt = try JudgePrompt(
                spec, answer: part.bare, fields: trial.sample.fields, order: order, limits: tools.limits)
            votes.append(Vote(reply: try await reply(spec, prompt), isSwapped: isSwapped))
        }
        let sorted = votes.map(\.reply.score).sorted()
        // Of an even number the lower one of the middle two, which is a value of the scale.
        let median = sorted[(sorted.count - 1) / 2]
        let reason = votes.first { $0.reply.score == median }?.reply.reason ?? ""
        return Verdict(
            Score(
                value: median, share: (median - low) / (high - low), passes: median >= spec.passAt, explanation: reason,
                detail: Self.detail(votes, median)))
    }

    /// Asks; a reply that is none is asked for once more.
    private func reply(_ spec: JudgeSpec, _ prompt: JudgePrompt) async throws(ScorerFailure) -> JudgeReply {
        let first = try await ask(spec, prompt.messages)
        do throws(JudgeReply.Problem) { return try JudgeReply(first, scale: spec.scale) } catch {
            let second = try await ask(spec, prompt.messages + JudgePrompt.again(first, error.description, spec))
            do throws(JudgeReply.Problem) { return try JudgeReply(second, scale: spec.scale) } catch {
                throw ScorerFailure("the judge's reply cannot be read: \(error); it wrote \(Texts.quoted(second))")
            }
        }
    }

    private func ask(_ spec: JudgeSpec, _ messages: [ChatMessage]) async throws(ScorerFailure) -> String {
        do { return try await tools.judge(spec, messages).text } catch {
            let cause = error as? ProviderError
            throw ScorerFailure("the judge gave no answer: \(cause?.message ?? "\(error)")", cause: cause)
        }
    }

    /// The votes; `agreement` is the share of them that say the same as their median. Where positions were swapped,
    /// `swap_difference` is how much better the mean vote is with the reference first.
    private static func detail(_ votes: [Vote], _ median: Double) -> JSONValue {
        let scores = votes.map(\.reply.score)
        let agreement = Double(scores.count { $0 == median }) / Double(scores.count)
        var members = [
            JSONMember("votes", .array(scores.map { .double($0) })),
            JSONMember("agreement", .double(agreement)),
            JSONMember("reasons", .array(votes.map { .string($0.reply.reason) })),
        ]
        let (swapped, straight) = (votes.filter(\.isSwapped), votes.filter { !$0.isSwapped })
        if !swapped.isEmpty {
            func mean(_ votes: [Vote]) -> Double { votes.reduce(0) { $0 + $1.reply.score } / Double(votes.count) }
            members.append(JSONMember("swapped", .array(votes.map { .bool($0.isSwapped) })))
            members.append(JSONMember("swap_difference", .double(mean(straight) - mean(swapped))))
        }
        return .object(members)
    }
}
