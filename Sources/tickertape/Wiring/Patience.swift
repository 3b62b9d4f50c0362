import ProviderCore

/// How long and how often a command tries, as far as its arguments say so.
struct Patience {
    /// Puts the time limits of the arguments over those of the profile.
    var timeouts: (HTTPTimeouts) -> HTTPTimeouts = { $0 }
    /// The most attempts; nil = the profile's number, else 3.
    var maxAttempts: Int?
    /// What happens to a request that left and was never answered.
    var unanswered = RetryRules.Unanswered.repeatsOnce
}
