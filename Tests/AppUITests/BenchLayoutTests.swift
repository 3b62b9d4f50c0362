import Benchmarking
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// What stands where on the screen of a run, at which size, and that nothing is cut without a word.
@Suite struct BenchLayoutTests {
    private func lines(_ driver: BenchDriver, _ width: Int, _ height: Int) -> [String] {
        driver.screen(width, height).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// On a low screen there is one list, the chosen one, with rows in it.
    @Test func lowScreensShowTheChosenList() {
        let driver = BenchDriver.middle()
        #expect(driver.screen(40, 10).contains("▸ arith/item-…"))
        driver.press(key: .tab)
        #expect(driver.screen(40, 10).contains("▸ right"))
        driver.press(key: .tab)
        #expect(driver.screen(40, 10).contains("▸ arith  mini/plain/co…"))
        #expect(driver.screen(40, 8).contains("▸ arith  mini/plain/co…"))
    }

    /// Who does not know the keys finds help and the way out at any width.
    @Test func helpAndTheWayOutAreAlwaysInTheFoot() {
        for isWatched in [false, true] {
            let driver = BenchDriver.middle(isWatched: isWatched)
            for width in 40...200 {
                let foot = lines(driver, width, 24).last ?? ""
                #expect(foot.contains("q leave") && foot.contains("? help"), "\(width)")
            }
        }
    }

    /// A row of which the end is not there says so.
    @Test(arguments: [40, 47, 60, 72, 80, 100, 120, 160]) func whatIsCutHasAnEllipsis(width: Int) throws {
        let driver = BenchDriver.middle()
        _ = driver.screen(width, 30)
        driver.press("j", "j")
        let row = try #require(lines(driver, width, 30).first { $0.contains("back-off") })
        #expect(row.contains("try 2/6)") || row.contains("…"), "\(row)")
        let endpoint = try #require(lines(driver, width, 30).first { $0.contains("openai gpt-5.4-mini") })
        #expect(endpoint.contains("429s: 1") || endpoint.contains("…"), "\(endpoint)")
        driver.press(key: .tab)
        let ended = try #require(lines(driver, width, 30).first { $0.contains("WRONG") && !$0.contains("─") })
        #expect(ended.contains("and it is 41") || ended.contains("…"), "\(ended)")
    }

    @Test(arguments: [(120, 40), (80, 24), (200, 60)]) func theChosenTrialStreamsBelow(width: Int, height: Int) {
        let driver = BenchDriver.middle()
        _ = driver.screen(width, height)
        #expect(driver.screen(width, height).contains("stream of #8 arith/item-2"))
        driver.press("G")
        let shown = driver.screen(width, height)
        #expect(shown.contains("stream of #11 fix/item-2") && shown.contains("**forty-two**, since"))
        driver.stream(11, .textDelta(" six times seven", choice: 0))
        #expect(driver.screen(width, height).contains("since six times seven"))
        driver.press("k")
        #expect(!driver.screen(width, height).contains("six times seven"))
    }

    /// Rows of a stream do not move while it grows: of a long one whole lines are shown, the last ones.
    @Test func theEndOfALongStreamIsWholeLines() {
        let driver = BenchDriver.middle()
        driver.press("G")
        for number in 1...900 { driver.stream(11, .textDelta("line \(number) of the stream\n", choice: 0)) }
        let rows = lines(driver, 80, 24)
        #expect(rows.contains { $0.contains("line 900 of the stream") })
        let shown = rows.filter { $0.contains("of the stream") && !$0.contains("stream of") }
        #expect(shown.count >= 4 && shown.allSatisfy { $0.hasPrefix("  line ") }, "\(shown)")
    }

    @Test(arguments: [(120, 40), (80, 24)]) func aChangeOfConcurrencyTellsWhy(width: Int, height: Int) {
        let driver = BenchDriver.middle()
        driver.send(.run(.concurrency(.init(from: 4, to: 8, reason: "a round without trouble"), at: driver.now)))
        #expect(driver.screen(width, height).contains("live 4 · 4 to 8: a round without trouble"))
        #expect(driver.screen(width, height).contains("live 4/8"))
    }

    /// Where the list of failures is not shown, the last one still is.
    @Test func failuresAreNews() {
        let driver = BenchDriver.middle()
        driver.end(11, .wrong, "42 is expected, and it is 41")
        let rule = lines(driver, 80, 24).first { $0.contains("▸live") }
        #expect(rule?.contains("WRONG fix/item-2 mini/reason/warm") == true)
        driver.end(10, .right)
        #expect(lines(driver, 80, 24).first { $0.contains("▸live") } == rule?.replacing("live 3", with: "live 2"))
    }

    /// A filter that nothing fits does not say that nothing runs or ended.
    @Test func aFilterThatNothingFitsSaysSo() {
        let driver = BenchDriver.middle()
        driver.press("/")
        driver.type("zzzz")
        driver.press(key: .enter)
        let screen = driver.screen(120, 40)
        #expect(screen.contains("nothing here fits what is shown only"), "\(screen)")
        #expect(!screen.contains("nothing runs") && !screen.contains("nothing yet"))
    }

    /// A trial that waits for the breaker says how long, once.
    @Test func theBreakerIsTold() {
        let driver = BenchDriver.middle()
        driver.stream(8, .policy(.circuit(.opened(for: .seconds(28), failures: 5))))
        let error = ProviderError(kind: .circuitOpen, message: "open")
        let notice = RetryNotice(
            attempt: 1, limit: 6, error: error, wait: .seconds(28), until: driver.now + .seconds(28), basis: .circuit)
        driver.stream(8, .policy(.retryScheduled(notice)))
        for (width, height) in [(120, 40), (80, 24)] {
            let screen = driver.screen(width, height)
            #expect(screen.contains("breaker open, 28 s left") && screen.contains("OPEN (5 failures, 28 s left)"))
            #expect(screen.contains(width < 100 ? "bound by the bre…" : "bound by the breaker of"))
        }
    }

    /// Whatever is pressed, in whatever window: a screen comes of it, and no row is wider than it.
    @Test(arguments: UInt64(0)..<4) func anyKeysInAnyWindow(seed: UInt64) {
        var generator = SeededRandom(77 + seed)
        let driver = BenchDriver.middle(isWatched: seed == 3, hasBaseline: seed == 2)
        let keys: [KeyChord] =
            "jkgG sfpt+-blSXqro?/0179mini ".map(KeyChord.character)
            + [.tab, .backTab, .enter, .escape, .pageUp, .pageDown, .home, .end, .up, .down].map { KeyChord($0) }
        for step in 0..<600 {
            driver.press(keys.randomElement(using: &generator) ?? KeyChord(.enter))
            if step % 7 == 0, let trial = driver.keys.indices.randomElement(using: &generator) { driver.begin(trial) }
            if step % 11 == 0, let trial = driver.model.screen.progress.slots.keys.min() { driver.end(trial, .wrong) }
            let size = (Int.random(in: 1...210, using: &generator), Int.random(in: 1...64, using: &generator))
            let rows = driver.screen(size.0, size.1).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(rows.count <= size.1 && rows.allSatisfy { CellWidth.width(of: String($0)) <= size.0 }, "\(size)")
        }
    }

    @Test func questionsAreReadWhole() {
        let driver = BenchDriver.middle()
        driver.press("q")
        let text = lines(driver, 40, 10).suffix(3).joined(separator: " ")
        for word in ["l go on with lines", "s stop it", "any other key", "stay"] {
            #expect(text.replacing(#/ +/#, with: " ").contains(word), "\(text)")
        }
        driver.press(key: .escape)
        driver.press("b")
        driver.type("0")
        #expect(lines(driver, 40, 10).last == " > 50")
        #expect(lines(driver, 80, 24).last?.contains("(now $5.00): 50") == true)
    }

    @Test func limitsAreSetLive() {
        let driver = BenchDriver.middle()
        driver.press("l")
        #expect(driver.screen(80, 24).contains("requests and tokens a minute (now none):"))
        driver.type("many")
        driver.press(key: .enter)
        #expect(driver.commands.isEmpty && driver.screen(80, 24).contains("two whole numbers"))
        driver.press(.control("u"))
        driver.type("500 200000")
        driver.press(key: .enter)
        #expect(driver.commands == [.limits(RateCaps(requestsPerMinute: 500, tokensPerMinute: 200_000))])
        #expect(driver.screen(120, 40).contains("req/min 1/500 [.....]  tok/min 624/200k [.....]"))
        driver.press("l")
        driver.press(.control("u"))
        driver.type("- 90")
        driver.press(key: .enter)
        #expect(driver.commands == [.limits(RateCaps(tokensPerMinute: 90))])
        driver.press("l")
        driver.press(.control("u"))
        driver.type("none")
        driver.press(key: .enter)
        #expect(driver.commands == [.limits(RateCaps())])
    }

    /// What is read over the lists answers the keys of the run, and asks for help, too.
    @Test func keysOverATrialThatIsRead() {
        let driver = BenchDriver.middle()
        _ = driver.screen(80, 24)
        driver.press(key: .enter)
        driver.press("p")
        #expect(driver.commands == [.pause])
        driver.press("t")
        #expect(driver.screen(80, 24).contains("trials at once"))
        driver.press(key: .escape)
        driver.press("?")
        #expect(driver.screen(80, 24).contains("on the screen of a run"))
        driver.press(key: .escape)
        driver.press("o")
        #expect(driver.screen(80, 24).contains("Trials open as conversations in the workspace"))
        driver.press("z")
        #expect(driver.screen(80, 24).contains("lists the keys"))
        driver.press(key: .escape)
        #expect(driver.screen(80, 24).contains("▸live"))
    }

    /// A run that stopped shows what it came to, not what it was about to do, and how it goes on.
    @Test func aRunThatStopped() {
        let driver = BenchDriver.middle(isWatched: true)
        let header = driver.model.screen.progress.header
        driver.send(
            .news(RunNews(run: StoredRun(header: header, state: .incomplete, stop: .interrupted, settled: 8), read: 1)))
        let screen = driver.screen(80, 24)
        #expect(screen.contains("INCOMPLETE") && screen.contains("stopped by hand") && screen.contains("open 16"))
        #expect(!screen.contains("live ") && !screen.contains("breaker") && screen.contains("r how to go on"))
        driver.press("r")
        #expect(driver.screen(80, 24).contains("tickertape bench resume 7qk2m4xr"))
        driver.press("p")
        #expect(driver.screen(80, 24).contains("The run is over") && driver.commands.isEmpty)
        driver.press(key: .tab)
        #expect(driver.screen(80, 24).contains("▸ended"))
        driver.press(key: .tab)
        #expect(driver.screen(80, 24).contains("▸results"))
    }

    /// A run whose process is gone is called what the list calls it.
    @Test func aRunThatDied() {
        let driver = BenchDriver.middle(isWatched: true)
        let header = driver.model.screen.progress.header
        driver.send(.news(RunNews(run: StoredRun(header: header, state: .running, settled: 8), read: 1)))
        let screen = driver.screen(80, 24)
        #expect(screen.contains("DIED") && screen.contains("r how to go on") && !screen.contains("INCOMPLETE"))
    }

    /// Of a run elsewhere only what its database tells is shown as known.
    @Test func aWatchedRunClaimsNothing() {
        let screen = BenchDriver.middle(isWatched: true).screen(120, 40)
        #expect(!screen.contains("breaker") && !screen.contains("out tok/s") && screen.contains("open 2  tok/min"))
        #expect(BenchDriver.middle().screen(120, 40).contains("breaker closed"))
    }
}
