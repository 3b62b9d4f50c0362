import AppSettings
import ProviderCore
import ProviderOpenAI

/// Puts the policies around a provider, the same for every command that asks.
struct ProviderChain {
    let settings: Settings
    let catalog: ModelCatalog
    let counting: ExactCounting
    /// Where every attempt is booked.
    let ledger: any UsageLedger
    let global: GlobalOptions
    /// Whether retries die out when most requests to an endpoint fail.
    var retriesAreLimited = true
    var clock: any MonotonicClock = ContinuousClock()

    /// A limiter for an endpoint, with limits of one's own.
    func limiter(_ caps: RateCaps = RateCaps()) -> RateLimiter {
        RateLimiter(caps: caps, counting: counting, clock: clock, model: catalog.model)
    }

    /// A provider for an endpoint. `limiter` nil = one that knows nothing yet; `pricing` tells what is known of a model there.
    func provider(
        _ endpoint: ResolvedEndpoint, isDemo: Bool, timeouts: HTTPTimeouts, rules: RetryRules,
        limiter: RateLimiter? = nil, pricing: @escaping @Sendable (String) -> ModelInfo?
    ) throws -> any AIProvider {
        let made = try Wiring.provider(endpoint, timeouts: timeouts, catalog: catalog)
        let advised = AdvisedProvider(provider: made, advice: endpoint.unauthorizedAdvice)
        let logged = try LogFile.wrap(advised, global: global, settings: settings, endpoint: endpoint)
        let place = LedgerPolicy.Place(
            provider: OpenAIProvider.id, endpoint: isDemo ? "demo" : endpoint.shownURL, isDemo: isDemo)
        let booked = LedgerPolicy(ledger, place: place, counting: counting, clock: clock, pricing: pricing)
        // From the outside inwards: a retry asks limiter and breaker anew, and the time of all of it is limited.
        return PolicyProvider(
            logged,
            policies: [
                TimeoutPolicy(total: timeouts.total, clock: clock),
                RetryPolicy(rules, budget: RetryBudget(isLimited: retriesAreLimited), clock: clock),
                limiter ?? self.limiter(),
                CircuitBreaker(clock: clock), booked,
            ], clock: clock)
    }
}
