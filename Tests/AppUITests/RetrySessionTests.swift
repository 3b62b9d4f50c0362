import ProviderCore
import Simulator
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Failures and waits as a user meets them, through the real loop and real HTTP.
@Suite(.timeLimit(.minutes(2))) struct RetrySessionTests {
    /// Refused once, with a wait that no test would sit out.
    private static let patience = """
        scenario patience
          when user says "patience"
          times 1
          status 503
          header Retry-After: 60
          error "All lines are busy." type server_error code server_is_overloaded
        scenario patience-rewarded
          when user says "patience"
          reply "Thank you for waiting."
        """

    private func start(_ rules: RetryRules = RetryRules()) async throws -> SessionTests.Fixture {
        try await SessionTests.start(scenario: Self.patience, policies: [RetryPolicy(rules)])
    }

    @Test func theStripCountsDownAndAltRTriesNow() async throws {
        let fixture = try await start()
        fixture.session.type("patience")
        fixture.session.press(.enter)
        let screen = await fixture.session.screen("retry 2 of 3 in", "as asked", "overloaded 503", "Esc gives up")
        #expect(screen?.contains("retry waits") == true)
        // What is typed meanwhile is not lost.
        fixture.session.type("next")
        fixture.session.press(.alt("r"))
        #expect(await fixture.session.screen("Thank you for waiting.", "2 attempts", "> next") != nil)
        fixture.session.press(.control("c"))
        let model = try await fixture.quit()
        #expect(model.conversation.lastAnswer?.attempts.ended.map(\.status) == [503])
        #expect(fixture.server.requests.count == 2)
    }

    @Test func escapeGivesUpWithTheReason() async throws {
        let fixture = try await start()
        fixture.session.type("patience")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("retry 2 of 3 in") != nil)
        fixture.session.press(.escape)
        #expect(await fixture.session.screen("failed:", "All lines are busy.", "Alt-r again") != nil)
        #expect(fixture.server.requests.count == 1)
        // And asking again is one key.
        fixture.session.press(.alt("r"))
        #expect(await fixture.session.screen("Thank you for waiting.") != nil)
        _ = try await fixture.quit()
    }

    @Test func whatMayHaveBeenBilledIsAPersonsDecision() async throws {
        let fixture = try await start(RetryRules(unanswered: .asksPerson))
        fixture.session.type("flaky")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("perhaps billed", "Alt-r again", "Esc gives up") != nil)
        #expect(fixture.server.requests.count == 1)
        fixture.session.press(.alt("r"))
        #expect(await fixture.session.screen("This is the next one.", "2 attempts") != nil)
        _ = try await fixture.quit()
    }

    @Test func anAnswerThatWasCutIsContinued() async throws {
        let fixture = try await start()
        fixture.session.type("cut")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("cut off:", "Alt-g continues", "Alt-r again") != nil)
        fixture.session.press(.alt("g"))
        #expect(await fixture.session.screen("To talk to a real model", "ready") != nil)
        let request = try #require(await fixture.server.request(number: 2))
        #expect(request.body.contains("This answer will not reach its end."), "the text that came goes along")
        #expect(request.body.contains("Continue exactly where it stops"))
        let model = try await fixture.quit()
        #expect(model.conversation.turns == 2)
    }

    @Test func quittingEndsAWait() async throws {
        let fixture = try await start()
        fixture.session.type("patience")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("retry 2 of 3 in") != nil)
        fixture.session.press(.control("\\"))
        #expect(await fixture.session.screen("Stop it and quit?") != nil)
        fixture.session.press(.character("y"))
        _ = try await fixture.session.end()
        await fixture.server.stop()
    }
}

/// The strip as text, event by event.
@Suite struct RetryStripTests {
    private let refusal = ProviderError(
        kind: .rateLimited, status: 429, message: "Rate limit reached for requests.", retryAfter: .seconds(7))

    private func waiting(_ size: Size) throws -> Driver {
        let driver = try Driver(size: size)
        driver.ask("busy")
        driver.stream(.policy(.attemptStarted(AttemptNotice(number: 1, limit: 3))))
        driver.stream(
            .policy(
                .retryScheduled(
                    RetryNotice(
                        attempt: 1, limit: 3, error: refusal, wait: .seconds(7),
                        until: driver.now.advanced(by: .seconds(7)), basis: .server))))
        return driver
    }

    /// The question is whole at 80 columns, and nothing says that something goes on by itself.
    @Test func aQuestionIsAskedWhole() throws {
        let driver = try Driver(size: Size(width: 80, height: 24))
        driver.ask("flaky")
        let lost = ProviderError(kind: .connection, message: "the connection was closed before an answer began")
        let notice = RetryNotice(attempt: 1, limit: 3, error: lost, wait: nil, until: nil, basis: .person)
        driver.stream(.policy(.retryScheduled(notice)))
        let screen = driver.screen()
        for part in [
            "lost, perhaps billed: send it again?", "Alt-r again  Esc gives up", "… waiting for your decision",
            "waits for you",
        ] { #expect(screen.contains(part), "\(part)") }
        #expect(!screen.contains("next attempt"))
        #expect(driver.screen(200, 40).contains("connection lost, perhaps billed: send the same request again?"))
    }

    @Test(arguments: [(120, 40), (80, 24), (40, 12)]) func looksLikeThis(width: Int, height: Int) throws {
        let driver = try waiting(Size(width: width, height: height))
        driver.wait(.milliseconds(2500))
        driver.send(.tick(driver.now))
        let difference = Golden.difference(driver.screen(), "retry-\(width)x\(height)", testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test func goesWhenTheNextAttemptBegins() throws {
        let driver = try waiting(Size(width: 80, height: 24))
        #expect(driver.screen().contains("retry 2 of 3 in 7.0 s as asked"))
        driver.stream(.policy(.attemptStarted(AttemptNotice(number: 2, limit: 3, waited: .seconds(7)))))
        #expect(!driver.screen().contains("retry 2 of 3"))
        #expect(driver.screen().contains("waiting"))
        driver.answer("fine")
        #expect(driver.screen().contains("2 attempts"))
    }

    @Test func keysReachTheRunningRequest() throws {
        let driver = try waiting(Size(width: 80, height: 24))
        driver.press(.alt("r"))
        let retries = driver.effects.contains { if case .retryNow(let id) = $0 { id == 1 } else { false } }
        #expect(retries)
        let second = try waiting(Size(width: 80, height: 24))
        second.press(key: .escape)
        let givesUp = second.effects.contains { if case .giveUp(let id) = $0 { id == 1 } else { false } }
        #expect(givesUp)
        // A second Esc does not wait for anybody.
        second.press(key: .escape)
        #expect(second.cancels == 1)
    }

    @Test func tellsOfLimiterAndBreaker() throws {
        let driver = try Driver(size: Size(width: 98, height: 24))
        driver.ask("hello")
        driver.stream(
            .policy(
                .held(
                    HoldNotice(
                        cause: .requests, wait: .seconds(12), until: driver.now.advanced(by: .seconds(12)), ahead: 0))))
        #expect(driver.screen().contains("held back, goes in 12 s the limit of requests a minute is reached"))
        driver.stream(.policy(.circuit(.opened(for: .seconds(30), failures: 5))))
        #expect(driver.screen().contains("5 requests to built-in simulator failed in a row"))
    }

    @Test func theMeterTellsWhatIsLeft() throws {
        let driver = try Driver(size: Size(width: 120, height: 40))
        driver.ask("hello")
        let limits = RateLimits(
            requests: RateLimit(limit: 500, remaining: 499), tokens: RateLimit(limit: 30_000, remaining: 29_100))
        driver.stream(
            .responseStarted(ResponseMetadata(model: "gpt-5.4-mini", rateLimits: limits)), .textDelta("a", choice: 0))
        #expect(driver.screen().contains("left 499/500 req · 29k/30k tok"))
    }

    @Test func hostileTextStaysText() throws {
        let driver = try Driver(size: Size(width: 100, height: 24))
        driver.ask("hello")
        let error = ProviderError(kind: .server, status: 500, message: "a\u{1B}[31mred\u{202E}\nline")
        driver.stream(
            .policy(
                .retryScheduled(
                    RetryNotice(attempt: 1, limit: 3, error: error, wait: .seconds(1), until: nil, basis: .backoff))))
        let screen = driver.screen()
        #expect(!screen.contains("\u{1B}"))
        #expect(!screen.contains("\u{202E}"))
    }

    @Test func whatAModelDoesNotTakeIsToldBeforeSending() throws {
        let driver = try Driver(parameters: ModelParameters(temperature: 0.3))
        driver.model.parameters.set(.model, to: .text("o3"))
        driver.ask("hello")
        #expect(driver.request == nil)
        #expect(driver.screen().contains("o3 does not take temperature"))
        #expect(driver.model.prompt.text == "hello", "the prompt is kept")
        driver.model.parameters.unset(.temperature)
        driver.press(key: .enter)
        #expect(driver.request?.model == "o3")
    }

    /// The reason stands whole, with the time that is left and the keys.
    @Test(arguments: [(80, 24), (120, 40), (200, 50)]) func theReasonIsToldWhole(width: Int, height: Int) throws {
        let screen = try waiting(Size(width: width, height: height)).screen()
        for part in ["in 7.0 s as asked", "rate_limited 429: Rate limit reached for requests.", "Esc gives up"] {
            #expect(screen.contains(part), "\(part)\n\(screen)")
        }
    }

    @Test func theTimeWithoutRequestsRunsDown() throws {
        let driver = try Driver(size: Size(width: 120, height: 40))
        driver.ask("hello")
        driver.stream(.policy(.circuit(.opened(for: .seconds(28.4), failures: 5))))
        #expect(driver.screen().contains("none is sent for 28.4 s"))
        driver.finish(ProviderError(kind: .circuitOpen, message: "open"))
        driver.wait(.seconds(8))
        driver.send(.tick(driver.now))
        #expect(driver.screen().contains("none is sent for 20.4 s"))
        #expect(driver.effects.contains { if case .loop(.alarm) = $0 { true } else { false } })
        driver.wait(.seconds(30))
        driver.send(.tick(driver.now))
        #expect(!driver.screen().contains("none is sent"))
        #expect(!driver.effects.contains { if case .loop(.alarm) = $0 { true } else { false } })
    }

    /// A person's time to decide is not the model's.
    @Test func theTimeToTheFirstTokenIsOfTheLastAttempt() throws {
        let driver = try waiting(Size(width: 80, height: 24))
        driver.wait(.seconds(60))
        driver.stream(.policy(.attemptStarted(AttemptNotice(number: 2, limit: 3, waited: .seconds(60)))))
        driver.wait(.milliseconds(300))
        driver.stream(.textDelta("fine", choice: 0))
        #expect(driver.model.conversation.lastAnswer?.timing.timeToFirstToken == .milliseconds(300))
    }

    @Test func theShareOfTheWindowIsTheRealOne() throws {
        let driver = try Driver(size: Size(width: 120, height: 40), model: "gpt-4")
        driver.ask("hello")
        driver.answer("much", usage: TokenUsage(inputTokens: 2 * 8_192, outputTokens: 0))
        #expect(driver.screen().contains(" 200%!"))
    }
}
