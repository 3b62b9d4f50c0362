import ProviderCore

extension AppModel.Flash {
    /// Words before a time that runs down.
    struct Countdown: Sendable, Hashable {
        let words: String
        let until: ContinuousClock.Instant
    }

    /// What it says now.
    func shown(_ now: ContinuousClock.Instant) -> String {
        guard let countdown, countdown.until > now else { return text }
        return countdown.words + MeterText.seconds(countdown.until - now) + "."
    }
}

extension AppModel {
    /// Whether a time on the screen runs down. A message of one that is over goes.
    mutating func countDown() -> Bool {
        guard let until = flash?.countdown?.until else { return false }
        if until <= now { flash = nil }
        return until > now
    }
}
