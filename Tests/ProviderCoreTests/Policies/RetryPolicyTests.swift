import ProviderCore
import Synchronization
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
    private let clock = TestClock()

    private func retrying(
        _ provider: some AIProvider, _ rules: RetryRules = RetryRules(), budget: RetryBudget = RetryBudget()
    ) -> PolicyProvider {
        PolicyProvider(
            provider, policies: [RetryPolicy(rules, budget: budget, clock: clock, random: { 0.5 })], clock: clock)
    }

    /// Refuses the first calls, then answers.
    private func failing(_ times: Int, with error: ProviderError = PolicyFixture.overloaded) -> ClosureProvider {
        ClosureProvider { _, number in number <= times ? .refusing(error) : .init([PolicyFixture.text]) }
    }

    @Test func tellsEachWaitBeforeItBegins() async throws {
        let provider = failing(1)
        var batches = try await retrying(provider).stream(PolicyFixture.request).batches()
        let first = try await batches.nextBatch()?.map(PolicyFixture.word)
        let second = try await batches.nextBatch()?.map(PolicyFixture.word)
        #expect(first == ["attempt 1/3"])
        // Nobody has slept yet.
        #expect(second == ["retry 1 overloaded backoff 250 ms"])
    }

    @Test func asksAgainUntilItAnswers() async {
        let provider = failing(2)
        let listener = Listener(retrying(provider))
        await clock.sleepers(1)
        #expect(provider.count == 1)
        clock.advance(by: .milliseconds(249))
        #expect(provider.count == 1)
        clock.advance(by: .milliseconds(1))
        await clock.sleepers(1)
        #expect(provider.count == 2)
        clock.advance(by: .milliseconds(500))
        let (words, error) = await listener.outcome
        #expect(error == nil)
        #expect(
            words == [
                "attempt 1/3", "retry 1 overloaded backoff 250 ms", "attempt 2/3", "retry 2 overloaded backoff 500 ms",
                "attempt 3/3", "text ok", "finished stop",
            ])
        #expect(provider.count == 3)
    }

    @Test func givesTheLastErrorAfterTheLastAttempt() async {
        let provider = failing(9)
        let listener = Listener(retrying(provider, RetryRules(maxAttempts: 2)))
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        let (words, error) = await listener.outcome
        #expect(words.last == "attempt 2/2")
        #expect(error?.kind == .overloaded)
        #expect(provider.count == 2)
    }

    /// What was told of a torn answer is dropped by whoever folds the stream; the attempts count together.
    @Test func repeatsTornAnswersWhereItMay() async throws {
        let torn = ProviderError(kind: .connection, message: "cut", fate: .interrupted)
        let provider = ClosureProvider { _, number in
            number < 3 ? .init([[.textDelta("half", choice: 0)]], error: torn) : .init([PolicyFixture.text])
        }
        let jumping = JumpingClock()
        let rules = RetryRules(repeatsTorn: true)
        func chain(_ rules: RetryRules) -> PolicyProvider {
            PolicyProvider(
                provider, policies: [RetryPolicy(rules, clock: jumping, random: { 0.5 })], clock: jumping)
        }
        let (words, error) = await Listener(chain(rules)).outcome
        #expect(error == nil)
        #expect(
            words == [
                "attempt 1/3", "text half", "retry 1 connection backoff 250 ms", "attempt 2/3", "text half",
                "retry 2 connection backoff 500 ms", "attempt 3/3", "text ok", "finished stop",
            ])
        let short = RetryRules(maxAttempts: 2, repeatsTorn: true)
        let never = ClosureProvider { _, _ in .init([[.textDelta("half", choice: 0)]], error: torn) }
        let policy = RetryPolicy(short, clock: jumping, random: { 0.5 })
        let last = await Listener(PolicyProvider(never, policies: [policy], clock: jumping)).outcome
        #expect(last.error == torn && never.count == 2)
    }

    @Test func aFoldedAnswerHasNothingOfTheTornOne() async throws {
        let torn = ProviderError(kind: .connection, message: "cut", fate: .interrupted)
        let provider = ClosureProvider { _, number in
            number == 1 ? .init([[.textDelta("half", choice: 0)]], error: torn) : .init([PolicyFixture.text])
        }
        let policy = RetryPolicy(RetryRules(repeatsTorn: true), clock: JumpingClock(), random: { 0.5 })
        let response = try await PolicyProvider(provider, policies: [policy]).complete(PolicyFixture.request)
        #expect(response.text == "ok" && response.finishReason == .stop)
    }

    @Test func neverRepeatsAfterContent() async {
        let provider = ClosureProvider { _, _ in
            .init([[.textDelta("half", choice: 0)]], error: PolicyFixture.overloaded)
        }
        let (words, error) = await Listener(retrying(provider)).outcome
        #expect(words == ["attempt 1/3", "text half"])
        #expect(error?.kind == .overloaded)
        #expect(provider.count == 1)
    }

    @Test func repeatsWhatFailedInTheStreamBeforeContent() async {
        let started: [StreamEvent] = [.responseStarted(ResponseMetadata(id: "r"))]
        var error = PolicyFixture.overloaded
        error.fate = .refused
        let failure = error
        let provider = ClosureProvider { _, number in
            number == 1 ? .init([started], error: failure) : .init([started, PolicyFixture.text])
        }
        let listener = Listener(retrying(provider))
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        let (words, ending) = await listener.outcome
        #expect(ending == nil)
        #expect(
            words == [
                "attempt 1/3", "started", "retry 1 overloaded backoff 250 ms", "attempt 2/3", "started", "text ok",
                "finished stop",
            ])
    }

    @Test func retryNowEndsTheWait() async throws {
        let provider = failing(1, with: PolicyFixture.refusal(.rateLimited, 429, after: .seconds(60)))
        let stream = try await retrying(provider).stream(PolicyFixture.request)
        let listener = Listener(stream)
        await clock.sleepers(1)
        stream.control?.retryNow()
        let (words, error) = await listener.outcome
        #expect(error == nil)
        #expect(words.contains("retry 1 rate_limited server 60000 ms"))
        #expect(provider.count == 2)
    }

    @Test func giveUpEndsTheCallWithItsError() async throws {
        let provider = failing(1)
        let stream = try await retrying(provider).stream(PolicyFixture.request)
        let listener = Listener(stream)
        await clock.sleepers(1)
        stream.control?.giveUp()
        let (_, error) = await listener.outcome
        #expect(error?.kind == .overloaded)
        #expect(provider.count == 1)
    }

    @Test(arguments: [true, false]) func aRetryThatIsNotMadeCostsNothing(_ isCancelled: Bool) async throws {
        let budget = RetryBudget()
        let policy = RetryPolicy(budget: budget, clock: clock, random: { 0.5 })
        let stream = try await PolicyProvider(failing(1), policies: [policy], clock: clock).stream(
            PolicyFixture.request)
        let listener = Listener(stream)
        await clock.sleepers(1)
        #expect(budget.creditsLeft < 100)
        if isCancelled { listener.cancel() } else { stream.control?.giveUp() }
        _ = await listener.outcome
        #expect(budget.creditsLeft == 100)
    }

    @Test func cancellationEndsTheWait() async {
        let provider = failing(1)
        let listener = Listener(retrying(provider))
        await clock.sleepers(1)
        listener.cancel()
        let (words, error) = await listener.outcome
        #expect(words.count == 2)
        #expect(error == nil, "a cancellation is no provider error")
        #expect(provider.count == 1)
    }

    @Test func aPersonDecidesAboutWhatMayHaveBeenBilled() async throws {
        let error = ProviderError(kind: .connection, message: "lost", fate: .unknown)
        let provider = failing(1, with: error)
        let stream = try await retrying(provider, RetryRules(unanswered: .asksPerson)).stream(PolicyFixture.request)
        var batches = stream.batches()
        _ = try await batches.nextBatch()
        let notice = try await batches.nextBatch()?.map(PolicyFixture.word)
        #expect(notice == ["retry 1 connection person ?"])
        stream.control?.giveUp()
        do {
            _ = try await batches.nextBatch()
            Issue.record("the call goes on after giving up")
        } catch let ending as ProviderError {
            #expect(ending == error)
        }
    }

    @Test func resumesWhatCanBeResumed() async {
        var cut = ProviderError(kind: .connection, status: 200, message: "cut")
        cut.resumption = Resumption(responseID: "resp_1", sequenceNumber: 7)
        let failure = cut
        let provider = ClosureProvider { request, _ in
            request.resumption == nil
                ? .init([[.textDelta("first ", choice: 0)]], error: failure) : .init([PolicyFixture.text])
        }
        let listener = Listener(retrying(provider))
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        let (words, error) = await listener.outcome
        #expect(error == nil)
        #expect(
            words == [
                "attempt 1/3", "text first ", "retry 1 connection backoff 250 ms", "attempt 2/3 resumed", "text ok",
                "finished stop",
            ])
        #expect(provider.asked.last?.resumption == failure.resumption)
    }

    @Test func theBudgetEndsAStorm() async {
        let clock = JumpingClock()
        let budget = RetryBudget()
        let provider = failing(.max)
        let chain = PolicyProvider(
            provider, policies: [RetryPolicy(budget: budget, clock: clock, random: { 0.5 })], clock: clock)
        for _ in 0..<30 { _ = await Listener(chain).outcome }
        #expect(provider.count == 30 + 20)
        #expect(budget.creditsLeft == 0)
        let (_, error) = await Listener(chain).outcome
        #expect(error?.message.contains("not tried again") == true)
    }

    @Test func successPaysRetriesBack() async {
        let clock = JumpingClock()
        let budget = RetryBudget()
        let provider = ClosureProvider { _, number in number % 2 == 1 ? .refusing(PolicyFixture.overloaded) : .good }
        let chain = PolicyProvider(
            provider, policies: [RetryPolicy(budget: budget, clock: clock, random: { 0.5 })], clock: clock)
        for _ in 0..<200 {
            let (_, error) = await Listener(chain).outcome
            #expect(error == nil)
        }
        #expect(budget.creditsLeft == 100)
    }

    @Test func attemptsAreKeptWithTheirWaits() async throws {
        let clock = JumpingClock()
        let provider = failing(1, with: PolicyFixture.refusal(.rateLimited, 429, after: .milliseconds(512)))
        let chain = PolicyProvider(
            provider, policies: [RetryPolicy(clock: clock, random: { 0.5 })], clock: clock)
        var log = AttemptLog()
        for try await event in try await chain.stream(PolicyFixture.request) {
            if case .policy(let event) = event { log.apply(event) }
        }
        let attempts = log.attempts(endingWith: nil, status: 200)
        #expect(
            attempts == [
                Attempt(
                    number: 1, status: 429, error: .rateLimited, waited: .milliseconds(512), fate: .refused),
                Attempt(number: 2, status: 200),
            ])
    }

    @Test(arguments: [RequestFate.refused, .unknown]) func aListIsAskedForAgain(_ fate: RequestFate) async throws {
        let lists = Lists(failures: 2, ProviderError(kind: .overloaded, status: 503, message: "busy", fate: fate))
        let clock = JumpingClock()
        let chain = PolicyProvider(lists, policies: [RetryPolicy(clock: clock, random: { 0.5 })], clock: clock)
        #expect(try await chain.models().map(\.id) == ["m"])
        await #expect(throws: ProviderError.self) { try await PolicyProvider(lists, policies: []).models() }
        let refused = Lists(failures: 2, ProviderError(kind: .authentication, status: 401, message: "no"))
        let strict = PolicyProvider(refused, policies: [RetryPolicy(clock: clock)], clock: clock)
        await #expect(throws: ProviderError.self) { try await strict.models() }
        #expect(refused.asked == 1)
    }

    @Test func theDeadlineHoldsOverAllAttempts() async {
        let clock = JumpingClock()
        let provider = ClosureProvider { _, _ in
            clock.advance(by: .seconds(4))
            return .refusing(PolicyFixture.refusal(.overloaded, 503, after: .seconds(3)))
        }
        let chain = PolicyProvider(
            provider,
            policies: [
                TimeoutPolicy(total: .seconds(10), clock: clock),
                RetryPolicy(RetryRules(maxAttempts: 9), clock: clock, random: { 0.5 }),
            ], clock: clock)
        let (_, error) = await Listener(chain).outcome
        #expect(error?.kind == .overloaded)
        #expect(error?.message.contains("the time limit ends before that") == true)
        // 4 s, a wait of 3 s, 4 s again: a further wait would end after the tenth second.
        #expect(provider.count == 2)
        #expect(provider.asked.map(\.timeLimit) == [.seconds(10), .seconds(3)])
    }
}

/// Fails to list its models so many times of three.
private final class Lists: AIProvider {
    let id: ProviderID = "lists"
    private let count = Mutex(0)
    private let failures: Int
    private let error: ProviderError

    init(failures: Int, _ error: ProviderError) {
        self.failures = failures
        self.error = error
    }

    var asked: Int { count.withLock { $0 } }

    func stream(_ request: ChatRequest) async throws -> ChatStream { throw error }

    func models() async throws -> [ModelListing] {
        let number = count.withLock { count in
            count += 1
            return count
        }
        if (number - 1) % 3 < failures { throw error }
        return [ModelListing(id: "m")]
    }
}
