import Benchmarking
import ProviderCore
import TerminalKit

extension BenchScreen {
    /// How often the screen is drawn when nothing happens.
    static let tick = Duration.milliseconds(500)
    /// Between two makings of the intervals.
    private static let refreshing = Duration.seconds(1)

    /// Takes what happened, other than input.
    mutating func take(_ event: BenchEvent, now: ContinuousClock.Instant) -> [BenchEffect] {
        switch event {
        case .input: break
        case .run(let event): return take(event)
        case .finished(let result, let at):
            progress.end(result, at: at)
            progress.refresh()
            asksToLeave = false
            if isInUse, !opensConversations {
                flash = AppModel.Flash(text: "The run is over; its report follows this screen.", level: .info)
            }
            // What was held is given back by now.
            return [.readMoney]
        case .money(let money, let costs):
            isReading = false
            if let money { progress.take(money, costs: costs) }
        case .news(let news):
            isReading = false
            if let news { progress.take(news, isFirst: false, at: now) }
        case .unreadable(let problem):
            isReading = false
            flash = AppModel.Flash(text: problem, level: .error)
        case .client(let health): progress.take(health)
        case .trial(let trial, let result): take(result, of: trial)
        case .tick: return tick(now)
        }
        return []
    }

    private mutating func take(_ event: RunEvent) -> [BenchEffect] {
        progress.take(event)
        guard case .ended(let record, _) = event, viewer?.trial == record.key.index else { return [] }
        // Who watched it run reads now what came of it.
        return [.readTrial(record.key.index)]
    }

    private mutating func take(_ result: Result<TrialDetail, RunStoreError>, of trial: Int) {
        guard viewer?.trial == trial else { return }
        switch result {
        case .success(let detail): viewer?.detail = detail
        case .failure(let error): viewer?.problem = error.description
        }
    }

    private mutating func tick(_ now: ContinuousClock.Instant) -> [BenchEffect] {
        let effects: [BenchEffect] = [.loop(.alarm(after: Self.tick))]
        guard refreshedAt.map({ now - $0 >= Self.refreshing }) ?? true else { return effects }
        refreshedAt = now
        progress.refresh()
        guard !isReading, !isOver || isWatched else { return effects }
        isReading = true
        return effects + [isWatched ? .readNews : .readMoney]
    }
}
